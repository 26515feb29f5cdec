import type { Transaction } from '../database/transaction.js'

/**
 * Inserts rows of one tenant in one statement and returns the ids of those that were new; a row that a unique index
 * refuses is left out. The first row's keys are the columns, `leadScore` or `lead_score`. The rows go as one JSON text:
 * COPY is refused under row-level security.
 */
export async function insertRows(
  { sql }: Transaction,
  table: string,
  tenantId: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<Set<string>> {
  if (!rows[0]) return new Set()
  const keys = Object.keys(rows[0])
  const columns = keys.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
  const names = columns.join(', ')
  const byColumn = rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[keys[index] ?? '']])),
  )
  const inserted = await sql<{ id: string }>({
    label: `demo.${table}`,
    text: `insert into ${table} (tenant_id, ${names})
      select $1::uuid, ${names} from json_populate_recordset(null::${table}, $2::json)
      on conflict do nothing returning id`,
    values: [tenantId, JSON.stringify(byColumn)],
  })
  return new Set(inserted.map((row) => row.id))
}
