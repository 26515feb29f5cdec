import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { createFairQueue, PATIENCE_MS, type FairQueue } from '../../src/lib/fair-queue.js'

const DEADLINE_MS = 8000

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** Enters one after the other, and notes by name who has a place; `leave` gives the place of one back. */
function watch(queue: FairQueue) {
  const entered: string[] = []
  const leavers = new Map<string, () => void>()
  return {
    entered,
    enter: async (
      name: string,
      { tenantId = 'a', client = 'anna', cost = 1, deadlineMs = DEADLINE_MS } = {},
    ): Promise<void> => {
      void queue.enter(tenantId, { client, cost }, deadlineMs).then(
        (leave) => {
          entered.push(name)
          leavers.set(name, leave)
        },
        (error: { code: string }) => entered.push(`${name} ${error.code}`),
      )
      await jest.advanceTimersByTimeAsync(0)
    },
    leave: async (name: string): Promise<void> => {
      leavers.get(name)?.()
      await jest.advanceTimersByTimeAsync(0)
    },
  }
}

test('each tenant has its own places', async () => {
  const { entered, enter } = watch(createFairQueue(2))
  for (const name of ['a1', 'a2', 'a3']) await enter(name)
  for (const name of ['b1', 'b2', 'b3']) await enter(name, { tenantId: 'b' })
  expect(entered).toEqual(['a1', 'a2', 'b1', 'b2'])
})

test('a free place goes to the client that holds the fewest, then to what costs least, then to who ends first', async () => {
  const { entered, enter, leave } = watch(createFairQueue(2))
  await enter('first')
  await enter('second')
  await enter('large', { cost: 500 })
  await enter('small, later', { cost: 10, deadlineMs: DEADLINE_MS + 1 })
  await enter('small', { cost: 10 })
  await enter('of another', { client: 'ben', cost: 900 })
  await enter('of another, again', { client: 'ben', cost: 1 })
  // Ben held none: one place more is for him.
  expect(entered).toEqual(['first', 'second', 'of another'])
  await leave('first')
  expect(entered).toHaveLength(3)
  for (const name of ['second', 'of another', 'small', 'of another, again']) await leave(name)
  expect(entered.slice(3)).toEqual([
    // Anna holds none, Ben one; then it is the other way round, and her small ones go first.
    'small',
    'of another, again',
    'small, later',
    'large',
  ])
})

test('who leaves twice frees one place', async () => {
  const { entered, enter, leave } = watch(createFairQueue(1))
  for (const name of ['first', 'second', 'third']) await enter(name)
  await leave('first')
  await leave('first')
  expect(entered).toEqual(['first', 'second'])
  await leave('second')
  expect(entered).toEqual(['first', 'second', 'third'])
})

test('slow ones block nobody: one more goes on each time nobody got a place for a while', async () => {
  const { entered, enter, leave } = watch(createFairQueue(1))
  for (const name of ['slow', 'second', 'third', 'fourth']) await enter(name)
  await jest.advanceTimersByTimeAsync(PATIENCE_MS - 1)
  expect(entered).toEqual(['slow'])
  await jest.advanceTimersByTimeAsync(1)
  expect(entered).toEqual(['slow', 'second'])
  // There are more than places: the first that ends makes no room.
  await leave('second')
  expect(entered).toEqual(['slow', 'second'])
  await jest.advanceTimersByTimeAsync(PATIENCE_MS)
  expect(entered).toEqual(['slow', 'second', 'third'])
  await leave('slow')
  await leave('third')
  expect(entered).toEqual(['slow', 'second', 'third', 'fourth'])
  await leave('fourth')
  expect(jest.getTimerCount()).toBe(0)
})

test('who has no place at the deadline is refused, and takes none later', async () => {
  const { entered, enter, leave } = watch(createFairQueue(1))
  const soonMs = performance.now() + PATIENCE_MS / 2
  await enter('first')
  await enter('late', { deadlineMs: soonMs })
  await jest.advanceTimersByTimeAsync(PATIENCE_MS / 2)
  expect(entered).toEqual(['first', 'late SERVICE_UNAVAILABLE'])
  await leave('first')
  await enter('second')
  expect(entered).toEqual(['first', 'late SERVICE_UNAVAILABLE', 'second'])
  await leave('second')
  expect(jest.getTimerCount()).toBe(0)
})
