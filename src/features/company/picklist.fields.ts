import { columnField, requiredField, ROW_FIELDS, textField, type ConceptFields } from '../../concepts/concept-fields.js'

const ENTRY_FIELDS = {
  ...ROW_FIELDS,
  name: textField('name', { isNullable: false }),
  position: requiredField('position', 'integer'),
} as const

export const INDUSTRY_FIELDS: ConceptFields = {
  name: 'Industry',
  list: 'industries',
  table: 'industries',
  isLive: false,
  fields: ENTRY_FIELDS,
  relations: {},
  order: { field: 'position', direction: 'ASC' },
}

export const COMPANY_SIZE_FIELDS: ConceptFields = {
  name: 'CompanySize',
  list: 'companySizes',
  table: 'company_sizes',
  isLive: false,
  fields: {
    ...ENTRY_FIELDS,
    minEmployees: columnField('min_employees', 'integer'),
    maxEmployees: columnField('max_employees', 'integer'),
  },
  relations: {},
  order: { field: 'position', direction: 'ASC' },
}
