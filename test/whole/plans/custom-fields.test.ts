import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { listQuery } from './list-queries.js'
import { listPlans, planFaults, totalBuffers } from './plan-checks.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'

const PAGE_SIZE = 50

let desk: PlansDesk
beforeAll(async () => {
  desk = await openPlansDesk()
})
afterAll(() => desk.close())

const where = (...customFields: object[]) => ({ customFields })
const by = (customField: string) => [{ customField }]
const MOST = { key: 'plan_most', option: { eq: 'yes' } }
const TENTH = { key: 'plan_tenth', option: { eq: 'tenth_3' } }
const NEARLY = { key: 'plan_nearly', number: { gte: 0 } }

interface Asked {
  readonly filter?: object
  readonly orderBy: readonly object[]
  readonly first?: number
  readonly last?: number
}

async function planned({ first = PAGE_SIZE, ...asked }: Asked) {
  const page = asked.last === undefined ? { first } : {}
  const { data, sent } = await desk.ask(desk.large, listQuery('contacts'), { ...page, ...asked })
  return { rows: data['contacts'].edges.length as number, plans: await listPlans(desk, sent) }
}

/** The ids of the large tenant and of one of its fields. */
async function fieldOf(key: string): Promise<string[]> {
  const tenantId = desk.large.tenant.id
  const [field] = await desk.sql('select id from custom_field_definitions where tenant_id = $1 and key = $2', [
    tenantId,
    key,
  ])
  return [tenantId, field?.['id']]
}

// In 192,000 live contacts of 200,000, of which each has some nine values.
const TWO_BY_A_THIRD: readonly (readonly [string, object, string, number, number])[] = [
  ['0.1 % and 90 %', where({ key: 'plan_rare', text: { eq: 'code 7' } }, MOST), 'plan_number', 50, 3000],
  ['10 % and 90 %', where(TENTH, MOST), 'plan_number', 50, 2500],
  ['10 % and 10 %', where(TENTH, { key: 'plan_number', number: { lt: 100_000 } }), 'plan_day', 50, 2500],
  ['90 % and 99.9 %', where(MOST, NEARLY), 'plan_number', 50, 2500],
  ['none and 90 %', where({ key: 'plan_rare', text: { eq: 'nothing' } }, MOST), 'plan_number', 0, 50],
  ['10 % and none', where(TENTH, { key: 'plan_number', number: { gt: 5_000_000 } }), 'plan_day', 0, 500],
  ['10 % and a range that others have', where(TENTH, { key: 'plan_tenth', option: { eq: 'tenth_4' } }), 'plan_day', 0, 5000],
] // prettier-ignore

describe('two filters on custom fields, ordered by a third', () => {
  test.each(TWO_BY_A_THIRD)('%s', async (what, filter, order, rows, buffers) => {
    const { rows: found, plans } = await planned({ filter, orderBy: by(order) })
    expect(found).toBe(rows)
    const faults = plans.flatMap((plan) => planFaults(desk, what, plan, { buffers, sortedRows: 101 }))
    expect(faults.join('\n')).toBe('')
  })

  test('of 10 and 90 % take three times the buffers of such columns at most', async () => {
    const columns = await planned({
      filter: { department: { eq: 'sales' }, emailOptIn: { eq: true } },
      orderBy: [{ field: 'BIRTH_DATE' }],
    })
    const fields = await planned({ filter: where(TENTH, MOST), orderBy: by('plan_number') })
    expect([columns.rows, fields.rows]).toEqual([50, 50])
    expect(totalBuffers(fields.plans)).toBeLessThanOrEqual(3 * totalBuffers(columns.plans))
  })
})

