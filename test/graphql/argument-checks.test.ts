import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, refusedErrors, type Desk } from '../support/desk.js'
import type { TestTenant } from '../support/records.js'

let desk: Desk
let tenant: TestTenant
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  ;({ tenant, admin } = await openTenant(desk))
})

afterAll(() => desk.close())

/**
 * Runs what must be refused as a whole: with status 400, before any statement, changing nothing. Returns the errors.
 */
async function refusals(query: string, variables: Record<string, unknown> = {}) {
  const before = await desk.rowsOf(tenant)
  const errors = await refusedErrors(desk, admin, query, variables)
  expect(await desk.rowsOf(tenant)).toEqual(before)
  return errors
}

function refusal(field: string, message: string, code = 'BAD_USER_INPUT') {
  return [{ message, extensions: { code, field, requestId: expect.any(String) } }]
}

describe('first', () => {
  const PLACES: [string, string, (first: number) => [string, Record<string, unknown>?]][] = [
    ['a literal', 'contacts.first', (first) => [`{ contacts(first: ${first}) { totalCount } }`]],
    [
      'a variable',
      'contacts.first',
      (first) => ['query ($n: Int) { contacts(first: $n) { totalCount } }', { n: first }],
    ],
    [
      'the default of a variable',
      'contacts.first',
      (first) => [`query ($n: Int = ${first}) { contacts(first: $n) { totalCount } }`],
    ],
    [
      'nested',
      'contacts.first',
      (first) => [`{ companies(first: 1) { nodes { contacts(first: ${first}) { totalCount } } } }`],
    ],
    ['behind an alias', 'people.first', (first) => [`{ people: contacts(first: ${first}) { totalCount } }`]],
    [
      'in a fragment',
      'users.first',
      (first) => [`query { ...F } fragment F on Query { users(first: ${first}) { totalCount } }`],
    ],
    [
      'in an inline fragment',
      'industries.first',
      (first) => [`{ ... on Query { ... { industries(first: ${first}) { totalCount } } } }`],
    ],
    [
      'below an interface',
      'contacts.first',
      (first) => [`{ node(id: "${randomUUID()}") { ... on Company { contacts(first: ${first}) { totalCount } } } }`],
    ],
    [
      'in the payload of a mutation',
      'contacts.first',
      (first) => [
        `mutation { createCompany(input: { name: "Acme" }) { company { contacts(first: ${first}) { totalCount } } } }`,
      ],
    ],
  ]

  test.each(PLACES)('%s: more than 200 and less than 0 are refused', async (_, field, document) => {
    for (const first of [201, -1, 100_000_000, 2_147_483_647, -2_147_483_648]) {
      expect(await refusals(...document(first))).toEqual(
        refusal(field, `first must be between 0 and 200, not ${first}.`),
      )
    }
  })

  test.each(PLACES.slice(0, -1))('%s: 0 and 200 are not', async (_, _field, document) => {
    for (const first of [0, 200]) expect(await desk.ask(admin, ...document(first))).toBeDefined()
  })

  test('an inactive field is checked as well', async () => {
    expect(await refusals('{ me { role } contacts(first: 201) @skip(if: true) { totalCount } }')).toEqual(
      refusal('contacts.first', 'first must be between 0 and 200, not 201.'),
    )
  })

  test('only the operation that runs is checked', async () => {
    const query = 'query A { me { role } } query B { contacts(first: 201) { totalCount } }'
    expect(await refusals(query)).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'OPERATION_RESOLUTION_FAILURE' }) }),
    ])
  })

  test.each([
    ['1.5', 'Int cannot represent non-integer value: 1.5'],
    ['2147483648', 'Int cannot represent non 32-bit signed integer value: 2147483648'],
    ['"1"', 'Int cannot represent non-integer value: "1"'],
  ])('%s is no Int', async (first, message) => {
    const errors = (await refusals(`{ contacts(first: ${first}) { totalCount } }`)) as {
      message: string
      extensions: object
    }[]
    expect(errors).toEqual([
      {
        message,
        locations: expect.any(Array),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) },
      },
    ])
  })
})

describe('max', () => {
  test.each([0, -1, 1_000_001])('%i is refused', async (max) => {
    expect(await refusals(`{ contacts { totalCount(max: ${max}) } }`)).toEqual(
      refusal('totalCount.max', `max must be between 1 and 1000000, not ${max}.`),
    )
    expect(
      await refusals('query ($max: Int) { companies { nodes { contacts { n: totalCount(max: $max) } } } }', { max }),
    ).toEqual(refusal('n.max', `max must be between 1 and 1000000, not ${max}.`))
  })
})

