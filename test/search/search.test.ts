import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Principal } from '../../src/lib/principal.js'
import { createDatabase } from '../../src/database/database.js'
import { createTestApi, testDatabaseOptions } from '../support/api.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

interface Found {
  readonly record: { readonly fullName?: string; readonly name?: string }
  readonly matches: { readonly field: string; readonly text: string }[]
}

const SEARCH = `query ($query: String!, $types: [SearchType!], $first: Int, $after: String) {
  search(query: $query, types: $types, first: $first, after: $after) {
    isPartial
    nodes { record { ... on Contact { fullName } ... on Company { name } } matches { field text } }
    pageInfo { hasNextPage endCursor }
  }
}`

let desk: Desk
let admin: Principal

const email = (address: string) => ({ type: 'WORK', email: address })
const phone = (number: string) => ({ type: 'WORK', number })
const CONTACTS = [
  {
    firstName: 'John',
    lastName: 'Smith',
    emailAddresses: [email('john.smith@acme.example'), email('jsmith@home.example')],
  },
  { firstName: 'Michael', lastName: 'Kowalski', phoneNumbers: [phone('(202) 224-3441'), phone('+49 30 901820')] },
  { firstName: 'Sabine', lastName: 'Schmidt', emailAddresses: [email('info@müller.example')] },
  { firstName: 'Léa', lastName: 'Müller-Lüdenscheidt' },
  { firstName: '太郎', lastName: '横山' },
  { firstName: '民秀', lastName: '김' },
  { firstName: 'Smithson', lastName: 'Blacksmith' },
  { firstName: '100%', lastName: 'Sure_thing' },
  { firstName: 'Back\\slash', lastName: "O'Quote" },
]
const COMPANIES = [
  { name: 'Smith & Sons', legalName: 'Smith Holding GmbH', domain: 'smith-sons.co.uk' },
  { name: 'Ærø Shipping', emailAddresses: [email('office@aero.example')], phoneNumbers: [phone('+45 33 12 34 56')] },
  { name: '株式会社横山製作所' },
]

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin } = await openTenant(desk))
  const bait = await openTenant(desk)
  // The clock moves, so that newer ones are newer by their ids.
  let time = Date.parse('2026-01-01T00:00:00Z')
  for (const input of CONTACTS) {
    await desk.mutate(admin, 'createContact', input, '', new Date((time += 1000)))
    await desk.mutate(bait.admin, 'createContact', input, '', new Date(time))
  }
  for (const input of COMPANIES) await desk.mutate(admin, 'createCompany', input, '', new Date((time += 1000)))
})

afterAll(() => desk.close())

async function results(query: string, more: object = {}): Promise<Found[]> {
  const { search } = await desk.ask(admin, SEARCH, { query, ...more })
  expect(search.isPartial).toBe(false)
  return search.nodes
}

async function found(query: string, more: object = {}): Promise<(string | undefined)[]> {
  return (await results(query, more)).map(({ record }) => record.fullName ?? record.name)
}

