import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import type { EmbeddedServer } from '../../src/database/embedded/server.js'

const SERVER_MODULE = pathToFileURL('src/database/embedded/server.ts').href

// Opens the server, says what it got, and stops it when its input ends.
const PROGRAM = `
  const [module, dataDir] = process.argv.slice(1)
  const { openEmbeddedServer } = await import(module)
  const server = await openEmbeddedServer({ dataDir })
  console.log(JSON.stringify({ urls: server.urls, startedHere: server.startedHere }))
  process.stdin.on('end', () => server.stop()).resume()
`

/** Another process that uses an embedded server. */
export interface EmbeddedProcess {
  readonly urls: EmbeddedServer['urls']
  readonly startedHere: boolean
  /** Lets it stop the server in its own way, and waits for its end. */
  leave(): Promise<void>
  /** Sends a signal to its process group, as a terminal does, and waits for its end. */
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Opens the server of a data folder in a new process, run by another user where one is given. */
export async function openInProcess(
  dataDir: string,
  user: { uid?: number; gid?: number } = {},
): Promise<EmbeddedProcess> {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM, SERVER_MODULE, dataDir]
  const child = spawn(process.execPath, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'], ...user })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = once(child, 'close')
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [unknown]
  if (typeof line !== 'string') throw new Error(`The process ended early: ${errors}`)
  return {
    ...(JSON.parse(line) as Pick<EmbeddedServer, 'urls' | 'startedHere'>),
    async leave() {
      child.stdin.end()
      const [code] = (await ended) as [number | null]
      if (code !== 0) throw new Error(`The process failed: ${errors}`)
    },
    async kill(signal) {
      process.kill(-(child.pid as number), signal)
      await ended
    },
  }
}

/** A new folder that every user may pass. */
export function makeOpenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kith-embedded-'))
  chmodSync(folder, 0o755)
  return folder
}

/** The rows of one statement on a connection of its own. */
export async function queryOnce(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
