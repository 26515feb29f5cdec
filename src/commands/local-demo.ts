import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createDatabase, type DatabaseOptions } from '../database/database.js'
import { findTenantBySlug, hasTenants } from '../features/tenant/tenant.service.js'

const DEMO_SLUG = 'demo'
// The same file with .js or .ts, as this one runs.
const SEED = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './seed.ts' : './seed.js', import.meta.url))

/**
 * The id of the demo tenant; undefined where there is none. Where there is no tenant at all and `mayLoad`, the demo data
 * is loaded first, by the command for it in a process of its own: names and phone metadata would stay in the server's
 * memory.
 */
export async function ensureLocalDemo(
  options: Pick<DatabaseOptions, 'pool' | 'timeouts'>,
  mayLoad: boolean,
): Promise<string | undefined> {
  const database = createDatabase({
    pool: { ...options.pool, max: 2 },
    timeouts: options.timeouts,
    observeStatement: () => undefined,
    observeOperation: () => undefined,
  })
  try {
    if (mayLoad && !(await hasTenants(database))) await runSeed()
    return (await findTenantBySlug(database, DEMO_SLUG))?.id
  } finally {
    await database.close()
  }
}

function runSeed(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, SEED, '--tenant', DEMO_SLUG], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`The demo data could not be loaded (exit code ${code ?? 'none'}).`))
    })
  })
}
