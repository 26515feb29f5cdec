import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'
import { testSeed } from '../setup/test-run.js'
import type { TestTenant } from '../support/records.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

async function textOf(tenant: TestTenant, id: string): Promise<string | null> {
  const rows = await desk.sql(
    `select text from contact_search where tenant_id = $1 and contact_id = $2
     union all select text from company_search where tenant_id = $1 and company_id = $2`,
    [tenant.settings.id, id],
  )
  expect(rows.length).toBeLessThanOrEqual(1)
  return rows[0] ? String(rows[0]['text']) : null
}

/** Search rows that aren't what a rebuild of the whole tenant would make. */
async function staleRows(tenant: TestTenant): Promise<unknown[]> {
  const stale = ([table, id, texts, records]: readonly string[]) =>
    desk.sql(
      `select coalesce(stored.id, fresh.id) as id, stored.text as stored, fresh.text as fresh
        from (select ${id} as id, text from ${table} where tenant_id = $1) as stored
        full join (select ${id} as id, text from ${texts}($1, (select array_agg(id) from ${records} where tenant_id = $1))) as fresh
          on fresh.id = stored.id
        where stored.text is distinct from fresh.text`,
      [tenant.settings.id],
    )
  return [
    ...(await stale(['contact_search', 'contact_id', 'kith_contact_texts', 'contacts'])),
    ...(await stale(['company_search', 'company_id', 'kith_company_texts', 'companies'])),
  ]
}

const createContact = async (admin: Principal, input: object): Promise<string> =>
  String((await desk.mutate(admin, 'createContact', input, 'contact { id }'))['contact'].id)
const createCompany = async (admin: Principal, input: object): Promise<string> =>
  String((await desk.mutate(admin, 'createCompany', input, 'company { id }'))['company'].id)

describe('what a record is found by', () => {
  const work = (email: string) => ({ type: 'WORK', email })
  const contacts: [string, object, string][] = [
    ['accents, and a name in pieces', { firstName: 'Seán', lastName: "O'Brien" }, ' sean o brien obrien '],
    ['a hyphen', { firstName: 'Anne-Marie', lastName: 'Strauß' }, ' anne marie strauss annemarie '],
    [
      'Japanese, in both orders and in pairs',
      { firstName: '太郎', lastName: '横山' },
      ' 太郎 横山 横山太郎 太郎横山 太郎 横山 横山 山太 太郎 太郎 郎横 横山 ',
    ],
    ['an apostrophe as it is printed, and letters that fold into two', { lastName: 'O’Æsir' }, ' o aesir oaesir '],
    [
      'the sign that repeats a character, and characters beyond 16 bits',
      { firstName: '𠮷子', lastName: '佐々木' },
      ' 𠮷子 佐々木 佐々木𠮷子 𠮷子佐々木 𠮷子 佐々 々木 佐々 々木 木𠮷 𠮷子 𠮷子 子佐 佐々 々木 ',
    ],
    [
      'local parts of e-mails and digits of phone numbers, in their order',
      {
        emailAddresses: [work('Anna.Schmidt@example.com'), work('info@example.org')],
        phoneNumbers: [
          { type: 'WORK', number: '(202) 224-3441' },
          { type: 'MOBILE', number: '+49 30 901820' },
        ],
      },
      ' anna schmidt annaschmidt info 12022243441 4930901820 ',
    ],
    ['nothing that has words', { emailAddresses: [work('+++@example.com')] }, '   '],
  ]

  test.each(contacts)('a contact: %s', async (_, input, text) => {
    const { tenant, admin } = await openTenant(desk)
    expect(await textOf(tenant, await createContact(admin, input))).toBe(text)
  })

  test('a company: names, and its domain but for the last label', async () => {
    const { tenant, admin } = await openTenant(desk)
    const id = await createCompany(admin, {
      name: 'A. O. Smith & Söhne',
      legalName: 'ＡＣＭＥ　株式会社',
      domain: 'acme-tools.co.uk',
    })
    expect(await textOf(tenant, id)).toBe(
      ' a o smith sohne aosmithsohne acme 株式会社 acme株式会社 株式 式会 会社 株式 式会 会社 acme tools co acmetoolsco ',
    )
  })
})

