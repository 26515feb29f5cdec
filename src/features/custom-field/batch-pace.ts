/** How many rows the next batch of a long work has. */
export interface BatchPace {
  readonly size: () => number
  /** Is told how long the last batch, of that size, took in milliseconds. */
  readonly took: (durationMs: number) => void
}

/** While a batch of values or records is written, who writes one of them waits. */
const WANTED_MS = 50
const MAX_SIZE = 500

/**
 * A pace that begins with some rows and takes as many as 50 ms are enough for, 500 at most: a machine that is busy, or a tenant with many
 * fields, gets smaller batches instead of longer waits. It doubles at most, and falls at once.
 */
export function createBatchPace(startSize: number): BatchPace {
  let size = startSize
  return {
    size: () => size,
    took(durationMs) {
      const fitting = Math.floor((size * WANTED_MS) / Math.max(durationMs, 1))
      size = Math.max(1, Math.min(fitting, size * 2, MAX_SIZE))
    },
  }
}
