import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, plain, refusedErrors, type Desk } from '../support/desk.js'
import { CURSOR_FORM, nested, numbers, REFUSED, TOO_MANY } from '../whole/lists/support/refused-arguments.js'
import { argumentsText, waysToAsk, type Request } from '../whole/lists/support/refusals.js'

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin } = await openTenant(desk))
  for (const name of ['Acme', 'Emca']) {
    const { company } = await desk.mutate(admin, 'createCompany', { name }, 'company { id }')
    for (const firstName of ['Ada', 'Grace'])
      await desk.mutate(admin, 'createContact', { firstName, companyId: company.id })
  }
})

afterAll(() => desk.close())

/** The errors of a request that must be refused as a whole: status 400, no data, not one statement. */
async function refusals({ query, variables }: Request): Promise<unknown> {
  return refusedErrors(desk, admin, query, variables)
}

const refusal = (field: string, message: string, code = 'BAD_USER_INPUT') => [
  { message, extensions: { code, field, requestId: expect.any(String) } },
]

describe('arguments of lists are refused as a whole, before any statement, with their place', () => {
  test.each(REFUSED)('%j', async (args, place, message) => {
    for (const [way, name, request] of waysToAsk(args as Record<string, unknown>)) {
      expect({ way, errors: await refusals(request) }).toEqual({ way, errors: refusal(`${name}.${place}`, message) })
    }
  })

  test('in the literals of a document too', async () => {
    const literals = REFUSED.filter(([args]) => !/\\u0000|\\ud[8c]00|null/.test(JSON.stringify(args)))
    for (const [args, place, message] of literals) {
      const text = argumentsText('contacts', args as Record<string, unknown>)
      const query = `{ some: contacts(${text}) { pageInfo { hasNextPage } } }`
      expect({ text, errors: await refusals({ query, variables: {} }) }).toEqual({
        text,
        errors: refusal(`some.${place}`, message),
      })
    }
    expect(literals.length).toBeGreaterThan(40)
  })

  test.each(['users', 'industries', 'companySizes', 'companies'])('in %s as well', async (list) => {
    const query = `{ ${list}(filter: { not: { name: { in: [${numbers(251)
      .map((n) => `"${n}"`)
      .join(' ')}] } } }) { totalCount } }`
    expect(await refusals({ query, variables: {} })).toEqual(refusal(`${list}.filter.not.name.in`, TOO_MANY))
    const order = `{ ${list}(orderBy: [{ field: NAME }, { field: ID }, { field: NAME }]) { totalCount } }`
    expect(await refusals({ query: order, variables: {} })).toEqual(
      refusal(`${list}.orderBy.2.field`, 'The order has NAME twice.'),
    )
  })

  test('at the limits they are not', async () => {
    const accepted: Record<string, unknown>[] = [
      { first: 0 },
      { last: 200 },
      { offset: 10_000 },
      { search: '👩'.repeat(500) },
      { filter: null, orderBy: null, first: null, after: null, last: null, before: null, offset: null, search: null },
      { filter: { version: { in: numbers(250) } } },
      { filter: { and: numbers(249).map(() => ({})) } },
      { filter: { or: numbers(50).map((eq) => ({ version: { eq } })) } },
      { filter: nested(5) },
      { filter: { company: { contacts: { some: { emailAddresses: { every: {} } } } } } },
      { filter: { firstName: { eq: 'Ada', caseSensitive: null } } },
      { filter: { createdAt: { withinDays: 36_500, olderThanDays: -36_500 } } },
      { orderBy: ['ID', 'VERSION', 'FULL_NAME', 'FIRST_NAME', 'LAST_NAME'].map((field) => ({ field })) },
    ]
    for (const args of accepted) {
      for (const [, , { query, variables }] of waysToAsk(args)) {
        expect((await desk.api.run(admin, query, variables)).errors).toBeUndefined()
      }
    }
  })
})

describe('what does not fit the schema', () => {
  const inDocument: [string, string][] = [
    ['filter: { shoeSize: { eq: 1 } }', 'Field "shoeSize" is not defined by type "ContactFilter".'],
    ['filter: { version: { eq: "1" } }', 'Int cannot represent non-integer value: "1"'],
    ['filter: { firstName: { eq: 1 } }', 'String cannot represent a non string value: 1'],
    ['filter: { firstName: { like: "%" } }', 'Field "like" is not defined by type "StringFilter".'],
    ['filter: { company: { some: {} } }', 'Field "some" is not defined by type "CompanyFilter".'],
    ['filter: { birthDate: { contains: "1" } }', 'Field "contains" is not defined by type "DateFilter".'],
    ['filter: { version: { between: { from: 1 } } }', 'Field "IntRange.to" of required type "Int!" was not provided.'],
    ['filter: { or: [null] }', 'Expected value of type "ContactFilter!", found null.'],
    ['orderBy: [{ field: NOTES }]', 'Value "NOTES" does not exist in "ContactOrderField" enum.'],
    [
      'filter: { customFields: [{ isNull: true }] }',
      'Field "CustomFieldFilter.key" of required type "String!" was not provided.',
    ],
    ['limit: 5', 'Unknown argument "limit" on field "Query.contacts".'],
  ]

  test.each(inDocument)('%s is refused by validation', async (args, message) => {
    expect(await refusals({ query: `{ contacts(${args}) { totalCount } }`, variables: {} })).toEqual([
      {
        message: expect.stringContaining(message),
        locations: expect.any(Array),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) },
      },
    ])
  })

  const inVariables: [object, string][] = [
    [{ shoeSize: { eq: 1 } }, 'Field "shoeSize" is not defined by type "ContactFilter".'],
    [{ version: { eq: '1' } }, 'Int cannot represent non-integer value: "1"'],
    [{ firstName: { eq: 1 } }, 'String cannot represent a non string value: 1'],
    [{ emailOptIn: { eq: 'yes' } }, 'Boolean cannot represent a non boolean value: "yes"'],
    [{ company: { status: { eq: 'DEAD' } } }, 'Value "DEAD" does not exist in "CompanyStatus" enum.'],
    [{ version: { in: [1, null] } }, 'Expected non-nullable type "Int!" not to be null.'],
    [{ or: [null] }, 'Expected non-nullable type "ContactFilter!" not to be null.'],
  ]

  test.each(inVariables)('%j in a variable is bad input', async (filter, message) => {
    const query = 'query ($filter: ContactFilter) { contacts(filter: $filter) { totalCount } }'
    expect(await refusals({ query, variables: { filter } })).toEqual([
      {
        message: expect.stringContaining(message),
        locations: expect.any(Array),
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      },
    ])
  })
})