describe('an id', () => {
  const BAD = [
    '',
    'x',
    '1',
    'null',
    `${randomUUID()} `,
    randomUUID().slice(1),
    `{${randomUUID()}}`,
    randomUUID().replaceAll('-', ''),
    "' or 1=1 --",
  ]

  test.each(['node', 'contact', 'company'])('of %s is a UUID', async (field) => {
    for (const id of BAD) {
      expect(await refusals(`query ($id: ID!) { x: ${field}(id: $id) { id } }`, { id })).toEqual(
        refusal('x.id', 'An id is a UUID.'),
      )
    }
    expect(await refusals(`{ ${field}(id: 7) { id } }`)).toEqual(refusal(`${field}.id`, 'An id is a UUID.'))
  })

  test('among ids is told by its place', async () => {
    const ids = [randomUUID(), 'x', randomUUID()]
    expect(await refusals('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toEqual(
      refusal('nodes.ids.1', 'An id is a UUID.'),
    )
  })

  test('in the input of a mutation is told by its path', async () => {
    const input = { id: randomUUID(), version: 1, emailAddresses: { remove: [randomUUID(), 'x'] } }
    const mutation = 'mutation ($input: UpdateContactInput!) { updateContact(input: $input) { contact { id } } }'
    expect(await refusals(mutation, { input })).toEqual(
      refusal('updateContact.input.emailAddresses.remove.1', 'An id is a UUID.'),
    )
    expect(await refusals(mutation, { input: { ...input, id: 'x' } })).toEqual(
      refusal('updateContact.input.id', 'An id is a UUID.'),
    )
    expect(
      await refusals('mutation { createContact(input: { firstName: "Ada", companyId: "x" }) { contact { id } } }'),
    ).toEqual(refusal('createContact.input.companyId', 'An id is a UUID.'))
  })

  test('must be there: a null from a variable with a default is refused too', async () => {
    const query = `query ($id: ID = "${randomUUID()}") { contact(id: $id) { id } }`
    expect(await desk.ask(admin, query)).toEqual({ contact: null })
    const message = 'Argument "id" of non-null type "ID!" must not be null.'
    expect(await refusals(query, { id: null })).toEqual(refusal('contact', message))
    expect(desk.api.faults).toEqual([])
  })
})

describe('a text', () => {
  const NUL = 'A text must not contain NUL characters.'
  const SURROGATE = 'A text must be well-formed Unicode: it has half a surrogate pair.'
  const BAD: [string, string][] = [
    ['a\0b', NUL],
    ['\0', NUL],
    ['\ud800', SURROGATE],
    ['a\udc00b', SURROGATE],
  ]
  // Those of mutations are user errors of their fields: texts.test.ts.
  const QUERIES: [string, string][] = [
    ['contacts.search', 'query ($text: String) { contacts(search: $text) { totalCount } }'],
    ['search.query', 'query ($text: String!) { search(query: $text) { nodes { __typename } } }'],
    [
      'contacts.filter.or.0.lastName.eq',
      'query ($text: String) { contacts(filter: { or: [{ lastName: { eq: $text } }] }) { totalCount } }',
    ],
    [
      'contacts.filter.emailAddresses.some.email.in.1',
      `query ($text: String!) {
        companies { nodes { contacts(filter: { emailAddresses: { some: { email: { in: ["a", $text] } } } }) { totalCount } } }
      }`,
    ],
  ]

  test.each(QUERIES)('in %s must be well-formed and without NUL', async (field, query) => {
    for (const [text, message] of BAD) expect(await refusals(query, { text })).toEqual(refusal(field, message))
  })

  test('in a literal, in what the payload of a mutation is asked for, too', async () => {
    const query = `mutation { createCompany(input: { name: "Acme" }) {
      company { contacts(filter: { lastName: { eq: "\\u0000" } }) { totalCount } } } }`
    expect(await refusals(query)).toEqual(refusal('contacts.filter.lastName.eq', NUL))
  })

  test('in a cursor is no cursor', async () => {
    for (const [after] of BAD) {
      expect(await refusals('query ($after: String) { contacts(after: $after) { totalCount } }', { after })).toEqual(
        refusal('contacts.after', 'The cursor is not one of this list.', 'INVALID_CURSOR'),
      )
    }
  })

  test('in a variable that no field takes is refused by the rules of the language', async () => {
    const errors = (await refusals('query ($x: String) { me { role } }', { x: '\0' })) as {
      extensions: { code: string }
    }[]
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })
})

describe('variables', () => {
  test.each([
    [{}, 'Variable "$id" of required type "ID!" was not provided.'],
    [{ id: null }, 'Variable "$id" of non-null type "ID!" must not be null.'],
    [{ id: ['7'] }, /^Variable "\$id" got invalid value \["7"\]; ID cannot represent value: \["7"\]$/],
    [{ id: {} }, 'Variable "$id" got invalid value {}; ID cannot represent value: {}'],
  ])('%j do not fit', async (variables, message) => {
    const errors = (await refusals('query ($id: ID!) { contact(id: $id) { id } }', variables)) as {
      message: string
      extensions: object
    }[]
    expect(errors).toEqual([
      {
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        locations: [{ line: 1, column: 8 }],
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      },
    ])
  })

  test.each(['include', 'skip'])('null for @%s is refused, on fields and fragments', async (directive) => {
    const message = 'Argument "if" of non-null type "Boolean!" must not be null.'
    for (const selection of [
      'me @D(if: $x) { role }',
      '... @D(if: $x) { me { role } }',
      'me { tenant { id @D(if: $x) } }',
    ]) {
      const query = `query ($x: Boolean = true) { ${selection.replace('D', directive)} }`
      expect(await refusals(query, { x: null })).toEqual(refusal(`@${directive}`, message))
    }
    expect(desk.api.faults).toEqual([])
  })

  test('five errors are reported at most', async () => {
    const rows = Array.from({ length: 20 }, () => ({ email: 1 }))
    const query = 'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } } }'
    const errors = (await refusals(query, { input: { emailAddresses: rows } })) as unknown[]
    expect(errors).toHaveLength(6)
    expect(errors.at(-1)).toEqual({
      message: 'Too many errors processing variables, error limit reached. Execution aborted.',
      extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
    })
    expect(desk.api.faults).toEqual([])
  })
})
