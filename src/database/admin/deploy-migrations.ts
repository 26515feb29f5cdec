import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { knownMigrations } from './start-checks.js'

// The same files as seen from the sources and from the build.
const ENGINE = fileURLToPath(new URL('../../../prisma/schema-engine.mjs', import.meta.url))

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly data: { readonly message: string } }
}

/**
 * Brings the database of the embedded server up to date: what `prisma migrate deploy` asks of Prisma's engine, without
 * the CLI around it, which takes 3 s of CPU before it begins. The engine runs in a process of its own, and nothing is
 * started where all migrations are there: that look takes milliseconds. `folder` is that of the migrations;
 * `environment` makes the environment of the process.
 * @throws Error with what the engine said
 */
export async function deployMigrations(
  migrationUrl: string,
  folder: URL,
  log: (line: string) => void,
  environment: (changes: Readonly<Record<string, string>>) => NodeJS.ProcessEnv,
): Promise<void> {
  const names = knownMigrations(folder)
  if (await areApplied(migrationUrl, names)) return
  log('Migrating the local database …')
  const datasource = JSON.stringify({ url: migrationUrl })
  const child = spawn(process.execPath, [ENGINE, '--datasource', datasource], { stdio: 'pipe', env: environment({}) })
  const migrationsList = readMigrations(folder, names)
  const params = { migrationsList, filters: { externalTables: [], externalEnums: [] } }
  child.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'applyMigrations', params })}\n`)
  const trouble = text(child.stderr)
  let answer: Answer = {}
  for await (const line of createInterface(child.stdout)) {
    answer = JSON.parse(line) as Answer
    // Its own connections would keep it for ten seconds.
    child.kill()
  }
  if (answer.result) return
  throw new Error(`The local database was not migrated:\n${answer.error?.data.message ?? (await trouble).trim()}`)
}

/** Migrations as the engine takes them, whole. */
function readMigrations(folder: URL, names: readonly string[]) {
  const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
  return {
    baseDir: fileURLToPath(folder),
    lockfile: { path: 'migration_lock.toml', content: read('migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: read(`${path}/migration.sql`) } },
    })),
  }
}

async function areApplied(migrationUrl: string, migrations: readonly string[]): Promise<boolean> {
  const client = new pg.Client({ connectionString: migrationUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ migration_name: string }>(
      `select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null`,
    )
    const applied = new Set(rows.map((row) => row.migration_name))
    return migrations.every((name) => applied.has(name))
  } catch {
    // No table yet: nothing was ever applied.
    return false
  } finally {
    await client.end()
  }
}
