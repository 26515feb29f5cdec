import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readConnectionFile, type ConnectionFile } from '../../src/database/embedded/connection-file.js'
import { waitForEnd } from '../../src/database/embedded/stop.js'
import { CLI, cliEnvironment, runCommand, type CliResult } from './scratch-project.js'

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kith-prisma-config-'))
  // As root, the server runs as another user, who must be able to pass.
  chmodSync(dataDir, 0o755)
})

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

const AWAY = 'postgresql://kith@127.0.0.1:1/kith'

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const {
    MIGRATION_DATABASE_URL: _migrationUrl,
    DATABASE_URL: _url,
    CI: _ci,
    ...rest
  } = cliEnvironment({ KITH_DATA_DIR: dataDir })
  return { ...rest, ...more }
}

function prisma(args: readonly string[], more: Record<string, string> = {}): Promise<CliResult> {
  return runCommand(process.execPath, [CLI, ...args], { cwd: resolve('.'), env: environment(more) })
}

function connectionFile(): ConnectionFile {
  const file = readConnectionFile(dataDir)
  if (!file) throw new Error(`${dataDir} holds no connection.json`)
  return file
}

/** Waits for the text. The CLI says that the configuration is loaded when the server, which that starts, is there. */
function said(stream: Readable, text: string): Promise<void> {
  return new Promise((done, fail) => {
    let output = ''
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes(text)) done()
    })
    stream.on('end', () => fail(new Error(`The command ended before it said "${text}":\n${output}`)))
  })
}

async function expectStopped(): Promise<void> {
  const { pid, pgData, users } = connectionFile()
  expect(users).toEqual([])
  expect(await waitForEnd(pid, pgData, 60_000)).toBe(true)
  expect(existsSync(join(pgData, 'postmaster.pid'))).toBe(false)
}

test.each([
  ['validate', ['validate']],
  ['a diff between schema files', ['migrate', 'diff', '--from-empty', '--to-schema', 'prisma', '--script']],
])('%s starts no database, and asks for none', async (_, args) => {
  expect(await prisma(args)).toMatchObject({ code: 0 })
  expect(await prisma(args, { DATABASE_URL: AWAY })).toMatchObject({ code: 0 })
  expect(readdirSync(dataDir)).toEqual([])
})

// The name of a migration may be that of a command without a database.
test.each([[['migrate', 'status']], [['migrate', 'dev', '--name', 'init']]])(
  '%j beside DATABASE_URL asks for the URL of the owner',
  async (args) => {
    const { code, output } = await prisma(args, { DATABASE_URL: AWAY })
    expect(code).toBe(1)
    expect(output).toContain('MIGRATION_DATABASE_URL is not set')
    expect(readdirSync(dataDir)).toEqual([])
  },
)

test("the user's own engine wins", async () => {
  const engine = join(dataDir, 'own-engine')
  writeFileSync(engine, '#!/bin/sh\necho my-own-engine 1\n', { mode: 0o755 })
  const { code, output } = await prisma(['--version'], { PRISMA_SCHEMA_ENGINE_BINARY: engine })
  expect(code).toBe(0)
  expect(output).toContain('my-own-engine 1 (at ')
})

test('without any URL the embedded server runs for the time of the command', async () => {
  const { code, output } = await prisma(['migrate', 'status'])
  expect(output).toContain('Following migrations have not yet been applied')
  expect(code).toBe(1)
  await expectStopped()
})

// Each action is a start of the CLI, whose configuration is read before it knows the action: each reason has some.
test.each([
  [{ MIGRATION_DATABASE_URL: '' }, 'MIGRATION_DATABASE_URL is empty', ['deploy', 'status']],
  [{ DATABASE_URL: '' }, 'DATABASE_URL is empty', ['deploy', 'dev']],
  [{ CI: 'true' }, 'MIGRATION_DATABASE_URL is not set and CI is set', ['deploy', 'resolve']],
  [{ KITH_ENV: 'production' }, 'MIGRATION_DATABASE_URL is not set and KITH_ENV is production', ['deploy', 'reset']],
] as const)(
  '%j does not migrate an embedded server in place of the database that was meant',
  async (set, message, actions) => {
    for (const action of actions) {
      const { code, output } = await prisma(['migrate', action], set)
      expect(output).toContain(message)
      expect(code).toBe(1)
    }
    expect(readdirSync(dataDir)).toEqual([])
  },
)

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s in the middle of a command stops the embedded server too', async (signal, code) => {
  const script = join(dataDir, 'slow.sql')
  writeFileSync(script, 'SELECT pg_sleep(30);\n')
  const child = spawn(process.execPath, [CLI, 'db', 'execute', '--file', script], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'close')
  await said(child.stderr, 'Loaded Prisma config')
  child.kill(signal)
  expect(await ended).toEqual([code, null])
  await expectStopped()
})
