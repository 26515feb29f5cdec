import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

/**
 * A contact as the test makes it, and in which rank a search should find its name and its address; 0 where it doesn't.
 */
interface Sample {
  readonly id: string
  readonly lastName: string
  readonly email: string
  readonly name: number
  readonly address: number
}

// More than an index may find for a search to read them whole: each rank is found by an access path of its own.
const COUNT = 3600
// Together more than 20,000 at the large domains: so many are no longer looked up one by one.
const ADDRESSES = 7
const NAMES = [
  { lastName: 'Ann', name: 1 },
  { lastName: 'Annabel', name: 2 },
  { lastName: 'Joann', name: 3 },
  { lastName: 'Bert', name: 0 },
]
const DOMAINS = [
  { domain: 'big.example', address: 1 },
  { domain: 'big.example.org', address: 2 },
  { domain: 'other.example', address: 0 },
]

let desk: Desk
let admin: Principal
let samples: readonly Sample[]

/** The i-th contact: seven names of ten are the word itself, seventeen addresses of twenty at the large domain. */
function sample(i: number): Sample {
  const { lastName, name } = NAMES[i % 10 < 6 ? 0 : (i % 10) - 6] as (typeof NAMES)[0]
  const kind = Math.floor(i / 10) % 20
  const { domain, address } = DOMAINS[kind < 2 ? 0 : kind < 19 ? 1 : 2] as (typeof DOMAINS)[0]
  return { id: randomUUID(), lastName, email: `x${i}@${domain}`, name, address }
}

async function insert(tenantId: string, rows: readonly Sample[]): Promise<void> {
  await desk.sql(
    `insert into contacts (tenant_id, id, last_name, department, created_at, updated_at)
      select $1, id, name, (array['Sales', 'Service'])[1 + n % 2], now(), now()
      from unnest($2::uuid[], $3::text[]) with ordinality as c (id, name, n)`,
    [tenantId, rows.map(({ id }) => id), rows.map(({ lastName }) => lastName)],
  )
  await desk.sql(
    `insert into email_addresses (tenant_id, id, created_at, updated_at, entity_type, entity_id, type, email, email_domain, is_primary, position)
      select $1, gen_random_uuid(), now(), now(), 'CONTACT', id, 'WORK', n || email, split_part(email, '@', 2), n = 1, n
      from unnest($2::uuid[], $3::text[]) as e (id, email), generate_series(1, $4::int) as n`,
    [tenantId, rows.map(({ id }) => id), rows.map(({ email }) => email), ADDRESSES],
  )
  await desk.sql(`select kith_refresh_contact_search($1, (select array_agg(id) from contacts where tenant_id = $1))`, [
    tenantId,
  ])
  // Longer than what an index has of a text.
  await desk.sql(`update contact_search set text = $3 || text where tenant_id = $1 and contact_id = any($2::uuid[])`, [
    tenantId,
    rows.flatMap(({ id }, i) => (i % 9 === 0 ? [id] : [])),
    ' word'.repeat(200),
  ])
}

beforeAll(async () => {
  desk = await openDesk()
  const own = await openTenant(desk)
  admin = own.admin
  samples = Array.from({ length: COUNT }, (_, i) => sample(i))
  await insert(own.tenant.settings.id, samples)
  const other = await openTenant(desk)
  await insert(
    other.tenant.settings.id,
    samples.map((row) => ({ ...row, id: randomUUID() })),
  )
  await desk.sql('analyze')
})

afterAll(() => desk.close())

type RankOf = (row: Sample) => number

/** Ids in the order of a search: better ranks first, then newer ids; what isn't found is left out. */
function expected(rankOf: RankOf): string[] {
  return samples
    .filter((row) => rankOf(row) > 0)
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id)
}

const atLarge: RankOf = ({ address }) => (address === 2 ? 1 : 0)
const both =
  (a: RankOf, b: RankOf): RankOf =>
  (row) =>
    a(row) > 0 && b(row) > 0 ? Math.max(a(row), b(row)) : 0
