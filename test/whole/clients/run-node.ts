import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { processEnvironment } from '../../setup/test-run.js'
import type { Ended } from '../../support/command-process.js'

/** Runs a script in a process of its own; its arguments follow its path. */
export async function runNode(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, { env: processEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, code: code as number }
}
