import { sql } from 'kysely'
import { preparedStatement, sqlBuilder } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import type { Transaction } from '../../database/transaction.js'
import type { Scope } from '../../access/scope.js'
import { rowCondition } from '../../access/row-condition.js'

/** The two lists that a tenant keeps for its companies, by their names in the data layer. */
export type Picklist = 'industry' | 'companySize'

const TABLES = { industry: 'industries', companySize: 'company_sizes' } as const

/** Industries by id. */
export function findIndustriesByIds(scope: Scope, ids: readonly string[]): Statement {
  return preparedStatement(
    'findIndustriesByIds',
    sqlBuilder
      .selectFrom('industries')
      .select(['id', 'name', 'position', 'created_at as createdAt', 'updated_at as updatedAt'])
      .where('tenant_id', '=', scope.tenantId)
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .where(rowCondition(scope, 'Industry', 'industries')),
  )
}

/** Company sizes by id. */
export function findCompanySizesByIds(scope: Scope, ids: readonly string[]): Statement {
  return preparedStatement(
    'findCompanySizesByIds',
    sqlBuilder
      .selectFrom('company_sizes')
      .select(['id', 'name', 'position', 'created_at as createdAt', 'updated_at as updatedAt'])
      .select(['min_employees as minEmployees', 'max_employees as maxEmployees'])
      .where('tenant_id', '=', scope.tenantId)
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .where(rowCondition(scope, 'CompanySize', 'company_sizes')),
  )
}

/** Which of some ids are in a list of the tenant. */
export async function findPicklistIds(
  scope: Scope,
  tx: Transaction,
  list: Picklist,
  ids: readonly string[],
): Promise<string[]> {
  const args = { where: { tenantId: scope.tenantId, id: { in: [...ids] } }, select: { id: true } }
  const rows =
    list === 'industry' ? await tx.prisma.industry.findMany(args) : await tx.prisma.companySize.findMany(args)
  return rows.map((row) => row.id)
}

/** The entry that has a name, whatever its case and accents; null when the name is free. */
export async function findPicklistIdByName(
  scope: Scope,
  tx: Transaction,
  list: Picklist,
  name: string,
): Promise<string | null> {
  const [row] = await tx.sql<{ id: string }>({
    label: 'findPicklistIdByName',
    text: `select id from ${TABLES[list]} where tenant_id = $1 and name_folded = "left"(kith_fold($2), 255)`,
    values: [scope.tenantId, name],
  })
  return row?.id ?? null
}

const LAST_POSITION = 2_147_483_647

/** The position behind all entries of a list, or with the last one where no integer is left; 1 for the first. */
export async function nextPosition(scope: Scope, tx: Transaction, list: Picklist): Promise<number> {
  const args = { where: { tenantId: scope.tenantId }, _max: { position: true } } as const
  const { _max } =
    list === 'industry' ? await tx.prisma.industry.aggregate(args) : await tx.prisma.companySize.aggregate(args)
  return Math.min((_max.position ?? 0) + 1, LAST_POSITION)
}

export interface NewPicklistEntry {
  readonly id: string
  readonly name: string
  readonly position: number
  readonly minEmployees?: number | null
  readonly maxEmployees?: number | null
}

/** Inserts an entry into one of the two lists. */
export async function insertPicklistEntry(
  scope: Scope,
  tx: Transaction,
  list: Picklist,
  entry: NewPicklistEntry,
): Promise<void> {
  const { tenantId, now } = scope
  const { id, name, position, minEmployees = null, maxEmployees = null } = entry
  const common = { id, name, position, tenantId, createdAt: now, updatedAt: now }
  if (list === 'industry') await tx.prisma.industry.createMany({ data: [common] })
  else await tx.prisma.companySize.createMany({ data: [{ ...common, minEmployees, maxEmployees }] })
}

/** Renames an entry; false when the tenant has none of that id. */
export async function updatePicklistName(
  scope: Scope,
  tx: Transaction,
  list: Picklist,
  id: string,
  name: string,
): Promise<boolean> {
  const args = { where: { tenantId: scope.tenantId, id }, data: { name, updatedAt: scope.now } }
  const { count } =
    list === 'industry' ? await tx.prisma.industry.updateMany(args) : await tx.prisma.companySize.updateMany(args)
  return count === 1
}
