import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk
let admin: Principal
let companyId: string

const NAMES = ['Ada', 'Bob', 'Cy', 'Dan', 'Eve', 'Fay', 'Gil']

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin } = await openTenant(desk))
  const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
  companyId = company.id as string
  // Each pair was made in one moment, so that ids decide between them.
  for (const [index, firstName] of NAMES.entries()) {
    const lastName = index % 3 === 0 ? undefined : `L${index % 3}`
    await desk.mutate(admin, 'createContact', { firstName, lastName, companyId }, '', new Date(2026, 0, 1 + index / 2))
  }
})

afterAll(() => desk.close())

interface NamedPage {
  readonly edges: { cursor: string; node: { firstName: string } }[]
  readonly pageInfo: {
    hasNextPage: boolean
    hasPreviousPage: boolean
    startCursor: string | null
    endCursor: string | null
  }
}

const PAGE = 'edges { cursor node { firstName } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
const TYPES = 'query ($first: Int, $after: String, $last: Int, $before: String'
const GIVEN = 'first: $first, after: $after, last: $last, before: $before'

/** The two lists of the same contacts: at the root, and of their company, which has no offset. */
const LISTS = ['contacts', 'company.contacts'] as const

async function read(
  list: (typeof LISTS)[number],
  order: string,
  variables: Record<string, unknown>,
): Promise<NamedPage> {
  const args = order ? `${GIVEN}, orderBy: [${order}]` : GIVEN
  if (list === 'contacts') {
    const data = await desk.ask(
      admin,
      `${TYPES}, $offset: Int) { contacts(${args}, offset: $offset) { ${PAGE} } }`,
      variables,
    )
    return data['contacts'] as NamedPage
  }
  const query = `${TYPES}) { company(id: "${companyId}") { contacts(${args}) { ${PAGE} } } }`
  return (await desk.ask(admin, query, variables))['company'].contacts as NamedPage
}

const namesOf = ({ edges }: NamedPage): string[] => edges.map(({ node }) => node.firstName)

describe.each(LISTS)('%s', (list) => {
  describe.each([
    ['its own order', ''],
    ['names', '{ field: FIRST_NAME }'],
    ['nulls first', '{ field: LAST_NAME, nulls: FIRST }'],
    ['nulls last, downwards', '{ field: LAST_NAME, direction: DESC }, { field: FIRST_NAME, direction: DESC }'],
    ["a company's name", '{ field: COMPANY_NAME }, { field: FIRST_NAME }'],
  ])('by %s', (_, order) => {
    test.each([1, 2, 3, 7, 200])('read backwards, %i at a time, has each row once, in the same order', async (last) => {
      const whole = namesOf(await read(list, order, { first: 200 }))
      expect([...whole].sort()).toEqual(NAMES)
      const pages: string[][] = []
      let before: string | null = null
      do {
        const page: NamedPage = await read(list, order, { last, before })
        const { edges, pageInfo } = page
        pages.unshift(namesOf(page))
        expect(pageInfo.hasNextPage).toBe(before !== null)
        expect(pageInfo.hasPreviousPage).toBe(pages.flat().length < whole.length)
        expect([pageInfo.startCursor === null, pageInfo.endCursor === null]).toEqual([false, false])
        expect(edges.length).toBeLessThanOrEqual(last)
        before = pageInfo.hasPreviousPage ? pageInfo.startCursor : null
      } while (before !== null)
      expect(pages.flat()).toEqual(whole)
    })

    test('every cursor parts the list in two', async () => {
      const whole = await read(list, order, { first: 200 })
      for (const [index, { cursor }] of whole.edges.entries()) {
        expect(namesOf(await read(list, order, { before: cursor }))).toEqual(namesOf(whole).slice(0, index))
        expect(namesOf(await read(list, order, { after: cursor }))).toEqual(namesOf(whole).slice(index + 1))
        expect(namesOf(await read(list, order, { last: 2, before: cursor }))).toEqual(
          namesOf(whole).slice(Math.max(index - 2, 0), index),
        )
      }
    })
  })

  test('last: 0 says whether there are rows', async () => {
    const pageInfo = { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null }
    expect(await read(list, '', { last: 0 })).toEqual({ edges: [], pageInfo })
  })

  test('last beyond the number of rows has all, and nothing before', async () => {
    const { edges, pageInfo } = await read(list, '', { last: 8 })
    expect(edges).toHaveLength(7)
    expect([pageInfo.hasNextPage, pageInfo.hasPreviousPage]).toEqual([false, false])
  })
})

