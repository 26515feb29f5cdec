import type pg from 'pg'

/** How a pool names its connections on the server, by which pools see each other: `kith-` and 8 hexadecimal digits. */
const POOL_NAME = /^kith-[0-9a-f]{8}$/

/** What a server has room for, and who is connected to it. */
export interface ServerRoom {
  /** connections that it allows to logins without special rights */
  readonly room: number
  /** connections of others: of tools, of other applications */
  readonly others: number
  /** pools of Kith that are connected, the asking one included */
  readonly pools: number
}

// So many of 10 are left to nobody: a pool that starts while others are busy gets a first connection, and is seen by
// it.
const LEFT_OF_TEN = 1

/**
 * How many connections a pool may have open: an equal part of nine tenths of what the server has room for, one at
 * least.
 *
 * | room | others | pools | share |
 * | ---: | -----: | ----: | ----: |
 * |   97 |      0 |     1 |    87 |
 * |   97 |      0 |     2 |    43 |
 * |   97 |     30 |     2 |    28 |
 * |   17 |     20 |     1 |     1 |
 */
export function poolShare({ room, others, pools }: ServerRoom): number {
  const shared = Math.floor((room * (10 - LEFT_OF_TEN)) / 10) - others
  return Math.max(1, Math.floor(shared / Math.max(1, pools)))
}

/**
 * Connections that a server allows to logins without special rights, as an expression: all, less those that it keeps
 * for superusers and, from PostgreSQL 16 on, for pg_use_reserved_connections.
 */
export const ROOM_SQL = `current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
  - coalesce(current_setting('reserved_connections', true)::int, 0)`

// Every login sees who is connected, and by which name. Background processes have no user or no database.
const SERVER_ROOM = `select ${ROOM_SQL} as room, pg_backend_pid() as pid,
    count(*) filter (where application_name !~ '${POOL_NAME.source}')::int as others,
    count(distinct application_name) filter (where application_name ~ '${POOL_NAME.source}')::int as pools
  from pg_stat_activity where usesysid is not null and datid is not null`

/**
 * Asks a server for its room. Undefined behind a pooler: what is connected there are the pooler's connections, and how
 * many clients it takes it doesn't say. A pooler makes up the process number that it gives a client at its start.
 */
export async function readServerRoom(client: pg.ClientBase): Promise<ServerRoom | undefined> {
  const { rows } = await client.query<ServerRoom & { pid: number }>(SERVER_ROOM)
  const [row] = rows
  if (!row || row.pid !== (client as pg.ClientBase & { readonly processID: number }).processID) return undefined
  return { room: row.room, others: row.others, pools: row.pools }
}