describe('the upkeep', () => {
  test('follows a contact through all that can happen to it', async () => {
    const { tenant, admin } = await openTenant(desk)
    const id = await createContact(admin, { firstName: 'Ann' })
    const seen: (string | null)[] = [await textOf(tenant, id)]
    let version = 1
    const step = async (mutation: string, input: object, selection = ''): Promise<Record<string, unknown>> => {
      const answer = await desk.mutate(admin, mutation, input, selection)
      expect(answer.userErrors).toEqual([])
      version++
      seen.push(await textOf(tenant, id))
      return answer
    }
    await step('updateContact', {
      id,
      version,
      lastName: 'Lee',
      emailAddresses: { add: [{ type: 'WORK', email: 'al@x.com' }] },
    })
    const email = await step(
      'addEmailAddress',
      { ownerId: id, emailAddress: { type: 'WORK', email: 'bo@x.com' } },
      'emailAddress { id }',
    )
    const emailId = (email['emailAddress'] as { id: string }).id
    await step('updateEmailAddress', { id: emailId, email: 'cy@x.com' })
    await step('addPhoneNumber', { ownerId: id, phoneNumber: { type: 'WORK', number: '+12022243441' } })
    await step('removeEmailAddress', { id: emailId })
    await step('deleteContact', { id, version })
    await step('restoreContact', { id })
    await step('destroyContact', { id })
    expect(seen).toEqual([
      ' ann ',
      ' ann lee al ',
      ' ann lee al bo ',
      ' ann lee al cy ',
      ' ann lee al cy 12022243441 ',
      ' ann lee al 12022243441 ',
      null,
      ' ann lee al 12022243441 ',
      null,
    ])
  })

  test('leaves a row alone whose text stays the same', async () => {
    const { tenant, admin } = await openTenant(desk)
    const id = await createContact(admin, { firstName: 'Ann' })
    const at = async () =>
      (
        await desk.sql('select ctid::text, xmin::text from contact_search where tenant_id = $1', [tenant.settings.id])
      )[0]
    const before = await at()
    await desk.mutate(admin, 'updateContact', { id, version: 1, notes: 'called', firstName: 'ÁNN' })
    expect(await at()).toEqual(before)
  })

  test('after any changes, equals a rebuild', async () => {
    const { tenant, admin } = await openTenant(desk)
    const name = fc.constantFrom('Ann', "O'Neil", '横山', 'Müller-Lüdenscheidt', '%_\\', '１２３', null)
    const email = fc.constantFrom('a.b@x.com', 'c@y.org', 'ü.ö@x.com')
    const action = fc.record({
      pick: fc.nat(),
      kind: fc.constantFrom(...KINDS),
      isContact: fc.boolean(),
      name,
      email,
    })
    const seed = testSeed()
    console.log(`search index: seed ${seed}, 30 runs`)
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 12 }), async (actions) => {
        for (const change of actions) await apply(tenant, admin, change)
        expect(await staleRows(tenant)).toEqual([])
      }),
      { seed, numRuns: 30 },
    )
    // Changes may have ended with the last contact gone.
    await createContact(admin, { firstName: 'Ann' })
    const [counts] = await desk.sql(
      `select (select count(*)::int from contact_search s where s.tenant_id = $1) as rows,
        (select count(*)::int from contacts c where c.tenant_id = $1 and c.deleted_at is null) as live`,
      [tenant.settings.id],
    )
    expect(counts?.['rows']).toBe(counts?.['live'])
    expect(Number(counts?.['live'])).toBeGreaterThan(0)
    // The comparison itself sees what is wrong.
    await desk.sql(`update contact_search set text = ' wrong ' where tenant_id = $1`, [tenant.settings.id])
    expect((await staleRows(tenant)).length).toBeGreaterThan(0)
  }, 120_000)
})

const KINDS = [
  ...['create', 'rename', 'nest', 'email', 'phone', 'change', 'primary', 'remove'],
  ...['delete', 'restore', 'destroy'],
]

interface Change {
  readonly pick: number
  readonly kind: string
  readonly isContact: boolean
  readonly name: string | null
  readonly email: string
}

/** One change to some record, if there is one; refusals are fine, what they leave is compared all the same. */
async function apply(
  tenant: TestTenant,
  admin: Principal,
  { pick, kind, isContact, name, email }: Change,
): Promise<void> {
  const [table, noun] = isContact ? ['contacts', 'Contact'] : ['companies', 'Company']
  const rows = await desk.sql(`select id, version from ${table} where tenant_id = $1 order by id`, [tenant.settings.id])
  const row = rows[pick % Math.max(rows.length, 1)]
  const names = isContact ? { firstName: name, lastName: name && 'Ann' } : { name: name ?? 'Acme', legalName: name }
  if (kind === 'create' || !row) {
    await desk.mutate(admin, `create${noun}`, { ...names, emailAddresses: [{ type: 'WORK', email }] })
    return
  }
  const { id, version } = row
  const emails = await desk.sql(
    'select id from email_addresses where tenant_id = $1 and entity_id = $2 order by position',
    [tenant.settings.id, id],
  )
  const emailId = emails[pick % Math.max(emails.length, 1)]?.['id'] as string | undefined
  if (kind === 'rename') await desk.mutate(admin, `update${noun}`, { id, version, ...names })
  if (kind === 'email')
    await desk.mutate(admin, 'addEmailAddress', { ownerId: id, emailAddress: { type: 'OTHER', email } })
  if (kind === 'phone') {
    await desk.mutate(admin, 'addPhoneNumber', { ownerId: id, phoneNumber: { type: 'WORK', number: '+12022243441' } })
  }
  if (kind === 'nest') {
    const emailAddresses = { add: [{ type: 'OTHER', email }], ...(emailId ? { remove: [emailId] } : {}) }
    await desk.mutate(admin, `update${noun}`, { id, version, emailAddresses })
  }
  if (kind === 'change' && emailId) await desk.mutate(admin, 'updateEmailAddress', { id: emailId, email })
  if (kind === 'primary' && emailId) await desk.mutate(admin, 'makeEmailAddressPrimary', { id: emailId })
  if (kind === 'remove' && emailId) await desk.mutate(admin, 'removeEmailAddress', { id: emailId })
  if (kind === 'delete') await desk.mutate(admin, `delete${noun}`, { id, version })
  if (kind === 'restore') await desk.mutate(admin, `restore${noun}`, { id })
  if (kind === 'destroy') await desk.mutate(admin, `destroy${noun}`, { id })
}
