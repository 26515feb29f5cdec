import { parseArgs } from 'node:util'
import { declaredIndexes, DECLARED_STATISTICS } from '../database/admin/care/declared-indexes.js'
import {
  analyzeTable,
  findLacking,
  makeIndex,
  makeStatistics,
  tablesToAnalyze,
} from '../database/admin/care/index-care.js'
import { withOwner, type OwnerClient } from '../database/admin/care/owner.js'
import type { Database } from '../database/database.js'
import { findRecommendations } from '../features/performance/performance.service.js'
import { careForSearch } from '../search/search-care.js'
import { MIGRATIONS, openDatabase } from './open-database.js'
import { createProgress } from './progress.js'
import { runCommand } from './run-command.js'

const USAGE = `usage: npm run -s db:optimize [-- --check]

Looks whether every declared index is there and valid, whether the statistics fit the rows, and whether search rows are what
their records say; mends what isn't while the server goes on, and reports dead rows, unused and duplicate indexes. It can be
run again: then there is nothing to do. It needs MIGRATION_DATABASE_URL. With --check nothing is changed, and the exit code
is 1 where something is missing.`
const COMMAND = 'npm run -s db:optimize'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

await runCommand(async (args) => {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean' } } })
  const { database, migrationUrl, close } = await openDatabase({ mustExist: true })
  try {
    if (migrationUrl === undefined)
      throw new Error('MIGRATION_DATABASE_URL is not set: only the owner may make indexes.')
    const isWhole = await withOwner(migrationUrl, (client) => optimize(client, database, values.check === true))
    if (!isWhole) throw new Error(`Something is missing. Run: ${COMMAND}`)
  } finally {
    await close()
  }
}, USAGE)

/** Does all of it, or only looks; returns whether nothing is missing any more. */
async function optimize(client: OwnerClient, database: Database, isCheck: boolean): Promise<boolean> {
  const lacking = await careForIndexes(client, isCheck)
  const progress = createProgress(process.stderr, 'search rows')
  const total = await countRecords(client)
  const search = await careForSearch(database, {
    mend: !isCheck,
    onProgress: (looked) => progress.update(looked, total),
  })
  progress.end()
  const verb = isCheck ? 'are stale' : 'were stale and are made anew'
  say(`search rows: ${search.looked} records looked at; ${search.stale === 0 ? 'all fit' : `${search.stale} ${verb}`}`)
  await careForStatistics(client, isCheck)
  const found = await findRecommendations(database, new Date())
  for (const { kind, about, evidence, ddl, cost } of found) {
    say(`${kind.toLowerCase().replaceAll('_', ' ')}: ${about}. ${evidence} ${cost}${ddl === null ? '' : ` ${ddl}`}`)
  }
  if (found.length === 0) say('dead rows, unused and duplicate indexes: none')
  return !isCheck || (lacking === 0 && search.stale === 0)
}

/** Makes what is declared and isn't there; returns how much that was. */
async function careForIndexes(client: OwnerClient, isCheck: boolean): Promise<number> {
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
async function careForStatistics(client: OwnerClient, isCheck: boolean): Promise<void> {
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
