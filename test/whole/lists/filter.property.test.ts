import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Principal } from '../../../src/lib/principal.js'
import { openDesk, WIDE_LIMITS, type Desk } from '../../support/desk.js'
import { anyDataSet, rowId } from './support/arbitrary-data.js'
import { anyFilter, anyTest, operatorPlaces } from './support/arbitrary-filter.js'
import { inTurn, opener, type Opened } from './support/data.js'
import { localDay, shiftDay, startOfDay } from './support/days.js'
import type { DataSet, Filter, ListWanted, Row } from './support/model.js'
import { checkProperty, PROPERTY_TIMEOUT_MS } from './support/runs.js'
import { testSeed } from '../../setup/test-run.js'
import { allOperators, filterFields, LISTS, noteOperators, type ListedName, type RecordName } from './support/schema.js'

const seed = testSeed()
const used = new Set<string>()

let desk: Desk
let open: (data: DataSet) => Promise<Opened>

beforeAll(async () => {
  desk = await openDesk(undefined, { limits: WIDE_LIMITS })
  open = opener(inTurn(desk))
})

afterAll(() => desk.close())

/** A list under a filter. */
type Filtered = Pick<ListWanted, 'record'> & { readonly filter: Filter }

/** The ids that the API finds under each filter, in one request, in the order of ids. */
async function idsFound(principal: Principal, lists: readonly Filtered[], now: Date): Promise<string[][]> {
  const variables = Object.fromEntries(lists.map(({ filter }, index) => [`f${index}`, filter]))
  const types = lists.map(({ record }, index) => `$f${index}: ${record}Filter`)
  const fields = lists.map(
    ({ record }, index) =>
      `f${index}: ${LISTS[record]}(first: 200, filter: $f${index}, orderBy: { field: ID }) { nodes { id } }`,
  )
  const { data, errors } = await desk.api.run(
    principal,
    `query (${types.join(', ')}) { ${fields.join(' ')} }`,
    variables,
    now,
  )
  if (errors || !data) throw new Error(`refused: ${JSON.stringify(errors)} ${JSON.stringify(desk.api.faults)}`)
  return lists.map((_, index) => data[`f${index}`].nodes.map(({ id }: { id: string }) => id) as string[])
}

/** Holds filters against the model: the same rows of the data set, and nobody else's. */
async function checkFilters(data: DataSet, lists: readonly Filtered[]): Promise<void> {
  const { principal, model, learn } = await open(data)
  await learn(lists)
  const expected = lists.map((list) => model.list({ ...list, orderBy: [{ field: 'ID' }] }).map((row) => row['id']))
  const found = await idsFound(principal, lists, data.now)
  for (const [index, { record, filter }] of lists.entries()) {
    noteOperators(`${record}Filter`, filter, used)
    const ids = new Set(found[index])
    const missing = expected[index]!.filter((id) => !ids.delete(id as string))
    expect({ filter: fc.stringify(filter), missing, unexpected: [...ids] }).toEqual(NOTHING_WRONG)
  }
}

const NOTHING_WRONG = { filter: expect.any(String), missing: [], unexpected: [] }

/**
 * A filter of a list around one of a record: contact info and what else has no list of its own is asked for through its
 * owner.
 */
function listed(record: RecordName, filter: Filter, owner: ListedName, quantifier: string): Filtered {
  if (record in LISTS) return { record: record as ListedName, filter }
  const [relation] = [...filterFields(owner)].find(([, field]) => field.is === 'many' && field.to === record) ?? []
  return { record: owner, filter: { [relation ?? '']: { [quantifier]: filter } } }
}

const anyData = anyDataSet({ contacts: 60, companies: 40, infos: 40 })
const anyOwner = fc.constantFrom<ListedName>('Contact', 'Company')
const anyQuantifier = fc.constantFrom('some', 'none', 'every')

test(
  'every operator of every field finds what the model finds',
  async () => {
    const places = operatorPlaces()
    const all = places.map((place) => fc.tuple(anyTest(place), anyOwner, anyQuantifier, fc.constant(place.record)))
    let count = 0
    await checkProperty({
      seed,
      runs: 4,
      data: anyData,
      // A list of so many would shrink for hours: the filter that fails is told by itself.
      cases: fc.noShrink(fc.tuple(...all)),
      async check(data, tests) {
        count += tests.length
        const lists = tests.map(([filter, owner, quantifier, record]) => listed(record, filter, owner, quantifier))
        for (let from = 0; from < lists.length; from += 20) await checkFilters(data, lists.slice(from, from + 20))
      },
    })
    console.log(`filters, operator by operator: seed ${seed}, ${count} runs`)
    expect(count).toBe(4 * places.length)
  },
  PROPERTY_TIMEOUT_MS,
)

