import type { AlertReading, AlertSample } from '../../metrics/alert-state.js'
import type { AlertRuleName } from '../../metrics/alert-rules.js'
import type { ServerFigures, WindowFigures } from '../performance/figures.service.js'

/** What is known at a moment; an error stands for what could not be read. */
export interface AlertFigures {
  /** how long the database has answered nobody of this process */
  readonly secondsSinceAnswer: number
  /** about the last five and the last ten whole minutes; undefined while the process is too young for them */
  readonly five: WindowFigures | Error | undefined
  readonly ten: WindowFigures | Error | undefined
  readonly server: ServerFigures | Error
  /** blocks that were asked for in the last ten minutes and the part of them that was in memory; undefined before that is known */
  readonly blocks: { readonly asked: number; readonly hitRatio: number } | undefined
  /** the part of the disk that is used; undefined where that isn't known */
  readonly diskPart: number | undefined
}

// Of fewer, a percentile or a part says nothing.
const MIN_REQUESTS = 20
const MIN_BLOCKS = 10_000
const MIN_DEAD_ROWS = 10_000
const NOBODY_KEPT = 'No process has kept its minutes in the history.'

/** What each rule finds in the figures. */
export function readingsOf(figures: AlertFigures): Readonly<Record<AlertRuleName, AlertReading>> {
  const { secondsSinceAnswer, five, ten, server, blocks, diskPart } = figures
  return {
    DATABASE_DOWN: one(secondsSinceAnswer, `The database has not answered for ${format(secondsSinceAnswer)} s.`),
    REQUEST_P95: ofWindow(five, ({ requests, p95Ms }) =>
      requests < MIN_REQUESTS || p95Ms === null ? [] : one(p95Ms, `95 of 100 requests took up to ${format(p95Ms)} ms.`),
    ),
    ERROR_RATE: ofWindow(five, ({ requests, faults }) =>
      requests < MIN_REQUESTS
        ? []
        : one(faults / requests, `${faults} of ${requests} requests failed by a fault of the server.`),
    ),
    SLOW_STATEMENTS: ofWindow(five, ({ slowStatements, minutes }) =>
      one(slowStatements / minutes, `${format(slowStatements / minutes)} slow statements a minute.`),
    ),
    POOL_WAITING: ofWindow(five, ({ poolExhausted, minutes }) =>
      one(
        poolExhausted / minutes,
        `All connections were in use ${format(poolExhausted / minutes)} times a minute when one was wanted.`,
      ),
    ),
    CACHE_HIT_RATIO:
      blocks &&
      (blocks.asked < MIN_BLOCKS ? [] : one(blocks.hitRatio, `${percent(blocks.hitRatio)} of blocks were in memory.`)),
    PLAN_FLIP: ofWindow(ten, ({ planFlips }) =>
      planFlips.map(({ statement, count }) => ({
        labels: { statement },
        value: count,
        summary: `The plan of ${statement} has changed ${count === 1 ? 'once' : `${count} times`}.`,
      })),
    ),
    DISK: diskPart === undefined ? undefined : one(diskPart, `${percent(diskPart)} of the disk is used.`),
    DEAD_ROWS:
      server instanceof Error
        ? { missing: server.message }
        : server.tables
            .filter(({ deadRows }) => deadRows >= MIN_DEAD_ROWS)
            .map(({ name, rows, deadRows }) => ({
              labels: { table: name },
              value: deadRows / (rows + deadRows),
              summary: `${percent(deadRows / (rows + deadRows))} of the rows of ${name} are dead (${deadRows}).`,
            })),
  }
}

function ofWindow(
  window: WindowFigures | Error | undefined,
  read: (window: WindowFigures) => readonly AlertSample[],
): AlertReading {
  if (window === undefined) return undefined
  if (window instanceof Error) return { missing: `The history could not be read: ${window.message}` }
  return window.minutes === 0 ? { missing: NOBODY_KEPT } : read(window)
}

function one(value: number, summary: string): readonly AlertSample[] {
  return [{ labels: {}, value, summary }]
}

function format(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function percent(part: number): string {
  return `${format(100 * part)} %`
}
