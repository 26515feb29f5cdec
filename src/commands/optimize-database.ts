import { declaredIndexes, DECLARED_STATISTICS } from '../database/admin/care/declared-indexes.js'
import {
  analyzeTable,
  findLacking,
  makeIndex,
  makeStatistics,
  tablesToAnalyze,
} from '../database/admin/care/index-care.js'
import type { OwnerClient } from '../database/admin/care/owner.js'
import type { Database } from '../database/database.js'
import { findRecommendations } from '../features/performance/performance.service.js'
import { careForSearch } from '../search/search-care.js'
import { MIGRATIONS } from './open-database.js'

/** How the care of a database goes on. */
export interface CareOptions {
  /** whether it only looks */
  readonly isCheck: boolean
  /** is told each thing that is done or found, a line each */
  readonly say: (line: string) => void
  /** is told how many search rows were looked at, of about how many */
  readonly onProgress?: (looked: number, total: number) => void
}

/** Does all of it, or only looks; returns whether nothing is missing any more. */
export async function optimizeDatabase(
  client: OwnerClient,
  database: Database,
  options: CareOptions,
): Promise<boolean> {
  const { isCheck, say, onProgress = () => undefined } = options
  const lacking = await careForIndexes(client, options)
  const total = await countRecords(client)
  const search = await careForSearch(database, { mend: !isCheck, onProgress: (looked) => onProgress(looked, total) })
  const verb = isCheck ? 'are stale' : 'were stale and are made anew'
  say(`search rows: ${search.looked} records looked at; ${search.stale === 0 ? 'all fit' : `${search.stale} ${verb}`}`)
  await careForStatistics(client, options)
  const found = await findRecommendations(database, new Date())
  for (const { kind, about, evidence, ddl, cost } of found) {
    say(`${kind.toLowerCase().replaceAll('_', ' ')}: ${about}. ${evidence} ${cost}${ddl === null ? '' : ` ${ddl}`}`)
  }
  if (found.length === 0) say('dead rows, unused and duplicate indexes: none')
  return !isCheck || (lacking === 0 && search.stale === 0)
}

/** Makes what is declared and isn't there; returns how much that was. */
async function careForIndexes(client: OwnerClient, { isCheck, say }: CareOptions): Promise<number> {
  const declared = declaredIndexes(MIGRATIONS)
  const { missing, invalid, statistics } = await findLacking(client, declared, DECLARED_STATISTICS)
  const toMake = [
    ...missing.map((index) => ({ index, was: 'missing' })),
    ...invalid.map((index) => ({ index, was: 'invalid' })),
  ]
  for (const [place, { index, was }] of toMake.entries()) {
    if (isCheck) say(`index ${index.name} on ${index.table}: ${was}`)
    else {
      say(`index ${index.name} on ${index.table}: ${was}, is being made (${place + 1} of ${toMake.length}) …`)
      await makeIndex(client, index)
    }
  }
  for (const one of statistics) {
    if (!isCheck) await makeStatistics(client, one)
    say(`statistics ${one.name} on ${one.table}: ${isCheck ? 'missing' : 'made'}`)
  }
  if (toMake.length === 0) say(`indexes: all ${declared.length} are there and valid`)
  return toMake.length + statistics.length
}

/** Makes statistics that don't fit their rows; after all writes, which count for them. */
async function careForStatistics(client: OwnerClient, { isCheck, say }: CareOptions): Promise<void> {
  const tables = await tablesToAnalyze(client)
  for (const [index, table] of tables.entries()) {
    if (isCheck) say(`statistics of ${table}: older than its rows`)
    else {
      await analyzeTable(client, table)
      say(`statistics of ${table}: made (${index + 1} of ${tables.length})`)
    }
  }
  if (tables.length === 0) say('statistics: fit the rows')
}

/** About how many records there are, for the progress. */
async function countRecords(client: OwnerClient): Promise<number> {
  const { rows } = await client.query<{ total: number }>(
    `select coalesce(sum(n_live_tup), 0)::float8 as total from pg_stat_user_tables where relname in ('contacts', 'companies')`,
  )
  return rows[0]?.total ?? 0
}
