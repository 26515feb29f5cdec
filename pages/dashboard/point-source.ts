import { SignedOut } from './api.js'
import type { Looker } from './page-state.js'
import { QUERIES } from './queries.js'
import type { Range } from './ranges.js'
import { joinPoints, pointsOfHistory, pointsOfTicks, type Point } from './timeline.js'
import type { HistoryPoint, Tick } from './types.js'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const KEPT_MS = 15 * MINUTE_MS

/** Where the points of the charts come from: history, the minutes of the process, and ticks. */
export function createPointSource({ ask }: Looker) {
  let ticks: Tick[] = []
  let minutes: readonly HistoryPoint[] = []
  let minutesUntilMs = 0
  let history: readonly HistoryPoint[] = []
  let historyUntilMs = 0
  const readHistory = async (hours: number): Promise<void> => {
    const { data } = await ask<{ performance: { history: HistoryPoint[] | null } }>(QUERIES.history(hours))
    history = data?.performance.history ?? []
    historyUntilMs = Date.now() - (Date.now() % (hours > 24 ? HOUR_MS : MINUTE_MS))
  }
  const readMinutes = async (): Promise<void> => {
    const { data } = await ask<{ performance: { recentMinutes: HistoryPoint[] } }>(QUERIES.recent())
    minutes = data?.performance.recentMinutes ?? []
    minutesUntilMs = Date.now()
  }
  return {
    /** Asks for what a range needs. @throws SignedOut */
    async load(range: Range): Promise<void> {
      const asked = await Promise.allSettled([readMinutes(), readHistory(range.hours)])
      for (const { status, reason } of asked as PromiseRejectedResult[]) {
        if (status === 'rejected' && reason instanceof SignedOut) throw reason
      }
    },
    add(tick: Tick): void {
      // A stream that was opened anew sends what is kept once more.
      if (Date.parse(tick.at) <= Date.parse(ticks.at(-1)?.at ?? '1970')) return
      const oldestMs = Date.parse(tick.at) - KEPT_MS
      ticks = [...ticks.filter(({ at }) => Date.parse(at) > oldestMs), tick]
    },
    points({ hours }: Range, intervalMs: number): Point[] {
      const fromMs = Date.now() - hours * HOUR_MS
      const live = hours > 1 ? [] : pointsOfTicks(ticks, intervalMs)
      const recent = hours > 1 ? [] : pointsOfHistory(minutes, minutesUntilMs)
      return joinPoints(fromMs, pointsOfHistory(history, historyUntilMs), recent, live)
    },
  }
}
