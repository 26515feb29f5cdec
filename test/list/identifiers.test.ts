import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

async function openContacts() {
  const { admin } = await openTenant(desk)
  const contacts = [
    { firstName: '1', externalId: 'Ab-1', emailAddresses: [{ email: 'José@münchen.de' }] },
    { firstName: '2', externalId: 'AB-1', emailAddresses: [{ email: 'jose@münchen.de' }] },
    { firstName: '3', externalId: 'áb-1', emailAddresses: [{ email: 'jose@munchen.de' }] },
    { firstName: '4', socialMediaAccounts: [{ platform: 'GITHUB', handle: 'Ada' }] },
    { firstName: '5', socialMediaAccounts: [{ platform: 'GITHUB', handle: 'ada' }] },
  ]
  for (const input of contacts) {
    expect(await desk.mutate(admin, 'createContact', input)).toEqual({ userErrors: [] })
  }
  return async (filter: object): Promise<string> => {
    const text = `query ($filter: ContactFilter) { contacts(filter: $filter, orderBy: [{ field: FIRST_NAME }]) { nodes { firstName } } }`
    const { contacts: found } = await desk.ask(admin, text, { filter })
    return (found.nodes as { firstName: string }[]).map(({ firstName }) => firstName).join('')
  }
}

test('what names one record finds that record alone; its parts are found without case and accents', async () => {
  const find = await openContacts()
  const email = (test: object) => find({ emailAddresses: { some: { email: test } } })
  const handle = (test: object) => find({ socialMediaAccounts: { some: { handle: test } } })
  expect({
    eq: await find({ externalId: { eq: 'AB-1' } }),
    in: await find({ externalId: { in: ['Ab-1', 'áb-1', 'ab-1'] } }),
    ne: await find({ externalId: { ne: 'AB-1' } }),
    notIn: await find({ externalId: { notIn: ['AB-1', 'áb-1'] } }),
    not: await find({ not: { externalId: { eq: 'AB-1' } } }),
    contains: await find({ externalId: { contains: 'AB-1' } }),
    startsWith: await find({ externalId: { startsWith: 'ab' } }),
  }).toEqual({ eq: '2', in: '13', ne: '1345', notIn: '145', not: '1345', contains: '123', startsWith: '123' })
  expect({
    case: await email({ eq: 'JOSÉ@MÜNCHEN.DE' }),
    ascii: await email({ eq: 'josé@xn--mnchen-3ya.de' }),
    accents: await email({ eq: 'jose@munchen.de' }),
    in: await email({ in: ['JOSÉ@xn--mnchen-3ya.de', 'jose@MUNCHEN.de', 'none'] }),
    ne: await email({ ne: 'josé@münchen.de' }),
    notIn: await email({ notIn: ['josé@münchen.de', 'jose@munchen.de'] }),
    caseSensitive: await email({ eq: 'josé@münchen.de', caseSensitive: true }),
    contains: await email({ contains: 'JOSÉ@munchen' }),
  }).toEqual({
    case: '1',
    ascii: '1',
    accents: '3',
    in: '13',
    ne: '23',
    notIn: '2',
    caseSensitive: '',
    contains: '123',
  })
  expect({ eq: await handle({ eq: 'Ada' }), startsWith: await handle({ startsWith: 'ÁDA' }) }).toEqual({
    eq: '4',
    startsWith: '45',
  })
})

test('among 5,000 addresses one is found by the index on the folded column', async () => {
  const { tenant, admin } = await openTenant(desk)
  const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada' }, 'contact { id }')
  await desk.sql(
    `insert into email_addresses (tenant_id, id, created_at, updated_at, entity_type, entity_id, type, email, email_domain, position)
     select $1, gen_random_uuid(), now(), now(), 'CONTACT', $2, 'WORK', 'josé' || place || '@example.com', 'example.com', place
     from generate_series(1, 5000) as place`,
    [tenant.settings.id, contact.id],
  )
  await desk.sql('analyze email_addresses')
  const asked = "'{josé77@example.com}'"
  const plan = await desk.sql(
    `explain select id from email_addresses as e where e.tenant_id = '${tenant.settings.id}'
      and (e.email_folded = any(kith_fold_each(${asked}::text[], 255))
        and kith_email_key(e.email) = any(kith_email_keys(${asked}::text[])))`,
  )
  const lines = plan.map((row) => String(row['QUERY PLAN']))
  expect(lines[0]).toMatch(/Index Scan using idx_email_addresses_email /)
  expect(lines[1]).toContain("(email_folded = ANY ('{jose77@example.com}'::text[]))")
})

test('domains are compared with a text as texts are stored, however its accents are written', async () => {
  const find = await openContacts()
  const before = (lt: string) => find({ emailAddresses: { some: { domain: { lt, caseSensitive: true } } } })
  expect([await before('\u1e74'), await before('U\u0330'), await before('U')]).toEqual(['123', '123', ''])
})
