import { sql } from '../../lib/sql.js'
import { rowCondition } from '../../access/row-condition.js'
import type { Scope } from '../../access/scope.js'
import { selectList } from '../../concepts/columns.js'
import { preparedStatement } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import { COMPANY_SIZE, COMPANY_SIZE_COLUMNS, INDUSTRY, INDUSTRY_COLUMNS } from './picklist.columns.js'

/** The two lists that a tenant keeps for its companies. */
export const PICKLISTS = {
  industry: {
    concept: INDUSTRY,
    table: INDUSTRY.table,
    columns: INDUSTRY_COLUMNS,
    noun: 'industry',
    link: 'industry_id',
  },
  companySize: {
    concept: COMPANY_SIZE,
    table: COMPANY_SIZE.table,
    columns: COMPANY_SIZE_COLUMNS,
    noun: 'company size',
    link: 'size_id',
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

/** Locks entries of a list of the tenant in id order, all where no ids are given, and gives their whole rows. */
export function lockEntries(scope: Scope, list: Picklist, ids: readonly string[] | null): Statement {
  const { concept, table, columns } = PICKLISTS[list]
  const which = ids === null ? sql`` : sql` and t.id = any(${ids}::uuid[])`
  return preparedStatement(
    `lockEntries.${concept.list}`,
    sql`select ${selectList(columns, 't')} from ${sql.table(table)} as t
      where t.tenant_id = ${scope.tenantId}${which} and ${rowCondition(scope, concept.name, 't')} order by t.id for update of t`,
  )
}

/** How many companies have an entry, deleted ones too, as `total`. */
export function countCompaniesOfEntry(scope: Scope, list: Picklist, id: string): Statement {
  const { concept, link } = PICKLISTS[list]
  return {
    label: `countCompaniesOfEntry.${concept.list}`,
    prepared: true,
    text: `select count(*)::int as total from companies where tenant_id = $1 and ${link} = $2`,
    values: [scope.tenantId, id],
  }
}