describe('cursors', () => {
  const QUERY = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: ContactFilter, $orderBy: [ContactOrder!],
    $search: String) { contacts(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy,
    search: $search) { nodes { firstName } pageInfo { startCursor endCursor } } }`
  const LIST = {
    filter: { firstName: { gte: 'A' } },
    orderBy: [{ field: 'FIRST_NAME' }, { field: 'VERSION', nulls: 'FIRST' }],
  }
  const OTHERS: [string, object][] = [
    ['no filter', { ...LIST, filter: null }],
    ['another filter', { ...LIST, filter: { firstName: { gte: 'B' } } }],
    ['the same filter written otherwise', { ...LIST, filter: { and: [LIST.filter] } }],
    ['no order', { ...LIST, orderBy: null }],
    ['another direction', { ...LIST, orderBy: [{ field: 'FIRST_NAME', direction: 'DESC' }, LIST.orderBy[1]] }],
    ['other nulls', { ...LIST, orderBy: [{ field: 'FIRST_NAME' }, { field: 'VERSION' }] }],
    ['fewer steps', { ...LIST, orderBy: LIST.orderBy.slice(0, 1) }],
    ['another search', { ...LIST, search: 'ada' }],
  ]

  async function cursorOfList(): Promise<string> {
    const { contacts } = await desk.ask(admin, QUERY, { ...LIST, first: 2 })
    expect(contacts.nodes).toEqual([{ firstName: 'Ada' }, { firstName: 'Ada' }])
    return contacts.pageInfo.endCursor as string
  }

  test('go on in their own list, both ways', async () => {
    const cursor = await cursorOfList()
    const next = await desk.ask(admin, QUERY, { ...LIST, after: cursor })
    expect(next['contacts'].nodes).toEqual([{ firstName: 'Grace' }, { firstName: 'Grace' }])
    const previous = await desk.ask(admin, QUERY, { ...LIST, before: cursor })
    expect(previous['contacts'].nodes).toEqual([{ firstName: 'Ada' }])
  })

  test.each(OTHERS)('are refused under %s, before any statement', async (_, other) => {
    const cursor = await cursorOfList()
    for (const side of ['after', 'before']) {
      const statements = await desk.api.statements(async () => {
        const { data, errors } = await desk.api.run(admin, QUERY, { ...other, [side]: cursor })
        expect(data).toBeNull()
        expect(plain(errors)).toEqual([
          {
            message: 'The cursor is not one of this list.',
            locations: expect.any(Array),
            path: ['contacts'],
            extensions: { code: 'INVALID_CURSOR', field: side, requestId: expect.any(String) },
          },
        ])
      })
      expect(statements).toEqual([])
    }
  })

  test.each(['', 'x', `${CURSOR_FORM}=`, 'ä'.repeat(60), '\0'.repeat(60)])(
    'that can be none (%j) are refused as a whole',
    async (cursor) => {
      for (const side of ['after', 'before']) {
        for (const [way, name, request] of waysToAsk({ [side]: cursor })) {
          expect({ way, errors: await refusals(request) }).toEqual({
            way,
            errors: refusal(`${name}.${side}`, 'The cursor is not one of this list.', 'INVALID_CURSOR'),
          })
        }
      }
    },
  )
})

describe('signs that mean something elsewhere', () => {
  const NAMES = ['a%b', 'a_b', 'a\\b', "a'b", 'a"b', 'a*b', 'a.b', 'axb', 'a;--b', 'a$1b', 'a?b', 'a:b']

  test('stand for themselves in every text operator, folded and exact', async () => {
    const { admin: reader } = await openTenant(desk)
    for (const firstName of NAMES) await desk.mutate(reader, 'createContact', { firstName })
    const query = 'query ($filter: ContactFilter) { contacts(filter: $filter) { nodes { firstName } } }'
    const find = async (test: object): Promise<string[]> => {
      const { contacts } = await desk.ask(reader, query, { filter: { firstName: test } })
      return contacts.nodes.map((node: { firstName: string }) => node.firstName) as string[]
    }
    for (const name of NAMES) {
      const sign = name.slice(1, -1)
      for (const caseSensitive of [false, true]) {
        for (const test of [
          { eq: name },
          { in: [name] },
          { contains: sign },
          { startsWith: `a${sign}` },
          { endsWith: `${sign}b` },
          { between: { from: name, to: name } },
        ]) {
          expect({ test, found: await find({ ...test, caseSensitive }) }).toEqual({ test, found: [name] })
        }
      }
    }
  })
})
