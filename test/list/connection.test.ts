import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

/**
 * Inserts contacts of one tenant, `perMoment` of them at each moment, and returns their ids in the order of the list.
 */
async function insertContacts(
  tenantId: string,
  count: number,
  perMoment: number,
  companyId: string | null = null,
): Promise<string[]> {
  await desk.sql(
    `insert into contacts (tenant_id, id, first_name, company_id, created_at, updated_at)
      select $1, gen_random_uuid(), 'Contact ' || n, $4, moment, moment
      from generate_series(0, $2 - 1) as n, lateral (select timestamptz '2026-01-01' + n / $3 * interval '1 ms' as moment) as m`,
    [tenantId, count, perMoment, companyId],
  )
  const rows = await desk.sql(
    `select id from contacts where tenant_id = $1 and company_id is not distinct from $2 order by created_at desc, id desc`,
    [tenantId, companyId],
  )
  return rows.map((row) => row['id'] as string)
}

interface PageOfIds {
  readonly edges: { cursor: string; node: { id: string } }[]
  readonly nodes: { id: string }[]
  readonly pageInfo: {
    hasNextPage: boolean
    hasPreviousPage: boolean
    startCursor: string | null
    endCursor: string | null
  }
}

const PAGE = 'edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'

/** Reads a list page by page with `first`, checks what every page says of itself, and returns the ids of each page. */
async function readAll(read: (after: string | null) => Promise<PageOfIds>): Promise<string[][]> {
  const pages: string[][] = []
  let after: string | null = null
  do {
    const page: PageOfIds = await read(after)
    const { edges, nodes, pageInfo } = page
    expect(nodes).toEqual(edges.map(({ node }) => node))
    expect(pageInfo.hasPreviousPage).toBe(after !== null)
    expect(pageInfo.startCursor === null).toBe(edges.length === 0)
    expect(pageInfo.endCursor === null).toBe(edges.length === 0)
    pages.push(nodes.map(({ id }) => id))
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null && pages.length < 1000)
  return pages
}

function listOf(admin: Principal, list: string, first: number) {
  const query = `query ($first: Int, $after: String) { ${list}(first: $first, after: $after) { ${PAGE} } }`
  return async (after: string | null) => (await desk.ask(admin, query, { first, after }))[list] as PageOfIds
}

describe('a list', () => {
  test.each([
    [1, 7],
    [3, 3],
    [7, 1],
    [10, 1],
    [200, 1],
  ])('read %i at a time visits each row once, newest first', async (first, pageCount) => {
    const { tenant, admin } = await openTenant(desk)
    const ids = await insertContacts(tenant.settings.id, 7, 3)
    const pages = await readAll(listOf(admin, 'contacts', first))
    expect(pages.flat()).toEqual(ids)
    expect(pages).toHaveLength(pageCount)
  })

  test('of 451 rows made in one moment visits each once', async () => {
    const { tenant, admin } = await openTenant(desk)
    const ids = await insertContacts(tenant.settings.id, 451, 451)
    expect((await readAll(listOf(admin, 'contacts', 200))).flat()).toEqual(ids)
  })

  test('every cursor leads to the rows behind its own', async () => {
    const { tenant, admin } = await openTenant(desk)
    const ids = await insertContacts(tenant.settings.id, 6, 2)
    const read = listOf(admin, 'contacts', 200)
    const { edges } = await read(null)
    for (const [index, { cursor }] of edges.entries()) {
      expect((await read(cursor)).nodes.map(({ id }) => id)).toEqual(ids.slice(index + 1))
    }
  })

  test('goes on where it was when rows are added and removed meanwhile', async () => {
    const { tenant, admin } = await openTenant(desk)
    const ids = await insertContacts(tenant.settings.id, 6, 1)
    const read = listOf(admin, 'contacts', 3)
    const { pageInfo } = await read(null)
    await desk.mutate(admin, 'createContact', { firstName: 'New' })
    await desk.mutate(admin, 'destroyContact', { id: ids[2] })
    await desk.mutate(admin, 'deleteContact', { id: ids[3], version: 1 })
    expect((await read(pageInfo.endCursor)).nodes.map(({ id }) => id)).toEqual(ids.slice(4))
  })

  test('an empty one has no cursors', async () => {
    const { admin } = await openTenant(desk)
    const empty = {
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    }
    for (const list of ['contacts', 'companies', 'industries', 'companySizes']) {
      expect(await listOf(admin, list, 10)(null)).toEqual(empty)
    }
  })

  test('first: 0 says whether there are rows', async () => {
    const { tenant, admin } = await openTenant(desk)
    await insertContacts(tenant.settings.id, 1, 1)
    expect(await listOf(admin, 'contacts', 0)(null)).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
  })

  test('without first has 50 rows, also when first is null', async () => {
    const { tenant, admin } = await openTenant(desk)
    const ids = await insertContacts(tenant.settings.id, 51, 1)
    const data = await desk.ask(
      admin,
      '{ a: contacts { nodes { id } } b: contacts(first: null, after: null) { nodes { id } } }',
    )
    const nodes = ids.slice(0, 50).map((id) => ({ id }))
    expect(data).toEqual({ a: { nodes }, b: { nodes } })
  })

  test.each([
    ['companies', 'createCompany', (n: number) => ({ name: `Company ${n}` })],
    ['users', 'createUser', (n: number) => ({ email: `new${n}@example.com`, name: 'New', role: 'VIEWER' })],
    ['industries', 'createIndustry', (n: number) => ({ name: `Industry ${n}`, position: n % 2 })],
    ['companySizes', 'createCompanySize', (n: number) => ({ name: `Size ${n}`, position: n % 2 })],
  ])('%s are paged in their order too', async (list, mutation, input) => {
    const { admin } = await openTenant(desk)
    for (let n = 0; n < 5; n++) await desk.mutate(admin, mutation, input(n), '', new Date(2026, 2, 1 + n))
    const whole = (await readAll(listOf(admin, list, 200))).flat()
    const names = async (ids: string[]) =>
      (
        await desk.ask(
          admin,
          `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Company { name } ... on User { name email }
        ... on Industry { name } ... on CompanySize { name } } }`,
          { ids },
        )
      )['nodes'] as { name: string; email?: string }[]
    const label = ({ name, email }: { name: string; email?: string }) => Number(/\d/.exec(email ?? name)?.[0] ?? NaN)
    const expected = mutation === 'createCompany' || mutation === 'createUser' ? [4, 3, 2, 1, 0] : [0, 2, 4, 1, 3]
    expect((await names(whole)).map(label).filter((n) => !Number.isNaN(n))).toEqual(expected)
    for (const first of [1, 2, 3]) expect((await readAll(listOf(admin, list, first))).flat()).toEqual(whole)
  })
})

