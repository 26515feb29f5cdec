import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { stringifyInTurns } from '../../src/graphql/stringify.js'
import { createTurns } from '../../src/lib/turns.js'
import { testSeed } from '../setup/test-run.js'

const seed = testSeed()

test(`any answer is the text that JSON.stringify gives: KITH_TEST_SEED=${seed}`, async () => {
  const value = fc.jsonValue({ maxDepth: 5 })
  await fc.assert(
    fc.asyncProperty(value, async (answer) => {
      expect(await stringifyInTurns(answer, createTurns(1))).toBe(JSON.stringify(answer))
    }),
    { seed, numRuns: 500, verbose: 1 },
  )
  const holes = { data: { a: [undefined, null, [], {}], b: undefined, c: { d: undefined, e: [[1], [2]] } } }
  expect(await stringifyInTurns(holes, createTurns(1))).toBe(JSON.stringify(holes))
})

test('between portions the event loop goes on', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({ index, text: 'x'.repeat(20_000), tags: [index, index] }))
  let turns = 0
  let isWritten = false
  const count = (): void => {
    turns += 1
    if (!isWritten) setImmediate(count)
  }
  setImmediate(count)
  const text = await stringifyInTurns({ data: { contacts: { nodes: rows } } }, createTurns(1))
  isWritten = true
  expect(JSON.parse(text)).toEqual({ data: { contacts: { nodes: rows } } })
  // 800 kB are three portions of 256 kB, with a pause behind each.
  expect(turns).toBeGreaterThanOrEqual(2)
})
