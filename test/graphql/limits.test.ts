import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin } = await openTenant(desk))
})

afterAll(() => desk.close())

/** What a request is answered with, and that no statement ran where it is refused. */
async function answerTo(query: string, variables: Record<string, unknown> = {}) {
  let answer: Awaited<ReturnType<Desk['api']['run']>> | undefined
  const statements = await desk.api.statements(async () => {
    answer = await desk.api.run(admin, query, variables)
  })
  const { errors, status, extensions } = answer as NonNullable<typeof answer>
  if (errors) expect(statements).toEqual([])
  return { error: errors?.[0], count: errors?.length ?? 0, status, cost: extensions?.['cost']?.requested }
}

const costOf = async (query: string, variables?: Record<string, unknown>) => (await answerTo(query, variables)).cost

describe('the cost of a request', () => {
  test.each([
    ['{ me { role } }', 1],
    ['{ contacts { totalCount } }', 1 + 10],
    ['{ contacts { totalCount(max: 1000000) } }', 1 + 1000],
    ['{ contacts { nodes { id firstName } } }', 1 + 50],
    ['{ contacts(first: 7) { nodes { id } } }', 1 + 7],
    ['{ contacts(last: 7) { edges { cursor node { id } } } }', 1 + 7 * 2],
    ['{ contacts(first: 0) { pageInfo { hasNextPage } } }', 1 + 1],
    ['{ contacts(first: 200) { nodes { firstName notes company { name } } } }', 1401],
    ['{ contacts(first: 10) { nodes { emailAddresses { email } phoneNumbers { number } } } }', 1 + 10 * 7],
    ['{ companies(first: 10) { nodes { contacts(first: 5) { nodes { id } } } } }', 1 + 10 * (1 + 1 + 5)],
    ['{ companies(first: 10) { nodes { contacts { totalCount(max: 1000) } } } }', 1 + 10 * (1 + 1 + 1)],
    ['{ search(query: "x", first: 10) { nodes { record { ... on Contact { id } } matches { text } } } }', 101 + 10 * 5],
    ['{ contacts(first: 3, search: "x") { nodes { id } } }', 101 + 3],
    ['{ contacts(first: 10) { nodes { a: id b: __typename id } } }', 1 + 10 + 2],
    ['{ __schema { types { name } } }', 0],
  ])('of %s is %i', async (query, cost) => {
    expect(await costOf(query)).toBe(cost)
  })

  test('goes by variables, their defaults and directives', async () => {
    const query = `query ($first: Int = 20, $with: Boolean = false) {
      contacts(first: $first) { nodes { company @include(if: $with) { name } } } }`
    expect(await costOf(query)).toBe(21)
    expect(await costOf(query, { first: 4 })).toBe(5)
    expect(await costOf(query, { first: 4, with: true })).toBe(9)
  })

  test('counts a fragment each time it is spread, in linear time', async () => {
    const some = '{ contacts(first: 10) { nodes { ...A ...A } } } fragment A on Contact { company { name } }'
    expect(await costOf(some)).toBe(1 + 10 * 3)
    const levels = Array.from(
      { length: 9 },
      (_, index) => `fragment F${index} on Company { ...F${index + 1} ...F${index + 1} }`,
    )
    const bomb = `{ companies(first: 1) { nodes { ...F0 } } } ${levels.join(' ')} fragment F9 on Company { assignedTo { name } }`
    expect(await costOf(bomb)).toBe(1 + 1 + 2 ** 9)
  })
})

