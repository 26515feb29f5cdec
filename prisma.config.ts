import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'prisma/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The CLI no longer reads .env by itself; what is set already wins.
if (existsSync(at('.env'))) process.loadEnvFile(at('.env'))
// The user's own engine wins as well.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= at('prisma/schema-engine.mjs')

export default defineConfig({
  schema: at('prisma'),
  migrations: { path: at('prisma/migrations') },
  datasource: { url: process.env['MIGRATION_DATABASE_URL'] ?? '' },
})
