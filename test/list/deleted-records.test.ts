import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DeletedRecords } from '../../src/access/deleted-records.js'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, plain, refusedErrors, type Desk } from '../support/desk.js'
import type { TestTenant } from '../support/records.js'

let desk: Desk
let tenant: TestTenant
let manager: Principal
let companyId: string

/** Contacts in the order in which they are created: name, when deleted, whether they work for Acme. */
const ROWS = [
  { name: 'Ada', deleted: null, atAcme: true },
  { name: 'Bob', deleted: '2026-03-02T00:00:00.000Z', atAcme: true },
  { name: 'Cyd', deleted: null, atAcme: false },
  { name: 'Dan', deleted: '2026-03-01T00:00:00.000Z', atAcme: false },
  { name: 'Eve', deleted: '2026-03-02T00:00:00.000Z', atAcme: true },
  { name: null, deleted: null, atAcme: true },
  { name: null, deleted: '2026-03-03T00:00:00.000Z', atAcme: true },
].map((row, index) => ({ ...row, id: `0190b0c0-0000-7000-8000-00000000000${index}` }))
type Row = (typeof ROWS)[number]

beforeAll(async () => {
  desk = await openDesk()
  const opened = await openTenant(desk)
  tenant = opened.tenant
  manager = tenant.principal('MANAGER')
  const { company } = await desk.mutate(opened.admin, 'createCompany', { name: 'Acme' }, 'company { id }')
  companyId = company.id as string
  await desk.sql(
    `insert into contacts (tenant_id, id, last_name, job_title, deleted_at, company_id, created_at, updated_at)
      select $1, id, name, 'Clerk', deleted, case when acme then $6::uuid end, timestamptz '2026-01-01' + n * interval '1 day', now()
      from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::boolean[]) with ordinality as c (id, name, deleted, acme, n)`,
    [
      tenant.settings.id,
      ROWS.map(({ id }) => id),
      ROWS.map(({ name }) => name),
      ROWS.map(({ deleted }) => deleted),
      ROWS.map(({ atAcme }) => atAcme),
      companyId,
    ],
  )
  // Another tenant's, which no list of this one may have.
  const other = await openTenant(desk)
  const { contact } = await desk.mutate(other.admin, 'createContact', { lastName: 'Bob' }, 'contact { id }')
  await desk.mutate(other.admin, 'deleteContact', { id: contact.id })
})

afterAll(() => desk.close())

const WANTED: readonly DeletedRecords[] = ['EXCLUDE', 'INCLUDE', 'ONLY']

function isWanted(deleted: DeletedRecords, row: Row): boolean {
  return deleted === 'INCLUDE' || (row.deleted !== null) === (deleted === 'ONLY')
}

