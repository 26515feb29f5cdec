import type { Database } from '../../database/database.js'
import { addCellCounts, createHistogram, percentileMs } from '../../metrics/histogram.js'
import { SIGNALS } from '../../metrics/times.js'
import { listWindow } from './history.repository.js'
import * as repository from './performance.repository.js'

/** What all processes did in a few minutes. */
export interface WindowFigures {
  /** how many minutes are known; 0 where no process kept any */
  readonly minutes: number
  readonly requests: number
  /** null where there were none */
  readonly p95Ms: number | null
  /** requests that failed by the server's fault */
  readonly faults: number
  readonly slowStatements: number
  readonly poolExhausted: number
  /** by statement and role */
  readonly planFlips: readonly { readonly statement: string; readonly count: number }[]
}

/** What the history knows of the minutes since a moment. */
export async function readWindow(database: Database, since: Date): Promise<WindowFigures> {
  const rows = await listWindow(database, since)
  const durations = createHistogram()
  const counts = new Map<string, number>()
  const minutes = new Set<string>()
  const flips = new Map<string, number>()
  let requests = 0
  for (const { at, kind, name, count, totalMs, maxMs, cells, counts: inCells } of rows) {
    if (kind === 'process') minutes.add(at)
    else if (kind === 'request') {
      requests += count
      addCellCounts(durations, { cells, counts: inCells, sumMs: totalMs, maxMs })
    } else {
      const isFlip = name.startsWith(SIGNALS.flip)
      const [map, key] = isFlip ? [flips, name.slice(SIGNALS.flip.length)] : [counts, name]
      map.set(key, (map.get(key) ?? 0) + count)
    }
  }
  return {
    minutes: minutes.size,
    requests,
    p95Ms: requests === 0 ? null : percentileMs(durations, 0.95),
    faults: counts.get(SIGNALS.fault) ?? 0,
    slowStatements: counts.get(SIGNALS.slow) ?? 0,
    poolExhausted: counts.get(SIGNALS.exhausted) ?? 0,
    planFlips: [...flips].map(([statement, count]) => ({ statement, count })),
  }
}

/** Rows of a table, live and dead, about. */
export interface TableFigures {
  readonly name: string
  readonly rows: number
  readonly deadRows: number
}

/** What the database server knows of itself at a moment: blocks that were asked for since it counts, bytes, tables. */
export interface ServerFigures {
  readonly blocksHit: number
  readonly blocksRead: number
  readonly databaseBytes: number
  readonly tables: readonly TableFigures[]
}

/** What the database server says of itself. */
export async function readServerFigures(database: Database): Promise<ServerFigures> {
  const [server, tables] = await Promise.all([
    repository.readServerFigures(database),
    repository.listDeadRows(database),
  ])
  return { ...server, tables }
}
