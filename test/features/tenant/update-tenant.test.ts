import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import type { TestTenant } from '../../support/records.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const LATER = new Date('2126-03-05T00:00:00.001Z')
const FIELDS = 'tenant { id slug name defaultCountry defaultCurrency timeZone uniqueEmails }'

const update = (admin: Principal, input: object) => desk.mutate(admin, 'updateTenant', input, FIELDS, LATER)
const storedOf = async ({ settings }: TestTenant) => desk.sql('select * from tenants where id = $1', [settings.id])
const keysOf = async ({ settings }: TestTenant) =>
  (
    await desk.sql('select unique_key as key from email_addresses where tenant_id = $1 order by email, id', [
      settings.id,
    ])
  ).map(({ key }) => key as string | null)
/** The same principal, as requests that come in a second later see it. */
const afterwards = (principal: Principal, settings: object): Principal => ({
  ...principal,
  tenant: { ...principal.tenant, ...settings },
})

describe('updateTenant', () => {
  test('changes what is given alone; null clears', async () => {
    const { tenant, admin } = await openTenant(desk, { defaultCountry: 'DE', timeZone: 'Europe/Berlin' })
    const { settings } = tenant
    const changed = { ...settings, name: 'Acme', defaultCurrency: 'EUR' }
    expect(await update(admin, { name: ' Acme ', defaultCurrency: 'eur' })).toEqual({ tenant: changed, userErrors: [] })
    expect(await update(admin, { defaultCountry: null, timeZone: null })).toEqual({
      tenant: { ...changed, defaultCountry: null, timeZone: null },
      userErrors: [],
    })
    expect(await storedOf(tenant)).toMatchObject([{ name: 'Acme', default_country: null, updated_at: LATER }])
  })

  test('that changes nothing writes nothing', async () => {
    const { tenant, admin } = await openTenant(desk)
    const before = await storedOf(tenant)
    const { name, uniqueEmails } = tenant.settings
    expect(await update(admin, { name, uniqueEmails })).toEqual({ tenant: { ...tenant.settings }, userErrors: [] })
    expect(await update(admin, {})).toEqual({ tenant: { ...tenant.settings }, userErrors: [] })
    expect(await storedOf(tenant)).toEqual(before)
  })

  test('names all that is wrong', async () => {
    const { tenant, admin } = await openTenant(desk)
    const before = await storedOf(tenant)
    const input = { name: ' ', defaultCountry: 'XX', defaultCurrency: 'ABC', timeZone: 'Mars', uniqueEmails: null }
    const { tenant: refused, userErrors } = await update(admin, input)
    expect([refused, userErrors.map(({ code, field }) => [code, field])]).toEqual([
      null,
      Object.keys(input).map((field) => ['BAD_USER_INPUT', [field]]),
    ])
    expect(await storedOf(tenant)).toEqual(before)
  })
})

