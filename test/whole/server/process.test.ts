import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { processEnvironment, runAsAdmin } from '../../setup/test-run.js'
import { makeOpenFolder } from '../../support/embedded-process.js'

const SECRET = 'a secret of production, longer than 32 bytes'

interface Running {
  readonly child: ChildProcess
  readonly output: () => string
  /** the address, once it is printed */
  readonly ready: Promise<string>
  readonly ended: Promise<number | null>
}

let folder = ''
let running: Running[] = []

beforeAll(async () => {
  // As root the server keeps its data elsewhere where its user can't enter the folder, and nobody would remove that.
  folder = makeOpenFolder()
  // So that no start below has to build.
  expect(await run(['tools/prepare.mjs'], {})).toMatchObject({ code: 0 })
}, 400_000)

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL')
    await ended
  }
  running = []
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function environment(changes: Record<string, string>): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _,
    MIGRATION_DATABASE_URL: __,
    ADMIN_DATABASE_URL: ___,
    CI: ____,
    ...rest
  } = processEnvironment()
  return { ...rest, KITH_DATA_DIR: join(folder, 'data'), PORT: '0', ...changes }
}

function start(changes: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ['tools/start.mjs'], {
    env: environment(changes),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let announce = (_: string): void => undefined
  const ready = new Promise<string>((resolve) => (announce = resolve))
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const address = /(?:Apollo Sandbox|GraphQL) +(\S+)\/graphql/.exec(output)?.[1]
      if (address) announce(address)
    })
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const early = ended.then((code) => {
    throw new Error(`npm start ended with code ${code ?? 'none'} before it was ready:\n${output}`)
  })
  const readyOrEnded = Promise.race([ready, early])
  // Some tests wait for its end alone.
  readyOrEnded.catch(() => undefined)
  const process_ = { child, output: () => output, ready: readyOrEnded, ended }
  running.push(process_)
  return process_
}

function run(
  args: string[],
  changes: Record<string, string>,
  command = process.execPath,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: environment(changes), stdio: ['ignore', 'pipe', 'pipe'] })
    const texts = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...texts }))
  })
}

/** Waits until it has said this. */
async function until({ child, output, ended }: Running, text: string): Promise<void> {
  const said = async (): Promise<void> => {
    while (!output().includes(text))
      await Promise.race([once(child.stdout as Readable, 'data'), once(child.stderr as Readable, 'data')])
  }
  await Promise.race([
    said(),
    ended.then((code) => {
      throw new Error(`It ended with code ${code ?? 'none'}:\n${output()}`)
    }),
  ])
}

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

  test('a first load that is stopped says that the next start goes on', async () => {
    // The limits of the server are none of the load's: it took longer than 5 s a batch on busy machines.
    const stopped = start({ KITH_STATEMENT_TIMEOUT_MS: '50', KITH_POOL_ACQUIRE_TIMEOUT_MS: '50' })
    await until(stopped, 'demo data for demo: ')
    stopped.child.kill('SIGTERM')
    await stopped.ended
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
    const pasted = await run(['-c', line], {}, 'bash')
    expect(JSON.parse(pasted.stdout)).toMatchObject({ data: { contacts: { totalCount: 10_000 } } })
    expect(
      (JSON.parse(pasted.stdout) as { data: { contacts: { nodes: unknown[] } } }).data.contacts.nodes,
    ).toHaveLength(3)

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

  test('starts again without loading; a database that outlived a kill -9 is adopted, then stopped', async () => {
    const second = start()
    await second.ready
    expect(second.output()).not.toContain('demo data')
    const postgres = postgresPid()
    second.child.kill('SIGKILL')
    await second.ended
    expect(isAlive(postgres)).toBe(true)
    const third = start()
    await third.ready
    expect(postgresPid()).toBe(postgres)
    third.child.kill('SIGINT')
    expect(await third.ended).toBe(0)
    expect(isAlive(postgres)).toBe(false)
  }, 300_000)
})

describe('npm start with DATABASE_URL', () => {
  let clone: ClonedDatabase

  beforeAll(async () => {
    clone = await cloneDatabase()
  })

  afterAll(async () => {
    await clone.drop()
  })

  test('refuses without a secret', async () => {
    const refused = start({ DATABASE_URL: clone.databaseUrl })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toContain('KITH_SECRET: required in production')
  })

  test('refuses while migrations are pending, and does not run them', async () => {
    const old = await cloneDatabase()
    const count = 'SELECT count(*)::int AS applied FROM _prisma_migrations'
    const { rows: before } = await runAsAdmin(old.adminUrl, count)
    await runAsAdmin(old.adminUrl, `DELETE FROM _prisma_migrations WHERE migration_name LIKE '%walls'`)
    const refused = start({ DATABASE_URL: old.databaseUrl, KITH_SECRET: SECRET })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toContain(
      'migrations are missing: 20261123000003_walls. Run: MIGRATION_DATABASE_URL=postgresql://… npm run db:deploy',
    )
    const { rows } = await runAsAdmin(old.adminUrl, count)
    expect(rows).toEqual([{ applied: Number(before[0]?.['applied']) - 1 }])
    await old.drop()
  })

  test('serves what the tenant command made; no demo, no GraphiQL', async () => {
    const unused = join(folder, 'unused')
    const settings = { DATABASE_URL: clone.databaseUrl, KITH_SECRET: SECRET, KITH_DATA_DIR: unused }
    const made = await run(
      [
        'tools/command.mjs',
        'tenant',
        '--slug',
        'acme',
        '--name',
        'Acme',
        '--admin-email',
        'ann@acme.example',
        '--country',
        'de',
      ],
      settings,
    )
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const { tenantId, adminId } = JSON.parse(made.stdout) as Record<string, string>
    const again = await run(
      ['tools/command.mjs', 'tenant', '--slug', 'acme', '--name', 'A', '--admin-email', 'b@acme.example'],
      settings,
    )
    expect(again).toEqual({ code: 1, stdout: '', stderr: 'There is a tenant acme already.\n' })
    const token = await run(['tools/command.mjs', 'token', '--tenant', 'acme', '--role', 'ADMIN'], settings)
    expect(token.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const server = start(settings)
    const base = await server.ready
    const answer = await fetch(`${base}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token.stdout.trim()}` },
      body: JSON.stringify({
        query: '{ me { role tenant { id defaultCountry } user { id email } } contacts { totalCount } }',
      }),
    })
    expect(await answer.json()).toEqual({
      data: {
        me: {
          role: 'ADMIN',
          tenant: { id: tenantId, defaultCountry: 'DE' },
          user: { id: adminId, email: 'ann@acme.example' },
        },
        contacts: { totalCount: 0 },
      },
      extensions: { cost: { requested: 14, limit: 20_000 } },
    })
    expect((await fetch(`${base}/graphiql`)).status).toBe(404)
    expect((await fetch(`${base}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(401)
    expect(server.output()).not.toContain('Sandbox')
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    // No embedded server, no secret of its own.
    expect(existsSync(unused)).toBe(false)
  }, 60_000)

  test.each([
    [['token'], 2],
    [['token', '--tenant', 'nobody'], 1],
    [['tenant', '--slug', 'x'], 2],
    [['seed', '--tenant', 'x', '--contacts', '-1'], 2],
    [['provision'], 2],
  ])('%j ends with %i and a message, not a stack', async (args, code) => {
    const ended = await run(['tools/command.mjs', ...args], { DATABASE_URL: clone.databaseUrl, KITH_SECRET: SECRET })
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' })
    expect(ended.stderr).not.toBe('')
    expect(ended.stderr).not.toMatch(/\n\s+at /)
  })
})
