import { optional, required, ROW_COLUMNS, text, type RowOf } from '../../concepts/columns.js'
import type { ConceptFields } from '../../concepts/concept-fields.js'

export const USER_COLUMNS = {
  ...ROW_COLUMNS,
  email: text('email', { isNullable: false, identifier: 'email' }),
  name: text('name', { isNullable: false }),
  role: required('role', 'enum', { values: ['VIEWER', 'MEMBER', 'MANAGER', 'ADMIN'] }),
  deactivatedAt: optional('deactivated_at', 'datetime', {}),
} as const

/** A user as loaders give it. */
export type UserRow = RowOf<typeof USER_COLUMNS>

/** What lists know of users. */
export const USER: ConceptFields = {
  name: 'User',
  list: 'users',
  table: 'users',
  hasDeletedAt: false,
  isAsking: true,
  fields: USER_COLUMNS,
  relations: {},
  order: { field: 'createdAt', direction: 'DESC' },
}
