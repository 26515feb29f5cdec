import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createDatabase, type Database } from '../../src/database/database.js'
import { tokenKeys } from '../../src/features/identity/principal.service.js'
import { isOperatorToken, verifyToken } from '../../src/features/identity/token.js'
import { deriveKey } from '../../src/lib/derive-key.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { runAsAdmin } from '../setup/test-run.js'
import { TEST_SECRET, testDatabaseOptions } from '../support/api.js'
import { runCommandProcess, type Ended } from '../support/command-process.js'
import { createTenant, type TestTenant } from '../support/records.js'

let clone: ClonedDatabase
let database: Database
let tenant: TestTenant

beforeAll(async () => {
  clone = await cloneDatabase()
  database = createDatabase(testDatabaseOptions(clone.databaseUrl))
  tenant = await createTenant(database)
})

afterAll(async () => {
  await database.close()
  await clone.drop()
})

const token = (args: string[], changes: Record<string, string> = {}): Promise<Ended> =>
  runCommandProcess('token', args, { DATABASE_URL: clone.databaseUrl, KITH_SECRET: TEST_SECRET, ...changes })

describe('token', () => {
  test.each([
    [['--role', 'ADMIN'], 'ADMIN', 12],
    [['--role', 'member', '--hours', '2'], 'MEMBER', 2],
    [[], 'VIEWER', 12],
    // 3600.36 s
    [['--hours', '1.0001'], 'VIEWER', 1],
  ] as const)('%j prints one, and nothing else', async (args, role, hours) => {
    const { stdout, stderr, code } = await token(['--tenant', tenant.settings.slug, ...args])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const { iat = 0, exp } = decodeJwt(stdout.trim())
    expect(exp).toBe(iat + hours * 3600)
    expect(await verifyToken(deriveKey(TEST_SECRET, 'tokens'), stdout.trim(), new Date(iat * 1000))).toEqual({
      tenantId: tenant.settings.id,
      userId: tenant.users[role],
      role,
      expiresAtSeconds: exp,
    })
  })

  test('--operator prints one of nobody, which no tenant takes for its own', async () => {
    const { stdout, stderr, code } = await token(['--operator', '--hours', '2'])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    const printed = stdout.trim()
    const { iat = 0, ...claims } = decodeJwt(printed)
    expect(claims).toEqual({ iss: 'kith', aud: 'kith-operator', exp: iat + 7200 })
    const keys = tokenKeys(TEST_SECRET)
    expect(await isOperatorToken(keys.operators, printed, new Date(iat * 1000))).toBe(true)
    expect(await isOperatorToken(keys.tenants, printed, new Date(iat * 1000))).toBe(false)
    await expect(verifyToken(keys.tenants, printed, new Date(iat * 1000))).rejects.toThrow('A valid bearer token')
  })

  test.each([
    [
      ['--tenant', 'nobody'],
      {},
      1,
      'There is no tenant nobody. Look at the name, or make it: npm run tenant -- --slug nobody --name … --admin-email …\n',
    ],
    [['--tenant', 'x'], { KITH_SECRET: '' }, 1, expect.stringContaining('KITH_SECRET: required in production')],
    [['--tenant', 'x', '--role', 'OWNER'], {}, 2, expect.stringMatching(/^usage: npm run -s token/)],
    [['--operator', '--tenant', 'x'], {}, 2, expect.stringMatching(/^usage: npm run -s token/)],
    [['--tenant', 'x', '--hours', '0'], {}, 2, expect.stringMatching(/^usage: npm run -s token/)],
    [['--tenant', 'x', '--hours', '8761'], {}, 2, expect.stringMatching(/^usage: npm run -s token/)],
    [['--nobody'], {}, 2, expect.stringContaining("Unknown option '--nobody'")],
    [
      ['--tenant', 'x'],
      { DATABASE_URL: 'postgresql://kith@127.0.0.1:1/kith' },
      1,
      'DATABASE_URL: connect ECONNREFUSED 127.0.0.1:1. Look at its host and port, and whether the server runs.\n',
    ],
  ])('%j with %j says why not', async (args, changes, code, stderr) => {
    const slugs = args.map((arg) => (arg === 'x' ? tenant.settings.slug : arg))
    expect(await token(slugs, changes as Record<string, string>)).toEqual({ stdout: '', stderr, code })
  })

  test('with DATABASE_URL starts no server and makes no secret', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kith-token-'))
    const made = await token(['--tenant', tenant.settings.slug], { KITH_DATA_DIR: join(folder, 'data') })
    expect(made.code).toBe(0)
    expect(readdirSync(folder)).toEqual([])
    rmSync(folder, { recursive: true })
  })

  test('is for a role that somebody active has, or more than that', async () => {
    const { settings, users } = await createTenant(database)
    const deactivate = (id: string) =>
      runAsAdmin(clone.adminUrl, `UPDATE users SET deactivated_at = now() WHERE id = '${id}'`)
    await deactivate(users.ADMIN)
    expect(await token(['--tenant', settings.slug, '--role', 'ADMIN'])).toEqual({
      stdout: '',
      stderr: `No active user of ${settings.slug} has the role ADMIN or a higher one.\n`,
      code: 1,
    })
    await deactivate(users.VIEWER)
    const { stdout } = await token(['--tenant', settings.slug])
    expect(decodeJwt(stdout.trim())).toMatchObject({ sub: users.MEMBER, role: 'VIEWER' })
  })

  test.each([
    [['--user', 'MANAGER@example.com'], 'MANAGER', 'MANAGER'],
    [['--user', 'admin@example.com', '--role', 'member'], 'ADMIN', 'MEMBER'],
  ] as const)('%j is of that user', async (args, user, role) => {
    const { stdout, stderr, code } = await token(['--tenant', tenant.settings.slug, ...args])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(decodeJwt(stdout.trim())).toMatchObject({ sub: tenant.users[user], tenant_id: tenant.settings.id, role })
  })

  test('of a user says why not: unknown, of another tenant, deactivated, or with a lesser role', async () => {
    const { settings, users } = await createTenant(database)
    await runAsAdmin(clone.adminUrl, `UPDATE users SET email = 'only-here@example.com' WHERE id = '${users.MEMBER}'`)
    await runAsAdmin(clone.adminUrl, `UPDATE users SET deactivated_at = now() WHERE id = '${users.MANAGER}'`)
    const refused = (slug: string, ...args: string[]) => token(['--tenant', slug, '--user', ...args])
    const answer = (message: string) => ({ stdout: '', stderr: `${message}\n`, code: 1 })
    expect(await refused(settings.slug, 'nobody@example.com')).toEqual(answer('There is no user nobody@example.com.'))
    expect(await refused(tenant.settings.slug, 'only-here@example.com')).toEqual(
      answer('There is no user only-here@example.com.'),
    )
    expect(await refused(settings.slug, 'manager@example.com')).toEqual(
      answer('The user manager@example.com is deactivated.'),
    )
    expect(await refused(settings.slug, 'viewer@example.com', '--role', 'ADMIN')).toEqual(
      answer('The user viewer@example.com has the role VIEWER, which ADMIN is beyond.'),
    )
  })
})
