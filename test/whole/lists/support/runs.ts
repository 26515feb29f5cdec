import fc, { type Arbitrary } from 'fast-check'
import type { DataSet } from './model.js'
import { shrinkDataSet, textOfDataSet } from './shrink.js'

/** Looking for a small example of a failure takes its time, and is worth it. */
export const PROPERTY_TIMEOUT_MS = 600_000
const SEARCH_MS = 180_000
const LANES = 4
const SETS = 24

/** What holds for any case over any of some data sets. */
export interface DataProperty<Case> {
  readonly seed: number
  readonly runs: number
  /** how many data sets are made; 24 unless said */
  readonly sets?: number
  readonly data: Arbitrary<DataSet>
  readonly cases: Arbitrary<Case>
  /** throws where it doesn't hold; may remember what it did for a data set */
  readonly check: (data: DataSet, given: Case) => Promise<void>
}

/**
 * Checks a property over some data sets, in a few lanes at once. A failure first shrinks to a simpler case over the
 * same data set, then to the rows that it needs.
 * @throws Error with both
 */
export async function checkProperty<Case>(property: DataProperty<Case>): Promise<void> {
  const { seed, data, cases, check, sets: setCount = SETS } = property
  const sets = fc.sample(data, { seed, numRuns: setCount })
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    const any = fc.asyncProperty(cases, fc.noShrink(fc.nat(setCount - 1)), async (given, index) =>
      check(sets[index]!, given),
    )
    const numRuns = Math.ceil(property.runs / LANES)
    return fc.check(any, {
      seed: seed + lane,
      numRuns,
      interruptAfterTimeLimit: SEARCH_MS,
      markInterruptAsFailure: true,
    })
  })
  const failed = (await Promise.all(lanes)).find((lane) => lane.failed)
  if (!failed) return
  if (!failed.counterexample) throw new Error(`interrupted after ${failed.numRuns} runs`)
  const [found, index] = failed.counterexample
  const fails = (rows: DataSet, given: Case): Promise<boolean> =>
    check(rows, given).then(
      () => false,
      () => true,
    )
  const given = await firstAlone(found, (part) => fails(sets[index]!, part))
  const rows = await shrinkDataSet(sets[index]!, (smaller) => fails(smaller, given))
  const cause = await check(rows, given).catch((error: unknown) => error)
  const message = cause instanceof Error ? cause.message : 'It failed once, and did not fail again.'
  throw new Error(`KITH_TEST_SEED=${seed}\n${fc.stringify(given)}\nover ${textOfDataSet(rows)}\n${message}`, {
    cause: failed.errorInstance,
  })
}

/** Of a case that is a list: its first item that fails alone, if one does. */
async function firstAlone<Case>(found: Case, fails: (part: Case) => Promise<boolean>): Promise<Case> {
  if (!Array.isArray(found)) return found
  for (const item of found) if (await fails([item] as Case)) return [item] as Case
  return found
}