test(
  'filters up to depth 5 find what the model finds',
  async () => {
    const anyOf = (record: ListedName) =>
      anyFilter(record, { depth: 5, hops: 2 }).map((filter): Filtered => ({ record, filter }))
    const anyList = fc.oneof(
      { weight: 5, arbitrary: anyOf('Contact') },
      { weight: 4, arbitrary: anyOf('Company') },
      { weight: 1, arbitrary: fc.constantFrom<ListedName>('User', 'Industry', 'CompanySize').chain(anyOf) },
    )
    let count = 0
    await checkProperty({
      seed,
      runs: 100,
      data: anyData,
      cases: fc.array(anyList, { minLength: 1, maxLength: 16, size: 'max' }),
      async check(data, lists) {
        count += lists.length
        await checkFilters(data, lists)
      },
    })
    console.log(`filters, any: seed ${seed}, ${count} runs`)
    expect(count).toBeGreaterThanOrEqual(600)
  },
  PROPERTY_TIMEOUT_MS,
)

test('each operator of each filter of the schema was among them', () => {
  expect([...used].sort()).toEqual(allOperators())
})

describe('relative days', () => {
  const MS_PER_QUARTER = 900_000

  /** Companies that were spoken to at the first and last moments of the days around today, and around midnight. */
  function companiesAround(zone: string | null, now: string): Row[] {
    const today = localDay(zone, Date.parse(now))
    const borders = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((days) => startOfDay(zone, shiftDay(today, days)))
    const around = Array.from({ length: 17 }, (_, index) => (index - 8) * MS_PER_QUARTER)
    const moments = borders.flatMap((border, index) =>
      [-1, 0, 1].concat(index % 4 === 0 ? [] : around).map((ms) => border + ms),
    )
    return [...new Set(moments)].map((ms, index) => ({
      id: rowId('Company', index),
      createdAt: now,
      updatedAt: now,
      name: new Date(ms).toISOString(),
      status: 'LEAD',
      priority: 'LOW',
      version: 1,
      lastContactedAt: new Date(ms).toISOString(),
      deletedAt: null,
    }))
  }

  const PLACES: [string | null, string][] = [
    [null, '2028-02-29T00:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T00:59:59.999Z'],
    ['Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['America/New_York', '2026-11-01T04:30:00.000Z'],
    ['Asia/Kathmandu', '2026-12-31T18:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-12-31T09:59:59.999Z'],
    ['Pacific/Pago_Pago', '2026-12-31T11:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:30:00.000Z'],
    // Midnight itself is skipped, or comes twice.
    ['America/Havana', '2026-03-08T05:00:00.000Z'],
    ['America/Havana', '2026-11-01T04:30:00.000Z'],
    ['Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['Africa/Cairo', '2026-10-29T21:30:00.000Z'],
    ['Atlantic/Azores', '2026-03-29T01:00:00.000Z'],
    ['Atlantic/Azores', '2026-10-25T00:30:00.000Z'],
    // The 30th of December 2011 never was.
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ]

  test.each(PLACES)('are those of the calendar in %s at %s', async (zone, now) => {
    const rows = {
      User: [],
      Industry: [],
      CompanySize: [],
      Contact: [],
      EmailAddress: [],
      PhoneNumber: [],
      Address: [],
    }
    const companies = companiesAround(zone, now)
    const data = { now: new Date(now), zone, rows: { ...rows, SocialMediaAccount: [], Company: companies } }
    const lists = [-3, -2, -1, 0, 1, 2, 3].flatMap((days): Filtered[] => [
      { record: 'Company', filter: { lastContactedAt: { withinDays: days } } },
      { record: 'Company', filter: { lastContactedAt: { olderThanDays: days } } },
      { record: 'Company', filter: { lastContactedAt: { relative: { from: days } } } },
      { record: 'Company', filter: { lastContactedAt: { relative: { to: days } } } },
      { record: 'Company', filter: { lastContactedAt: { relative: { from: days, to: days } } } },
      { record: 'Company', filter: { lastContactedAt: { relative: { from: 0, to: days } } } },
    ])
    await checkFilters(data, lists)
  })
})
