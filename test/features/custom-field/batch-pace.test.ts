import { expect, test } from '@jest/globals'
import { createBatchPace } from '../../../src/features/custom-field/batch-pace.js'

test('a batch has as many rows as 50 ms are enough for, 50 to 500', () => {
  const pace = createBatchPace()
  const sizes = [25, 20, 50, 100, 1_000_000, 0, 10, 10, 10, 60, 500, 50].map((durationMs) => {
    const size = pace.size()
    pace.took(durationMs)
    return size
  })
  // Twice as many at most after a short one, and at once a tenth after one that took ten times as long.
  expect(sizes).toEqual([50, 100, 200, 200, 100, 50, 100, 200, 400, 500, 416, 50])
})
