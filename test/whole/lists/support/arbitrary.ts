import fc, { type Arbitrary } from 'fast-check'
import { anyFilter } from './arbitrary-filter.js'
import { oneOf } from './arbitrary-values.js'
import type { Filter, Step } from './model.js'
import { LISTS, orderFields, type ListedName } from './schema.js'

/** A list, and the way in which its pages are read. */
export interface Reading {
  readonly record: ListedName
  readonly filter: Filter | null
  readonly orderBy: readonly Step[] | null
  readonly way: 'forwards' | 'backwards' | 'offsets' | 'jumps'
  /** rows on a page; null says nothing, which is 50 */
  readonly size: number | null
  /** chooses rows to jump from, and where counting stops */
  readonly pick: number
}

const SIZES = [null, 1, 2, 3, 5, 8, 13, 50, 200] as const

/** Orders of a record, of 1 to 5 steps; null and an empty one stand for its own. */
export function anyOrder(record: ListedName): Arbitrary<readonly Step[] | null> {
  const fields = [...orderFields(record)]
  // As likely by each relation as by the row itself, which has many more fields.
  const groups = [...new Set(fields.map(([, { relation }]) => relation))]
  const anyField = fc.oneof(
    ...groups.map((group) => oneOf(fields.filter(([, { relation }]) => relation === group).map(([name]) => name))),
  )
  const step = fc.record(
    {
      field: anyField,
      direction: oneOf(['ASC', 'DESC'] as const),
      nulls: oneOf(['LAST', 'FIRST'] as const),
    },
    { requiredKeys: ['field'] },
  )
  const steps = (maxLength: number): Arbitrary<Step[]> =>
    fc.uniqueArray(step as Arbitrary<Step>, { minLength: 1, maxLength, selector: ({ field }) => field, size: 'max' })
  return fc.oneof(
    { weight: 1, arbitrary: oneOf([null, []]) },
    { weight: 5, arbitrary: steps(1) },
    { weight: 4, arbitrary: steps(2) },
    { weight: 2, arbitrary: steps(5) },
  )
}

/** Ways to read the list of a record; about a third of them with a filter. */
export function anyReading(record: ListedName): Arbitrary<Reading> {
  return fc.record({
    record: fc.constant(record),
    filter: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: anyFilter(record, { depth: 3, hops: 1 }) },
    ),
    orderBy: anyOrder(record),
    way: oneOf(['forwards', 'backwards', 'offsets', 'jumps'] as const),
    size: oneOf(SIZES),
    pick: fc.nat(1000),
  })
}

/** Readings of all root lists, of contacts and companies in most cases. */
export const anyRootReading: Arbitrary<Reading> = fc.oneof(
  { weight: 5, arbitrary: anyReading('Contact') },
  { weight: 4, arbitrary: anyReading('Company') },
  ...(Object.keys(LISTS) as ListedName[]).slice(2).map((record) => ({ weight: 1, arbitrary: anyReading(record) })),
)