describe('a search finds', () => {
  const cases: [string, string, string[]][] = [
    ['names in any order', 'smith john', ['John Smith']],
    ['beginnings of words', 'joh smi', ['John Smith']],
    [
      'whole words before beginnings before parts, newest first',
      'smith',
      ['Smith & Sons', 'John Smith', 'Smithson Blacksmith'],
    ],
    ['parts of three letters', 'ksm', ['Smithson Blacksmith']],
    ['without accents what has them', 'lea muller', ['Léa Müller-Lüdenscheidt']],
    ['with accents what has none', 'Jöhn Smíth', ['John Smith']],
    ['ligatures spelt out', 'aero shipping', ['Ærø Shipping']],
    ['the joined form', 'mullerludenscheidt', ['Léa Müller-Lüdenscheidt']],
    ['two Chinese or Japanese characters', '横山', ['株式会社横山製作所', '太郎 横山']],
    ['a name without its space, either way round', '横山太郎', ['太郎 横山']],
    ['the other way round', '太郎横山', ['太郎 横山']],
    ['characters inside of a long name', '製作', ['株式会社横山製作所']],
    ['characters before a family name of one', '民秀 김', ['民秀 김']],
    ['a whole e-mail address', 'john.smith@acme.example', ['John Smith']],
    ['the second address as well, whatever its case', 'JSmith@Home.example', ['John Smith']],
    ['the part before the @, without companies that are spelt alike', 'jsmith', ['John Smith']],
    ['its words', 'john.smith@', ['John Smith']],
    ['the beginning of an e-mail address', 'john.smith@ac', ['John Smith']],
    ['the same of the second address, whatever its case', 'JSMITH@h', ['John Smith']],
    ['the beginning of an e-mail address of a company', 'office@aero.ex', ['Ærø Shipping']],
    ['nothing by the beginning of another domain', 'jsmith@ac', []],
    ['nothing by the end of what stands before the @', 'smith@ac', []],
    ['a domain', 'home.example', ['John Smith']],
    ['a domain behind an @', '@aero.example', ['Ærø Shipping']],
    ['an international domain', 'müller.example', ['Sabine Schmidt']],
    ['a company by its domain', 'smith-sons.co.uk', ['Smith & Sons']],
    ['a company by its legal name', 'holding gmbh', ['Smith & Sons']],
    ['wildcards as characters: %', '100%', ['100% Sure_thing']],
    ['wildcards as characters: _', 'sure_thing', ['100% Sure_thing']],
    ['backslashes as characters', 'back\\slash', ["Back\\slash O'Quote"]],
    ['quotes as characters', "o'quote", ["Back\\slash O'Quote"]],
    ['nothing by wildcards', '%%%', []],
    ['nothing for nothing', '   ', []],
    ['nothing for punctuation', '!?.', []],
  ]

  test.each(cases)('%s: %s', async (_, query, names) => {
    expect(await found(query)).toEqual(names)
  })

  const slips = [
    ['jonh smith', 'John Smith'],
    ['schmitd', 'Sabine Schmidt'],
    ['kowalsky', 'Michael Kowalski'],
    ['micheal', 'Michael Kowalski'],
    ['mihcael kowalski', 'Michael Kowalski'],
    ['sbaine', 'Sabine Schmidt'],
    ['Koawlski', 'Michael Kowalski'],
    ['Ludenshceidt', 'Léa Müller-Lüdenscheidt'],
  ]

  test.each(slips)('%s, with a slip of the finger: %s', async (query, name) => {
    expect((await found(query))[0]).toBe(name)
  })

  const writings = [
    '(202) 224-3441',
    '+1 202 224 3441',
    '202.224.3441',
    '12022243441',
    '1-202-224-3441',
    '3441',
    '224 3441',
    '2243',
  ]

  test.each(writings)('a phone number written as %s', async (query) => {
    expect(await results(query)).toEqual([
      { record: { fullName: 'Michael Kowalski' }, matches: [{ field: 'PHONE', text: '(202) 224-3441' }] },
    ])
  })

  test('a number of another country with its own zero, and the second number of a person', async () => {
    expect(await found('030 901820')).toEqual(['Michael Kowalski'])
    expect(await found('+49 (0)30 901820')).toEqual(['Michael Kowalski'])
    expect(await found('33 12 34 56')).toEqual(['Ærø Shipping'])
  })

  test('what matched, and where', async () => {
    expect(await results('smith')).toEqual([
      {
        record: { name: 'Smith & Sons' },
        matches: [
          { field: 'NAME', text: 'Smith & Sons' },
          { field: 'LEGAL_NAME', text: 'Smith Holding GmbH' },
          { field: 'DOMAIN', text: 'smith-sons.co.uk' },
        ],
      },
      {
        record: { fullName: 'John Smith' },
        matches: [
          { field: 'NAME', text: 'John Smith' },
          { field: 'EMAIL', text: 'john.smith@acme.example' },
          { field: 'EMAIL', text: 'jsmith@home.example' },
        ],
      },
      { record: { fullName: 'Smithson Blacksmith' }, matches: [{ field: 'NAME', text: 'Smithson Blacksmith' }] },
    ])
  })

  test('one type alone where that is asked for', async () => {
    expect(await found('smith', { types: ['CONTACT'] })).toEqual(['John Smith', 'Smithson Blacksmith'])
    expect(await found('smith', { types: ['COMPANY'] })).toEqual(['Smith & Sons'])
    expect(await found('smith', { types: [] })).toEqual([])
  })
})

