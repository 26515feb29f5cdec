import { sql } from '../lib/sql.js'
import { rowCondition } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import type { Database } from '../database/database.js'
import { statement } from '../database/sql.js'

/**
 * Of which concept each of some ids is: `'Contact'` by the id. Ids are absent where the tenant has none such, or the
 * principal may not see it; deleted records are there. `others` are types that are no concepts, of whose rows no rule hides
 * any. One statement, as kith_keys, which looks the ids up in the primary key of every table.
 */
export async function findNodeTypes(
  scope: Scope,
  database: Database,
  ids: readonly string[],
  others: readonly { readonly name: string; readonly table: string }[] = [],
): Promise<Map<string, string>> {
  const probe = (name: string, table: string) => sql`select tenant_id, id, ${sql.lit(name)} as type
    from ${sql.table(table)} where tenant_id = ${scope.tenantId} and id = any(${ids}::uuid[])`
  const probes = [
    ...scope.registry.concepts.map(
      ({ name, table }) => sql`${probe(name, table)} and ${rowCondition(scope, name, table)}`,
    ),
    ...others.map(({ name, table }) => probe(name, table)),
  ]
  const query = sql`${sql.join(probes, sql` union all `)}`
  const rows = await database.keys<{ id: string; type: string }>(scope.tenantId, statement('findNodeTypes', query))
  return new Map(rows.map((row) => [row.id, row.type]))
}
