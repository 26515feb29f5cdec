import type { Statement } from '../database/statement.js'
import type { Transaction } from '../database/transaction.js'

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

/** The same in a transaction of Prisma's, for loads. */
export async function refreshSearchIndex(
  tenantId: string,
  tx: Transaction,
  type: IndexedType,
  ids: readonly string[],
): Promise<void> {
  await tx.sql(refreshSearchRows(tenantId, type, ids))
}
