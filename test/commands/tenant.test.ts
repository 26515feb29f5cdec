import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { runAsAdmin } from '../setup/test-run.js'
import { TEST_SECRET } from '../support/api.js'
import { runCommandProcess, type Ended } from '../support/command-process.js'

let clone: ClonedDatabase

beforeAll(async () => {
  clone = await cloneDatabase()
})

afterAll(() => clone.drop())

beforeEach(() => runAsAdmin(clone.adminUrl, 'TRUNCATE tenants CASCADE'))

const tenant = (...args: string[]): Promise<Ended> =>
  runCommandProcess('tenant', args, { DATABASE_URL: clone.databaseUrl, KITH_SECRET: TEST_SECRET })

const rows = async (): Promise<unknown[]> =>
  (
    await runAsAdmin(
      clone.adminUrl,
      `SELECT t.id AS tenant, t.slug, t.name, t.default_country, t.default_currency, t.time_zone, t.unique_emails,
        u.id AS admin, u.email, u.name AS admin_name, u.role
      FROM tenants t LEFT JOIN users u ON u.tenant_id = t.id ORDER BY t.slug`,
    )
  ).rows

const NEEDED = ['--slug', 'acme', '--name', 'Acme', '--admin-email', 'ann@acme.example']

describe('tenant', () => {
  test('makes a tenant with its ADMIN, and prints their ids', async () => {
    const { stdout, stderr, code } = await tenant(...NEEDED)
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    const made = JSON.parse(stdout) as { tenantId: string; slug: string; adminId: string }
    expect(made).toEqual({
      tenantId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      slug: 'acme',
      adminId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    })
    expect(await rows()).toEqual([
      {
        tenant: made.tenantId,
        slug: 'acme',
        name: 'Acme',
        default_country: null,
        default_currency: null,
        time_zone: null,
        unique_emails: false,
        admin: made.adminId,
        email: 'ann@acme.example',
        admin_name: 'ann@acme.example',
        role: 'ADMIN',
      },
    ])
  })

  test('takes what the tenant counts and writes in', async () => {
    const settings = ['--country', 'pl', '--currency', 'pln', '--time-zone', 'Europe/Warsaw', '--unique-emails']
    expect(await tenant(...NEEDED, '--admin-name', 'Ann Łęcka', ...settings)).toMatchObject({ code: 0 })
    expect(await rows()).toMatchObject([
      {
        default_country: 'PL',
        default_currency: 'PLN',
        time_zone: 'Europe/Warsaw',
        unique_emails: true,
        admin_name: 'Ann Łęcka',
      },
    ])
  })

  test.each([
    [[], 2, /^usage: /],
    [['--slug', 'acme', '--name', 'Acme'], 2, /^usage: /],
    [[...NEEDED, '--admin-email', 'ann'], 2, /^--admin-email: /],
    [[...NEEDED, '--name', ' '], 2, /^(--name: |usage: )/],
    [[...NEEDED, '--country', 'XX'], 2, /^--country: /],
    [[...NEEDED, '--currency', 'EURO'], 2, /^--currency: /],
    [[...NEEDED, '--time-zone', 'Mars/Base'], 2, /^--time-zone: /],
    [[...NEEDED, '--slug', 'Not a slug!'], 2, /^A slug has 1 to 63 small letters, digits and hyphens/],
    [[...NEEDED, '--slug', 'x'.repeat(300)], 2, /^A slug has 1 to 63 small letters, digits and hyphens/],
  ])('%j ends with %i, says why, and makes nothing', async (args, code, stderr) => {
    const ended = await tenant(...args)
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' })
    expect(ended.stderr).toMatch(stderr)
    expect(ended.stderr).not.toMatch(/\n\s+at /)
    expect(await rows()).toEqual([])
  })

  test('that is there already is left as it is', async () => {
    await tenant(...NEEDED)
    const before = await rows()
    expect(await tenant(...NEEDED, '--name', 'Other')).toEqual({
      stdout: '',
      stderr: 'There is a tenant acme already.\n',
      code: 1,
    })
    expect(await rows()).toEqual(before)
  })
})
