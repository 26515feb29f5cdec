import type { Statement } from './statement.js'

/** Is told of rows that were written, and gives new tables their first statistics. */
export interface FirstStatistics {
  /** Says how many rows a transaction gave back, which is about as many as it wrote. Never throws, and waits for nothing. */
  readonly noteWritten: (rows: number) => void
}

/** Fewer rows are quick to read, whatever the planner takes them for. */
const MIN_ROWS = 50
/** To ask takes some 2 ms: where all tables have statistics it is done less and less often. */
const MAX_ROWS = 5000
const PAUSE_AFTER_FAILURE_MS = 60_000

/**
 * Has tables without statistics analyzed each time that this process has written 50 rows; where there were none, after 100,
 * 200 … 5,000 more. `analyzeNext` analyzes one that isn't among `done`, and returns its name, null where there is none. It
 * may fail: then it is tried again after a minute.
 */
export function createFirstStatistics(
  analyzeNext: (done: readonly string[]) => Promise<string | null>,
  nowMs: () => number = Date.now,
): FirstStatistics {
  let [rows, minRows, pausedUntilMs] = [0, MIN_ROWS, -Infinity]
  let isRunning = false

  const analyze = async (): Promise<void> => {
    const done: string[] = []
    for (let name = await analyzeNext(done); name !== null; name = await analyzeNext(done)) done.push(name)
    minRows = done.length > 0 ? MIN_ROWS : Math.min(minRows * 2, MAX_ROWS)
  }
  const run = async (): Promise<void> => {
    isRunning = true
    // What is written meanwhile may be the first of another table.
    while (rows >= minRows) {
      rows = 0
      await analyze()
    }
  }
  return {
    noteWritten(written) {
      rows += written
      if (rows < minRows || isRunning || nowMs() < pausedUntilMs) return
      void run()
        .catch(() => (pausedUntilMs = nowMs() + PAUSE_AFTER_FAILURE_MS))
        .finally(() => (isRunning = false))
    },
  }
}

/** Analyzes a table that has none of the planner's statistics yet, as `name`; see kith_analyze_new in the migrations. */
export function analyzeNewTable(done: readonly string[]): Statement {
  return { label: 'analyzeNewTable', prepared: true, text: 'select kith_analyze_new($1) as name', values: [done] }
}
