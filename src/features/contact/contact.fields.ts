import type { ConceptFields } from '../../lib/concept-fields.js'

export const CONTACT_FIELDS: ConceptFields = {
  type: 'Contact',
  list: 'contacts',
  table: 'contacts',
  live: true,
  order: { column: 'created_at', direction: 'desc', sqlType: 'timestamptz' },
}
