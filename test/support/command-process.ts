import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** What a command said and how it ended. */
export interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

/** Runs a command as its npm script does, in a process of its own, with this environment alone. */
export async function runCommandProcess(name: string, args: string[], env: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, ['tools/command.mjs', name, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, code: code as number }
}
