import type { Database } from '../../database/database.js'
import { ROOM_SQL } from '../../database/pool-share.js'

/** A table as the server's statistics see it; numbers are whole unless they are parts. */
export interface TableRow {
  readonly name: string
  readonly bytes: number
  readonly indexBytes: number
  readonly rows: number
  readonly deadRows: number
  readonly changedSinceAnalyze: number
  readonly vacuumedAt: string | null
  readonly analyzedAt: string | null
  readonly sequentialScans: number
  readonly sequentialRows: number
  readonly indexScans: number
  readonly writes: number
  readonly cacheHitRatio: number | null
  readonly statisticsSince: string | null
}

/** An index as the server's statistics see it. */
export interface IndexRow {
  readonly name: string
  readonly table: string
  readonly bytes: number
  readonly writeShare: number
  readonly scans: number
  readonly isUnique: boolean
  readonly isValid: boolean
  readonly coveredBy: string | null
  readonly statisticsSince: string | null
  readonly definition: string
}

/** A statement of pg_stat_statements. */
export interface ServerStatementRow {
  readonly sql: string
  readonly calls: number
  readonly totalMs: number
  readonly meanMs: number
  readonly rows: number
  readonly cacheHitRatio: number | null
}

// Statistics that were never reset are as old as the database, whose first migration says when that was.
const SINCE = `greatest(
  (select stats_reset from pg_stat_database where datname = current_database()),
  (select min(finished_at) from _prisma_migrations))`

const TABLES = `
  select c.relname::text as name, pg_total_relation_size(c.oid)::float8 as bytes, pg_indexes_size(c.oid)::float8 as "indexBytes",
    coalesce(s.n_live_tup, 0)::float8 as rows, coalesce(s.n_dead_tup, 0)::float8 as "deadRows",
    coalesce(s.n_mod_since_analyze, 0)::float8 as "changedSinceAnalyze",
    greatest(s.last_vacuum, s.last_autovacuum) as "vacuumedAt", greatest(s.last_analyze, s.last_autoanalyze) as "analyzedAt",
    coalesce(s.seq_scan, 0)::float8 as "sequentialScans", coalesce(s.seq_tup_read, 0)::float8 as "sequentialRows",
    coalesce(s.idx_scan, 0)::float8 as "indexScans",
    coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::float8 as writes,
    (i.heap_blks_hit + coalesce(i.idx_blks_hit, 0))::float8
      / nullif(i.heap_blks_hit + i.heap_blks_read + coalesce(i.idx_blks_hit + i.idx_blks_read, 0), 0) as "cacheHitRatio",
    ${SINCE} as "statisticsSince"
  from pg_class c
  left join pg_stat_user_tables s on s.relid = c.oid
  left join pg_statio_user_tables i on i.relid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  order by bytes desc, name`

// One covers another where it has the same columns, in the same order and with the same operators, from the first on, over
// the same rows; an index that makes rows unique is covered by none. Of two that are the same the older one covers.
const INDEXES = `
  with own as (
    select i.*, t.relname::text as table_name, x.relname::text as name, t.oid as table_oid,
      coalesce(pg_get_expr(i.indpred, i.indrelid), '') as predicate, coalesce(pg_get_expr(i.indexprs, i.indrelid), '') as expressions,
      x.relam, array(select unnest(i.indkey::int2[])) as keys, array(select unnest(i.indclass::oid[])) as classes,
      array(select unnest(i.indcollation::oid[])) as collations, array(select unnest(i.indoption::int2[])) as options,
      pg_relation_size(x.oid)::float8 as bytes
    from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    where t.relnamespace = 'public'::regnamespace
  )
  select o.name, o.table_name as table, o.bytes,
    o.bytes / greatest(1, sum(o.bytes) over (partition by o.indrelid)) as "writeShare",
    coalesce(s.idx_scan, 0)::float8 as scans, o.indisunique as "isUnique", o.indisvalid as "isValid",
    (select c.name from own c
      where c.indrelid = o.indrelid and c.indexrelid <> o.indexrelid and not o.indisunique and c.indisvalid
        and c.relam = o.relam and c.predicate = o.predicate and c.expressions = o.expressions
        and c.keys[1:cardinality(o.keys)] = o.keys and c.classes[1:cardinality(o.classes)] = o.classes
        and c.collations[1:cardinality(o.collations)] = o.collations and c.options[1:cardinality(o.options)] = o.options
        and (cardinality(c.keys) > cardinality(o.keys) or c.indisunique or c.indexrelid < o.indexrelid)
      order by cardinality(c.keys), c.name limit 1) as "coveredBy",
    ${SINCE} as "statisticsSince", pg_get_indexdef(o.indexrelid) as definition
  from own o left join pg_stat_user_indexes s on s.indexrelid = o.indexrelid
  order by o.bytes desc, o.name`

