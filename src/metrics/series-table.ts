import { createSeries, mergeSeries, type Series } from './series.js'

/** Series by name, a bounded number of them: those that took most time, and all others together. */
export interface SeriesTable {
  /** by name */
  readonly series: ReadonlyMap<string, Series>
  /** what belongs to names that have no series of their own any more */
  readonly rest: Series
  /** how often a name lost its series to `rest` */
  evicted: number
  /** The series of a name, new where there is none. */
  readonly at: (name: string) => Series
  /** Moves the lightest to the rest. */
  readonly dropLightest: (count: number) => void
}

// So many go at once: looking for the lightest costs the same for one as for a tenth.
const DROPPED_PART = 0.1

/**
 * A table of at most `max` names. When a new one finds it full, the lightest tenth goes to the rest. A newcomer starts
 * with the weight of the heaviest of those that went, so that a name whose time is more than that of the others of its
 * size stays, however many come once and never again ("Space-Saving", Metwally and others, 2005). A name that came,
 * went and came again is counted from its last coming (`firstAtMs`); sums over the table and its rest stay exact.
 */
export function createSeriesTable(max: number): SeriesTable {
  const series = new Map<string, Series>()
  // What a name weighs beyond what it took itself.
  const credits = new Map<string, number>()
  const rest = createSeries()
  let floorMs = 0

  const weightOf = (name: string, { durations }: Series): number => durations.sumMs + (credits.get(name) ?? 0)

  const dropLightest = (count: number): void => {
    const lightest = [...series.entries()]
      .map(([name, one]) => ({ name, one, weightMs: weightOf(name, one) }))
      .sort((a, b) => a.weightMs - b.weightMs)
      .slice(0, count)
    for (const { name, one, weightMs } of lightest) {
      mergeSeries(rest, one)
      series.delete(name)
      credits.delete(name)
      floorMs = Math.max(floorMs, weightMs)
      table.evicted++
    }
  }

  const table: SeriesTable = {
    series,
    rest,
    evicted: 0,
    dropLightest,
    at(name) {
      const known = series.get(name)
      if (known) return known
      if (series.size >= max) dropLightest(Math.max(1, Math.floor(max * DROPPED_PART)))
      const made = createSeries()
      series.set(name, made)
      if (floorMs > 0) credits.set(name, floorMs)
      return made
    },
  }
  return table
}
