import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentWith } from '../config.js'
import { createDatabase, type Database } from '../database/database.js'
import { patientOptions, type ConnectOptions } from '../commands/open-database.js'
import { createProgress, type LoadProgress } from '../commands/progress.js'
import { findTenantBySlug, hasTenants } from '../features/tenant/tenant.service.js'
import { DEMO_SLUG } from '../lib/demo-slug.js'
import { programFile } from './program-file.js'

/** The load of the demo data was stopped, or failed; what is loaded stays. */
export class LoadInterrupted extends Error {}

/** The demo tenant, and the load of its data that may be under way. */
export interface LocalDemo {
  /** undefined where there is no such tenant */
  readonly tenantId: string | undefined
  /** Settles with the end of the load; undefined where nothing is loaded. @throws LoadInterrupted */
  readonly load: Promise<void> | undefined
}

/** Where there is none, as in production. */
export const NO_DEMO: LocalDemo = { tenantId: undefined, load: undefined }

/**
 * The demo tenant. Given a data folder, the demo data is loaded where there is no tenant at all, by the command for it in
 * a process of its own: names and phone metadata would stay in the server's memory. It comes back once the first records
 * are there; the rest follows while the server serves. `stop` ends a load that is under way.
 * @throws LoadInterrupted where it ends before that
 */
export async function startLocalDemo(
  options: ConnectOptions,
  loadingInto: string | undefined,
  stop: AbortSignal,
  say: (line: string) => void,
): Promise<LocalDemo> {
  const patient = patientOptions(options)
  const database = createDatabase({ ...patient, pool: { ...patient.pool, max: 2 } })
  try {
    const { load } = loadingInto === undefined ? {} : await loadOnce(loadingInto, database, stop, say)
    return { tenantId: (await findTenantBySlug(database, DEMO_SLUG))?.id, load }
  } finally {
    await database.close()
  }
}

// The file stands while a load runs, so that one that was interrupted goes on at the next start.
async function loadOnce(
  folder: string,
  database: Database,
  stop: AbortSignal,
  say: (line: string) => void,
): Promise<{ load?: Promise<void> }> {
  const marker = join(folder, 'demo-loading')
  if (!existsSync(marker) && (await hasTenants(database))) return {}
  writeFileSync(marker, '')
  const { begun, ended } = runSeed(stop, say)
  const load = ended.then(() => rmSync(marker))
  // Who waits for its end comes later.
  load.catch(() => undefined)
  await Promise.race([begun, load])
  return { load }
}

function runSeed(signal: AbortSignal, say: (line: string) => void): Record<'begun' | 'ended', Promise<void>> {
  const child = spawn(process.execPath, [...process.execArgv, programFile('commands/seed'), '--tenant', DEMO_SLUG], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    signal,
    env: environmentWith({ KITH_ENV: 'local' }),
  })
  // No bar: the server's own lines come between.
  const progress = createProgress({ isTTY: false, write: (text) => say(text.trimEnd()) }, `demo data for ${DEMO_SLUG}`)
  const begun = new Promise<void>((resolve) => {
    child.on('message', ({ done, total }: LoadProgress) => {
      progress.update(done, total)
      if (done > 0) resolve()
    })
  })
  const ended = new Promise<void>((resolve, reject) => {
    let failure = ''
    child.on('error', (error) => (failure = signal.aborted ? 'stopped' : error.message))
    child.on('close', (code, killedBy) => {
      if (code === 0) return resolve()
      const reason = failure || (killedBy ? `ended by ${killedBy}` : `exit code ${code ?? 'none'}`)
      reject(new LoadInterrupted(`The demo data is loaded in part (${reason}). The next start goes on with it.`))
    })
  })
  return { begun, ended }
}
