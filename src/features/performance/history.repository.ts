import type { Database } from '../../database/database.js'

/** One name of a minute, as it is kept. */
export interface HistoryEntry {
  /** whose it is; absent of what is of all */
  readonly tenant_id?: string
  readonly kind: string
  readonly name: string
  readonly count: number
  readonly failed: number
  readonly total_ms: number
  readonly max_ms: number
  readonly rows: number
  readonly cells: readonly number[]
  readonly counts: readonly number[]
}

/** One name in a span of time, of all processes. */
export interface HistoryRow {
  /** when the span began */
  readonly at: string
  readonly count: number
  readonly failed: number
  readonly totalMs: number
  readonly maxMs: number
  readonly rows: number
  readonly cells: readonly number[]
  readonly counts: readonly number[]
}

const COLUMNS = `h.count::float8, h.failed::float8, h.total_ms as "totalMs", h.max_ms as "maxMs", h.rows::float8, h.cells,
  h.counts::float8[]`

/** Keeps a minute of one process; false where another process writes at the moment: then nothing was kept. */
export async function recordMinute(
  database: Database,
  at: Date,
  process: string,
  entries: readonly HistoryEntry[],
): Promise<boolean> {
  const [row] = await database.systemChange<{ recorded: boolean }>({
    label: 'recordMinute',
    prepared: true,
    text: 'select kith_history.record($1::timestamptz, $2, $3::jsonb) as recorded',
    values: [at, process, JSON.stringify(entries)],
  })
  return row?.recorded === true
}

/** Makes hours of minutes, notes the size of tables, drops what is too old. */
export async function tendHistory(database: Database, now: Date): Promise<void> {
  const text = 'select kith_history.tend($1::timestamptz) as dropped'
  await database.systemChange({ label: 'tendHistory', prepared: true, text, values: [now] })
}

/** Notes that a process started, and forgets what is older than the history. */
export async function recordStart(database: Database, process: string, at: Date, version: string): Promise<void> {
  await database.systemChange({
    label: 'recordStart',
    text: `with old as (delete from kith_history.starts where at < $2::timestamptz - interval '400 days')
      insert into kith_history.starts (process, at, version) values ($1, $2, $3) on conflict do nothing`,
    values: [process, at, version],
  })
}

/**
 * Notes that a chore is begun now, where it was begun last at least so long ago, or never; false where it is not time yet, or
 * another process was first.
 */
export async function claimChore(database: Database, name: string, now: Date, everyMs: number): Promise<boolean> {
  const rows = await database.systemChange({
    label: 'claimChore',
    text: `insert into kith_history.chores as c (name, begun_at) values ($1, $2)
      on conflict (name) do update set begun_at = excluded.begun_at where c.begun_at <= $3 returning c.name`,
    values: [name, now, new Date(now.getTime() - everyMs)],
  })
  return rows.length > 0
}

/** Which spans are read: those of minutes have one row for each process; the last hours may not be made yet. */
export type HistorySpan = 'minutes' | 'hours'

/** The spans of one name since a moment, the oldest first. */
export function listSpans(
  database: Database,
  span: HistorySpan,
  kind: string,
  name: string,
  since: Date,
): Promise<HistoryRow[]> {
  return database.system<HistoryRow>({
    label: `listSpans.${span}`,
    prepared: true,
    text: `select h.at, ${COLUMNS} from kith_history.${span} as h
      where h.kind = $1 and h.name = $2 and h.at >= $3 order by h.at`,
    values: [kind, name, since],
  })
}

/** The names of a kind that took most time since a moment: in hours that are made, and in the minutes behind them. */
export async function listNames(database: Database, kind: string, since: Date, first: number): Promise<string[]> {
  const rows = await database.system<{ name: string }>({
    label: 'listNames',
    prepared: true,
    text: `select h.name from (
        select name, total_ms from kith_history.hours where kind = $1 and at >= $2
        union all select name, total_ms from kith_history.minutes
        where kind = $1 and at >= $2 and at >= coalesce((select max(at) + interval '1 hour' from kith_history.hours
          where kind = 'process'), '-infinity')
      ) as h group by h.name order by sum(h.total_ms) desc, h.name limit $3`,
    values: [kind, since, first],
  })
  return rows.map(({ name }) => name)
}

/** One row of a process's minute. */
export interface WindowRow extends HistoryRow {
  readonly kind: string
  readonly name: string
}

/** Of the minutes since a moment: that processes ran, all their requests together, and each signal. */
export function listWindow(database: Database, since: Date): Promise<WindowRow[]> {
  return database.system<WindowRow>({
    label: 'listWindow',
    prepared: true,
    text: `select h.at, h.kind, h.name, ${COLUMNS} from kith_history.minutes as h
      where h.at >= $1 and (h.kind = 'process' or (h.kind = 'request' and h.name = '') or (h.kind = 'signal' and h.name <> ''))
      order by h.at`,
    values: [since],
  })
}

/** The minutes of one name of a tenant since a moment, or its hours, made of minutes, the oldest first. */
export function listTenantSpans(
  database: Database,
  span: HistorySpan,
  { tenantId, kind, name, since }: { tenantId: string; kind: string; name: string; since: Date },
): Promise<HistoryRow[]> {
  const ofName = 'h.tenant_id = $1 and h.kind = $2 and h.name = $3 and h.at >= $4'
  const minutes = `select h.at, ${COLUMNS} from kith_history.tenant_minutes as h where ${ofName} order by h.at`
  const hours = `with part as (
      select date_trunc('hour', h.at, 'UTC') as hour, h.* from kith_history.tenant_minutes as h where ${ofName}
    ), summed as (
      select p.hour, u.cell, sum(u.count)::bigint as total
      from part as p, unnest(p.cells, p.counts) as u (cell, count) group by 1, 2
    ), filled as (
      select s.hour, array_agg(s.cell order by s.cell) as cells, array_agg(s.total order by s.cell) as counts
      from summed as s group by 1
    )
    select p.hour as at, sum(p.count)::float8 as count, sum(p.failed)::float8 as failed, sum(p.total_ms) as "totalMs",
      max(p.max_ms) as "maxMs", sum(p.rows)::float8 as rows, coalesce(f.cells, '{}') as cells,
      coalesce(f.counts, '{}')::float8[] as counts
    from part as p left join filled as f on f.hour = p.hour group by p.hour, f.cells, f.counts order by p.hour`
  return database.reader(tenantId).read<HistoryRow>({
    label: `listTenantSpans.${span}`,
    prepared: true,
    text: span === 'minutes' ? minutes : hours,
    values: [tenantId, kind, name, since],
  })
}

/** The names of a kind that took a tenant most time since a moment. */
export async function listTenantNames(
  database: Database,
  { tenantId, kind, since, first }: { tenantId: string; kind: string; since: Date; first: number },
): Promise<string[]> {
  const rows = await database.reader(tenantId).read<{ name: string }>({
    label: 'listTenantNames',
    prepared: true,
    text: `select h.name from kith_history.tenant_minutes as h
      where h.tenant_id = $1 and h.kind = $2 and h.at >= $3
      group by h.name order by sum(h.total_ms) desc, h.name limit $4`,
    values: [tenantId, kind, since, first],
  })
  return rows.map(({ name }) => name)
}
