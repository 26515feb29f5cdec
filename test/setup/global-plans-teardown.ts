import type { EmbeddedServer } from '../../src/database/embedded/server.js'

/** Stops the server; its data stays for the next run. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { kithPlansServer?: EmbeddedServer }).kithPlansServer?.stop()
}
