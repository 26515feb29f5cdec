import { columnField, requiredField, ROW_FIELDS, textField, type ConceptFields } from '../../concepts/concept-fields.js'

export const USER_FIELDS: ConceptFields = {
  name: 'User',
  list: 'users',
  table: 'users',
  isLive: false,
  fields: {
    ...ROW_FIELDS,
    email: textField('email', { isNullable: false }),
    name: textField('name', { isNullable: false }),
    role: requiredField('role', 'enum', { values: ['VIEWER', 'MEMBER', 'MANAGER', 'ADMIN'] }),
    deactivatedAt: columnField('deactivated_at', 'datetime'),
  },
  relations: {},
  order: { field: 'createdAt', direction: 'DESC' },
}
