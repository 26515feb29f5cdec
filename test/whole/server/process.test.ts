import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { until, useStarts } from '../support/npm-start.js'

const { folder, start, run } = useStarts()

function postgresPid(): number {
  const file = JSON.parse(readFileSync(join(folder, 'data/connection.json'), 'utf8')) as { pgData: string }
  return Number(readFileSync(join(file.pgData, 'postmaster.pid'), 'utf8').split('\n')[0])
}

// A process that ended but was not collected by its new parent yet counts as ended.
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** The process that loads the demo data for a server. */
function seedOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  const seed = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('commands/seed'))
  if (seed === undefined) throw new Error(`Process ${pid} loads nothing.`)
  return seed
}

describe('npm start without a database', () => {
  test('says before anything else that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const refused = start({ PORT: String(port) })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toBe(
      `kith: listen EADDRINUSE: address already in use 127.0.0.1:${port}. Another server listens there; PORT names another port.\n`,
    )
    expect(existsSync(join(folder, 'data/postgres'))).toBe(false)
    other.close()
  })

  test('a first load that is killed says once that the next start goes on, and the server serves on', async () => {
    const server = start()
    await until(server, 'demo data for demo: ')
    process.kill(seedOf(server.child.pid ?? 0), 'SIGKILL')
    await until(server, 'The next start goes on with it.')
    const base = await server.ready
    expect((await fetch(`${base}/livez`)).status).toBe(200)
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(server.output().split('\n').slice(-3)).toEqual([
      'kith: The demo data is loaded in part (ended by SIGKILL). The next start goes on with it.',
      'SIGTERM: draining, then stopping.',
      '',
    ])
  }, 400_000)

  test('a first load that is stopped says that the next start goes on', async () => {
    // The limits of the server are none of the load's: it took longer than 5 s a batch on busy machines.
    const stopped = start({ CI: 'true', KITH_STATEMENT_TIMEOUT_MS: '50', KITH_POOL_ACQUIRE_TIMEOUT_MS: '50' })
    await until(stopped, 'demo data for demo: ')
    // It serves already.
    const serving = stopped
      .output()
      .indexOf('Its demo data is still being loaded: lists answer what is there so far.\n')
    expect(serving).toBeGreaterThan(0)
    expect(stopped.output().indexOf('demo data for demo: ')).toBeGreaterThan(serving)
    expect((await fetch(`${await stopped.ready}/readyz`)).status).toBe(200)
    stopped.child.kill('SIGTERM')
    expect(await stopped.ended).toBe(0)
    expect(stopped.output()).toContain(
      'kith: The demo data is loaded in part (stopped). The next start goes on with it.\n',
    )
  }, 400_000)

  test('goes on to 20,000 + 20,000, and its printed line answers; it drains and stops on SIGTERM', async () => {
    const first = start({ KITH_STATEMENT_TIMEOUT_MS: '500' })
    const base = await first.ready
    const line =
      first
        .output()
        .split('\n')
        .find((text) => text.startsWith('curl -s ')) ?? ''
    expect(line).toContain('npm run -s token -- --tenant demo --role ADMIN')
    const paste = async () => {
      const { stdout } = await run(['-c', line], {}, 'bash')
      return (JSON.parse(stdout) as { data: { contacts: { totalCount: number; nodes: unknown[] } } }).data.contacts
    }
    const begun = await paste()
    expect(begun.nodes).toHaveLength(3)
    expect(begun.totalCount).toBeGreaterThanOrEqual(250)
    await until(first, 'Added ')
    expect((await paste()).totalCount).toBe(10_000)
    expect(existsSync(join(folder, 'data/demo-loading'))).toBe(false)

    const memory = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${first.child.pid ?? 0}/status`, 'utf8'))?.[1]
    expect(Number(memory) / 1024).toBeLessThanOrEqual(200)

    const token = (await run(['tools/command.mjs', 'token', '--tenant', 'demo', '--role', 'VIEWER'], {})).stdout.trim()
    const postgres = postgresPid()
    const ask = async (): Promise<number> =>
      (
        await fetch(`${base}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({
            query: '{ contacts(first: 100) { nodes { fullName emailAddresses { email } company { name } } } }',
          }),
        })
      ).status
    const inFlight = Array.from({ length: 20 }, ask)
    await Promise.race(inFlight)
    first.child.kill('SIGTERM')
    expect(await Promise.all(inFlight)).toEqual(Array<number>(20).fill(200))
    expect(await first.ended).toBe(0)
    expect(isAlive(postgres)).toBe(false)
  }, 400_000)

  test('starts again without loading; a database that outlived a kill -9 is adopted by two workers, then stopped', async () => {
    const second = start()
    await second.ready
    expect(second.output()).not.toContain('demo data')
    const postgres = postgresPid()
    second.child.kill('SIGKILL')
    await second.ended
    expect(isAlive(postgres)).toBe(true)
    const third = start({ KITH_WORKERS: '2' })
    await third.ready
    expect(postgresPid()).toBe(postgres)
    third.child.kill('SIGINT')
    expect(await third.ended).toBe(0)
    expect(isAlive(postgres)).toBe(false)
  }, 300_000)
})