const LIST = `query ($deleted: DeletedRecords!, $orderBy: [ContactOrder!], $filter: ContactFilter, $first: Int, $after: String, $last: Int, $before: String) {
  contacts(deleted: $deleted, orderBy: $orderBy, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount totalCountIsExact nodes { id deletedAt }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

/** The ids of a list, read in pages of one size from its start, or from its end. */
async function walk(variables: object, size: number, isBackward = false): Promise<string[]> {
  const pages: string[][] = []
  let cursor: string | null = null
  for (;;) {
    const page = isBackward ? { last: size, before: cursor } : { first: size, after: cursor }
    const { contacts } = await desk.ask(manager, LIST, { ...variables, ...page })
    pages.push(contacts.nodes.map(({ id }: { id: string }) => id))
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = contacts.pageInfo
    if (!(isBackward ? hasPreviousPage : hasNextPage)) break
    cursor = (isBackward ? startCursor : endCursor) as string
  }
  return (isBackward ? pages.reverse() : pages).flat()
}

interface Order {
  readonly field: string
  readonly direction?: 'ASC' | 'DESC'
  readonly nulls?: 'FIRST' | 'LAST'
}

const KEYS: Readonly<Record<string, (row: Row) => string | null>> = {
  CREATED_AT: ({ id }) => id,
  DELETED_AT: ({ deleted }) => deleted,
  LAST_NAME: ({ name }) => name,
  COMPANY_NAME: ({ atAcme }) => (atAcme ? 'acme' : null),
  JOB_TITLE: () => 'clerk',
}

/** What a list has, by the rules of orders: nulls at one end, the id in the direction of the last step. */
function model(
  deleted: DeletedRecords,
  orderBy: readonly Order[],
  filter: (row: Row) => boolean = () => true,
): string[] {
  const rows = ROWS.filter((row) => isWanted(deleted, row) && filter(row))
  const sign = ({ direction }: Order): number => (direction === 'DESC' ? -1 : 1)
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return rows
    .sort((a, b) => {
      for (const step of orderBy) {
        const [x, y] = [KEYS[step.field]?.(a) ?? null, KEYS[step.field]?.(b) ?? null]
        if (x === y) continue
        if (x === null || y === null) return (x === null) === (step.nulls === 'FIRST') ? -1 : 1
        return sign(step) * compare(x, y)
      }
      return sign(orderBy.at(-1) as Order) * compare(a.id, b.id)
    })
    .map(({ id }) => id)
}

const SINGLE = Object.keys(KEYS).flatMap((field): Order[][] =>
  (['ASC', 'DESC'] as const).flatMap((direction) =>
    (['FIRST', 'LAST'] as const).map((nulls): Order[] => [{ field, direction, nulls }]),
  ),
)
const DOUBLE: Order[][] = [
  [{ field: 'JOB_TITLE' }, { field: 'DELETED_AT', direction: 'DESC' }],
  [
    { field: 'DELETED_AT', nulls: 'FIRST' },
    { field: 'LAST_NAME', direction: 'DESC' },
  ],
  [{ field: 'COMPANY_NAME' }, { field: 'DELETED_AT' }],
]
const ORDERS = [...SINGLE, ...DOUBLE].map((order) => [JSON.stringify(order), order] as const)

describe.each(WANTED)('contacts(deleted: %s)', (deleted) => {
  test('are newest first and counted; without the argument live ones', async () => {
    const { contacts } = await desk.ask(manager, LIST, { deleted })
    const expected = model(deleted, [{ field: 'CREATED_AT', direction: 'DESC' }])
    expect(contacts.nodes.map(({ id }: { id: string }) => id)).toEqual(expected)
    expect([contacts.totalCount, contacts.totalCountIsExact]).toEqual([expected.length, true])
    const moments = new Map(ROWS.map((row) => [row.id, row.deleted]))
    for (const { id, deletedAt } of contacts.nodes) expect(deletedAt).toBe(moments.get(id as string))
    if (deleted === 'EXCLUDE') {
      const { contacts: plainList } = await desk.ask(manager, '{ contacts { totalCount nodes { id } } }')
      expect(plainList).toEqual({ totalCount: expected.length, nodes: expected.map((id) => ({ id })) })
    }
  })

  test.each(ORDERS)('by %s lose and repeat no row at any page size, either way', async (_, orderBy) => {
    const expected = model(deleted, orderBy)
    for (const size of [1, 2, 200]) {
      expect(await walk({ deleted, orderBy }, size)).toEqual(expected)
      expect(await walk({ deleted, orderBy }, size, true)).toEqual(expected)
    }
  })

  const SECOND = '2026-03-02T00:00:00.000Z'
  const FILTERS: [object, (row: Row) => boolean][] = [
    [{ deletedAt: { isNull: true } }, ({ deleted: at }) => at === null],
    [{ deletedAt: { isNull: false } }, ({ deleted: at }) => at !== null],
    [{ deletedAt: { eq: SECOND } }, ({ deleted: at }) => at === SECOND],
    [{ deletedAt: { ne: SECOND } }, ({ deleted: at }) => at !== SECOND],
    [{ deletedAt: { in: [SECOND] } }, ({ deleted: at }) => at === SECOND],
    [{ deletedAt: { notIn: [SECOND] } }, ({ deleted: at }) => at !== SECOND],
    [{ deletedAt: { gte: SECOND } }, ({ deleted: at }) => at !== null && at >= SECOND],
    [{ not: { deletedAt: { gte: SECOND } } }, ({ deleted: at }) => !(at !== null && at >= SECOND)],
    [{ deletedAt: { between: { from: SECOND, to: SECOND } } }, ({ deleted: at }) => at === SECOND],
    [{ lastName: { contains: 'b' } }, ({ name }) => name === 'Bob'],
    [
      { or: [{ company: { name: { eq: 'acme' } } }, { lastName: { eq: 'dan' } }] },
      ({ name, atAcme }) => atAcme || name === 'Dan',
    ],
    [{ and: [{ deletedAt: { lt: SECOND } }, { lastName: { startsWith: 'd' } }] }, ({ name }) => name === 'Dan'],
  ]

  test.each(FILTERS)('under %j', async (filter, holds) => {
    const orderBy: Order[] = [{ field: 'LAST_NAME' }]
    const expected = model(deleted, orderBy, holds)
    expect(await walk({ deleted, orderBy, filter }, 2)).toEqual(expected)
    const { contacts } = await desk.ask(manager, LIST, { deleted, filter })
    expect(contacts.totalCount).toBe(expected.length)
  })

  test('have cursors of their own', async () => {
    const { contacts } = await desk.ask(manager, LIST, { deleted, first: 1 })
    const after = contacts.pageInfo.endCursor as string
    for (const other of WANTED.filter((each) => each !== deleted)) {
      const { errors } = await desk.api.run(manager, LIST, { deleted: other, first: 1, after })
      expect(errors?.map(({ message, extensions }) => [message, extensions?.['code']])).toEqual([
        ['The cursor is not one of this list.', 'INVALID_CURSOR'],
      ])
    }
  })

  test("of a company are listed and counted, each company's by itself", async () => {
    const { companies } = await desk.ask(
      manager,
      `query ($deleted: DeletedRecords!) { companies { nodes {
        contacts(deleted: $deleted, first: 2) { totalCount nodes { id } pageInfo { endCursor } } } } }`,
      { deleted },
    )
    const expected = model(deleted, [{ field: 'CREATED_AT', direction: 'DESC' }], ({ atAcme }) => atAcme)
    const [{ contacts }] = companies.nodes
    expect(contacts.totalCount).toBe(expected.length)
    expect(contacts.nodes).toEqual(expected.slice(0, 2).map((id) => ({ id })))
    const next = await desk.ask(
      manager,
      `query ($deleted: DeletedRecords!, $after: String) { companies { nodes {
        contacts(deleted: $deleted, after: $after) { nodes { id } } } } }`,
      { deleted, after: contacts.pageInfo.endCursor },
    )
    expect(next['companies'].nodes[0].contacts.nodes).toEqual(expected.slice(2).map((id) => ({ id })))
  })
})

describe('one record by its id', () => {
  const BY_ID = `query ($id: ID!, $ids: [ID!]!, $deleted: DeletedRecords! = EXCLUDE) {
    contact(id: $id, deleted: $deleted) { id } company(id: $id, deleted: $deleted) { id }
    node(id: $id, deleted: $deleted) { id } nodes(ids: $ids, deleted: $deleted) { id }
  }`

  test('is found where its state is asked for', async () => {
    const { company: gone } = await desk.mutate(tenant.principal(), 'createCompany', { name: 'Gone' }, 'company { id }')
    await desk.mutate(manager, 'deleteCompany', { id: gone.id })
    const found = async (id: string, deleted?: DeletedRecords) => {
      const wanted = deleted ? { deleted } : {}
      const data = await desk.ask(manager, BY_ID, { id, ids: [id, randomUUID(), id], ...wanted })
      return [data['contact'], data['company'], data['node'], ...data['nodes']].map((row) => row !== null)
    }
    const [live, dead] = [ROWS[0]?.id ?? '', ROWS[1]?.id ?? '']
    const contact = [true, false, true, true, false, true]
    const company = [false, true, true, true, false, true]
    const neither = contact.map(() => false)
    for (const deleted of [undefined, ...WANTED]) {
      const [hasLive, hasDead] = [deleted !== 'ONLY', deleted === 'ONLY' || deleted === 'INCLUDE']
      expect(await found(live, deleted)).toEqual(hasLive ? contact : neither)
      expect(await found(dead, deleted)).toEqual(hasDead ? contact : neither)
      expect(await found(companyId, deleted)).toEqual(hasLive ? company : neither)
      expect(await found(gone.id as string, deleted)).toEqual(hasDead ? company : neither)
      const user = (await found(tenant.users.ADMIN, deleted)).includes(true)
      const own = (await found(tenant.settings.id, deleted)).includes(true)
      expect([user, own]).toEqual([hasLive, hasLive])
    }
  })
})

test('deleted records are not searched', async () => {
  const query =
    'query ($search: String, $deleted: DeletedRecords!) { contacts(search: $search, deleted: $deleted) { totalCount } }'
  for (const deleted of ['INCLUDE', 'ONLY']) {
    expect(await refusedErrors(desk, manager, query, { search: 'bob', deleted })).toEqual([
      {
        message: 'Only live records are searched: look for deleted ones by a filter, as `lastName: { contains: … }`.',
        extensions: { code: 'BAD_USER_INPUT', field: 'contacts.search', requestId: expect.any(String) },
      },
    ])
    expect(plain((await desk.api.run(manager, query, { search: ' ', deleted })).errors ?? [])).toEqual([])
  }
})
