import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'prisma/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The CLI no longer reads .env by itself; what is set already wins.
if (existsSync(at('.env'))) process.loadEnvFile(at('.env'))
// The user's own engine wins as well.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= at('prisma/schema-engine.mjs')

// These need no database; starting one during `npm ci` would be a surprise.
const OFFLINE = ['generate', 'validate', 'format', 'version', '--version', '-v', 'init', '--help', '-h']

/** The database as its owner: the configured one, else the embedded server, started for the time of the command. */
async function migrationUrl(): Promise<string> {
  const { MIGRATION_DATABASE_URL, DATABASE_URL, KITH_DATA_DIR } = process.env
  if (MIGRATION_DATABASE_URL) return MIGRATION_DATABASE_URL
  if (process.argv.slice(2).some((argument) => OFFLINE.includes(argument)) || process.argv.length < 3) return ''
  if (DATABASE_URL) {
    throw new Error('MIGRATION_DATABASE_URL is not set: beside DATABASE_URL, migrations need the URL of the owner.')
  }
  const { openEmbeddedServer } = await import('./src/database/embedded/server.js')
  const server = await openEmbeddedServer({
    dataDir: KITH_DATA_DIR || at('.data'),
    log: (line) => process.stderr.write(`${line}\n`),
  })
  process.once('exit', () => server.stopSync())
  return server.urls.migration
}

export default defineConfig({
  schema: at('prisma'),
  migrations: { path: at('prisma/migrations') },
  datasource: { url: await migrationUrl() },
})
