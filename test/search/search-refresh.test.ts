import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { refreshSearchIndex } from '../../src/search/search-rows.js'
import { openDesk, openTenant, type Answered, type Desk } from '../support/desk.js'
import type { TestTenant } from '../support/records.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const NUMBER = '+12022243441'

async function done(admin: Principal, mutation: string, input: object, selection = ''): Promise<Answered> {
  const answer = await desk.mutate(admin, mutation, input, selection)
  expect(answer.userErrors).toEqual([])
  return answer
}

/** The last row of a record's e-mail addresses or phone numbers. */
async function idOf(table: string, ownerId: string): Promise<string> {
  const [row] = await desk.sql(`select id from ${table} where entity_id = $1 order by position desc limit 1`, [ownerId])
  return String(row?.['id'])
}

describe.each(['Contact', 'Company'])('a write to a %s', (noun) => {
  const names = noun === 'Contact' ? { firstName: 'Ann' } : { name: 'Acme' }
  const record = noun.toLowerCase()

  test('ends with one refresh where it may change the text, and has none elsewhere', async () => {
    const { admin } = await openTenant(desk)
    const refreshes = async (mutation: string, input: object): Promise<number> => {
      const ran = await desk.api.statements(() => done(admin, mutation, input))
      const labels = ran.map(({ label }) => label).filter((label) => label !== 'commit')
      const count = labels.filter((label) => label === 'refreshSearchRows').length
      // Behind it come the rows of the answer alone.
      const behind = count > 0 ? labels.slice(labels.indexOf('refreshSearchRows') + 1) : []
      expect(behind.filter((label) => !label.startsWith('find'))).toEqual([])
      return count
    }
    const nested = {
      emailAddresses: [{ type: 'WORK', email: 'a@x.com' }],
      phoneNumbers: [{ type: 'WORK', number: NUMBER }],
      addresses: [{ type: 'OFFICE', city: 'Rome' }],
    }
    expect(await refreshes(`create${noun}`, { ...names, ...nested })).toBe(1)
    const made = await done(admin, `create${noun}`, names, `${record} { id }`)
    const ownerId = made[record].id as string
    expect(
      await refreshes(`update${noun}`, {
        id: ownerId,
        version: 1,
        emailAddresses: { add: [{ type: 'WORK', email: 'b@x.com' }] },
        phoneNumbers: { add: [{ type: 'WORK', number: NUMBER }] },
      }),
    ).toBe(1)
    const email = { type: 'OTHER', email: 'c@x.com' }
    expect(await refreshes('addEmailAddress', { ownerId, emailAddress: email })).toBe(1)
    const emailId = await idOf('email_addresses', ownerId)
    expect(await refreshes('updateEmailAddress', { id: emailId, email: 'd@x.com' })).toBe(1)
    expect(await refreshes('updateEmailAddress', { id: emailId, type: 'WORK' })).toBe(0)
    expect(await refreshes('makeEmailAddressPrimary', { id: emailId })).toBe(0)
    expect(await refreshes('removeEmailAddress', { id: emailId })).toBe(1)
    const phone = { type: 'HOME', number: '+4930901820' }
    expect(await refreshes('addPhoneNumber', { ownerId, phoneNumber: phone })).toBe(1)
    const phoneId = await idOf('phone_numbers', ownerId)
    expect(await refreshes('updatePhoneNumber', { id: phoneId, number: '+4930901821' })).toBe(1)
    expect(await refreshes('updatePhoneNumber', { id: phoneId, extension: '7' })).toBe(0)
    expect(await refreshes('makePhoneNumberPrimary', { id: phoneId })).toBe(0)
    expect(await refreshes('removePhoneNumber', { id: phoneId })).toBe(1)
    expect(await refreshes('addAddress', { ownerId, address: { type: 'OFFICE', city: 'Rome' } })).toBe(0)
    const account = { platform: 'X', handle: 'acme' }
    expect(await refreshes('addSocialMediaAccount', { ownerId, socialMediaAccount: account })).toBe(0)
    const [{ version } = { version: 0 }] = await desk.sql(
      'select version from contacts where id = $1 union all select version from companies where id = $1',
      [ownerId],
    )
    expect(await refreshes(`delete${noun}`, { id: ownerId, version })).toBe(1)
    expect(await refreshes(`restore${noun}`, { id: ownerId })).toBe(1)
    // Restored again, it stays as it is; its row goes with it when it is destroyed.
    expect(await refreshes(`restore${noun}`, { id: ownerId })).toBe(0)
    expect(await refreshes(`destroy${noun}`, { id: ownerId })).toBe(0)
  })

  test('sees what others wrote at the same time', async () => {
    const { tenant, admin } = await openTenant(desk)
    const made = await done(admin, `create${noun}`, names, `${record} { id }`)
    const ownerId = made[record].id as string
    const locals = ['one', 'two', 'three', 'four', 'five', 'six']
    await Promise.all(
      locals.map((local) =>
        done(admin, 'addEmailAddress', { ownerId, emailAddress: { type: 'WORK', email: `${local}@x.com` } }),
      ),
    )
    const [row] = await desk.sql(`select text from ${record}_search where tenant_id = $1`, [tenant.settings.id])
    const words = String(row?.['text']).trim().split(' ')
    expect(words.toSorted()).toEqual([...locals, Object.values(names)[0]!.toLowerCase()].toSorted())
  })
})

