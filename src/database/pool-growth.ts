/** A pool in which somebody waits and nothing is idle. */
export interface PoolState {
  /** connections, those that are being opened included */
  readonly open: number
  readonly opening: number
  /** connections that it may have */
  readonly limit: number
  /** who waits, and how long the first of them has */
  readonly waiting: number
  readonly waitedMs: number
}

/** So many connections are opened as soon as somebody waits. */
export const OPEN_EAGERLY = 10
/** Further ones are opened when somebody has waited so long: most statements end sooner. */
export const OPEN_PATIENCE_MS = 100
const OPENING_AT_ONCE = 4

/**
 * Whether a pool opens one more connection now.
 *
 * | open      | one more is opened                                                   |
 * | --------- | -------------------------------------------------------------------- |
 * | 0 to 9    | for whoever waits, four at once                                      |
 * | 10 and up | one after the other, while somebody has waited for a tenth of a second |
 *
 * An idle machine opens one in 10 ms, so that a hundred slow statements find their connections in a second; a busy one
 * takes 100 ms and more, and gets few: with all 200 at once 60 heavy requests took longer than anybody waits, and a
 * third of them failed, where 12 connections served all of them.
 */
export function mayOpen({ open, opening, limit, waiting, waitedMs }: PoolState): boolean {
  if (open >= limit || opening >= waiting) return false
  if (open < OPEN_EAGERLY) return opening < OPENING_AT_ONCE
  return opening === 0 && waitedMs >= OPEN_PATIENCE_MS
}
