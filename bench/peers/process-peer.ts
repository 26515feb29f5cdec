import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A peer's server in a process of its own. */
export interface RunningPeer {
  readonly pid: number
  /** as `http://127.0.0.1:4000` */
  readonly address: string
  /** SQL statements since its start; BEGIN and COMMIT are none */
  readonly statements: () => Promise<number>
  readonly stop: () => Promise<void>
}

/** What runs a peer. */
export interface PeerProgram {
  /** below bench/peers */
  readonly file: string
  readonly args?: readonly string[]
  /** where it runs, below bench/peers */
  readonly folder?: string
}

const PEERS = fileURLToPath(new URL('./', import.meta.url))

/**
 * Starts a peer's server over the rows of a tenant, as its documentation wants it in production.
 * @throws Error where it ends before it serves
 */
export async function startPeer(program: PeerProgram, databaseUrl: string, tenantId: string): Promise<RunningPeer> {
  const { file, args = [], folder = '.' } = program
  const { PATH, HOME, TMPDIR } = process.env
  const child = fork(join(PEERS, file), args, {
    cwd: join(PEERS, folder),
    env: {
      ...{ PATH, HOME, TMPDIR },
      NODE_ENV: 'production',
      GRAPHILE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      TENANT_ID: tenantId,
      PEER_NAME: `kith bench ${file}`,
    },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const terminate = (): void => void child.kill('SIGKILL')
  process.once('exit', terminate)
  const ended = once(child, 'exit')
  const failed = ended.then(() => {
    throw new Error(`bench/peers/${file} ended.`)
  })
  // Where nobody waits for it.
  failed.catch(() => undefined)
  const [{ address }] = (await Promise.race([once(child, 'message'), failed])) as [{ address: string }]
  return {
    pid: child.pid ?? 0,
    address,
    async statements() {
      const answered = once(child, 'message')
      child.send('statements')
      const [{ statements }] = (await Promise.race([answered, failed])) as [{ statements: number }]
      return statements
    },
    async stop() {
      terminate()
      await ended
      process.off('exit', terminate)
    },
  }
}