describe('pages of a search', () => {
  test('walked one by one are the whole, no row twice', async () => {
    for (const query of ['smith', 's', 'schmitd']) {
      const whole = await found(query)
      const walked: unknown[] = []
      let after: string | null = null
      do {
        const { search } = await desk.ask(admin, SEARCH, { query, first: 1, after })
        walked.push(...search.nodes.map(({ record }: Found) => record.fullName ?? record.name))
        after = search.pageInfo.hasNextPage ? search.pageInfo.endCursor : null
      } while (after !== null)
      expect(walked).toEqual(whole)
    }
  })

  test('a cursor is good for its own search alone', async () => {
    const { search } = await desk.ask(admin, SEARCH, { query: 'smith', first: 1 })
    const { errors } = await desk.api.run(admin, SEARCH, {
      query: 'schmidt',
      first: 1,
      after: search.pageInfo.endCursor,
    })
    expect(errors?.[0]).toMatchObject({ path: ['search'], extensions: { code: 'INVALID_CURSOR', field: 'after' } })
  })

  test('a deleted record is found no more, a restored one again', async () => {
    const contact = (await desk.mutate(admin, 'createContact', { lastName: 'Gonesoon' }, 'contact { id version }'))[
      'contact'
    ]
    expect(await found('gonesoon')).toEqual(['Gonesoon'])
    await desk.mutate(admin, 'deleteContact', contact)
    expect(await found('gonesoon')).toEqual([])
    await desk.mutate(admin, 'restoreContact', { id: contact.id })
    expect(await found('gonesoon')).toEqual(['Gonesoon'])
    await desk.mutate(admin, 'destroyContact', { id: contact.id })
    expect(await found('gonesoon')).toEqual([])
  })
})

describe('lists narrowed by a search', () => {
  const names = async (args: string): Promise<unknown> => {
    const { contacts } = await desk.ask(
      admin,
      `{ contacts(${args}) { totalCount totalCountIsExact isPartial nodes { fullName } } }`,
    )
    return { ...contacts, nodes: contacts.nodes.map((node: { fullName: string }) => node.fullName) }
  }
  const whole = (nodes: string[]) => ({ totalCount: nodes.length, totalCountIsExact: true, isPartial: false, nodes })

  test('best first, in an order, with a filter, from the end', async () => {
    expect(await names('search: "smith"')).toEqual(whole(['John Smith', 'Smithson Blacksmith']))
    expect(await names('search: "smith", orderBy: [{ field: FIRST_NAME, direction: DESC }]')).toEqual(
      whole(['Smithson Blacksmith', 'John Smith']),
    )
    expect(await names('search: "smith", filter: { lastName: { startsWith: "black" } }')).toEqual(
      whole(['Smithson Blacksmith']),
    )
    expect(await names('search: "smith", last: 1')).toEqual({ ...whole(['Smithson Blacksmith']), totalCount: 2 })
    expect(await names('search: "smith", offset: 1')).toEqual({ ...whole(['Smithson Blacksmith']), totalCount: 2 })
    expect(await names('search: "schmitd"')).toEqual(whole(['Sabine Schmidt']))
    expect(await names('search: "schmitd", orderBy: [{ field: ID }]')).toEqual(whole([]))
    expect(await names('search: " "')).toMatchObject({ totalCount: CONTACTS.length })
  })

  test('statements: ids with the count, and rows', async () => {
    const labels = async (query: string): Promise<string[]> =>
      (await desk.api.statements(() => desk.ask(admin, query))).map(({ label }) => label).sort()
    expect(await labels('{ contacts(search: "smith", orderBy: [{ field: ID }]) { totalCount nodes { id } } }')).toEqual(
      ['findContactsByIds', 'list.contacts'],
    )
    expect(await labels('{ search(query: "100%") { nodes { record { ... on Contact { id } } } } }')).toContain(
      'search.contacts',
    )
  })
})

describe('when time runs out', () => {
  test('what was found is said to be a part; where nothing could be read, that is said instead', async () => {
    const options = testDatabaseOptions(desk.databaseUrl)
    const hasty = createTestApi(desk.databaseUrl, (given) =>
      createDatabase({ ...given, ...options, timeouts: { ...options.timeouts, statementTimeoutMs: 400 } }),
    )
    const blocker = new pg.Client({ connectionString: desk.adminUrl })
    await blocker.connect()
    try {
      await blocker.query('begin; lock table company_search in access exclusive mode')
      const partial = await hasty.run(admin, SEARCH, { query: 'smith' })
      expect(partial.errors).toBeUndefined()
      expect(partial.data?.['search']).toMatchObject({
        isPartial: true,
        nodes: [{ record: { fullName: 'John Smith' } }, { record: { fullName: 'Smithson Blacksmith' } }],
      })
      await blocker.query('lock table contact_search in access exclusive mode')
      const nothing = await hasty.run(admin, SEARCH, { query: 'smith' })
      expect(nothing.errors?.map(({ extensions }) => extensions?.['code'])).toContain('TIMEOUT')
      const list = await hasty.run(admin, '{ contacts(search: "smith") { nodes { id } } }')
      expect(list.errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['TIMEOUT'])
    } finally {
      await blocker.query('rollback')
      await blocker.end()
      await hasty.close()
    }
  })
})
