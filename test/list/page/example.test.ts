import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { FULL_ACCESS } from '../../../src/access/scope.js'
import { readOrder, type OrderInput } from '../../../src/list/order.js'
import { orderTerms } from '../../../src/list/page/order-terms.js'
import { listRanges, type Key } from '../../../src/list/page/ranges.js'
import { createServices } from '../../../src/start/services.js'
import { TEST_SECRET } from '../../support/api.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

const { registry } = createServices({} as never, TEST_SECRET)

/** The ranges of a list of contacts or companies, from its start or from the place that a cursor holds. */
function rangesOf(concept: 'Contact' | 'Company', order: readonly OrderInput[], place: readonly Key[] | null) {
  const terms = orderTerms(readOrder({ registry, access: FULL_ACCESS }, registry.concept(concept), order, []), false)
  return listRanges(terms, place && { keys: place.slice(0, -1), id: String(place.at(-1)) })
}

describe('the ranges of the examples in the documentation', () => {
  const LAST_NAME: OrderInput = { field: 'LAST_NAME' }
  const NULLS_FIRST: OrderInput = { ...LAST_NAME, nulls: 'FIRST' }

  test('from the start: values, then nulls', () => {
    expect(rangesOf('Contact', [LAST_NAME], null)).toEqual([[{ is: 'notNull' }], [{ is: 'null' }]])
    expect(rangesOf('Contact', [NULLS_FIRST], null)).toEqual([[{ is: 'null' }], [{ is: 'notNull' }]])
  })

  test('after a value: the same value, larger ones, nulls', () => {
    const same = [
      { is: 'equal', key: 'brown' },
      { is: 'after', key: '11' },
    ]
    const larger = [{ is: 'after', key: 'brown' }]
    expect(rangesOf('Contact', [LAST_NAME], ['brown', '11'])).toEqual([same, larger, [{ is: 'null' }]])
    expect(rangesOf('Contact', [NULLS_FIRST], ['brown', '11'])).toEqual([same, larger])
  })

  test('after a null: the other nulls', () => {
    const nulls = [{ is: 'null' }, { is: 'after', key: '10' }]
    expect(rangesOf('Contact', [LAST_NAME], [null, '10'])).toEqual([nulls])
    expect(rangesOf('Contact', [NULLS_FIRST], [null, '10'])).toEqual([nulls, [{ is: 'notNull' }]])
  })

  test('of an enum: a range for each value, by its position', () => {
    const priorities = [1, 2, 3, 4].map((key) => [{ is: 'equal', key }])
    expect(rangesOf('Company', [{ field: 'PRIORITY' }], null)).toEqual(priorities)
    expect(rangesOf('Company', [{ field: 'PRIORITY', direction: 'DESC' }], null)).toEqual(priorities.toReversed())
    expect(rangesOf('Company', [{ field: 'PRIORITY' }], [3, '12'])).toEqual([
      [
        { is: 'equal', key: 3 },
        { is: 'after', key: '12' },
      ],
      [{ is: 'equal', key: 4 }],
    ])
  })

  test("of a related record's column: rows without it are cut by whether they have a link", () => {
    expect(rangesOf('Contact', [{ field: 'COMPANY_DOMAIN' }], null)).toEqual([
      [{ is: 'notNull' }],
      [{ is: 'null' }, { is: 'null' }],
      [{ is: 'null' }, { is: 'notNull' }],
    ])
  })
})

describe('the rows of the examples in the documentation', () => {
  const PAGE = `query ($orderBy: [ContactOrder!], $first: Int, $after: String) {
    contacts(orderBy: $orderBy, first: $first, after: $after) {
      nodes { firstName } pageInfo { hasNextPage endCursor }
    }
  }`
  const id = (number: number): string => `0190b0c0-0000-7000-8000-0000000000${number}`

  let desk: Desk
  let admin: Principal

  beforeAll(async () => {
    desk = await openDesk()
    const opened = await openTenant(desk)
    admin = opened.admin
    const tenantId = opened.tenant.settings.id
    await desk.sql(
      `insert into companies (tenant_id, id, name, domain, deleted_at, created_at, updated_at) values
        ($1, $2, 'Bolt', 'bolt.com', null, now(), now()), ($1, $3, 'Acme', 'acme.com', null, now(), now()),
        ($1, $4, 'None', null, null, now(), now()), ($1, $5, 'Gone', 'a.com', now(), now(), now())`,
      [tenantId, id(21), id(22), id(23), id(24)],
    )
    await desk.sql(
      `insert into contacts (tenant_id, id, first_name, last_name, company_id, created_at, updated_at)
        select $1, id, first_name, last_name, company_id, now(), now()
        from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) as c (id, first_name, last_name, company_id)`,
      [
        tenantId,
        [11, 14, 12, 10, 13].map(id),
        ['11', '14', '12', '10', '13'],
        ['Brown', 'Brown', 'Smith', null, null],
        [id(21), id(22), id(24), null, id(23)],
      ],
    )
  })

  afterAll(() => desk.close())

  /** The first names of a list, in pages of one size. */
  async function pages(orderBy: readonly OrderInput[], first: number): Promise<string[][]> {
    const read: string[][] = []
    for (let after: string | null = null; ;) {
      const { contacts } = await desk.ask(admin, PAGE, { orderBy, first, after })
      read.push(contacts.nodes.map(({ firstName }: { firstName: string }) => firstName))
      if (!contacts.pageInfo.hasNextPage) return read
      after = contacts.pageInfo.endCursor as string
    }
  }

  test('by last name, with the nulls at either end', async () => {
    expect(await pages([{ field: 'LAST_NAME' }], 1)).toEqual([['11'], ['14'], ['12'], ['10'], ['13']])
    expect(await pages([{ field: 'LAST_NAME' }], 2)).toEqual([['11', '14'], ['12', '10'], ['13']])
    expect(await pages([{ field: 'LAST_NAME', nulls: 'FIRST' }], 2)).toEqual([['10', '13'], ['11', '14'], ['12']])
  })

  test('by the domain of the company: values, no company, companies without a shown domain', async () => {
    const byDomain = [{ field: 'COMPANY_DOMAIN' }]
    expect(await pages(byDomain, 5)).toEqual([['14', '11', '10', '13', '12']])
    expect(await pages(byDomain, 1)).toEqual([['14'], ['11'], ['10'], ['13'], ['12']])
  })
})