test.each([
  ['all contacts', 'note', [], 600],
  ['10 % of the contacts', 'wanted', [], 1000],
  ['10 % of the contacts, the oldest first', 'wanted', [{ field: 'CREATED_AT' }], 1000],
  ['10 % of the contacts, by name', 'wanted', [{ field: 'LAST_NAME' }], 3000],
  ['10 % of the contacts, by a field', 'wanted', by('plan_number'), 3500],
  ['1 % of the contacts', 'note 12', [], 2000],
  ['1 % of the contacts, by name', 'note 12', [{ field: 'LAST_NAME' }], 3000],
  ['1 % of the contacts, by a field', 'note 12', by('plan_number'), 3000],
  ['0.1 % of the contacts', 'note 123', [], 2000],
  ['0.1 % of the contacts, by name', 'note 123', [{ field: 'LAST_NAME' }], 2000],
  ['0.1 % of the contacts, by a field', 'note 123', by('plan_number'), 2000],
  ['a few', 'note 1234', [], 1000],
  ['none', 'xyzzy', [], 400],
])('a part of a text that %s have reads no table from end to end', async (what, contains, orderBy, buffers) => {
  const { plans } = await planned({ filter: where({ key: 'plan_note', text: { contains } }), orderBy })
  expect(plans.flatMap((plan) => planFaults(desk, what, plan, { buffers })).join('\n')).toBe('')
})

// The last page of an order that 99.9 % have a value of begins at those without one, of whom the others have to be told.
// They are told 1,000 at a time, each chunk sorted by itself; the last figure counts all chunks.
const FILLED: readonly (readonly [string, string, number, number, number])[] = [
  ['0.1 %', 'plan_scarce', 400, 300, 1000],
  ['50 %', 'plan_half', 400, 300, 1000],
  ['99.9 %', 'plan_nearly', 400, 1800, 60_000],
]

// A set whose records all stand at the far end is found by a walk over all of the order's index, and no further.
test('a page with its count reads the ids once, and rows at the far end of the order are found by the index alone', async () => {
  const filter = where({ key: 'plan_note', text: { contains: 'note 12' } })
  const { data, sent } = await desk.ask(desk.large, listQuery('contacts', 'edges { cursor } totalCount'), { filter, first: PAGE_SIZE })
  expect(data['contacts'].totalCount).toBeGreaterThan(1500)
  const plans = await listPlans(desk, sent)
  expect([plans.length, totalBuffers(plans) <= 11_000]).toEqual([1, true])
  const last = await planned({ filter: where({ key: 'plan_note', text: { contains: 'note 1234' } }), orderBy: [], last: 10 })
  expect(last.plans.flatMap((plan) => planFaults(desk, 'the last of a few', plan, { buffers: 1000 })).join('\n')).toBe('')
}) // prettier-ignore

test('records without a value are found whole among those that have one, page by page from both ends', async () => {
  const rows = await desk.sql(
    `select id from contacts where tenant_id = $1 and deleted_at is null
       except select entity_id from custom_field_values where tenant_id = $1 and definition_id = $2 order by id`,
    await fieldOf('plan_nearly'),
  )
  const ids = rows.map(({ id }) => id as string)
  expect(ids.length).toBeGreaterThan(100)
  const read = async (page: object): Promise<{ ids: string[]; end: string; start: string }> => {
    const orderBy = [{ customField: 'plan_nearly', nulls: 'last' in page ? 'LAST' : 'FIRST' }]
    const { data } = await desk.ask(desk.large, listQuery('contacts', 'nodes { id } pageInfo { startCursor endCursor }'), { orderBy, ...page })
    const { nodes, pageInfo } = data['contacts']
    return { ids: nodes.map(({ id }: { id: string }) => id), start: pageInfo.startCursor, end: pageInfo.endCursor }
  }
  const [forwards, backwards]: [string[], string[]] = [[], []]
  let [after, before]: [string | null, string | null] = [null, null]
  while (forwards.length < ids.length) {
    const first = await read({ first: 70, after })
    const last = await read({ last: 70, before })
    forwards.push(...first.ids)
    backwards.unshift(...last.ids)
    ;[after, before] = [first.end, last.start]
  }
  expect(forwards.slice(0, ids.length)).toEqual(ids)
  expect(backwards.slice(-ids.length)).toEqual(ids)
}) // prettier-ignore

test('a filter of most records among those without a value reads no more than a page of them', async () => {
  for (const [order, buffers] of [['plan_scarce', 1700], ['plan_half', 1700], ['plan_nearly', 3300]] as const) {
    const { rows, plans } = await planned({ filter: where(MOST), orderBy: by(order), last: PAGE_SIZE })
    expect(rows).toBe(PAGE_SIZE)
    expect(plans.flatMap((plan) => planFaults(desk, order, plan, { buffers })).join('\n')).toBe('')
  }
}) // prettier-ignore

