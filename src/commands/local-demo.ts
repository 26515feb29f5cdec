import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { environmentWith } from '../config.js'
import { createDatabase } from '../database/database.js'
import { findTenantBySlug, hasTenants } from '../features/tenant/tenant.service.js'
import { patientOptions, type ConnectOptions } from './open-database.js'

/** The load of the demo data was stopped, or failed; what is loaded stays. */
export class LoadInterrupted extends Error {}

const DEMO_SLUG = 'demo'
// The same file with .js or .ts, as this one runs.
const SEED = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './seed.ts' : './seed.js', import.meta.url))

/**
 * The id of the demo tenant; undefined where there is none. Given a data folder, the demo data is loaded first where
 * there is no tenant at all, by the command for it in a process of its own: names and phone metadata would stay in the
 * server's memory. `stop` ends a load that is under way.
 * @throws Error that says that the next start goes on with the load
 */
export async function ensureLocalDemo(
  options: ConnectOptions,
  loadingInto: string | undefined,
  stop: AbortSignal,
): Promise<string | undefined> {
  const patient = patientOptions(options)
  const database = createDatabase({
    ...patient,
    pool: { ...patient.pool, max: 2 },
  })
  try {
    if (loadingInto !== undefined) await loadOnce(join(loadingInto, 'demo-loading'), () => hasTenants(database), stop)
    return (await findTenantBySlug(database, DEMO_SLUG))?.id
  } finally {
    await database.close()
  }
}

// The file stands while a load runs, so that one that was interrupted goes on at the next start.
async function loadOnce(marker: string, hasTenants: () => Promise<boolean>, stop: AbortSignal): Promise<void> {
  if (!existsSync(marker) && (await hasTenants())) return
  writeFileSync(marker, '')
  await runSeed(stop)
  rmSync(marker)
}

function runSeed(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, SEED, '--tenant', DEMO_SLUG], {
      stdio: ['ignore', 'ignore', 'inherit'],
      signal,
      env: environmentWith({ KITH_ENV: 'local' }),
    })
    let failure = ''
    child.on('error', (error) => (failure = signal.aborted ? 'stopped' : error.message))
    child.on('close', (code, killedBy) => {
      if (code === 0) return resolve()
      const reason = failure || (killedBy ? `ended by ${killedBy}` : `exit code ${code ?? 'none'}`)
      reject(new LoadInterrupted(`The demo data is loaded in part (${reason}). The next start goes on with it.`))
    })
  })
}
