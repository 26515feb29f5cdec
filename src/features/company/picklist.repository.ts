import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import { COMPANY_SIZE, COMPANY_SIZE_COLUMNS, INDUSTRY, INDUSTRY_COLUMNS } from './picklist.columns.js'

/** The two lists that a tenant keeps for its companies. */
export const PICKLISTS = {
  industry: { concept: INDUSTRY, table: INDUSTRY.table, columns: INDUSTRY_COLUMNS, noun: 'industry' },
  companySize: {
    concept: COMPANY_SIZE,
    table: COMPANY_SIZE.table,
    columns: COMPANY_SIZE_COLUMNS,
    noun: 'company size',
  },
} as const

export type Picklist = keyof typeof PICKLISTS

/** The id of the entry that has a name, whatever its case and accents; no row when the name is free. */
export function findEntryByName(scope: Scope, list: Picklist, name: string): Statement {
  return {
    label: `findEntryByName.${PICKLISTS[list].concept.list}`,
    prepared: true,
    text: `select id from ${PICKLISTS[list].table} where tenant_id = $1 and name_folded = "left"(kith_fold($2), 255)`,
    values: [scope.tenantId, name],
  }
}

/** The last position of a list as `last`; null without entries. */
export function findLastPosition(scope: Scope, list: Picklist): Statement {
  return {
    label: `findLastPosition.${PICKLISTS[list].concept.list}`,
    prepared: true,
    text: `select max(position) as last from ${PICKLISTS[list].table} where tenant_id = $1`,
    values: [scope.tenantId],
  }
}
