import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { createField } from '../../features/custom-field/support/fields.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

/** More than are held against a condition at once. */
const CONTACTS = 41_000
const LONG = 'é'.repeat(250)

let desk: Desk
let admin: Principal

// Contact n has the id and the last name n, and works for Acme. Each hundred contacts were made in one moment. All but every thousandth have a note.
beforeAll(async () => {
  desk = await openDesk()
  const { tenant, admin: opened } = await openTenant(desk)
  admin = opened
  const { id } = await createField(desk, admin, { key: 'note', type: 'TEXTAREA' })
  await desk.sql(
    `with company as (
      insert into companies (tenant_id, id, name, created_at, updated_at) values ($1, $1, 'Acme', now(), now()) returning id),
    made as (
      insert into contacts (tenant_id, id, last_name, company_id, created_at, updated_at)
        select $1, lpad(to_hex(n), 32, '0')::uuid, n::text, (select id from company), moment, moment
        from generate_series(1, $3::int) as n, lateral (select timestamptz '2026-01-01' + n / 100 * interval '1 minute') as t (moment)
        returning tenant_id, id, last_name::int as n)
    insert into custom_field_values (tenant_id, id, created_at, updated_at, entity_type, entity_id, definition_id, text_value)
      select tenant_id, gen_random_uuid(), now(), now(), 'CONTACT', id, $2, concat_ws(' ', 'Nóte',
        case when n <= 250 then 'first' end, case when n <= 2900 then 'early' end, case when n <= 3300 then 'older' end, 'x',
        case when n % 50 = 0 then $4::text || ' behind the cut' end)
      from made where n % 1000 <> 1`,
    [tenant.settings.id, id, CONTACTS, LONG],
  )
  await desk.sql('vacuum analyze contacts, custom_field_values')
}, 120_000)

afterAll(() => desk.close())

const noted = Array.from({ length: CONTACTS }, (_, index) => index + 1).filter((n) => n % 1000 !== 1)

const PAGE = `query ($filter: ContactFilter, $direction: OrderDirection!, $first: Int, $after: String) {
  contacts(filter: $filter, orderBy: [{ field: CREATED_AT, direction: $direction }], first: $first, after: $after) {
    nodes { lastName company { name } } pageInfo { endCursor } } }`

/** The numbers on the first `pages` pages of 100. */
async function read(text: object, direction: 'ASC' | 'DESC', pages: number): Promise<number[]> {
  const numbers: number[] = []
  for (let [page, after] = [0, null as string | null]; page < pages; page++) {
    const filter = { customFields: [{ key: 'note', text }] }
    const { contacts } = await desk.ask(admin, PAGE, { filter, direction, first: 100, after })
    expect(contacts.nodes.every(({ company }: { company: { name: string } }) => company.name === 'Acme')).toBe(true)
    numbers.push(...contacts.nodes.map(({ lastName }: { lastName: string }) => Number(lastName)))
    after = contacts.pageInfo.endCursor
  }
  return numbers
}

test.each([
  ['few of them say, a set: 249', { contains: 'FIRST' }, (n: number) => n <= 250],
  ['some say, a set: 2,897', { contains: 'early' }, (n: number) => n <= 2900],
  ['more than a set say: 3,296', { contains: 'óLD' }, (n: number) => n <= 3300],
  ['all say', { contains: 'note' }, () => true],
  ['all say, at its end, but for long ones', { endsWith: 'x' }, (n: number) => n % 50 > 0],
  ['long ones say behind what the index has', { contains: 'behind the CUT' }, (n: number) => n % 50 === 0],
  ['long ones say across the cut', { contains: 'éééé behind' }, (n: number) => n % 50 === 0],
  ['long ones say with other letters', { contains: 'EEEEEEEE' }, (n: number) => n % 50 === 0],
  ['all say, in words', { matches: 'no x' }, () => true],
])('what %s is found from both ends of the order of creation', async (_, text, matches) => {
  const expected = noted.filter(matches)
  expect(await read(text, 'ASC', 3)).toEqual(expected.slice(0, 300))
  expect(await read(text, 'DESC', 3)).toEqual(expected.toReversed().slice(0, 300))
})
