/** How many rows the next batch of a long work has. */
export interface BatchPace {
  readonly size: () => number
  /** Is told how long the last batch, of that size, took in milliseconds. */
  readonly took: (durationMs: number) => void
}

/** While a batch of values or records is written, who writes one of them waits. */
const WANTED_MS = 50
const MAX_SIZE = 500
// Fewer don't take less: on a machine so busy that each batch took 50 ms whatever its size, 200,000 values would have taken hours.
const MIN_SIZE = 50

/**
 * A pace that takes as many rows as 50 ms are enough for, 50 to 500: a machine that is busy, or a tenant with many fields, gets smaller
 * batches instead of longer waits. It doubles at most, and falls at once.
 */
export function createBatchPace(): BatchPace {
  let size = MIN_SIZE
  return {
    size: () => size,
    took(durationMs) {
      const fitting = Math.floor((size * WANTED_MS) / Math.max(durationMs, 1))
      size = Math.max(MIN_SIZE, Math.min(fitting, size * 2, MAX_SIZE))
    },
  }
}