const byName: RankOf = ({ name }) => name
const byAddress: RankOf = ({ address }) => address
const SEARCHES: [string, RankOf][] = [
  ['ann', byName],
  ['annabel', ({ name }) => (name === 2 ? 1 : 0)],
  ['joann', ({ name }) => (name === 3 ? 1 : 0)],
  ['@big.example', byAddress],
  ['big.example', byAddress],
  ['@big.example.org', atLarge],
  ['ann @big.example', both(byName, byAddress)],
  ['big.example.org ann', both(byName, atLarge)],
  ['annabel @big.example.org', ({ name, address }) => (name === 2 && address === 2 ? 1 : 0)],
  ['ann @other.example', ({ name, address }) => (address === 0 ? name : 0)],
]

/** One page of ids and where the next one begins, in the direction of reading. */
type ReadPage = (cursor: string | null) => Promise<{ ids: string[]; next: string | null }>

async function walk(read: ReadPage): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<ReadPage>> = await read(cursor)
    ids.push(...page.ids)
    cursor = page.next
  } while (cursor !== null && ids.length <= COUNT)
  return ids
}

describe('among more than are sorted, a walk through all pages', () => {
  test.each(SEARCHES)('of search: %s', async (query, rankOf) => {
    const text = `query ($query: String!, $after: String) { search(query: $query, first: 200, after: $after) {
      isPartial nodes { record { ... on Contact { id } } } pageInfo { hasNextPage endCursor } } }`
    const walked = await walk(async (after) => {
      const { search } = await desk.ask(admin, text, { query, after })
      expect(search.isPartial).toBe(false)
      const { hasNextPage, endCursor } = search.pageInfo
      const ids = search.nodes.map(({ record }: { record: { id: string } }) => record.id)
      return { ids, next: hasNextPage ? endCursor : null }
    })
    expect(walked).toEqual(expected(rankOf))
  })

  test.each([
    ['many rows: all ranks at once, then each alone', 'ann', ['search.contacts', 'searchEachRank.contacts']],
    ['many addresses', '@big.example', ['search.contacts', 'searchEachRank.contacts']],
    ['few rows', 'annabel x19', ['search.contacts']],
  ])('takes the statements for %s', async (_, query, labels) => {
    const text = `query ($query: String!) { search(query: $query, types: [CONTACT], first: 1) { pageInfo { hasNextPage } } }`
    const sent = await desk.api.statements(() => desk.ask(admin, text, { query }))
    const places = sent.map(({ label }) => label).filter((label) => label.startsWith('search'))
    expect(places).toEqual(labels)
  })

  test.each(SEARCHES)('of contacts, from their end: %s', async (query, rankOf) => {
    const text = `query ($search: String!, $before: String) { contacts(search: $search, last: 200, before: $before) {
      nodes { id } pageInfo { hasPreviousPage startCursor } } }`
    const ids = expected(rankOf)
    const walked = await walk(async (before) => {
      const { contacts } = await desk.ask(admin, text, { search: query, before })
      const { hasPreviousPage, startCursor } = contacts.pageInfo
      const page = contacts.nodes.map(({ id }: { id: string }) => id).reverse()
      return { ids: page, next: hasPreviousPage ? startCursor : null }
    })
    expect(walked.reverse()).toEqual(ids)
  })

  test.each(SEARCHES.filter((_, i) => i % 3 === 0))('of contacts under a filter: %s', async (query, rankOf) => {
    const text = `query ($search: String!, $after: String) {
      contacts(search: $search, first: 200, after: $after, filter: { department: { eq: "Sales" } }) {
        nodes { id } pageInfo { hasNextPage endCursor } } }`
    const isSales = new Set(samples.filter((_, i) => i % 2 === 1).map(({ id }) => id))
    const ids = expected(rankOf).filter((id) => isSales.has(id))
    const walked = await walk(async (after) => {
      const { contacts } = await desk.ask(admin, text, { search: query, after })
      const { hasNextPage, endCursor } = contacts.pageInfo
      return { ids: contacts.nodes.map(({ id }: { id: string }) => id), next: hasNextPage ? endCursor : null }
    })
    expect(walked).toEqual(ids)
  })
})

test.each(SEARCHES)('a count, whole and cut off: %s', async (query, rankOf) => {
  const text = `query ($search: String!, $cut: Int!) { contacts(search: $search) { totalCount totalCountIsExact
    cut: totalCount(max: $cut) cutIsExact: totalCountIsExact(max: $cut) } }`
  const total = expected(rankOf).length
  const { contacts } = await desk.ask(admin, text, { search: query, cut: total - 1 })
  expect(contacts).toEqual({ totalCount: total, totalCountIsExact: true, cut: total - 1, cutIsExact: false })
})
