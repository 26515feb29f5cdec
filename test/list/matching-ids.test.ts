import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { MAX_MATCHING_IDS } from '../../src/list/matching-ids.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

const PAGE_SIZE = 200
const PAGE = `query ($filter: ContactFilter, $direction: OrderDirection!, $after: String) {
  contacts(filter: $filter, orderBy: [{ field: LAST_NAME, direction: $direction }], first: ${PAGE_SIZE}, after: $after) {
    totalCount(max: 10000) nodes { lastName } pageInfo { hasNextPage endCursor }
  }
}`

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

/** A tenant of contacts with these last names, of which every second one works for Acme. */
async function openNamed(lastNames: readonly string[]): Promise<Principal> {
  const { tenant, admin } = await openTenant(desk)
  const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
  await desk.sql(
    `insert into contacts (tenant_id, id, last_name, company_id, created_at, updated_at)
      select $1, id, name, case when n % 2 = 0 then $4::uuid end, now(), now()
      from unnest($2::uuid[], $3::text[]) with ordinality as c (id, name, n)`,
    [tenant.settings.id, lastNames.map(() => randomUUID()), lastNames, company.id],
  )
  return admin
}

/** All last names of a list, page by page, and its count. */
async function walk(admin: Principal, filter: object, direction: string): Promise<{ names: string[]; total: number }> {
  const names: string[] = []
  let after: string | null = null
  for (;;) {
    const { contacts } = await desk.ask(admin, PAGE, { filter, direction, after })
    names.push(...contacts.nodes.map(({ lastName }: { lastName: string }) => lastName))
    if (!contacts.pageInfo.hasNextPage) return { names, total: contacts.totalCount }
    after = contacts.pageInfo.endCursor
  }
}

// Up to MAX_MATCHING_IDS rows are found by the filter first and sorted then; of one more, the order's index is read.
const COUNTS = [MAX_MATCHING_IDS - 1, MAX_MATCHING_IDS, MAX_MATCHING_IDS + 1]

describe.each(COUNTS)('a filter that matches %d rows loses none', (count) => {
  const found = Array.from({ length: count }, (_, i) => `Hanna ${String(i).padStart(4, '0')}`)
  const filters: [string, object][] = [
    ['a part of a text', { lastName: { contains: 'anna' } }],
    ['one of two', { or: [{ lastName: { contains: 'anna' } }, { company: { name: { eq: 'Nobody' } } }] }],
    [
      'each found by both',
      {
        lastName: { contains: 'anna' },
        or: [{ lastName: { startsWith: 'h' } }, { company: { name: { eq: 'Acme' } } }],
      },
    ],
  ]
  let admin: Principal

  beforeAll(async () => {
    admin = await openNamed([...found, 'Bert', 'Otto'])
  })

  test.each(filters)('%s', async (_, filter) => {
    expect(await walk(admin, filter, 'ASC')).toEqual({ names: found, total: count })
    expect(await walk(admin, filter, 'DESC')).toEqual({ names: found.toReversed(), total: count })
  })
})
