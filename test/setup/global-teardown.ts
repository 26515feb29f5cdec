import { endRunServer, type RunServer } from './run-server.js'
import { dropRun, testRun } from './test-run.js'

/** Drops what the run made; a server of the run's own goes as a whole. */
export default async function globalTeardown(): Promise<void> {
  const { id, adminUrl } = testRun()
  const { kithTestServer } = globalThis as { kithTestServer?: RunServer }
  if (kithTestServer) await endRunServer(kithTestServer)
  else await dropRun(adminUrl, id)
}
