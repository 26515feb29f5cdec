import type { Statement } from './statement.js'

/** Is told of rows that were written, and gives new tables their first statistics. */
export interface FirstStatistics {
  /** Says how many rows a transaction wrote, or about so many. Never throws, and waits for nothing. */
  readonly noteWritten: (rows: number) => void
}

/** As many as autovacuum waits for, which comes a minute later. To ask takes 0.3 ms where all tables have statistics. */
const MIN_ROWS = 50

/**
 * Has tables without statistics analyzed each time that this process has written 50 rows. `analyzeNext` analyzes one that
 * isn't among `done`, and returns its name, null where there is none. It may fail: then it is tried again after 50 more.
 */
export function createFirstStatistics(
  analyzeNext: (done: readonly string[]) => Promise<string | null>,
): FirstStatistics {
  let rows = 0
  let isRunning = false

  const analyze = async (): Promise<void> => {
    const done: string[] = []
    for (let name = await analyzeNext(done); name !== null; name = await analyzeNext(done)) done.push(name)
  }
  const run = async (): Promise<void> => {
    isRunning = true
    // What is written meanwhile may be the first of another table.
    while (rows >= MIN_ROWS) {
      rows = 0
      await analyze()
    }
  }
  return {
    noteWritten(written) {
      rows += written
      if (rows < MIN_ROWS || isRunning) return
      void run()
        .catch(() => undefined)
        .finally(() => (isRunning = false))
    },
  }
}

/** Analyzes a table that has none of the planner's statistics yet, as `name`; see kith_analyze_new in the migrations. */
export function analyzeNewTable(done: readonly string[]): Statement {
  return { label: 'analyzeNewTable', prepared: true, text: 'select kith_analyze_new($1) as name', values: [done] }
}
