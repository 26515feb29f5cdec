import type { Transaction } from '../database/transaction.js'

/** The tables that search reads, by the type of record; what their texts are made of is said in the database alone. */
const TABLES = {
  CONTACT: { table: 'contact_search', id: 'contact_id', texts: 'kith_contact_texts' },
  COMPANY: { table: 'company_search', id: 'company_id', texts: 'kith_company_texts' },
} as const

export type IndexedType = keyof typeof TABLES

/**
 * Brings what records are found by up to date: one statement, to be the last of the transaction that changed them. Rows
 * whose text is the same stay untouched; those of records that are deleted or gone are removed.
 */
export async function refreshSearchIndex(
  tenantId: string,
  tx: Transaction,
  type: IndexedType,
  ids: readonly string[],
): Promise<void> {
  const { table, id, texts } = TABLES[type]
  await tx.sql({
    label: 'refreshSearchIndex',
    text: `with fresh as materialized (select ${id}, text from ${texts}($1::uuid, $2::uuid[])),
      gone as (
        delete from ${table} where tenant_id = $1 and ${id} = any($2::uuid[])
          and not exists (select 1 from fresh where fresh.${id} = ${table}.${id})
      )
      insert into ${table} as stored (tenant_id, ${id}, text) select $1::uuid, ${id}, text from fresh
      on conflict (tenant_id, ${id}) do update set text = excluded.text where stored.text <> excluded.text`,
    values: [tenantId, ids],
  })
}

/** A record whose search row isn't what a rebuild would make: null where there is or would be none. */
export interface StaleSearchRow {
  readonly id: string
  readonly stored: string | null
  readonly fresh: string | null
}

/** The records of a tenant whose search rows are wrong, in id order; `limit` at most. Reads the whole tenant. */
export function findStaleSearchRows(
  tenantId: string,
  tx: Transaction,
  type: IndexedType,
  limit: number,
): Promise<StaleSearchRow[]> {
  const { table, id, texts } = TABLES[type]
  return tx.sql<StaleSearchRow>({
    label: 'findStaleSearchRows',
    text: `select coalesce(stored.${id}, fresh.${id}) as id, stored.text as stored, fresh.text as fresh
      from (select ${id}, text from ${table} where tenant_id = $1) as stored
      full join ${texts}($1::uuid, null) as fresh on fresh.${id} = stored.${id}
      where stored.text is distinct from fresh.text order by 1 limit $2`,
    values: [tenantId, limit],
  })
}
