import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { MAX_MATCHING_IDS } from '../../../src/list/matching-ids.js'
import { createField } from '../../features/custom-field/support/fields.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

const CONTACTS = 2 * MAX_MATCHING_IDS + 600
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
        case when last_name::int % 2 = 0 then 'second' end, case when last_name::int <= $4 + 3 then 'early' end)
      from made where last_name::int % 1000 <> 1`,
    [tenant.settings.id, id, CONTACTS, MAX_MATCHING_IDS],
  )
})

afterAll(() => desk.close())

/** The numbers of all contacts of a list, page by page from its start or from its end. */
async function walk(contains: string, direction: string, size: number, isBackward: boolean): Promise<number[]> {
  const filter = { customFields: [{ key: 'note', text: { contains } }] }
  const orderBy = [{ field: 'CREATED_AT', direction }]
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

// The first 130 rows fill a page of each, 700 do, 3,000 don't: those who are early are the last ones of the descending order.
test.each([
  ['every', noted, 100],
  ['second', noted.filter((n) => n % 2 === 0), 200],
  ['early', noted.filter((n) => n <= MAX_MATCHING_IDS + 3), 200],
])('a page of those whose note says "%s" loses none and doubles none', async (contains, expected, size) => {
  expect(expected.length).toBeGreaterThan(contains === 'early' ? MAX_MATCHING_IDS - 10 : MAX_MATCHING_IDS)
  expect(await walk(contains, 'ASC', size, false)).toEqual(expected)
  expect(await walk(contains, 'DESC', size, true)).toEqual(expected.toReversed())
  expect((await walk(contains, 'DESC', size, false)).toReversed()).toEqual(expected)
})
