import type { ConceptFields } from '../../lib/concept-fields.js'

export const COMPANY_FIELDS: ConceptFields = {
  type: 'Company',
  list: 'companies',
  table: 'companies',
  live: true,
  order: { column: 'created_at', direction: 'desc', sqlType: 'timestamptz' },
}
