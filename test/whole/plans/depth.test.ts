import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { listQuery, orderName, type ListName, type Order } from './list-queries.js'
import { listPlans, planFault, totalBuffers, type Planned } from './plan-checks.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'

const PAGE_SIZE = 50
const PAGES = 3
const DEEP_PAGE = 400
const LARGEST_OFFSET = 10_000
const LARGEST_PAGE = 200
const RATIO = 1.5
// A page behind a cursor has a range more for each key of its order, and each descends its index anew: 3 or 4 buffers a
// range, on any page but the first. A first page of one range has 4 in all; the ratio says something above this.
const FLOOR_BUFFERS = 24

// In 192,000 live contacts and 38,400 live companies, the row 20,000 lies among values, or among nulls where so said.
const ORDERS: readonly (readonly [ListName, string, Order['direction'], Order['nulls'], string])[] = [
  ['contacts', 'CREATED_AT', 'DESC', 'LAST', 'values'],
  ['contacts', 'LAST_NAME', 'ASC', 'LAST', 'values'],
  ['contacts', 'FULL_NAME', 'DESC', 'FIRST', 'values'],
  ['contacts', 'JOB_TITLE', 'ASC', 'FIRST', 'nulls'],
  ['contacts', 'DEPARTMENT', 'DESC', 'FIRST', 'nulls'],
  ['contacts', 'BIRTH_DATE', 'ASC', 'LAST', 'values'],
  ['contacts', 'BIRTH_DATE', 'DESC', 'FIRST', 'nulls'],
  ['contacts', 'EMAIL_OPT_IN', 'DESC', 'LAST', 'values'],
  ['contacts', 'EXTERNAL_ID', 'ASC', 'FIRST', 'nulls'],
  ['contacts', 'COMPANY_ID', 'ASC', 'FIRST', 'nulls'],
  ['contacts', 'COMPANY_NAME', 'ASC', 'LAST', 'values'],
  ['contacts', 'COMPANY_NAME', 'DESC', 'FIRST', 'nulls'],
  ['contacts', 'COMPANY_STATUS', 'ASC', 'LAST', 'values'],
  ['contacts', 'COMPANY_LEGAL_NAME', 'ASC', 'FIRST', 'nulls'],
  ['contacts', 'COMPANY_ANNUAL_REVENUE', 'DESC', 'LAST', 'values'],
  ['contacts', 'OWNER_NAME', 'ASC', 'LAST', 'values'],
  ['contacts', 'OWNER_EMAIL', 'DESC', 'FIRST', 'values'],
  ['companies', 'NAME', 'ASC', 'LAST', 'values'],
  ['companies', 'LEGAL_NAME', 'DESC', 'FIRST', 'nulls'],
  ['companies', 'ANNUAL_REVENUE', 'DESC', 'LAST', 'values'],
  ['companies', 'STATUS', 'ASC', 'LAST', 'values'],
  ['companies', 'INDUSTRY_NAME', 'ASC', 'LAST', 'values'],
  ['companies', 'ASSIGNED_TO_NAME', 'DESC', 'LAST', 'values'],
]

let desk: PlansDesk

beforeAll(async () => {
  desk = await openPlansDesk()
})
afterAll(() => desk.close())

interface Page {
  plans: readonly Planned[]
  endCursor: string
}

async function planned(list: ListName, variables: object): Promise<Page> {
  const { data, sent } = await desk.ask(desk.large, listQuery(list), { first: PAGE_SIZE, ...variables })
  expect(data[list].edges).toHaveLength(PAGE_SIZE)
  return { plans: await listPlans(desk, sent), endCursor: data[list].pageInfo.endCursor }
}

/** The plans of three pages that follow each other. A single page varies by how many companies its contacts have. */
async function plannedPages(list: ListName, orderBy: readonly Order[], after: string | null): Promise<Planned[]> {
  const plans: Planned[] = []
  let cursor = after
  for (let page = 0; page < PAGES; page += 1) {
    const { plans: more, endCursor } = await planned(list, { orderBy, after: cursor })
    plans.push(...more)
    cursor = endCursor
  }
  return plans
}

/** The cursor behind the first so many rows. */
async function cursorBehind(rows: number, list: ListName, orderBy: readonly Order[]): Promise<string> {
  const jump = Math.min(LARGEST_OFFSET, rows - 1)
  const { data } = await desk.ask(desk.large, listQuery(list), { first: 1, offset: jump, orderBy })
  let after: string = data[list].pageInfo.endCursor
  for (let passed = jump + 1; passed < rows;) {
    const first = Math.min(LARGEST_PAGE, rows - passed)
    const { data: next } = await desk.ask(desk.large, listQuery(list), { first, after, orderBy })
    after = next[list].pageInfo.endCursor
    passed += first
  }
  return after
}

test.each(ORDERS)(
  'pages 400 to 402 of %s by %s %s NULLS %s, among %s, take 1.5 times the buffers of pages 1 to 3 at most',
  async (list, field, direction, nulls) => {
    const order = { field, direction, nulls }
    const orderBy = [order]
    const bar = Math.max(PAGES * FLOOR_BUFFERS, RATIO * totalBuffers(await plannedPages(list, orderBy, null)))
    const after = await cursorBehind((DEEP_PAGE - 1) * PAGE_SIZE, list, orderBy)
    const deep = await plannedPages(list, orderBy, after)
    const buffers = totalBuffers(deep)
    const what = `${orderName(list, order)}, pages ${DEEP_PAGE} to ${DEEP_PAGE + PAGES - 1}, large tenant`
    const fault = `take ${buffers} buffers instead of ${bar} at most`
    expect(buffers > bar ? deep.map((plan) => planFault(what, fault, plan)).join('\n') : '').toBe('')
  },
)
