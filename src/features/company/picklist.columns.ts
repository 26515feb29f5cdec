import { optional, required, ROW_COLUMNS, text, type RowOf } from '../../concepts/columns.js'
import type { ConceptFields } from '../../concepts/concept-fields.js'

export const INDUSTRY_COLUMNS = {
  ...ROW_COLUMNS,
  name: text('name', { isNullable: false }),
  position: required('position', 'integer', {}),
} as const

export const COMPANY_SIZE_COLUMNS = {
  ...INDUSTRY_COLUMNS,
  minEmployees: optional('min_employees', 'integer', {}),
  maxEmployees: optional('max_employees', 'integer', {}),
} as const

/** An industry as loaders give it. */
export type IndustryRow = RowOf<typeof INDUSTRY_COLUMNS>

/** A company size as loaders give it. */
export type CompanySizeRow = RowOf<typeof COMPANY_SIZE_COLUMNS>

const LISTED = { hasDeletedAt: false, relations: {}, order: { field: 'position', direction: 'ASC' } } as const

/** What lists know of industries. */
export const INDUSTRY: ConceptFields = {
  ...LISTED,
  name: 'Industry',
  list: 'industries',
  table: 'industries',
  fields: INDUSTRY_COLUMNS,
}

/** What lists know of company sizes. */
export const COMPANY_SIZE: ConceptFields = {
  ...LISTED,
  name: 'CompanySize',
  list: 'companySizes',
  table: 'company_sizes',
  fields: COMPANY_SIZE_COLUMNS,
}
