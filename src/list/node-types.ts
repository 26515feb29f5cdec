import { sql } from 'kysely'
import { rowCondition } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import type { Database } from '../database/database.js'
import { statement } from '../database/sql.js'

/**
 * The concept of each of some ids in this tenant, by its name in the API: one statement of key probes, as kith_keys. Ids
 * that the tenant hasn't, or that the principal may not see, are absent; deleted records are not.
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
