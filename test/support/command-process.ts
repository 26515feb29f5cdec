import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** What a process said and how it ended. */
export interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

/** Waits for the end of a process whose two outputs are pipes. @throws Error where it could not be started */
export async function endOf(child: ChildProcess): Promise<Ended> {
  if (!child.stdout || !child.stderr) throw new Error('The outputs of the process are no pipes.')
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, code: code as number }
}

/** Runs Node with these arguments and this environment alone, to its end. */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return endOf(spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** Runs a command as its npm script does, in a process of its own, with this environment alone. */
export function runCommandProcess(name: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
  return runNode(['tools/command.mjs', name, ...args], env)
}