test('the text of a company follows its names, its domain and its contact info', async () => {
  const { tenant, admin } = await openTenant(desk)
  const made = await done(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
  const { id } = made['company'] as { id: string }
  const seen: unknown[] = []
  let version = 1
  const step = async (mutation: string, input: object, selection = ''): Promise<Answered> => {
    const answer = await done(admin, mutation, input, selection)
    const [row] = await desk.sql('select text from company_search where tenant_id = $1', [tenant.settings.id])
    seen.push(row?.['text'] ?? null)
    version++
    return answer
  }
  await step('updateCompany', { id, version, legalName: 'Acme Söhne' })
  await step('updateCompany', { id, version, name: 'Zeta' })
  await step('updateCompany', { id, version, domain: 'zeta.example' })
  const { phoneNumber } = await step(
    'addPhoneNumber',
    { ownerId: id, phoneNumber: { type: 'WORK', number: NUMBER } },
    'phoneNumber { id }',
  )
  await step('updatePhoneNumber', { id: phoneNumber.id, number: '+4930901820' })
  await step('removePhoneNumber', { id: phoneNumber.id })
  await step('updateCompany', { id, version, legalName: null, domain: null })
  await step('deleteCompany', { id, version })
  await step('restoreCompany', { id })
  await step('destroyCompany', { id })
  expect(seen).toEqual([
    ' acme acme sohne acmesohne ',
    ' zeta acme sohne acmesohne ',
    ' zeta acme sohne acmesohne zeta ',
    ' zeta acme sohne acmesohne 12022243441 zeta ',
    ' zeta acme sohne acmesohne 4930901820 zeta ',
    ' zeta acme sohne acmesohne zeta ',
    ' zeta ',
    null,
    ' zeta ',
    null,
  ])
})

test('two characters are enough within a name that repeats one', async () => {
  const { admin } = await openTenant(desk)
  await done(admin, 'createCompany', { name: '株式会社佐々木商店' })
  await done(admin, 'createCompany', { name: '株式会社𠮷田商店' })
  const query = 'query ($text: String!) { companies(search: $text) { nodes { name } } }'
  expect(await desk.ask(admin, query, { text: '佐々' })).toEqual({
    companies: { nodes: [{ name: '株式会社佐々木商店' }] },
  })
  expect(await desk.ask(admin, query, { text: '𠮷田' })).toEqual({
    companies: { nodes: [{ name: '株式会社𠮷田商店' }] },
  })
})

describe('a refresh in a tenant that is newer than the statistics', () => {
  const TYPES = [
    ['CONTACT', 'contacts', 'last_name'],
    ['COMPANY', 'companies', 'name'],
  ] as const
  const OWNERS = 1000
  // One row in each of four tables, each behind an index of two or three pages.
  const MAX_BUFFERS = 20
  const MAX_BUFFERS_OF_MANY = 12

  // As a superuser, past the front door: thousands of mutations would take a minute.
  async function fill(
    { settings: { id } }: TestTenant,
    [type, table, name]: (typeof TYPES)[number],
    owners: number,
    emails: number,
  ): Promise<string[]> {
    const rows = await desk.sql(
      `insert into ${table} (tenant_id, id, ${name}, created_at, updated_at)
        select $1, gen_random_uuid(), 'Name ' || n, now(), now() from generate_series(1, $2::int) as n returning id`,
      [id, owners],
    )
    const ids = rows.map((row) => String(row['id']))
    await desk.sql(
      `insert into email_addresses
          (tenant_id, id, created_at, updated_at, entity_type, entity_id, type, email, email_domain, position)
        select $1, gen_random_uuid(), now(), now(), $3, owner, 'WORK', 'x@' || domain, domain, position
        from unnest($2::uuid[]) as owner, generate_series(1, $4::int) as position,
          concat('d', substr(owner::text, 1, 8), '.com') as domain`,
      [id, ids, type, emails],
    )
    return ids
  }

  /** How many buffers a refresh reads, in the application's own words. */
  async function buffers(
    { settings: { id } }: TestTenant,
    type: 'CONTACT' | 'COMPANY',
    ids: readonly string[],
  ): Promise<number> {
    return desk.api.database.transaction(id, 'test.buffers', async (tx) => {
      let text = ''
      const listen: typeof tx.sql = (statement) => {
        text = statement.text
        return Promise.resolve([])
      }
      await refreshSearchIndex(id, { ...tx, sql: listen }, type, ids)
      const [row] = await tx.sql<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>({
        label: 'test.explain',
        text: `explain (analyze, buffers, timing off, format json) ${text}`,
        values: [id, ids],
      })
      const plan = row?.['QUERY PLAN'][0].Plan
      return Number(plan?.['Shared Hit Blocks']) + Number(plan?.['Shared Read Blocks'])
    })
  }

  test('reads the rows of its records, not those of the tenant', async () => {
    // With 30 e-mails of one domain each, the index by record grows higher than that by domain, which then seems
    // cheaper.
    const { tenant: known } = await openTenant(desk)
    for (const kind of TYPES) {
      const ids = await fill(known, kind, OWNERS, 30)
      await desk.api.database.transaction(known.settings.id, 'test.fill', (tx) =>
        refreshSearchIndex(known.settings.id, tx, kind[0], ids),
      )
    }
    await desk.sql('analyze')
    const { tenant } = await openTenant(desk)
    const { id } = tenant.settings
    for (const kind of TYPES) {
      const [type] = kind
      const ids = await fill(tenant, kind, OWNERS, 1)
      // What the second one finds is the same, so nothing is written.
      await desk.api.database.transaction(id, 'test.fill', (tx) => refreshSearchIndex(id, tx, type, ids))
      for (const [records, most] of [
        [ids.slice(0, 1), MAX_BUFFERS],
        [ids, MAX_BUFFERS_OF_MANY * OWNERS],
      ] as const) {
        // The first one after a write also visits what the write left behind, where no vacuum has been there yet.
        await buffers(tenant, type, records)
        expect(await buffers(tenant, type, records)).toBeLessThanOrEqual(most)
      }
    }
  })
})