const SERVER_STATEMENTS = `
  select query as sql, calls::float8, total_exec_time as "totalMs", mean_exec_time as "meanMs", rows::float8,
    shared_blks_hit::float8 / nullif(shared_blks_hit + shared_blks_read, 0) as "cacheHitRatio"
  from pg_stat_statements
  where dbid = (select oid from pg_database where datname = current_database()) and query is not null
  order by total_exec_time desc limit $1`

/** All tables, the largest first. */
export function listTables(database: Database): Promise<TableRow[]> {
  return database.system<TableRow>({ label: 'listTables', text: TABLES, values: [] })
}

/** All indexes, the largest first. */
export function listIndexes(database: Database): Promise<IndexRow[]> {
  return database.system<IndexRow>({ label: 'listIndexes', text: INDEXES, values: [] })
}

/** The statements that took the server most time. @throws the server's error where it doesn't count, or may not say */
export function listServerStatements(database: Database, first: number): Promise<ServerStatementRow[]> {
  return database.system<ServerStatementRow>({
    label: 'listServerStatements',
    text: SERVER_STATEMENTS,
    values: [first],
  })
}

/** Since when pg_stat_statements counts, and how often it forgot the least used to make room. */
export async function readStatementCoverage(
  database: Database,
): Promise<{ readonly since: string | null; readonly evictions: number }> {
  const [row] = await database.system<{ since: string | null; evictions: number }>({
    label: 'readStatementCoverage',
    text: 'select stats_reset as since, dealloc::float8 as evictions from pg_stat_statements_info',
    values: [],
  })
  return row ?? { since: null, evictions: 0 }
}

/** How many connections the server allows to logins without special rights. */
export async function readConnectionRoom(database: Database): Promise<number> {
  const [row] = await database.system<{ room: number }>({
    label: 'readConnectionRoom',
    text: `select ${ROOM_SQL} as room`,
    values: [],
  })
  return row?.room ?? 0
}

/** Blocks that were asked for since the server counts, of these those that were in memory, and the bytes of the database. */
export async function readServerFigures(
  database: Database,
): Promise<{ readonly blocksHit: number; readonly blocksRead: number; readonly databaseBytes: number }> {
  const [row] = await database.system<{ blocksHit: number; blocksRead: number; databaseBytes: number }>({
    label: 'readServerFigures',
    text: `select blks_hit::float8 as "blocksHit", blks_read::float8 as "blocksRead",
        pg_database_size(datid)::float8 as "databaseBytes"
      from pg_stat_database where datname = current_database()`,
    values: [],
  })
  return row ?? { blocksHit: 0, blocksRead: 0, databaseBytes: 0 }
}

/** The rows of all tables, live and dead, about; by name. */
export function listDeadRows(
  database: Database,
): Promise<{ readonly name: string; readonly rows: number; readonly deadRows: number }[]> {
  return database.system({
    label: 'listDeadRows',
    text: `select relname::text as name, n_live_tup::float8 as rows, n_dead_tup::float8 as "deadRows"
      from pg_stat_user_tables where schemaname = 'public' order by 1`,
    values: [],
  })
}

/** Whether an extension is in the database. */
export async function hasExtension(database: Database, name: string): Promise<boolean> {
  const rows = await database.system({
    label: 'hasExtension',
    text: 'select from pg_extension where extname = $1',
    values: [name],
  })
  return rows.length > 0
}
