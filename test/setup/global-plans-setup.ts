import { spawnSync } from 'node:child_process'
import { openEmbeddedServer, type EmbeddedServer } from '../../src/database/embedded/server.js'
import { announcePlans } from './plans-run.js'

/** Starts the server of the database for plans, which is built where it is missing. */
export default async function globalSetup(): Promise<void> {
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'test/whole/plans/prepare.ts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`The database for plans could not be built (exit code ${status ?? 'none'}).`)
  const server: EmbeddedServer = await openEmbeddedServer({ dataDir: stdout })
  process.once('exit', () => server.stopSync())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  announcePlans(server.urls)
  Object.assign(globalThis, { kithPlansServer: server })
}
