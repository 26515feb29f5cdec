import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * Brings the database of the embedded server up to date with `prisma migrate deploy`, in a process of its own; nothing
 * is started where all migrations are there (the command takes seconds, the look milliseconds). `environment` makes
 * that of the process with some changes: the command is told the URL, as it would refuse to look for an embedded server
 * by itself where `CI` is set.
 * @throws Error with the command's own output when it fails
 */
export async function deployMigrations(
  migrationUrl: string,
  migrations: readonly string[],
  log: (line: string) => void,
  environment: (changes: Readonly<Record<string, string>>) => NodeJS.ProcessEnv,
): Promise<void> {
  if (await areApplied(migrationUrl, migrations)) return
  log('Migrating the local database …')
  const prisma = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js')
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [prisma, 'migrate', 'deploy'], {
      cwd: ROOT,
      env: environment({ MIGRATION_DATABASE_URL: migrationUrl }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`prisma migrate deploy failed:\n${output.trim()}`))
    })
  })
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
