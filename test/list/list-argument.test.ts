import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, refusedErrors, type Desk } from '../support/desk.js'

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin } = await openTenant(desk, { defaultCountry: 'DE' }))
})

afterAll(() => desk.close())

/** Runs what must be refused as a whole: with status 400, before any statement. Returns the errors. */
async function refusals(query: string, variables: Record<string, unknown> = {}) {
  return refusedErrors(desk, admin, query, variables)
}

function refusal(field: string, message: string) {
  return [{ message, extensions: { code: 'BAD_USER_INPUT', field, requestId: expect.any(String) } }]
}

/** A cursor of contacts that only has the right form. */
const CURSOR = 'A'.repeat(60)

describe('pages', () => {
  test.each([
    ['first: 1, last: 1', 'last', 'first', 'last'],
    ['last: 1, first: 1', 'last', 'first', 'last'],
    [`first: 1, before: "${CURSOR}"`, 'before', 'first', 'before'],
    [`after: "${CURSOR}", last: 1`, 'last', 'after', 'last'],
    [`after: "${CURSOR}", before: "${CURSOR}"`, 'before', 'after', 'before'],
    ['last: 1, offset: 0', 'offset', 'last', 'offset'],
    [`before: "${CURSOR}", offset: 1`, 'offset', 'before', 'offset'],
    [`first: 0, last: 0, before: "${CURSOR}"`, 'last', 'first', 'last'],
  ])('%s: from one side alone', async (args, field, first, second) => {
    const message = `\`${first}\` and \`${second}\` don't go together: a page is read from one side.`
    expect(await refusals(`{ people: contacts(${args}) { totalCount } }`)).toEqual(refusal(`people.${field}`, message))
  })

  test('after and offset: from one place alone', async () => {
    const message = "`after` and `offset` don't go together: a page begins at one place."
    expect(await refusals(`{ users(after: "${CURSOR}", offset: 1) { totalCount } }`)).toEqual(
      refusal('users.offset', message),
    )
  })

  test.each([
    ['last', 201, 200],
    ['last', -1, 200],
    ['offset', 10_001, 10_000],
    ['offset', -1, 10_000],
  ])('%s: %i is out of range', async (argument, value, max) => {
    const message = `${argument} must be between 0 and ${max}, not ${value}.`
    for (const list of ['contacts', 'companies', 'users', 'industries', 'companySizes']) {
      const query = `query ($n: Int) { ${list}(${argument}: $n) { totalCount } }`
      expect(await refusals(query, { n: value })).toEqual(refusal(`${list}.${argument}`, message))
    }
  })

  test('null is nothing, and 0, 200 and 10,000 are fine', async () => {
    const query = `query ($last: Int, $offset: Int, $after: String) {
      contacts(first: null, after: $after, last: $last, before: null, offset: $offset) { nodes { id } } }`
    const empty = { contacts: { nodes: [] } }
    for (const variables of [{}, { last: 0 }, { last: 200 }, { offset: 0 }, { offset: 10_000 }, { last: null }]) {
      expect(await desk.ask(admin, query, variables)).toEqual(empty)
    }
  })

  test("a company's list has no offset, and the same sides", async () => {
    const nested = (args: string) => `{ companies { nodes { people: contacts(${args}) { totalCount } } } }`
    expect(await refusals(nested('first: 1, last: 1'))).toEqual(
      refusal('people.last', "`first` and `last` don't go together: a page is read from one side."),
    )
    expect(await refusals(nested('last: 201'))).toEqual(
      refusal('people.last', 'last must be between 0 and 200, not 201.'),
    )
    const [error] = (await refusals(nested('offset: 1'))) as { message: string }[]
    expect(error?.message).toBe('Unknown argument "offset" on field "Company.contacts".')
  })
})

const FILTER = 'query ($filter: ContactFilter) { people: contacts(filter: $filter) { totalCount } }'

