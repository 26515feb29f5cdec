import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A server under load, in a process of its own. */
export interface LoadedServer {
  /** as `http://127.0.0.1:4000` */
  readonly address: string
  readonly secret: string
  stop(): Promise<void>
}

const READY = /http:\/\/[^\s/]+(?=\/graphql)/

/**
 * Starts src/main.ts as production runs it, on a free port of this machine.
 * @throws Error with what it said, when it ends early
 */
export async function startServer(databaseUrl: string): Promise<LoadedServer> {
  const secret = randomBytes(48).toString('base64')
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      KITH_ENV: 'production',
      DATABASE_URL: databaseUrl,
      KITH_SECRET: secret,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'close')
  const said: string[] = []
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      said.push(line)
      const [found] = READY.exec(line) ?? []
      if (found) resolve(found)
    })
    void ended.then(() => reject(new Error(`The server ended:\n${said.join('\n')}`)))
  })
  return {
    address,
    secret,
    async stop() {
      child.kill('SIGTERM')
      await ended
      process.off('exit', kill)
    },
  }
}
