import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createDatabase, type Database, type DatabaseOptions } from '../../src/database/database.js'
import type { Principal } from '../../src/lib/principal.js'
import { createTestApi, type TestApi } from '../support/api.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

const RECORD = 'record { ... on Contact { fullName } ... on Company { name } }'
const SEARCH = `query ($query: String!, $types: [SearchType!], $first: Int, $after: String) {
  search(query: $query, types: $types, first: $first, after: $after) {
    isPartial nodes { ${RECORD} matches { field text } } pageInfo { endCursor }
  }
}`

let desk: Desk
/** Tenants that are alike but for the number of contacts and companies. */
let one: Principal
let many: Principal

async function openFilled(count: number): Promise<Principal> {
  const { admin } = await openTenant(desk)
  for (let i = 0; i < count; i++) {
    await desk.mutate(admin, 'createContact', { lastName: `Schmidt ${i}` })
    await desk.mutate(admin, 'createCompany', { name: `Schmidt ${i}` })
  }
  return admin
}

beforeAll(async () => {
  desk = await openDesk()
  one = await openFilled(1)
  many = await openFilled(30)
})

afterAll(() => desk.close())

async function labels(admin: Principal, variables: object, query = SEARCH): Promise<string[]> {
  const statements = await desk.api.statements(() => desk.ask(admin, query, { ...variables }))
  return statements.map(({ label }) => label).sort()
}

const ROWS = ['findCompaniesByIds', 'findContactsByIds']
const MATCHES = ['findCompanyMatches', 'findContactMatches']
const PLACES = ['search.companies', 'search.contacts']
const MISSPELT = ['searchMisspelt.companies', 'searchMisspelt.contacts']

describe('statements of a search, as many for one row as for thirty', () => {
  const cases: [string, object, string[]][] = [
    ['places, rows and matches of each type', { query: 'schmidt' }, [...MATCHES, ...PLACES, ...ROWS]],
    [
      'one type',
      { query: 'schmidt', types: ['CONTACT'] },
      ['findContactMatches', 'findContactsByIds', 'search.contacts'],
    ],
    ['what is spelt alike', { query: 'schmitd' }, [...MATCHES, ...PLACES, ...MISSPELT, ...ROWS]],
    ['nothing found', { query: 'xylophone' }, [...PLACES, ...MISSPELT]],
    ['an address, which nobody misspells', { query: 'a@example.com' }, PLACES],
    ['nothing asked for', { query: ' %_\\ ' }, []],
    ['no type', { query: 'schmidt', types: [] }, []],
  ]

  test.each(cases)('%s', async (_, variables, expected) => {
    expect(await labels(one, variables)).toEqual([...expected].sort())
    expect(await labels(many, variables)).toEqual([...expected].sort())
  })

  test('one prepared text serves all searches for a word, and pages of all sizes', async () => {
    const textsOf = async (variables: object): Promise<string[]> => {
      const sent = await desk.api.statements(() => desk.ask(many, SEARCH, { ...variables }))
      return sent.flatMap(({ label, text }) => (PLACES.includes(label) ? [text] : [])).sort()
    }
    const texts = await textsOf({ query: 'schmidt' })
    expect(texts).toHaveLength(2)
    expect(await textsOf({ query: 'Kowalsky', first: 5 })).toEqual(texts)
    expect(await textsOf({ query: 'schmidt kowalsky' })).not.toEqual(texts)
  })

  test('matches are read only when they are selected, rows only for what is', async () => {
    const query = `query ($query: String!) { search(query: $query) { nodes { ${RECORD} } } }`
    expect(await labels(many, { query: 'schmidt' }, query)).toEqual([...ROWS, ...PLACES].sort())
  })

  test('behind a place among words that are spelt alike, better ones are not looked for', async () => {
    const { search } = await desk.ask(many, SEARCH, { query: 'schmitd', first: 10 })
    const after = search.pageInfo.endCursor
    expect(await labels(many, { query: 'schmitd', first: 10, after })).toEqual(
      [...MATCHES, ...MISSPELT, ...ROWS].sort(),
    )
  })
})

/** A database in which the searches of some labels take longer than a statement may. */
function openSlow(options: DatabaseOptions, labels: readonly string[]): Database {
  const database = createDatabase({ ...options, timeouts: { ...options.timeouts, statementTimeoutMs: 200 } })
  const slow: Database = {
    ...database,
    until: () => slow,
    keys: (tenantId, statement) =>
      database.keys(
        tenantId,
        labels.includes(statement.label) ? { ...statement, text: 'select pg_sleep(10)', values: [] } : statement,
      ),
  }
  return slow
}

describe('when time runs out', () => {
  let admin: Principal

  beforeAll(async () => {
    ;({ admin } = await openTenant(desk))
    await desk.mutate(admin, 'createContact', { lastName: 'Kowalsky' })
    await desk.mutate(admin, 'createCompany', { name: 'Kowalski' })
  })

  async function searchSlowly(query: string, labels: readonly string[]): ReturnType<TestApi['run']> {
    const slow = createTestApi(desk.databaseUrl, (options) => openSlow(options, labels))
    try {
      return await slow.run(admin, SEARCH, { query })
    } finally {
      await slow.close()
    }
  }

  const kowalsky = { record: { fullName: 'Kowalsky' }, matches: [{ field: 'NAME', text: 'Kowalsky' }] }

  test.each([
    ['for one type, the other is there', 'kowalsky', 'search.companies', true],
    ['for spelling mistakes of one type, those of the other are there', 'kowalskie', 'searchMisspelt.companies', true],
    ['for spelling mistakes, what is there as written needs none', 'kowalsky', 'searchMisspelt.companies', false],
  ])('%s', async (_, query, label, isPartial) => {
    const answer = await searchSlowly(query, [label])
    expect(answer).toMatchObject({ data: { search: { isPartial, nodes: [kowalsky] } } })
    expect(answer.errors).toBeUndefined()
  })

  test.each([
    ['as written', PLACES],
    ['spelt alike', MISSPELT],
    ['of the only type that has something', ['searchMisspelt.companies', 'search.contacts']],
  ])('nobody is told that there is nothing: %s', async (_, labels) => {
    const answer = await searchSlowly('kowalskie', labels)
    expect(answer.data).toBeNull()
    expect(answer.errors?.[0]).toMatchObject({
      message: 'The search took too long; search for more of the word.',
      extensions: { code: 'TIMEOUT' },
    })
  })
})
