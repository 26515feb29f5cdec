import { parseArgs } from 'node:util'
import { withOwner } from '../database/admin/care/owner.js'
import { openDatabase } from './open-database.js'
import { optimizeDatabase } from './optimize-database.js'
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
    const progress = createProgress(process.stderr, 'search rows')
    const isCheck = values.check === true
    const onProgress = (looked: number, total: number): void => progress.update(looked, total)
    const isWhole = await withOwner(migrationUrl, (client) =>
      optimizeDatabase(client, database, { isCheck, say, onProgress }).finally(() => progress.end()),
    )
    if (!isWhole) throw new Error(`Something is missing. Run: ${COMMAND}`)
  } finally {
    await close()
  }
}, USAGE)