describe('offset', () => {
  test.each([
    ['{ field: FIRST_NAME }', NAMES],
    ['{ field: LAST_NAME, nulls: FIRST }, { field: FIRST_NAME }', ['Ada', 'Dan', 'Gil', 'Bob', 'Eve', 'Cy', 'Fay']],
    ['{ field: COMPANY_NAME }, { field: FIRST_NAME, direction: DESC }', [...NAMES].reverse()],
  ])('skips rows of the order %s', async (order, whole) => {
    for (const offset of [0, 1, 3, 6, 7, 8, 10_000]) {
      for (const first of [0, 1, 2, 200]) {
        const page = await read('contacts', order, { first, offset })
        expect(namesOf(page)).toEqual(whole.slice(offset, offset + first))
        expect(page.pageInfo).toMatchObject({ hasNextPage: whole.length > offset + first, hasPreviousPage: offset > 0 })
      }
    }
  })

  test('is where cursors go on from', async () => {
    const order = '{ field: FIRST_NAME }'
    const { pageInfo } = await read('contacts', order, { first: 2, offset: 3 })
    expect(namesOf(await read('contacts', order, { first: 2, after: pageInfo.endCursor }))).toEqual(['Fay', 'Gil'])
    expect(namesOf(await read('contacts', order, { last: 2, before: pageInfo.startCursor }))).toEqual(['Bob', 'Cy'])
  })

  test('skips rows that fit the filter', async () => {
    const filter = 'filter: { lastName: { isNull: false } }, orderBy: [{ field: FIRST_NAME }]'
    expect(
      await desk.ask(admin, `{ contacts(${filter}, offset: 1, first: 2) { nodes { firstName } totalCount } }`),
    ).toEqual({
      contacts: { nodes: [{ firstName: 'Cy' }, { firstName: 'Eve' }], totalCount: 4 },
    })
  })
})

describe('counts', () => {
  const COUNTS = `six: totalCount(max: 6) sixIsExact: totalCountIsExact(max: 6)
    seven: totalCount(max: 7) sevenIsExact: totalCountIsExact(max: 7) totalCount totalCountIsExact`
  const expected = { six: 6, sixIsExact: false, seven: 7, sevenIsExact: true, totalCount: 7, totalCountIsExact: true }

  test('say whether they were cut, at the root and of a company', async () => {
    expect(
      await desk.ask(admin, `{ contacts { ${COUNTS} } company(id: "${companyId}") { contacts { ${COUNTS} } } }`),
    ).toEqual({
      contacts: expected,
      company: { contacts: expected },
    })
  })

  test('are of the whole list under a filter, whatever the page', async () => {
    const filter = 'filter: { or: [{ lastName: { eq: "l1" } }, { company: { name: { ne: "Acme" } } }] }'
    const counts = 'totalCount one: totalCount(max: 1) oneIsExact: totalCountIsExact(max: 1) totalCountIsExact'
    const found = { totalCount: 2, one: 1, oneIsExact: false, totalCountIsExact: true }
    const query = `{ a: contacts(first: 0, ${filter}) { ${counts} } b: contacts(last: 1, ${filter}) { ${counts} }
      c: contacts(offset: 5, ${filter}) { ${counts} } company(id: "${companyId}") { contacts(last: 1, ${filter}) { ${counts} } } }`
    expect(await desk.ask(admin, query)).toEqual({ a: found, b: found, c: found, company: { contacts: found } })
  })

  test('of nothing are exact', async () => {
    const filter = 'filter: { or: [] }'
    expect(await desk.ask(admin, `{ contacts(${filter}) { totalCount totalCountIsExact(max: 1) } }`)).toEqual({
      contacts: { totalCount: 0, totalCountIsExact: true },
    })
  })

  test('are estimated from statistics, those of a company counted', async () => {
    await desk.sql('analyze contacts')
    const query = `{ contacts { estimatedCount } company(id: "${companyId}") { contacts { estimatedCount } } }`
    expect(await desk.ask(admin, query)).toEqual({
      contacts: { estimatedCount: 7 },
      company: { contacts: { estimatedCount: 7 } },
    })
  })
})
