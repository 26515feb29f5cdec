import type { ConceptFields } from '../../lib/concept-fields.js'

export const INDUSTRY_FIELDS: ConceptFields = {
  type: 'Industry',
  list: 'industries',
  table: 'industries',
  live: false,
  order: { column: 'position', direction: 'asc', sqlType: 'int' },
}

export const COMPANY_SIZE_FIELDS: ConceptFields = {
  type: 'CompanySize',
  list: 'companySizes',
  table: 'company_sizes',
  live: false,
  order: { column: 'position', direction: 'asc', sqlType: 'int' },
}