describe('a filter', () => {
  const values = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`)
  const leaves = (count: number) => ({ and: values(count).map((eq) => ({ firstName: { eq } })) })
  const nest = (depth: number): object => (depth === 1 ? {} : { not: nest(depth - 1) })
  const DEEP = 'A filter is at most 5 levels deep.'
  const NULL = 'null says nothing here: leave it out, or ask for `isNull`.'

  test.each<[string, object, string, string]>([
    ['of 6 levels', nest(6), 'not.not.not.not.not', DEEP],
    [
      'of 6 levels through relations and contact info',
      { and: [{ company: { or: [{ contacts: { some: { emailAddresses: { none: {} } } } }] } }] },
      'and.0.company.or.0.contacts.some.emailAddresses.none',
      DEEP,
    ],
    [
      'over three relations',
      { company: { contacts: { every: { company: {} } } } },
      'company.contacts.every.company',
      'A filter follows at most 2 relations.',
    ],
    ['of 51 operators', leaves(51), 'and.50.firstName.eq', 'A filter has at most 50 operators.'],
    ['of 251 values', { firstName: { in: values(251) } }, 'firstName.in', 'At most 250 values may be given, not 251.'],
    [
      'of 251 parts in one list',
      { or: values(251).map(() => ({})) },
      'or',
      'At most 250 values may be given, not 251.',
    ],
    [
      'of 251 parts',
      { or: [{ and: values(125).map(() => ({})) }, { and: values(125).map(() => ({})) }] },
      'or.1.and.122',
      'A filter has at most 250 parts.',
    ],
    ['with null as a field', { or: [{ firstName: null }] }, 'or.0.firstName', NULL],
    ['with null as an operator', { company: { name: { eq: null } } }, 'company.name.eq', NULL],
    ['with null as a part', { not: null }, 'not', NULL],
    ['with null as a relation', { company: null }, 'company', NULL],
    [
      'with null as a quantifier',
      { emailAddresses: { some: null } },
      'emailAddresses.some',
      'null says nothing here: leave it out, or give `{}` for any.',
    ],
    [
      'with an id that is none',
      { company: { id: { in: [randomUUID(), 'x'] } } },
      'company.id.in.1',
      'An id is a UUID.',
    ],
    ['with a NUL', { notes: { contains: 'a\0' } }, 'notes.contains', 'A text must not contain NUL characters.'],
    [
      'with half a surrogate pair',
      { and: [{ lastName: { between: { from: 'a', to: '\ud800' } } }] },
      'and.0.lastName.between.to',
      'A text must be well-formed Unicode: it has half a surrogate pair.',
    ],
    [
      'with days beyond a century',
      { birthDate: { withinDays: 36_501 } },
      'birthDate.withinDays',
      'Days must be between -36500 and 36500.',
    ],
    [
      'with the end of a number that is none',
      { phoneNumbers: { some: { number: { endsWith: '1 2' } } } },
      'phoneNumbers.some.number.endsWith',
      'Write the end of a number as 1 to 15 digits.',
    ],
    [
      'with no decimal number',
      { company: { annualRevenue: { gt: '1,5' } } },
      'company.annualRevenue.gt',
      'This is not a decimal number: write it as 1250000.50.',
    ],
  ])('%s is refused with its place', async (_, filter, place, message) => {
    expect(await refusals(FILTER, { filter })).toEqual(refusal(`people.filter.${place}`, message))
  })

  test.each<[string, object]>([
    ['of 5 levels', nest(5)],
    ['of 50 operators', leaves(50)],
    ['of 250 values', { firstName: { in: values(250) } }],
    [
      'over two relations, with contact info beyond',
      { company: { contacts: { none: { phoneNumbers: { every: {} } } } } },
    ],
    ["with a number of the tenant's country", { phoneNumbers: { some: { number: { eq: '030 901820' } } } }],
    ['of wildcards and quotes', { notes: { contains: `%_\\'"` } }],
  ])('%s is fine', async (_, filter) => {
    expect(await desk.ask(admin, FILTER, { filter })).toEqual({ people: { totalCount: 0 } })
  })

  test('of nothing is none', async () => {
    expect(await desk.ask(admin, FILTER, { filter: null })).toEqual({ people: { totalCount: 0 } })
  })

  test('nested, in a fragment and behind an alias is told by the name of its field', async () => {
    const filter = { company: { contacts: { some: { company: { id: { eq: 'x' } } } } } }
    const query = `query ($filter: ContactFilter) { companies { nodes { ...F } } }
      fragment F on Company { staff: contacts(filter: $filter) { totalCount } }`
    expect(await refusals(query, { filter })).toEqual(
      refusal('staff.filter.company.contacts.some.company.id.eq', 'An id is a UUID.'),
    )
  })

  test.each([
    ['{ contacts(filter: { nosuch: {} }) { totalCount } }', /^Field "nosuch" is not defined by type "ContactFilter"/],
    [
      '{ contacts(filter: { firstName: { gtx: "a" } }) { totalCount } }',
      /^Field "gtx" is not defined by type "StringFilter"/,
    ],
    [
      '{ contacts(filter: { firstName: { eq: 1 } }) { totalCount } }',
      /^String cannot represent a non string value: 1$/,
    ],
    [
      '{ companies(filter: { status: { eq: NONE } }) { totalCount } }',
      /^Value "NONE" does not exist in "CompanyStatus" enum/,
    ],
    [
      '{ contacts(orderBy: [{ field: NOTES }]) { totalCount } }',
      /^Value "NOTES" does not exist in "ContactOrderField" enum/,
    ],
  ])('%s is no document of this API', async (query, message) => {
    const errors = (await refusals(query)) as { message: string; extensions: { code: string } }[]
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(errors[0]?.message).toMatch(message)
  })
})

describe('an order', () => {
  const order = (fields: readonly string[]) =>
    `{ people: contacts(orderBy: [${fields.map((field) => `{ field: ${field} }`).join(' ')}]) { nodes { id } } }`

  test('of six steps is refused, of five it is fine', async () => {
    const fields = ['LAST_NAME', 'COMPANY_NAME', 'OWNER_NAME', 'BIRTH_DATE', 'VERSION']
    expect(await desk.ask(admin, order(fields))).toEqual({ people: { nodes: [] } })
    expect(await refusals(order([...fields, 'ID']))).toEqual(refusal('people.orderBy', 'An order has at most 5 steps.'))
  })

  test('with a field twice is refused at the second', async () => {
    expect(await refusals(order(['LAST_NAME', 'ID', 'LAST_NAME']))).toEqual(
      refusal('people.orderBy.2.field', 'The order has LAST_NAME twice.'),
    )
  })

  test('of no steps is the own one', async () => {
    expect(await desk.ask(admin, order([]))).toEqual({ people: { nodes: [] } })
  })
})
