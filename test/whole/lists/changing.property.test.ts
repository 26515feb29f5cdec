import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { openDesk, WIDE_LIMITS, type Desk } from '../../support/desk.js'
import { anyDataSet } from './support/arbitrary-data.js'
import { anyFilter } from './support/arbitrary-filter.js'
import { anyOrder } from './support/arbitrary.js'
import { anyChange, makeChange, type Change } from './support/changes.js'
import { createFolding, insertDataSet, inTurn, type Folding, type Sql } from './support/data.js'
import {
  comparePlaces,
  createModel,
  type DataSet,
  type Filter,
  type Place,
  type Row,
  type Step,
} from './support/model.js'
import { pageReader } from './support/pages.js'
import { checkProperty, PROPERTY_TIMEOUT_MS } from './support/runs.js'
import { testSeed } from '../../setup/test-run.js'

/** A list of contacts that is read page by page, with what happens after each page. */
interface Walk {
  readonly filter: Filter | null
  readonly orderBy: readonly Step[] | null
  readonly isBackward: boolean
  readonly size: number
  readonly changes: readonly (readonly Change[])[]
}

const seed = testSeed()
const anyWalk = fc.record({
  filter: fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: anyFilter('Contact', { depth: 2, hops: 1 }) },
  ),
  orderBy: anyOrder('Contact'),
  isBackward: fc.boolean(),
  size: fc.integer({ min: 2, max: 9 }),
  changes: fc.array(fc.array(anyChange, { maxLength: 4, size: 'max' }), { minLength: 1, maxLength: 8, size: 'max' }),
})

let desk: Desk
let sql: Sql
let folding: Folding

beforeAll(async () => {
  desk = await openDesk(undefined, { limits: WIDE_LIMITS })
  sql = inTurn(desk)
  folding = createFolding(sql)
})

afterAll(() => desk.close())

/** How a list was, each time that a page was read: its ids in order with their places. */
type Snapshot = ReadonlyMap<string, Place>

/** What a walk came to. */
interface Walked {
  readonly seen: readonly string[]
  readonly snapshots: readonly Snapshot[]
  readonly changeCount: number
}

const isLive = (row: Row): boolean => row['deletedAt'] === null

/**
 * Walks a list while it changes. Each page must be what lies behind the last row read, in the list as it is by then.
 */
async function walk(data: DataSet, { filter, orderBy, isBackward, size, changes }: Walk): Promise<Walked> {
  await folding.learn(data.rows, filter)
  const { tenant, ...principal } = await insertDataSet(sql, data)
  const wanted = { record: 'Contact', filter, orderBy } as const
  const read = pageReader(desk, { tenant, ...principal }, wanted, data.now)
  const snapshots: Snapshot[] = []
  const seen: string[] = []
  let current = data
  let changeCount = 0
  let behind: { readonly place: Place; readonly cursor: string | null } | null = null
  for (let number = 0; ; number++) {
    const model = createModel(current, folding.fold)
    const places = model.list(wanted).map((row) => [row['id'] as string, model.place(wanted, row)] as const)
    snapshots.push(new Map(places))
    const from: Place | undefined = behind?.place
    const left: readonly (readonly [string, Place])[] = from
      ? places.filter(([, place]) => comparePlaces(place, from) * (isBackward ? -1 : 1) > 0)
      : places
    const cursor: string | null = behind?.cursor ?? null
    const { nodes, pageInfo } = await read(isBackward ? { last: size, before: cursor } : { first: size, after: cursor })
    const ids = nodes.map(({ id }) => id)
    const hasMore = isBackward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage
    const expected: typeof left = isBackward ? left.slice(Math.max(left.length - size, 0)) : left.slice(0, size)
    expect({ ids, hasMore }).toEqual({ ids: expected.map(([id]) => id), hasMore: left.length > size })
    const live = new Set(current.rows.Contact.filter(isLive).map((row) => row['id']))
    expect(ids.filter((id) => !live.has(id))).toEqual([])
    seen.push(...(isBackward ? ids.toReversed() : ids))
    const last: (typeof left)[number] | undefined = isBackward ? expected[0] : expected.at(-1)
    if (!hasMore || !last) return { seen, snapshots, changeCount }
    behind = { place: last[1], cursor: isBackward ? pageInfo.startCursor : pageInfo.endCursor }
    for (const change of changes[number % changes.length] ?? []) {
      await folding.learn(change)
      current = await makeChange(sql, tenant.id, current, change, changeCount++)
      await folding.learn(current.rows.Contact)
    }
  }
}

/** The rows that were in the list at one and the same place each time, in its order. */
function steadyRows([first = new Map(), ...later]: readonly Snapshot[]): string[] {
  const steady = [...first].filter(([id, place]) =>
    later.every((snapshot) => {
      const then = snapshot.get(id)
      return then !== undefined && comparePlaces(then, place) === 0
    }),
  )
  return steady.map(([id]) => id)
}

test(
  'rows that stay as they are are seen once, in order, while others come, move and go',
  async () => {
    let count = 0
    let steadyCount = 0
    let changeCount = 0
    await checkProperty<Walk>({
      seed,
      runs: 100,
      data: anyDataSet({ contacts: 50, companies: 12, infos: 5 }, 10),
      cases: anyWalk,
      async check(data, given) {
        const walked = await walk(data, given)
        const steady = steadyRows(walked.snapshots)
        const isSteady = new Set(steady)
        const seen = walked.seen.filter((id) => isSteady.has(id))
        expect(seen).toEqual(given.isBackward ? steady.toReversed() : steady)
        count += 1
        steadyCount += steady.length
        changeCount += walked.changeCount
      },
    })
    console.log(`changing: seed ${seed}, ${count} runs, ${changeCount} changes, ${steadyCount} rows that stayed`)
    expect([count >= 100, steadyCount > 100, changeCount > 100]).toEqual([true, true, true])
  },
  PROPERTY_TIMEOUT_MS,
)
