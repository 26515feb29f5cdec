import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { environmentWith } from '../config.js'
import { createDatabase, type DatabaseOptions } from '../database/database.js'
import { findTenantBySlug, hasTenants } from '../features/tenant/tenant.service.js'

const DEMO_SLUG = 'demo'
// The same file with .js or .ts, as this one runs.
const SEED = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './seed.ts' : './seed.js', import.meta.url))

/**
 * The id of the demo tenant; undefined where there is none. Given a data folder, the demo data is loaded first where there
 * is no tenant at all, by the command for it in a process of its own: names and phone metadata would stay in the server's
 * memory.
 */
export async function ensureLocalDemo(
  options: Pick<DatabaseOptions, 'pool' | 'timeouts'>,
  loadingInto: string | undefined,
): Promise<string | undefined> {
  const database = createDatabase({
    pool: { ...options.pool, max: 2 },
    timeouts: options.timeouts,
    observeStatement: () => undefined,
    observeOperation: () => undefined,
  })
  try {
    if (loadingInto !== undefined) await loadOnce(join(loadingInto, 'demo-loading'), () => hasTenants(database))
    return (await findTenantBySlug(database, DEMO_SLUG))?.id
  } finally {
    await database.close()
  }
}

// The file stands while a load runs, so that one that was killed goes on at the next start.
async function loadOnce(marker: string, hasTenants: () => Promise<boolean>): Promise<void> {
  if (!existsSync(marker) && (await hasTenants())) return
  writeFileSync(marker, '')
  await runSeed()
  rmSync(marker)
}

function runSeed(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, SEED, '--tenant', DEMO_SLUG], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environmentWith({ KITH_ENV: 'local' }),
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`The demo data could not be loaded (exit code ${code ?? 'none'}).`))
    })
  })
}