describe('a request that asks for too much is refused before any statement', () => {
  const companies =
    'companies(first: 50) { nodes { contacts(first: 50) { nodes { company { contacts(first: 50) { nodes { id } } } } } } }'

  test('by its cost, with the largest page that fits', async () => {
    const { error, status, cost } = await answerTo(`{ ${companies} }`)
    const requested = 1 + 50 * (1 + 1 + 50 * (1 + 1 + 1 + 50))
    expect(cost).toBe(requested)
    expect({ error, status }).toMatchObject({
      status: 400,
      error: {
        message:
          'The request costs 132,601, about one for each object of its answer; 20,000 are allowed. `companies` fits with `first: 7`.',
        extensions: { code: 'LIMIT_COST', limit: 20_000, requested, field: 'companies', maxFirst: 7 },
      },
    })
    expect((await answerTo(`{ ${companies.replace('first: 50', 'first: 7')} }`)).error).toBeUndefined()
    expect((await answerTo(`{ ${companies.replace('first: 50', 'first: 8')} }`)).error?.extensions?.['code']).toBe(
      'LIMIT_COST',
    )
  })

  test('the one small request that held a server for 97 seconds', async () => {
    const inner = 'contacts(first: 200) { nodes { company { contacts(first: 200) { nodes { id } } } } }'
    const { error, count } = await answerTo(`{ companies(first: 200) { nodes { ${inner} } } }`)
    expect(count).toBe(1)
    expect(error?.extensions).toMatchObject({ code: 'LIMIT_COST', requested: 8_120_401, field: 'companies' })
    expect(error?.extensions?.['maxFirst']).toBeUndefined()
  })

  test('twenty times the notes of 200 contacts', async () => {
    const notes = Array.from({ length: 20 }, (_, index) => `n${index}: notes`)
    const { error } = await answerTo(`{ contacts(first: 200) { nodes { ${notes.join(' ')} } } }`)
    expect(error?.extensions).toMatchObject({ code: 'LIMIT_COST', requested: 20_601, field: 'contacts', maxFirst: 194 })
  })

  test.each([
    ['LIMIT_ALIASES', 51, 50, 'aliases', `{ me { ${Array.from({ length: 51 }, (_, i) => `a${i}: role`).join(' ')} } }`],
    [
      'LIMIT_ROOT_FIELDS',
      11,
      10,
      'fields at the root',
      `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: me { role }`).join(' ')} }`,
    ],
    [
      'LIMIT_MUTATIONS',
      6,
      5,
      'mutations',
      `mutation { ${Array.from({ length: 6 }, (_, i) => `a${i}: createIndustry(input: { name: "${i}" }) { userErrors { code } }`).join(' ')} }`,
    ],
    [
      'LIMIT_DEPTH',
      13,
      12,
      'levels of selections',
      '{ companies(first: 1) { nodes { contacts(first: 1) { nodes { company { contacts(first: 1) { nodes { company { contacts(first: 1) { nodes { company { industry { name } } } } } } } } } } } } }',
    ],
    [
      'LIMIT_DEPTH',
      21,
      20,
      'levels of introspection',
      `{ __type(name: "Contact") { fields { type { ${'ofType { '.repeat(17)} name ${'} '.repeat(17)} } } } }`,
    ],
  ])('%s: %i where %i are allowed, %s', async (code, requested, limit, what, query) => {
    const { error, status } = await answerTo(query)
    expect({ message: error?.message, extensions: error?.extensions, status }).toMatchObject({
      message: `The request has ${requested} ${what}; ${limit} are allowed.`,
      extensions: { code, requested, limit },
      status: 400,
    })
  })

  test('what is right at the limits passes', async () => {
    const aliases = Array.from({ length: 50 }, (_, i) => `a${i}: role`).join(' ')
    expect((await answerTo(`{ me { ${aliases} } }`)).error).toBeUndefined()
    const roots = Array.from({ length: 10 }, (_, i) => `a${i}: me { role }`).join(' ')
    expect((await answerTo(`{ ${roots} }`)).error).toBeUndefined()
    const five = `{ contacts(first: 200) { nodes { id company { name } owner { name } emailAddresses { email }
      phoneNumbers { number } addresses { city } } } }`
    expect(await costOf(five)).toBe(1 + 200 * (1 + 2 + 9))
  })
})
