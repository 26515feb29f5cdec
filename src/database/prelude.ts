import { isUuid } from '../lib/uuid.js'
import type { DatabaseRole } from './statement.js'

/** The limits that each prelude sets: settings of a role don't follow SET ROLE. Milliseconds. */
export interface FlightTimeouts {
  readonly statementTimeoutMs: number
  readonly lockTimeoutMs: number
  readonly idleInTransactionTimeoutMs: number
}

/**
 * The first message of every flight: it opens the transaction and names role and tenant, for this transaction only.
 * `read` is read only; `write` is a transaction of Prisma's, `change` one of set-based statements (change.ts).
 * `kith_system` runs without a tenant; both others refuse to. `tables` are those that a statement of kith_keys joins: the last
 * row says `auto` as its last column where statistics know the tenant (see KnownTenants).
 * @throws Error where the tenant is missing or no UUID: the value is put into the text, because `SET LOCAL` takes no
 *   parameters, and only `SET LOCAL` reaches the workers of a sharded cluster.
 */
export function flightPrelude(
  role: DatabaseRole,
  tenantId: string | null,
  mode: 'read' | 'write' | 'change',
  timeouts: FlightTimeouts,
  tables: readonly string[] = [],
): string {
  const parts = [mode === 'read' ? 'BEGIN READ ONLY' : 'BEGIN', `SET LOCAL ROLE ${role}`]
  if (role !== 'kith_system') {
    if (!tenantId || !isUuid(tenantId)) throw new Error('TENANT_CONTEXT_MISSING: a flight needs a tenant')
    parts.push(`SET LOCAL app.tenant_id = '${tenantId.toLowerCase()}'`)
  }
  parts.push(`SET LOCAL statement_timeout = ${timeouts.statementTimeoutMs}`)
  if (mode !== 'read') {
    parts.push(`SET LOCAL lock_timeout = ${timeouts.lockTimeoutMs}`)
    parts.push(`SET LOCAL idle_in_transaction_session_timeout = ${timeouts.idleInTransactionTimeoutMs}`)
  } else if (role === 'kith_keys') {
    // Tenants share their tables: whatever the planner thinks, nobody's list may read all tenants' rows.
    parts.push('SET LOCAL enable_seqscan = off')
    // One table has no join to go wrong: it is read once, by whatever index.
    if (tables.length > 1)
      parts.push(`SELECT kith_plan_unknown_tenant('{${tables.join()}}'), current_setting('plan_cache_mode')`)
  }
  if (role === 'kith_app' && mode !== 'write') {
    // Loaders and changes go by keys: the generic plan is right for 1 and for 10,000 of them, and saves planning
    // (0.43 -> 0.16 ms). Prisma's statements are sent unnamed and stay as they are.
    parts.push('SET LOCAL plan_cache_mode = force_generic_plan')
  }
  return parts.join('; ')
}

/** How long a snapshot may be read. Milliseconds. */
export interface SnapshotTimeouts {
  readonly statementTimeoutMs: number
  readonly idleTimeoutMs: number
}

/**
 * The first message of a snapshot, behind which its list is declared as kith_keys. All of the list will be read, so it is
 * planned for that, not for a quick first row. A client that is gone is noticed within a second, also while the server
 * sorts; servers on systems where that isn't known refuse the setting, which is caught.
 * @throws Error where the tenant is missing or no UUID
 */
export function snapshotPrelude(
  tenantId: string,
  { statementTimeoutMs, idleTimeoutMs }: SnapshotTimeouts,
  tables: readonly string[] = [],
): string {
  if (!isUuid(tenantId)) throw new Error('TENANT_CONTEXT_MISSING: a snapshot needs a tenant')
  return [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    `DO $$ BEGIN PERFORM set_config('client_connection_check_interval', '1000', true); EXCEPTION WHEN OTHERS THEN NULL; END $$`,
    'SET LOCAL ROLE kith_keys',
    `SET LOCAL app.tenant_id = '${tenantId.toLowerCase()}'`,
    `SET LOCAL statement_timeout = ${statementTimeoutMs}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${idleTimeoutMs}`,
    'SET LOCAL cursor_tuple_fraction = 1',
    'SET LOCAL enable_seqscan = off',
    ...(tables.length > 1 ? [`SELECT kith_plan_unknown_tenant('{${tables.join()}}')`] : []),
  ].join('; ')
}

/** What follows the declared list: the rows that belong to it are read by their keys, as loaders do. */
export const SNAPSHOT_READER_PRELUDE =
  'SET LOCAL ROLE kith_app; SET LOCAL enable_seqscan = on; SET LOCAL plan_cache_mode = force_generic_plan'
