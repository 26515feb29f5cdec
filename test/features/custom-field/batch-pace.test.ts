import { expect, test } from '@jest/globals'
import { createBatchPace } from '../../../src/features/custom-field/batch-pace.js'

test('a batch has as many rows as 50 ms are enough for', () => {
  const pace = createBatchPace(50)
  const sizes = [25, 20, 100, 1000, 5000, 1_000_000, 0, 50, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1].map((durationMs) => {
    const size = pace.size()
    pace.took(durationMs)
    return size
  })
  // Twice as many at most after a short one, and at once a tenth after one that took ten times as long.
  expect(sizes).toEqual([50, 100, 200, 100, 5, 1, 1, 2, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500])
})