describe('totalCount', () => {
  test('counts live rows, max at most, 10,000 unless said', async () => {
    const { tenant, admin } = await openTenant(desk)
    const ids = await insertContacts(tenant.settings.id, 10_001, 100)
    await desk.mutate(admin, 'deleteContact', { id: ids[0], version: 1 })
    const query = `{ contacts(first: 0) { all: totalCount(max: 1000000) default: totalCount null: totalCount(max: null)
      one: totalCount(max: 1) exact: totalCount(max: 10000) } }`
    expect(await desk.ask(admin, query)).toEqual({
      contacts: { all: 10_000, default: 10_000, null: 10_000, one: 1, exact: 10_000 },
    })
    await desk.mutate(admin, 'restoreContact', { id: ids[0] })
    expect(await desk.ask(admin, query)).toEqual({
      contacts: { all: 10_001, default: 10_000, null: 10_000, one: 1, exact: 10_000 },
    })
  })

  test('does not depend on the page', async () => {
    const { tenant, admin } = await openTenant(desk)
    await insertContacts(tenant.settings.id, 5, 1)
    const { pageInfo } = await listOf(admin, 'contacts', 3)(null)
    const query = `query ($after: String) { contacts(first: 1, after: $after) { totalCount } }`
    expect(await desk.ask(admin, query, { after: pageInfo.endCursor })).toEqual({ contacts: { totalCount: 5 } })
  })
})

describe('the contacts of a company', () => {
  test('are paged by themselves', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
    await insertContacts(tenant.settings.id, 3, 1)
    const ids = await insertContacts(tenant.settings.id, 7, 3, company.id)
    const query = `query ($id: ID!, $first: Int, $after: String) { company(id: $id) { contacts(first: $first, after: $after) { ${PAGE} } } }`
    for (const first of [1, 2, 3, 7, 200]) {
      const read = async (after: string | null) =>
        (await desk.ask(admin, query, { id: company.id, first, after }))['company'].contacts as PageOfIds
      expect((await readAll(read)).flat()).toEqual(ids)
    }
  })

  test('are limited per company, also for 200 companies, with counts, and without the deleted', async () => {
    const { tenant, admin } = await openTenant(desk)
    const tenantId = tenant.settings.id
    await desk.sql(
      `insert into companies (tenant_id, id, name, created_at, updated_at)
        select $1, gen_random_uuid(), 'Company ' || n, timestamptz '2026-01-01' + n * interval '1 ms', now() from generate_series(1, 200) as n`,
      [tenantId],
    )
    await desk.sql(
      `insert into contacts (tenant_id, id, first_name, company_id, created_at, updated_at, deleted_at)
        select tenant_id, gen_random_uuid(), n::text, id, timestamptz '2026-02-01' + n / 2 * interval '1 ms', now(),
          case when n = 0 then now() end
        from companies, generate_series(0, (('x' || right(id::text, 2))::bit(8)::int % 6)) as n where tenant_id = $1`,
      [tenantId],
    )
    const live = await desk.sql(
      `select c.id, coalesce(array_agg(p.id order by p.created_at desc, p.id desc) filter (where p.id is not null), '{}') as contacts
        from companies c left join contacts p on p.tenant_id = c.tenant_id and p.company_id = c.id and p.deleted_at is null
        where c.tenant_id = $1 group by c.id, c.created_at order by c.created_at desc`,
      [tenantId],
    )
    const query = `{ companies(first: 200) { nodes { id two: contacts(first: 2) { nodes { id } pageInfo { hasNextPage } totalCount }
      three: contacts(first: 3) { nodes { id } totalCount(max: 1) } } } }`
    const { companies } = await desk.ask(admin, query)
    const nodes = (ids: string[]) => ids.map((id) => ({ id }))
    expect(companies.nodes).toEqual(
      live.map(({ id, contacts }) => ({
        id: id as string,
        two: {
          nodes: nodes(contacts.slice(0, 2)),
          pageInfo: { hasNextPage: contacts.length > 2 },
          totalCount: contacts.length,
        },
        three: { nodes: nodes(contacts.slice(0, 3)), totalCount: Math.min(contacts.length, 1) },
      })),
    )
    expect(new Set(live.map(({ contacts }) => contacts.length))).toEqual(new Set([0, 1, 2, 3, 4, 5]))
  })
})
