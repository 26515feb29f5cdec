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
  ['10 % of the contacts', 'wanted', [], 5000],
  ['10 % of the contacts, ordered by a field', 'wanted', by('plan_number'), 7000],
  ['a few', 'note 1234', [], 2000],
  ['none', 'xyzzy', [], 400],
])('a part of a text that %s have reads no table from end to end', async (what, contains, orderBy, buffers) => {
  const { plans } = await planned({ filter: where({ key: 'plan_note', text: { contains } }), orderBy })
  expect(plans.flatMap((plan) => planFaults(desk, what, plan, { buffers })).join('\n')).toBe('')
})

// The last page of an order that 99.9 % have a value of begins at those without one, of whom the others have to be told.
const FILLED: readonly (readonly [string, string, number, number])[] = [
  ['0.1 %', 'plan_scarce', 400, 100],
  ['50 %', 'plan_half', 400, 600],
  ['99.9 %', 'plan_nearly', 400, 200_000],
]

test.each(FILLED)(
  'an order by a field that %s have a value of sorts no more than some pages',
  async (what, order, firstBuffers, lastBuffers) => {
    const first = await planned({ orderBy: by(order) })
    const last = await planned({ orderBy: by(order), last: PAGE_SIZE })
    expect([first.rows, last.rows]).toEqual([PAGE_SIZE, PAGE_SIZE])
    const faults = [
      ...first.plans.flatMap((plan) => planFaults(desk, what, plan, { buffers: firstBuffers, sortedRows: 300 })),
      ...last.plans.flatMap((plan) => planFaults(desk, what, plan, { buffers: lastBuffers, sortedRows: 300 })),
    ]
    expect(faults.join('\n')).toBe('')
  },
)
