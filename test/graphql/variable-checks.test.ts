import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, refusedErrors, type Desk } from '../support/desk.js'

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin } = await openTenant(desk))
})

afterAll(() => desk.close())

const LIST = 'query ($f: ContactFilter) { contacts(filter: $f) { nodes { id } } }'
const BULK =
  'mutation ($i: BulkCreateContactsInput!) { bulkCreateContacts(input: $i) { summary { created } userErrors { message } } }'
const MANY = 'The variables hold too many values. Send fewer rows or conditions at once.'

const refusal = (field: string, message: string) => [
  { message, extensions: { code: 'BAD_USER_INPUT', field, requestId: expect.any(String) } },
]
const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item)

// To look at each field of 300,000 objects took 9 s; these are refused before, so their number costs nothing more.
test.each([
  ['filters', LIST, { f: { and: times(300_000, {}) } }, '$f'],
  ['filters with a condition', LIST, { f: { and: times(150_000, { firstName: { eq: 'a' } }) } }, '$f'],
  ['filters within filters', LIST, { f: { and: times(250, { or: times(250, { not: {} }) }) } }, '$f'],
  ['rows', BULK, { i: { rows: times(300_000, {}) } }, '$i'],
  ['properties that no type has', BULK, { i: { rows: times(100, Object.fromEntries(times(100_000, 0).map((_, index) => [`u${index}`, 1]))) } }, '$i'],
])('too many %s are refused before they are looked at', async (_, query, variables, field) => {
  expect(await refusedErrors(desk, admin, query, variables)).toEqual(refusal(field, MANY))
}) // prettier-ignore

test('a text that is longer than any that is kept is refused, whatever it is given for', async () => {
  const text = 'x'.repeat(262_145)
  const said = 'A text of 262,145 characters is longer than any that is kept.'
  expect(await refusedErrors(desk, admin, LIST, { f: { firstName: { eq: text } } })).toEqual(refusal('$f', said))
  const ordered = 'query ($o: [ContactOrder!]) { contacts(orderBy: $o) { nodes { id } } }'
  expect(await refusedErrors(desk, admin, ordered, { o: [{ field: text }] })).toEqual(refusal('$o', said))
})

test('the largest bulk change passes: 1,000 contacts with 50 custom fields each', async () => {
  const customFields = times(50, { key: 'note', text: 'x' })
  const { data, errors } = await desk.api.run(admin, BULK, {
    i: { rows: times(1000, { lastName: 'Ito', customFields }) },
  })
  expect(errors).toBeUndefined()
  expect(data?.['bulkCreateContacts'].summary).toEqual({ created: 0 })
  expect(data?.['bulkCreateContacts'].userErrors).toHaveLength(100)
})

describe('the texts of a filter', () => {
  const most = 32_768
  const said = 'The texts of a filter have at most 32,768 characters together.'

  test.each([
    ['one', { firstName: { contains: 'ﷺ'.repeat(most + 1) } }, 'contacts.filter.firstName.contains'],
    ['a list', { firstName: { in: times(200, 'x'.repeat(200)) } }, 'contacts.filter.firstName.in'],
    ['several', { and: [{ firstName: { eq: 'x'.repeat(most) } }, { lastName: { eq: 'x' } }] }, 'contacts.filter.and.1.lastName.eq'],
    ['a range', { lastName: { between: { from: 'x'.repeat(most), to: 'y' } } }, 'contacts.filter.lastName.between'],
  ])('are too long together: %s', async (_, f, field) => {
    expect(await refusedErrors(desk, admin, LIST, { f })).toEqual(refusal(field, said))
  }) // prettier-ignore

  test('may be so long', async () => {
    const { contacts } = await desk.ask(admin, LIST, { f: { firstName: { contains: 'x'.repeat(most) } } })
    expect(contacts).toEqual({ nodes: [] })
  })
})

describe('what a client does wrong is no fault of the server', () => {
  test('a subscription is refused with what to do', async () => {
    expect(await refusedErrors(desk, admin, 'subscription { x }')).toEqual([
      {
        message: 'There are no subscriptions here: ask by a query, again where it may have changed.',
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      },
    ])
    expect(desk.api.faults).toEqual([])
  })

  test('of a value that is quoted in a message its beginning and its end are said', async () => {
    const value = 'x'.repeat(100_000)
    const variables = { input: Object.fromEntries(['firstName', 'u0', 'u1'].map((name) => [name, value])) }
    const create = 'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } } }'
    const errors = (await refusedErrors(desk, admin, create, variables)) as { message: string }[]
    expect(errors.length).toBeGreaterThan(0)
    for (const { message } of errors) expect(message.length).toBeLessThanOrEqual(503)
    expect(errors[0]?.message).toMatch(/^Variable "\$input" got invalid value \{ firstName: "x+ … x+.*\.$/)
  })
})
