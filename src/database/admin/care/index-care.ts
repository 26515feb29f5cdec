import type pg from 'pg'
import type { DeclaredIndex, DeclaredStatistics } from './declared-indexes.js'

/** What a database lacks of what was declared. */
export interface Lacking {
  readonly missing: readonly DeclaredIndex[]
  /** their making was broken off: they cost each write and serve nothing */
  readonly invalid: readonly DeclaredIndex[]
  readonly statistics: readonly DeclaredStatistics[]
}

/** Compares the catalogue with what is declared. */
export async function findLacking(
  client: pg.Client,
  indexes: readonly DeclaredIndex[],
  statistics: readonly DeclaredStatistics[],
): Promise<Lacking> {
  const { rows } = await client.query<{ name: string; isValid: boolean }>(
    `select c.relname::text as name, i.indisvalid and i.indisready as "isValid"
     from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = 'public'::regnamespace`,
  )
  const made = await client.query<{ name: string }>(
    `select stxname::text as name from pg_statistic_ext where stxnamespace = 'public'::regnamespace`,
  )
  const validity = new Map(rows.map(({ name, isValid }) => [name, isValid]))
  const madeNames = new Set(made.rows.map(({ name }) => name))
  return {
    missing: indexes.filter(({ name }) => !validity.has(name)),
    invalid: indexes.filter(({ name }) => validity.get(name) === false),
    statistics: statistics.filter(({ name }) => !madeNames.has(name)),
  }
}

/**
 * Makes an index while the table is read and written. One that is there and invalid goes first.
 * @throws the server's error, as 23505 where rows are not unique; then an invalid index is left, which the next run removes
 */
export async function makeIndex(client: pg.Client, index: DeclaredIndex): Promise<void> {
  const { name, table, definition, isUnique } = index
  await client.query(`drop index concurrently if exists ${name}`)
  await client.query(`create ${isUnique ? 'unique ' : ''}index concurrently ${name} on ${table} ${definition}`)
}

/** Makes extended statistics; they are filled by the next ANALYZE. */
export async function makeStatistics(client: pg.Client, { name, table, columns }: DeclaredStatistics): Promise<void> {
  await client.query(
    `create statistics if not exists ${name} (ndistinct, dependencies) on ${columns.join(', ')} from ${table}`,
  )
}

/**
 * The tables whose statistics don't fit their rows: never made, though there are rows; more than 1,000 rows and a tenth of
 * them changed since; or extended statistics that were never filled.
 */
export async function tablesToAnalyze(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select s.relname::text as name from pg_stat_user_tables s
     where s.schemaname = 'public' and pg_relation_size(s.relid) > 0 and (
       (s.last_analyze is null and s.last_autoanalyze is null)
       or s.n_mod_since_analyze > 1000 + s.n_live_tup / 10
       or exists (select from pg_statistic_ext e where e.stxrelid = s.relid
         and not exists (select from pg_stats_ext f where f.statistics_schemaname = 'public' and f.statistics_name = e.stxname)))
     order by s.relname`,
  )
  return rows.map(({ name }) => name)
}

/** Gives the planner fresh statistics of a table. */
export async function analyzeTable(client: pg.Client, table: string): Promise<void> {
  await client.query(`analyze ${table}`)
}
