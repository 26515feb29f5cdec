import { sql } from '../lib/sql.js'
import { rowCondition } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import type { Database } from '../database/database.js'
import { statement } from '../database/sql.js'

/**
 * Of which concept each of some ids is: `'Contact'` by the id. Ids are absent where the tenant has none such, or the
 * principal may not see it; deleted records are there. One statement, as kith_keys, which looks the ids up in the
 * primary key of every concept's table.
 */
export async function findNodeTypes(
  scope: Scope,
  database: Database,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const probes = scope.registry.concepts.map(
    ({ name, table }) => sql`select tenant_id, id, ${sql.lit(name)} as type from ${sql.table(table)}
      where tenant_id = ${scope.tenantId} and id = any(${ids}::uuid[]) and ${rowCondition(scope, name, table)}`,
  )
  const query = sql`${sql.join(probes, sql` union all `)}`
  const rows = await database.keys<{ id: string; type: string }>(scope.tenantId, statement('findNodeTypes', query))
  return new Map(rows.map((row) => [row.id, row.type]))
}
