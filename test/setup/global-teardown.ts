import { rmSync } from 'node:fs'
import type { EmbeddedServer } from '../../src/database/embedded/server.js'
import { dropDatabases, dropLogins, testRun } from './test-run.js'

/** Drops what the run made, and stops its server. */
export default async function globalTeardown(): Promise<void> {
  const { id, adminUrl, dataDir } = testRun()
  await dropDatabases(adminUrl, (name) => name.startsWith(`kith_test_${id}`))
  await dropLogins(adminUrl, `kith_test_${id}`)
  const { kithTestServer } = globalThis as { kithTestServer?: EmbeddedServer }
  await kithTestServer?.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
