import { spawn, type ChildProcess } from 'node:child_process'
import { processEnvironment } from '../../setup/test-run.js'

/** A server from the sources in a process of its own, as it runs in production, once it says where it listens. */
export async function startFromSource(
  settings: Readonly<Record<string, string>>,
  began: (child: ChildProcess) => void,
): Promise<{ child: ChildProcess; base: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { ...processEnvironment(), PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  began(child)
  let output = ''
  const base = await new Promise<string>((resolve, reject) => {
    child.stdout.resume()
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const address = /(?:Apollo Sandbox|GraphQL) +(\S+)\/graphql/.exec(output)?.[1]
      if (address) resolve(address)
    })
    child.once('exit', () => reject(new Error(output)))
  })
  return { child, base }
}
