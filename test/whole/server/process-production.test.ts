import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { runAsAdmin } from '../../setup/test-run.js'
import { useStarts } from '../support/npm-start.js'

const SECRET = 'a secret of production, longer than 32 bytes'
const { folder, start, run } = useStarts()

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

  test.each([['SIGTERM'], ['SIGSEGV']] as const)('%s and the loss of its terminal at once end it', async (signal) => {
    const pidFile = join(folder, 'pid')
    const command = `echo $$ > ${pidFile}; exec ${process.execPath} tools/start.mjs`
    const inTerminal = ['script', '-qec', command, '/dev/null'] as const
    const { child, ready } = start({ DATABASE_URL: clone.databaseUrl, KITH_SECRET: SECRET }, inTerminal)
    await ready
    const pid = Number(readFileSync(pidFile, 'utf8'))
    process.kill(pid, signal)
    child.kill('SIGKILL')
    const isThere = (): boolean => {
      try {
        return process.kill(pid, 0)
      } catch {
        return false
      }
    }
    while (isThere()) await sleep(20)
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
