import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConnectionFile } from '../../src/database/embedded/connection-file.js'
import { isRunning } from '../../src/database/embedded/process-mark.js'
import { openEmbeddedServer, type EmbeddedServer } from '../../src/database/embedded/server.js'
import { runAsAdmin } from './test-run.js'

const PREFIX = 'kith-test-server-'

/** An embedded server of this run alone, in a folder of its own. */
export interface RunServer extends EmbeddedServer {
  readonly dataDir: string
}

/** Starts it, and stops what runs that were killed left running. It ends with this process, whichever way that ends. */
export async function startRunServer(): Promise<RunServer> {
  await removeLeftovers()
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX))
  // As root, the server runs as another user, who must be able to pass. Every file in it has a mode of its own.
  chmodSync(dataDir, 0o755)
  const server = await openEmbeddedServer({ dataDir })
  process.once('exit', () => server.stopSync())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  // Its data end with the run: nothing has to outlive a power failure.
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    await runAsAdmin(server.urls.admin, `ALTER SYSTEM SET ${name} = off`)
  }
  await runAsAdmin(server.urls.admin, 'SELECT pg_reload_conf()')
  return { ...server, dataDir }
}

/** Stops a run's server and removes its data. */
export async function endRunServer(server: RunServer): Promise<void> {
  await server.stop()
  rmSync(server.dataDir, { recursive: true, force: true })
}

async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const dataDir = join(tmpdir(), name)
    try {
      const file = readConnectionFile(dataDir)
      // Without users it is just being made, or was stopped by the end of its process.
      if (!file || file.users.some(isRunning) || (file.users.length === 0 && !file.isStopping)) continue
      if (file.users.length > 0) await (await openEmbeddedServer({ dataDir })).stop()
      rmSync(dataDir, { recursive: true, force: true })
    } catch {
      // Somebody else's, or another run was quicker.
    }
  }
}
