import type { Looker, PageState } from './page-state.js'
import { QUERIES } from './queries.js'
import type { Alert, Figures, Mark } from './types.js'

/** Keeps alerts and marks up to date: they are asked for at the beginning, each minute, and when the stream says that others are open. */
export function createAlertSource({ ask, isOperator }: Looker, state: PageState, show: () => void) {
  let lastOpen = ''
  const load = async (): Promise<void> => {
    if (!isOperator) return
    const [alerts, marks] = await Promise.all([
      ask<{ performance: { alerts: Alert[] | null } }>(QUERIES.alerts()),
      ask<{ performance: { marks: Mark[] | null } }>(QUERIES.marks(state.range.hours)),
    ])
    state.alerts = alerts.data?.performance.alerts ?? state.alerts
    state.marks = marks.data?.performance.marks ?? state.marks
    show()
  }
  return {
    load,
    /** Asks again where other alerts are open than before. */
    noticed({ openAlerts }: Figures): void {
      const open = JSON.stringify(openAlerts)
      const isNews = open !== lastOpen
      lastOpen = open
      if (isNews) void load().catch(() => undefined)
    },
  }
}
