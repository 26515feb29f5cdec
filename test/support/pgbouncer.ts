import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findServerUser } from '../../src/database/embedded/server-user.js'
import { makeOpenFolder } from './embedded-process.js'
import { freePort } from './free-port.js'

/** A PgBouncer of a test's own, in transaction mode, which keeps no prepared statements apart. */
export interface PgBouncer {
  /** A URL of the database behind it, by way of it. */
  readonly through: (url: string) => string
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/**
 * Starts `program` in front of the server of `urls`, which hold the logins that it lets in and their passwords. It
 * opens `serverConnections` at most for each login and database.
 * @throws Error where there is no such program, or with what it said
 */
export async function startPgBouncer(
  program: string,
  urls: readonly string[],
  serverConnections: number,
): Promise<PgBouncer> {
  const { stdout = '', error } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  if (error) throw error
  const [, major = '', minor = ''] = /PgBouncer (\d+)\.(\d+)/.exec(stdout) ?? []
  const keepsApart = Number(major) > 1 || Number(minor) >= 21
  const folder = makeOpenFolder()
  const port = await freePort()
  const files = {
    'pgbouncer.ini': settings(urls, folder, port, serverConnections, keepsApart),
    'users.txt': users(urls),
  }
  // It refuses to run as root, as PostgreSQL does.
  const user = findServerUser(() => undefined)
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    writeFileSync(path, text)
    chmodSync(path, 0o600)
    if (user) chownSync(path, user.uid, user.gid)
  }
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: folder,
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  })
  const ended = once(child, 'close')
  const said: string[] = []
  for await (const line of createInterface(child.stderr)) {
    said.push(line)
    if (line.includes('process up')) break
  }
  if (!said.some((line) => line.includes('process up'))) {
    await ended
    throw new Error(`PgBouncer ended:\n${said.join('\n')}`)
  }
  // What it says from now on is read by nobody, and must not fill the pipe.
  child.stderr.resume()
  return {
    through: (url) => Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href,
    async stop() {
      child.kill('SIGQUIT')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

function settings(
  urls: readonly string[],
  folder: string,
  port: number,
  serverConnections: number,
  keepsApart: boolean,
): string {
  const { hostname, port: serverPort } = new URL(urls[0] ?? '')
  return `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = ${serverConnections}
max_client_conn = 500
${keepsApart ? 'max_prepared_statements = 0' : ''}
`
}

function users(urls: readonly string[]): string {
  const lines = urls.map((url) => {
    const { username, password } = new URL(url)
    return `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`
  })
  return lines.join('')
}
