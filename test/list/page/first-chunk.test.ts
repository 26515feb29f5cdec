import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { createField } from '../../features/custom-field/support/fields.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

const CONTACTS = 10_000
const PAGES = `query ($filter: ContactFilter, $orderBy: [ContactOrder!], $first: Int, $last: Int, $after: String, $before: String) {
  contacts(filter: $filter, orderBy: $orderBy, first: $first, last: $last, after: $after, before: $before) {
    nodes { lastName } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

let desk: Desk
let admin: Principal

// Contact n was made n seconds after the first one, and has a note that says in which parts of all contacts it is. Two are deleted.
beforeAll(async () => {
  desk = await openDesk()
  const { tenant, admin: opened } = await openTenant(desk)
  admin = opened
  const { id } = await createField(desk, admin, { key: 'note', type: 'TEXT' })
  await desk.sql(
    `with made as (
      insert into contacts (tenant_id, id, last_name, created_at, updated_at, deleted_at)
        select $1, gen_random_uuid(), n::text, moment, moment, case when n in (7, $3::int - 7) then moment end
        from generate_series(1, $3::int) as n, lateral (select timestamptz '2026-01-01' + n * interval '1 second') as t (moment)
        returning tenant_id, id, last_name, created_at)
    insert into custom_field_values (tenant_id, id, created_at, updated_at, entity_type, entity_id, definition_id, text_value)
      select tenant_id, gen_random_uuid(), created_at, created_at, 'CONTACT', id, $2, concat_ws(' ', 'every',
        case when n % 2 = 0 then 'second' end, case when n % 3 = 0 then 'third' end, case when n % 15 = 0 then 'fifteenth' end, case when n <= 190 then 'first' end,
        case when n <= 900 then 'soon' end, case when n <= 2500 then 'early' end, case when n <= 3100 then 'older' end)
      from made, lateral (select last_name::int as n) as t where n % 1000 <> 1`,
    [tenant.settings.id, id, CONTACTS],
  )
  const half = await createField(desk, admin, { key: 'half', type: 'NUMBER' })
  await desk.sql(
    `insert into custom_field_values (tenant_id, id, created_at, updated_at, entity_type, entity_id, definition_id, number_value)
      select tenant_id, gen_random_uuid(), created_at, created_at, 'CONTACT', id, $2, (last_name::int * 7919) % 10007
      from contacts where tenant_id = $1 and last_name::int % 3 > 0`,
    [tenant.settings.id, half.id],
  )
})

afterAll(() => desk.close())

/** The numbers of all contacts of a list, page by page from its start or from its end. */
async function walk(
  contains: string,
  order: object | readonly object[],
  size: number,
  isBackward: boolean,
  more: object = {},
): Promise<number[]> {
  const filter = { customFields: [{ key: 'note', text: { contains } }], ...more }
  const orderBy = Array.isArray(order) ? order : [order]
  const numbers: number[] = []
  for (let cursor: string | null = null; ;) {
    const page: object = isBackward ? { last: size, before: cursor } : { first: size, after: cursor }
    const { contacts } = await desk.ask(admin, PAGES, { filter, orderBy, ...page })
    const read = contacts.nodes.map(({ lastName }: { lastName: string }) => Number(lastName))
    if (isBackward) numbers.unshift(...read)
    else numbers.push(...read)
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = contacts.pageInfo
    if (!(isBackward ? hasPreviousPage : hasNextPage)) return numbers
    cursor = isBackward ? startCursor : endCursor
  }
}

const live = Array.from({ length: CONTACTS }, (_, index) => index + 1).filter((n) => n !== 7 && n !== CONTACTS - 7)
const noted = live.filter((n) => n % 1000 !== 1)

/** As texts, which names are ordered by. */
const byName = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => (String(a) < String(b) ? -1 : 1))

/*
 * How many have a part of a note, and where they stand, decides how a page is found (see custom-candidates.ts):
 *
 *   every, second, third     common, as a sample says: the first 1,000 rows of the order of creation fill a page
 *   older                    common too, but the newest first it takes nearly all rows
 *   fifteenth                a set by name; the first 7,000 rows of the order of creation
 *   soon, early              the same, at one end of the order of creation
 *   first                    few
 */
test.each([
  ['every', noted, 100],
  ['second', noted.filter((n) => n % 2 === 0), 200],
  ['third', noted.filter((n) => n % 3 === 0), 200],
  ['fifteenth', noted.filter((n) => n % 15 === 0), 200],
  ['first', noted.filter((n) => n <= 190), 50],
  ['soon', noted.filter((n) => n <= 900), 200],
  ['early', noted.filter((n) => n <= 2500), 200],
  ['older', noted.filter((n) => n <= 3100), 200],
])('a page of those whose note says "%s" loses none and doubles none', async (contains, expected, size) => {
  const [oldest, newest] = ['ASC', 'DESC'].map((direction) => ({ field: 'CREATED_AT', direction })) as [object, object]
  expect(await walk(contains, oldest, size, false)).toEqual(expected)
  expect(await walk(contains, newest, size, true)).toEqual(expected.toReversed())
  expect((await walk(contains, newest, size, false)).toReversed()).toEqual(expected)
  const names = byName(expected)
  expect(await walk(contains, { field: 'LAST_NAME' }, size, false)).toEqual(names)
  expect((await walk(contains, { field: 'LAST_NAME', direction: 'DESC' }, size, true)).toReversed()).toEqual(names)
})

const EARLY = noted.filter((n) => n <= 2500)

// Once the rows of a page without a value were any of a chunk's, and all between them were lost: read backward, of 666 no more than 51 came.
test.each([
  ['every', noted],
  ['early', EARLY],
  ['fifteenth', noted.filter((n) => n % 15 === 0)],
])(
  'by another custom field all whose note says "%s" are found, those without a value too, from both ends',
  async (contains, all) => {
    const order = { customField: 'half', direction: 'ASC', nulls: 'LAST' }
    const valueOf = (n: number): number => (n * 7919) % 10007
    const withValue = all.filter((n) => n % 3 > 0).sort((a, b) => valueOf(a) - valueOf(b))
    const read = await walk(contains, order, 200, false)
    expect(read.slice(0, withValue.length)).toEqual(withValue)
    expect(read.slice(withValue.length).toSorted((a, b) => a - b)).toEqual(all.filter((n) => n % 3 === 0))
    expect(await walk(contains, order, 200, true)).toEqual(read)
  },
)

test('beside another condition, and by two steps, the same records are found', async () => {
  const order = { field: 'CREATED_AT' }
  const others = { lastName: { endsWith: '5' } }
  for (const contains of ['early', 'soon', 'second', 'every']) {
    const all = {
      early: EARLY,
      soon: noted.filter((n) => n <= 900),
      second: noted.filter((n) => n % 2 === 0),
      every: noted,
    }
    const expected = all[contains as keyof typeof all]
    expect(await walk(contains, order, 200, false, others)).toEqual(expected.filter((n) => n % 10 === 5))
    expect(await walk(contains, [order, { field: 'LAST_NAME' }], 200, false)).toEqual(expected)
  }
})

test.each(['early', 'older', 'every'])(
  'a page that counts those whose note says "%s" has the same rows and their number',
  async (contains) => {
    // Without statistics PostgreSQL holds each contact against each value.
    await desk.sql('analyze contacts, custom_field_values')
    const filter = { customFields: [{ key: 'note', text: { contains } }] }
    const counted = `query ($filter: ContactFilter) { contacts(filter: $filter, first: 50, orderBy: [{ field: CREATED_AT }]) {
    nodes { lastName } totalCount totalCountIsExact } }`
    const { contacts } = await desk.ask(admin, counted, { filter })
    const expected = { early: EARLY, older: noted.filter((n) => n <= 3100), every: noted }[contains] ?? []
    expect(contacts.nodes.map(({ lastName }: { lastName: string }) => Number(lastName))).toEqual(expected.slice(0, 50))
    expect([contacts.totalCount, contacts.totalCountIsExact]).toEqual([expected.length, true])
  },
)
