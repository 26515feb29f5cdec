import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readConnectionFile } from '../../src/database/embedded/connection-file.js'
import { METRICS_TOKEN, type Target } from './http.js'

/** The folder of this checkout. */
export const THIS_CHECKOUT = fileURLToPath(new URL('../../', import.meta.url))

/** A server of a checkout, in a process of its own, over the embedded database of a data folder. */
export interface RunningServer {
  /** `performance.now()` when its process was started */
  readonly startedAtMs: number
  /** where it listens, as `http://127.0.0.1:4000` */
  readonly address: string
  /** Waits until its demo data is whole: it serves before. */
  readonly loaded: () => Promise<void>
  /** the process of the server; that of its database is a child of it */
  readonly pid: number
  /** Where a tenant's requests go, as its ADMIN or as another of its users. */
  readonly target: (tenantSlug: string, role?: string) => Promise<Target>
  /** Runs a command of the checkout over the same database and returns what it printed. */
  readonly command: (name: string, ...args: string[]) => Promise<string>
  /** Ends the server and its database, and waits for that. */
  readonly stop: () => Promise<void>
}

const READY = /http:\/\/[^\s/]+(?=\/graphql)/

/**
 * Builds a checkout where its build is older than its sources, and starts it on a free port of this machine, as `npm
 * start` does, with `settings` beside its own. Demo data is loaded where the data folder has no tenant yet. Neither the environment nor a .env file has
 * a say, which may name somebody's database: the server reads no such file, and commands are given this one's URLs.
 * @throws Error with what it said, when it ends early
 */
export async function startServer(
  checkout: string,
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const { PATH, HOME, TMPDIR } = process.env
  const env = {
    ...{ PATH, HOME, TMPDIR },
    NODE_ENV: 'production',
    KITH_ENV: 'local',
    KITH_DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'warn',
    KITH_METRICS_TOKEN: METRICS_TOKEN,
    ...settings,
  }
  const run = async (file: string, ...args: string[]): Promise<string> => {
    const options = { cwd: checkout, env: { ...env, ...urlsOf(dataDir) }, maxBuffer: 64 * 1024 * 1024 }
    return (await promisify(execFile)(process.execPath, [join(checkout, file), ...args], options)).stdout.trim()
  }
  await run('tools/prepare.mjs')
  const startedAtMs = performance.now()
  const child = spawn(process.execPath, ['--enable-source-maps', join(checkout, 'dist/main.js')], {
    cwd: checkout,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // At the end of this process, whatever brought it about: the server drains and stops its database by itself.
  const terminate = (): void => void child.kill('SIGTERM')
  process.once('exit', terminate)
  const ended = once(child, 'close')
  const stop = async (): Promise<void> => {
    terminate()
    await ended
    process.off('exit', terminate)
  }
  const said: string[] = []
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      said.push(line)
      const [found] = READY.exec(line) ?? []
      if (found) resolve(found)
    })
    void ended.then(() => reject(new Error(`The server of ${checkout} ended:\n${said.join('\n')}`)))
  })
  const command: RunningServer['command'] = (name, ...args) => run('tools/command.mjs', name, ...args)
  return {
    startedAtMs,
    address,
    async loaded() {
      while (existsSync(join(dataDir, 'demo-loading'))) {
        if (child.exitCode !== null) throw new Error(`The server ended while it loaded:\n${said.join('\n')}`)
        await sleep(100)
      }
    },
    pid: child.pid ?? 0,
    async target(tenantSlug, role = 'ADMIN') {
      const token = await command('token', '--tenant', tenantSlug, '--role', role, '--hours', '24')
      return { address, token }
    },
    command,
    stop,
  }
}

/** The URLs of the embedded database of a data folder, as settings; none before it is made. */
function urlsOf(dataDir: string): Record<string, string> {
  const urls = readConnectionFile(dataDir)?.urls
  if (!urls) return {}
  return { DATABASE_URL: urls.app, MIGRATION_DATABASE_URL: urls.migration, ADMIN_DATABASE_URL: urls.admin }
}
