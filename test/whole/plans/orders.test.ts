import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  DIRECTIONS,
  LISTS,
  isRelatedOrder,
  listQuery,
  orderFields,
  orderName,
  type ListName,
  type Order,
} from './list-queries.js'
import { listPlans, planFaults } from './plan-checks.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'

const PAGE_SIZE = 50
// A page has a row more, which says whether there is another page.
const SORTED_ROWS = PAGE_SIZE + 1
// An incremental sort takes the rows of one related record at a time, of which each gives a page at most, and reads on
// to where the next one begins; and records that are deleted are sorted together with those without a value, a page of
// each.
const SORTED_ROWS_OF_RELATIONS = 2 * SORTED_ROWS
// Far from both ends: behind the nulls of some orders, among those of others.
const MIDDLE = 10_000

let desk: PlansDesk

beforeAll(async () => {
  desk = await openPlansDesk()
})
afterAll(() => desk.close())

/** What is wrong with the first, a middle and the last page of an order, and with one that is read backwards. */
async function faultsOf(list: ListName, order: Order): Promise<string[]> {
  const faults: string[] = []
  const orderBy = [order]
  const { data } = await desk.ask(desk.large, listQuery(list), { first: 1, offset: MIDDLE, orderBy })
  const middle: string = data[list].pageInfo.endCursor
  const pages = {
    'first page': { first: PAGE_SIZE },
    'page after a cursor in the middle': { first: PAGE_SIZE, after: middle },
    'last page': { last: PAGE_SIZE },
    'page before a cursor in the middle': { last: PAGE_SIZE, before: middle },
  }
  for (const [page, variables] of Object.entries(pages)) {
    const { data: answer, sent } = await desk.ask(desk.large, listQuery(list), { ...variables, orderBy })
    expect(answer[list].edges).toHaveLength(PAGE_SIZE)
    const plans = await listPlans(desk, sent)
    expect(plans.map((planned) => planned.sent.statement.label)).toEqual([`list.${list}`])
    const what = `${orderName(list, order)}, ${page}, large tenant`
    const bar = isRelatedOrder(order.field) ? SORTED_ROWS_OF_RELATIONS : SORTED_ROWS
    for (const planned of plans) faults.push(...planFaults(desk, what, planned, { sortedRows: bar }))
  }
  return faults
}

describe.each(LISTS)(
  'every order of %s: no table is read from end to end, no sort sees more than the page, or two of a relation',
  (list) => {
    test.each(orderFields(list))('%s', async (field) => {
      const faults: string[] = []
      for (const way of DIRECTIONS) faults.push(...(await faultsOf(list, { field, ...way })))
      expect(faults.join('\n')).toBe('')
    })
  },
)
