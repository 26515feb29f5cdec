import { expect } from '@jest/globals'
import type { Principal } from '../../../../src/lib/principal.js'
import type { Desk } from '../../../support/desk.js'
import type { Reading } from './arbitrary.js'
import type { ListWanted } from './model.js'
import { LISTS } from './schema.js'

/** A page as the API answers it. */
export interface ApiPage {
  readonly edges: { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly nodes: { readonly id: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount?: number
  readonly totalCountIsExact?: boolean
  readonly count?: number
  readonly isExact?: boolean
}

/** Which page of a list. */
export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
  readonly offset?: number
  /** asks for counts too; one of them stops here */
  readonly max?: number
}

/** Reads one page of a list. */
export type ReadPage = (page: PageArguments) => Promise<ApiPage>

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
const PAGE = `edges { cursor node { id } } nodes { id } ${PAGE_INFO}`
/** The same with what each record links to, which changes what is read with the ids of a page. */
const LINKED_PAGES: Readonly<Partial<Record<ListWanted['record'], string>>> = {
  Contact: `edges { cursor node { id company { id } owner { id } } } nodes { id company { id } owner { id } } ${PAGE_INFO}`,
  Company: `edges { cursor node { id industry { id } owner { id } } } nodes { id industry { id } owner { id } } ${PAGE_INFO}`,
}
const COUNTS = 'totalCount totalCountIsExact count: totalCount(max: $max) isExact: totalCountIsExact(max: $max)'
const BELOW = '$first: Int, $after: String, $last: Int, $before: String'
const BELOW_VALUES = 'first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy'

/** A reader of the pages of one list, at one time. */
export function pageReader(desk: Desk, principal: Principal, wanted: ListWanted, now: Date): ReadPage {
  const { record, filter = null, orderBy = null, companyId } = wanted
  const types = `${BELOW}, $filter: ${record}Filter, $orderBy: [${record}Order!]`
  let calls = 0
  return async ({ max, ...page }) => {
    const links = calls++ % 2 === 0 ? (LINKED_PAGES[record] ?? PAGE) : PAGE
    const selection = max === undefined ? links : `${links} ${COUNTS}`
    const counts = max === undefined ? '' : ', $max: Int'
    const query = companyId
      ? `query ($id: ID!, ${types}${counts}) { company(id: $id) { page: contacts(${BELOW_VALUES}) { ${selection} } } }`
      : `query (${types}, $offset: Int${counts}) { page: ${LISTS[record]}(${BELOW_VALUES}, offset: $offset) { ${selection} } }`
    const variables = { ...page, filter, orderBy, max, ...(companyId ? { id: companyId } : {}) }
    const { data, errors } = await desk.api.run(principal, query, variables, now)
    if (errors || !data) throw new Error(`refused: ${JSON.stringify(errors)} ${JSON.stringify(desk.api.faults)}`)
    return JSON.parse(JSON.stringify(companyId ? data['company'].page : data['page'])) as ApiPage
  }
}

/** What a page must be: its ids, and whether there is more on either side. */
interface ExpectedPage {
  readonly ids: readonly string[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

function expectPage({ edges, nodes, pageInfo }: ApiPage, { ids, hasNextPage, hasPreviousPage }: ExpectedPage): void {
  expect({
    ids: nodes.map(({ id }) => id),
    hasNextPage: pageInfo.hasNextPage,
    hasPreviousPage: pageInfo.hasPreviousPage,
  }).toEqual({
    ids,
    hasNextPage,
    hasPreviousPage,
  })
  expect(edges.map(({ node }) => node)).toEqual(nodes)
  expect([pageInfo.startCursor === null, pageInfo.endCursor === null]).toEqual([ids.length === 0, ids.length === 0])
}

/** Reads the first or last page of every company's contacts at once; `lists` has the whole of each. */
export async function checkCompanyPages(
  desk: Desk,
  principal: Principal,
  { filter, orderBy, size, way, pick }: Reading,
  now: Date,
  companies: readonly string[],
  lists: readonly (readonly string[])[],
): Promise<void> {
  const isBackward = way === 'backwards'
  const max = (pick % 12) + 1
  const query = `query ($first: Int, $last: Int, $max: Int, $filter: ContactFilter, $orderBy: [ContactOrder!]) {
    companies(first: 200) { nodes { id contacts(first: $first, last: $last, filter: $filter, orderBy: $orderBy) {
      ${PAGE} ${COUNTS} estimatedCount } } } }`
  const step = size ?? DEFAULT_SIZE
  const variables = { filter, orderBy, max, ...(isBackward ? { last: step } : { first: size }) }
  const { data, errors } = await desk.api.run(principal, query, variables, now)
  if (errors || !data) throw new Error(`refused: ${JSON.stringify(errors)} ${JSON.stringify(desk.api.faults)}`)
  const nodes = JSON.parse(JSON.stringify(data['companies'].nodes)) as {
    id: string
    contacts: ApiPage & { estimatedCount: number }
  }[]
  expect(nodes.map(({ id }) => id)).toEqual(companies)
  for (const [index, { contacts }] of nodes.entries()) {
    const ids = lists[index] ?? []
    const part = isBackward ? ids.slice(Math.max(ids.length - step, 0)) : ids.slice(0, step)
    const hasMore = ids.length > step
    expectPage(contacts, { ids: part, hasNextPage: !isBackward && hasMore, hasPreviousPage: isBackward && hasMore })
    expectCounts(contacts, ids.length, max)
    expect(contacts.estimatedCount).toBe(ids.length)
  }
}

const DEFAULT_SIZE = 50
const MAX_PAGES = 6
const MAX_OFFSET = 10_000
const MAX_SIZE = 200

/** Reads a list in the way that is asked for; every page must be the part of `ids` that it should be. */
export async function checkReading(read: ReadPage, reading: Reading, ids: readonly string[]): Promise<void> {
  const { way, size, pick } = reading
  // Long lists are read in larger pages, to end in time.
  const step = Math.min(Math.max(size ?? DEFAULT_SIZE, Math.ceil(ids.length / MAX_PAGES)), MAX_SIZE)
  const count = size === null && step === DEFAULT_SIZE ? null : step
  const max = (pick % (ids.length + 2)) + 1
  const counted: ReadPage = async (page) => {
    const answer = await read({ ...page, max })
    expectCounts(answer, ids.length, max)
    return answer
  }
  if (way === 'forwards') await checkForwards(counted, read, ids, step, count)
  else if (way === 'backwards') await checkBackwards(counted, read, ids, step)
  else if (way === 'offsets') await checkOffsets(counted, read, ids, step, count)
  else await checkJumps(counted, read, ids, size ?? 0, pick)
}

// Counts are asked for beside the first page of a reading: they are the same beside all others.
function expectCounts({ totalCount, totalCountIsExact, count, isExact }: ApiPage, total: number, max: number): void {
  expect({ totalCount, totalCountIsExact, count, isExact }).toEqual({
    totalCount: total,
    totalCountIsExact: true,
    count: Math.min(total, max),
    isExact: total <= max,
  })
}

async function checkForwards(
  counted: ReadPage,
  read: ReadPage,
  ids: readonly string[],
  step: number,
  first: number | null,
): Promise<void> {
  let after: string | null = null
  for (let from = 0; from === 0 || from < ids.length; from += step) {
    const page: ApiPage = await (from === 0 ? counted : read)({ first, after })
    const hasNextPage = from + step < ids.length
    expectPage(page, { ids: ids.slice(from, from + step), hasNextPage, hasPreviousPage: from > 0 })
    after = page.pageInfo.endCursor
  }
  if (after !== null) {
    expectPage(await read({ first, after }), { ids: [], hasNextPage: false, hasPreviousPage: true })
  }
}

async function checkBackwards(counted: ReadPage, read: ReadPage, ids: readonly string[], step: number): Promise<void> {
  let before: string | null = null
  for (let to = ids.length; to === ids.length || to > 0; to -= step) {
    const page: ApiPage = await (to === ids.length ? counted : read)({ last: step, before })
    const part = ids.slice(Math.max(to - step, 0), to)
    expectPage(page, { ids: part, hasNextPage: to < ids.length, hasPreviousPage: to > step })
    before = page.pageInfo.startCursor
  }
  if (before !== null) {
    expectPage(await read({ last: step, before }), { ids: [], hasNextPage: true, hasPreviousPage: false })
  }
}

async function checkOffsets(
  counted: ReadPage,
  read: ReadPage,
  ids: readonly string[],
  step: number,
  first: number | null,
): Promise<void> {
  const offsets = [MAX_OFFSET, ids.length]
  for (let offset = 0; offset < ids.length; offset += step) offsets.push(offset)
  for (const [index, offset] of offsets.entries()) {
    const page = await (index === 0 ? counted : read)({ first, offset })
    const hasNextPage = offset + step < ids.length
    expectPage(page, { ids: ids.slice(offset, offset + step), hasNextPage, hasPreviousPage: offset > 0 })
  }
}

/** From the cursors of two rows within a page, both ways; `size` may be 0. */
async function checkJumps(
  counted: ReadPage,
  read: ReadPage,
  ids: readonly string[],
  size: number,
  pick: number,
): Promise<void> {
  const { edges } = await counted({ first: MAX_SIZE })
  expect(edges.map(({ node }) => node.id)).toEqual(ids.slice(0, MAX_SIZE))
  for (const at of new Set([pick, pick * 7].map((number) => number % Math.max(edges.length, 1)))) {
    const cursor = edges[at]?.cursor
    if (cursor === undefined) continue
    const after = ids.slice(at + 1)
    const next = { ids: after.slice(0, size), hasNextPage: after.length > size, hasPreviousPage: true }
    expectPage(await read({ first: size, after: cursor }), next)
    const before = ids.slice(0, at)
    const previous = { ids: before.slice(Math.max(at - size, 0)), hasNextPage: true, hasPreviousPage: at > size }
    expectPage(await read({ last: size, before: cursor }), previous)
  }
}
