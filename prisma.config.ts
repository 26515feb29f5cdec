import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { defineConfig } from 'prisma/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The CLI no longer reads .env by itself; what is set already wins.
if (existsSync(at('.env'))) process.loadEnvFile(at('.env'))
// The user's own engine wins as well.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= at('prisma/schema-engine.mjs')

// All others need no database; starting one during `npm ci` would be a surprise.
const WITH_DATABASE = ['deploy', 'status', 'dev', 'resolve', 'reset'].map((name) => `migrate ${name}`)
WITH_DATABASE.push('db push', 'db pull', 'db execute')
// A diff between empty and schema files reads no database; migrations are run in a shadow database.
const DIFF_WITH_DATABASE = ['from-migrations', 'to-migrations', 'from-config-datasource', 'to-config-datasource']

function needsDatabase(args: string[]): boolean {
  const text = { type: 'string' } as const
  // Options with a value that may stand before the command; `--url` is a database of its own.
  const options = { config: text, schema: text, url: text, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ args, options, strict: false, allowPositionals: true })
  if (values.help || values.url !== undefined) return false
  const [command = '', action = ''] = positionals
  if (command === 'migrate' && action === 'diff') return DIFF_WITH_DATABASE.some((name) => name in values)
  return command === 'studio' || WITH_DATABASE.includes(`${command} ${action}`)
}

/** The database as its owner: the configured one, else the embedded server, started for the time of the command. */
async function migrationUrl(): Promise<string> {
  const { MIGRATION_DATABASE_URL, DATABASE_URL, KITH_ENV, CI, KITH_DATA_DIR } = process.env
  if (MIGRATION_DATABASE_URL) return MIGRATION_DATABASE_URL
  if (!needsDatabase(process.argv.slice(2))) return ''
  if (DATABASE_URL) {
    throw new Error('MIGRATION_DATABASE_URL is not set: beside DATABASE_URL, migrations need the URL of the owner.')
  }
  // An embedded server here would be migrated, and the database that was meant would stay as it is. A diff changes nothing.
  for (const [name, url] of Object.entries({ MIGRATION_DATABASE_URL, DATABASE_URL })) {
    if (url === '') throw new Error(`${name} is empty: set it to the URL, or remove it for the embedded server.`)
  }
  const isDiff = process.argv.includes('diff')
  if (!isDiff && (CI || KITH_ENV === 'production')) {
    const why = CI ? 'CI is set' : 'KITH_ENV is production'
    throw new Error(`MIGRATION_DATABASE_URL is not set and ${why}: migrations need the URL of the owner.`)
  }
  const { openEmbeddedServer } = await import('./src/database/embedded/server.js')
  const server = await openEmbeddedServer({
    dataDir: KITH_DATA_DIR || at('.data'),
    log: (line) => process.stderr.write(`${line}\n`),
  })
  process.once('exit', () => server.stopSync())
  // By themselves two of these end a process without its exit handlers, and at the third Prisma waits for the statement.
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
  }
  return server.urls.migration
}

export default defineConfig({
  schema: at('prisma'),
  migrations: { path: at('prisma/migrations') },
  datasource: { url: await migrationUrl() },
})
