import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { inCapitals } from '../../../src/concepts/registry.js'
import { DIRECTIONS, LISTS, listQuery, orderFields, orderName, type ListName } from './list-queries.js'
import { listPlans, planFault, totalBuffers, type Planned } from './plan-checks.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'
import { filterFields } from './sample-filters.js'

const PAGE_SIZE = 50
// The same share of the way in both tenants, so that both pages lie in the same part of the order.
const MIDDLE = {
  large: { contacts: 10_000, companies: 10_000 },
  middle: { contacts: 1000, companies: 5000 },
}
const RATIO = 2
// What a page may take wherever its rows lie, so that the ratio speaks of growth and not of chance. A descent of an
// index takes 3 or 4 buffers; a page has some ranges, and by a related record's column each row may have a record of
// its own.
const FLOOR_BUFFERS = 24
const FLOOR_BUFFERS_RELATED = FLOOR_BUFFERS + 3 * (PAGE_SIZE + 1)

let desk: PlansDesk

beforeAll(async () => {
  desk = await openPlansDesk()
})
afterAll(() => desk.close())

/** The first page, the last one, and one behind a twentieth of the contacts or a quarter of the companies. */
async function pages(
  size: 'large' | 'middle',
  list: ListName,
  orderBy: readonly object[],
): Promise<[string, Planned[]][]> {
  const ask = async (variables: object): Promise<Planned[]> => {
    const { data, sent } = await desk.ask(desk[size], listQuery(list), { orderBy, ...variables })
    expect(data[list].edges).toHaveLength(PAGE_SIZE)
    return listPlans(desk, sent)
  }
  const { data } = await desk.ask(desk[size], listQuery(list), { first: 1, offset: MIDDLE[size][list], orderBy })
  const after: string = data[list].pageInfo.endCursor
  return [
    ['first page', await ask({ first: PAGE_SIZE })],
    ['page after a cursor in the middle', await ask({ first: PAGE_SIZE, after })],
    ['last page', await ask({ last: PAGE_SIZE })],
  ]
}

describe.each(LISTS)(
  'a page of %s in the tenant of 200,000 takes twice the buffers of one of 20,000 at most',
  (list) => {
    test.each(orderFields(list))('%s', async (field) => {
      const faults: string[] = []
      const isOwn = filterFields(list).some(({ name }) => inCapitals(name) === field)
      const floor = isOwn ? FLOOR_BUFFERS : FLOOR_BUFFERS_RELATED
      for (const way of DIRECTIONS) {
        const order = { field, ...way }
        const middle = await pages('middle', list, [order])
        const large = await pages('large', list, [order])
        for (const [index, [page, plans]] of large.entries()) {
          const bar = Math.max(floor, RATIO * totalBuffers(middle[index]?.[1] ?? []))
          const buffers = totalBuffers(plans)
          const fault = `takes ${buffers} buffers instead of ${bar} at most`
          const what = `${orderName(list, order)}, ${page}, large tenant`
          if (buffers > bar) faults.push(...plans.map((plan) => planFault(what, fault, plan)))
        }
      }
      expect(faults.join('\n')).toBe('')
    })
  },
)