test.each(FILLED)(
  'an order by a field that %s have a value of sorts no more than some pages',
  async (what, order, firstBuffers, lastBuffers, lastSorted) => {
    const first = await planned({ orderBy: by(order) })
    const last = await planned({ orderBy: by(order), last: PAGE_SIZE })
    expect([first.rows, last.rows]).toEqual([PAGE_SIZE, PAGE_SIZE])
    const faults = [
      ...first.plans.flatMap((plan) => planFaults(desk, what, plan, { buffers: firstBuffers, sortedRows: 300 })),
      ...last.plans.flatMap((plan) => planFaults(desk, what, plan, { buffers: lastBuffers, sortedRows: lastSorted })),
    ]
    expect(faults.join('\n')).toBe('')
  },
)

const ANNA = { firstName: { eq: 'anna' } }
const RARE = where({ key: 'plan_rare', text: { eq: 'code 7' } })
const RANK = { companyCustomField: 'plan_rank' }
const TERMS = { companyCustomField: 'delivery_terms' }

// In 40,000 companies, of which 90 and 15 % have a value. By a column of theirs it takes 47 and 490 buffers without a filter.
const OF_COMPANIES: readonly (readonly [string, object, object | null, number, number])[] = [
  ['a number', RANK, null, 150, 1600],
  ['a number, 90 % of the contacts', RANK, where(MOST), 1300, 3300],
  ['a number, of those called Anna', RANK, ANNA, 1900, 5000],
  ['an option', TERMS, null, 100, 900],
  ['an option, half of the contacts', TERMS, { emailOptIn: { eq: true } }, 500, 1900],
  ['an option, of those called Anna', TERMS, ANNA, 9000, 3000],
] // prettier-ignore

describe('contacts by a custom field of their company', () => {
  test.each(OF_COMPANIES)('%s', async (what, step, filter, firstBuffers, lastBuffers) => {
    const asked = { orderBy: [step], ...(filter && { filter }) }
    const first = await planned(asked)
    const last = await planned({ ...asked, last: PAGE_SIZE })
    expect([first.rows, last.rows]).toEqual([PAGE_SIZE, PAGE_SIZE])
    const faults = [
      ...first.plans.flatMap((plan) => planFaults(desk, what, plan, { buffers: firstBuffers, sortedRows: 300 })),
      ...last.plans.flatMap((plan) => planFaults(desk, what, plan, { buffers: lastBuffers, sortedRows: 300 })),
    ]
    expect(faults.join('\n')).toBe('')
  })

  test('has the rows of a plain sort, in both directions', async () => {
    const rows = await desk.sql(
      `select c.id from contacts c
         join companies o on o.tenant_id = c.tenant_id and o.id = c.company_id and o.deleted_at is null
         join custom_field_values v on v.tenant_id = c.tenant_id and v.entity_id = o.id and v.definition_id = $2
       where c.tenant_id = $1 and c.deleted_at is null order by v.number_value, o.id, c.id`,
      await fieldOf('plan_rank'),
    )
    const ids = rows.map(({ id }) => id as string)
    expect(ids.length).toBeGreaterThan(100_000)
    for (const [direction, expected] of [['ASC', ids.slice(0, 200)], ['DESC', ids.slice(-200).reverse()]] as const) {
      const orderBy = [{ ...RANK, direction }]
      const { data } = await desk.ask(desk.large, listQuery('contacts', 'nodes { id }'), { orderBy, first: 200 })
      expect(data['contacts'].nodes.map(({ id }: { id: string }) => id)).toEqual(expected)
    }
  }) // prettier-ignore
})

test('an order by options holds the entries of their index against a filter, without the rows', async () => {
  const { rows, plans } = await planned({ filter: RARE, orderBy: by('lead_source') })
  expect(rows).toBe(PAGE_SIZE)
  expect(plans.flatMap((plan) => planFaults(desk, 'options', plan, { buffers: 1700 })).join('\n')).toBe('')
})