describe('unique e-mail addresses', () => {
  const person = (...emails: string[]) => ({ firstName: 'Ada', emailAddresses: emails.map((email) => ({ email })) })
  const create = (admin: Principal, ...emails: string[]) =>
    desk.mutate(admin, 'createContact', person(...emails), 'contact { id emailAddresses { id } }')

  test('turned on give each address of a live record its key, by the rule of later ones; turned off take them away', async () => {
    const { tenant, admin } = await openTenant(desk)
    const emails = ['A.Ada@Example.com', 'ÉMILE@bücher.example', 'İstanbul@example.com']
    await create(admin, ...emails)
    const gone = await create(admin, 'gone@example.com')
    await desk.mutate(admin, 'deleteContact', { id: gone['contact'].id, version: 1 })
    expect((await update(admin, { uniqueEmails: true })).userErrors).toEqual([])
    const on = await keysOf(tenant)
    expect(on.filter((key) => key !== null)).toHaveLength(3)
    // The keys are those that the same addresses get where the rule has been on from the start.
    const model = await openTenant(desk, { uniqueEmails: true })
    await create(model.admin, ...emails)
    expect(on.filter((key) => key !== null).sort()).toEqual((await keysOf(model.tenant)).sort())
    const later = afterwards(admin, { uniqueEmails: true })
    expect((await create(later, 'a.ada@EXAMPLE.com')).userErrors).toMatchObject([{ code: 'ALREADY_EXISTS' }])
    expect((await desk.mutate(later, 'restoreContact', { id: gone['contact'].id })).userErrors).toEqual([])
    expect((await update(later, { uniqueEmails: false })).userErrors).toEqual([])
    expect(await keysOf(tenant)).toEqual([null, null, null, null])
    expect((await create(admin, 'a.ada@example.com')).userErrors).toEqual([])
  })

  test('are refused where addresses stand more than once, with how many', async () => {
    const { tenant, admin } = await openTenant(desk)
    await create(admin, 'one@example.com', 'two@example.com', 'émile@example.com')
    await create(admin, 'ONE@example.com', 'ÉMILE@example.com')
    const third = await create(admin, 'one@example.com', 'three@example.com')
    const before = [await desk.rowsOf(tenant), await storedOf(tenant)]
    expect(await update(admin, { name: 'New', uniqueEmails: true })).toEqual({
      tenant: null,
      userErrors: [
        userError(
          'ALREADY_EXISTS',
          ['uniqueEmails'],
          '2 addresses stand more than once on live records: remove the doubles first.',
        ),
      ],
    })
    expect([await desk.rowsOf(tenant), await storedOf(tenant)]).toEqual(before)
    expect(third.userErrors).toEqual([])
  })

  test('hold for those whose settings are a second old: writes, deletions, restores', async () => {
    const { tenant, admin } = await openTenant(desk)
    await create(admin, 'taken@example.com')
    const [other, deleted] = [await create(admin, 'other@example.com'), await create(admin, 'gone@example.com')]
    const id = other['contact'].id as string
    await update(admin, { uniqueEmails: true })
    expect((await create(admin, 'TAKEN@example.com')).userErrors).toMatchObject([{ code: 'ALREADY_EXISTS' }])
    const row = other['contact'].emailAddresses[0].id as string
    expect(
      (await desk.mutate(admin, 'updateEmailAddress', { id: row, email: 'taken@example.com' })).userErrors,
    ).toMatchObject([{ code: 'ALREADY_EXISTS' }])
    expect((await desk.mutate(admin, 'updateEmailAddress', { id: row, type: 'PERSONAL' })).userErrors).toEqual([])
    expect(await keysOf(tenant)).toEqual(['gone@example.com', 'other@example.com', 'taken@example.com'])
    const gone = deleted['contact'].id as string
    await desk.mutate(admin, 'deleteContact', { id: gone, version: 1 })
    expect(await keysOf(tenant)).toEqual([null, 'other@example.com', 'taken@example.com'])
    expect((await desk.mutate(admin, 'restoreContact', { id: gone })).userErrors).toEqual([])
    expect(await keysOf(tenant)).toEqual(['gone@example.com', 'other@example.com', 'taken@example.com'])
    expect(
      (await desk.ask(admin, 'query ($id: ID!) { contact(id: $id) { version } }', { id }))['contact'].version,
    ).toBe(2)
  })

  test('turned on while addresses are written leave none without a key and none twice', async () => {
    const { tenant, admin } = await openTenant(desk)
    const stored = await create(admin, 'first@example.com')
    const [switched, ...payloads] = await Promise.all([
      update(admin, { uniqueEmails: true }),
      ...Array.from({ length: 8 }, (_, serial) => create(admin, `person-${serial % 4}@example.com`)),
      desk.mutate(admin, 'deleteContact', { id: stored['contact'].id, version: 1 }),
    ])
    const deletedAs = payloads.pop()
    expect(deletedAs?.userErrors).toEqual([])
    const codes = payloads.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))
    expect(codes).toEqual(codes.map(() => 'ALREADY_EXISTS'))
    const keys = await keysOf(tenant)
    // Either the doubles came first and the rule is off, or the rule came first and refused them.
    if (switched.userErrors.length > 0) expect(keys).toEqual(keys.map(() => null))
    else expect(keys).toEqual([null, ...[0, 1, 2, 3].map((serial) => `person-${serial}@example.com`)])
  })
})
