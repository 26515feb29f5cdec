import { sql } from 'kysely'
import { preparedStatement, sqlBuilder } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import type { Transaction } from '../../database/transaction.js'
import type { Scope } from '../../access/scope.js'
import { rowCondition } from '../../access/row-condition.js'
import type { CompanyColumns, StoredRevenue } from './company.input.js'

/** Companies by id, deleted ones too. */
export function findCompaniesByIds(scope: Scope, ids: readonly string[]): Statement {
  return preparedStatement(
    'findCompaniesByIds',
    sqlBuilder
      .selectFrom('companies')
      .select(['id', 'name', 'legal_name as legalName', 'domain', 'website', 'industry_id as industryId'])
      .select(['size_id as sizeId', 'employee_count as employeeCount', 'annual_revenue as annualRevenue'])
      .select(['annual_revenue_currency as annualRevenueCurrency', 'founded_year as foundedYear'])
      .select(['lead_score as leadScore', 'status', 'priority', 'assigned_to_id as assignedToId'])
      .select(['last_contacted_at as lastContactedAt', 'next_follow_up_at as nextFollowUpAt', 'notes'])
      .select(['external_id as externalId', 'version', 'created_at as createdAt', 'updated_at as updatedAt'])
      .select('deleted_at as deletedAt')
      .where('tenant_id', '=', scope.tenantId)
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .where(rowCondition(scope, 'Company', 'companies')),
  )
}

/** What a change needs to know of a stored company. */
export interface CompanyState extends StoredRevenue {
  readonly version: number
  readonly deletedAt: Date | null
  readonly domain: string | null
  readonly externalId: string | null
}

/** Locks a company, deleted or not, until the transaction ends; null when the tenant has none of that id. */
export async function lockCompany(scope: Scope, tx: Transaction, id: string): Promise<CompanyState | null> {
  const [row] = await tx.sql<CompanyState>({
    label: 'lockCompany',
    text: `select version, deleted_at as "deletedAt", domain, external_id as "externalId",
        annual_revenue as "annualRevenue", annual_revenue_currency as "annualRevenueCurrency"
      from companies where tenant_id = $1 and id = $2 for update`,
    values: [scope.tenantId, id],
  })
  return row ?? null
}

/** Whether the tenant has a live company of that id. */
export async function hasLiveCompany(scope: Scope, { prisma }: Transaction, id: string): Promise<boolean> {
  const where = { tenantId: scope.tenantId, id, deletedAt: null }
  return (await prisma.company.findFirst({ where, select: { id: true } })) !== null
}

/** Live companies, apart from one itself, that hold a domain or an external id. */
export function findUniqueHolders(
  scope: Scope,
  { prisma }: Transaction,
  values: { readonly domain: string | null; readonly externalId: string | null },
  exceptId: string,
): Promise<{ id: string; domain: string | null; externalId: string | null }[]> {
  const taken = [
    ...(values.domain === null ? [] : [{ domain: values.domain }]),
    ...(values.externalId === null ? [] : [{ externalId: values.externalId }]),
  ]
  if (taken.length === 0) return Promise.resolve([])
  return prisma.company.findMany({
    where: { tenantId: scope.tenantId, deletedAt: null, OR: taken, NOT: { id: exceptId } },
    select: { id: true, domain: true, externalId: true },
    orderBy: { id: 'asc' },
  })
}

/** Inserts a company of the given columns, with version 1. */
export async function insertCompany(
  scope: Scope,
  { prisma }: Transaction,
  id: string,
  columns: CompanyColumns,
): Promise<void> {
  const { tenantId, now } = scope
  const row = { ...columns, name: columns.name ?? '', tenantId, id, createdAt: now, updatedAt: now }
  await prisma.company.createMany({ data: [row] })
}

/** Writes columns of a company and counts its version up. */
export async function updateCompany(
  scope: Scope,
  { prisma }: Transaction,
  id: string,
  columns: CompanyColumns & { readonly deletedAt?: Date | null },
): Promise<void> {
  await prisma.company.updateMany({
    where: { tenantId: scope.tenantId, id },
    data: { ...columns, updatedAt: scope.now, version: { increment: 1 } },
  })
}

/** Removes a company and, through its foreign keys, its contact info and custom values. */
export async function deleteCompanyRow(scope: Scope, { prisma }: Transaction, id: string): Promise<void> {
  await prisma.company.deleteMany({ where: { tenantId: scope.tenantId, id } })
}
