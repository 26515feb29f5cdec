import type { ConceptFields } from '../../lib/concept-fields.js'

export const USER_FIELDS: ConceptFields = {
  type: 'User',
  list: 'users',
  table: 'users',
  live: false,
  order: { column: 'created_at', direction: 'desc', sqlType: 'timestamptz' },
}
