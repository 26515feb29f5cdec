import type { Statement } from '../database/statement.js'
import type { Transaction } from '../database/transaction.js'
import { SEARCHED } from './searched-rows.js'

/** The records that full-text search has rows of; what their texts are made of is said in the database alone. */
const REFRESH = { CONTACT: 'kith_refresh_contact_search', COMPANY: 'kith_refresh_company_search' } as const

export type IndexedType = keyof typeof REFRESH

/** Whether full-text search has rows of a type of record. */
export function isIndexed(type: string): type is IndexedType {
  return type in REFRESH
}

/**
 * Brings what records are found by up to date, after all other writes of their change. Rows whose text is the same stay
 * untouched; those of records that are deleted or gone are removed.
 */
export function refreshSearchRows(tenantId: string, type: IndexedType, ids: readonly string[]): Statement {
  return {
    label: 'refreshSearchRows',
    prepared: true,
    text: `select ${REFRESH[type]}($1::uuid, $2::uuid[])`,
    values: [tenantId, ids],
  }
}

/**
 * The same for records that the change didn't lock before, which it locks in the order of their ids. Without that a change of
 * another word, committed after the texts were made and before they are written, would be lost to search.
 */
export function lockAndRefreshSearchRows(tenantId: string, type: IndexedType, ids: readonly string[]): Statement[] {
  const table = SEARCHED[type].list
  const lock = {
    label: `lockSearched.${table}`,
    prepared: true,
    text: `select from ${table} as t where t.tenant_id = $1 and t.id = any($2::uuid[]) order by t.id for no key update of t`,
    values: [tenantId, ids],
  }
  return [lock, refreshSearchRows(tenantId, type, ids)]
}

/** `refreshSearchRows` in a transaction of Prisma's, for loads. */
export async function refreshSearchIndex(
  tenantId: string,
  tx: Transaction,
  type: IndexedType,
  ids: readonly string[],
): Promise<void> {
  await tx.sql(refreshSearchRows(tenantId, type, ids))
}
