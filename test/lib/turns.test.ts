import { expect, test } from '@jest/globals'
import { createTurns } from '../../src/lib/turns.js'

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('a turn has room for so many units; what is beyond waits for the next, in the order of the calls', async () => {
  const turns = createTurns(100)
  expect(turns.take(60)).toBeUndefined()
  expect(turns.take(40)).toBeUndefined()
  const order: string[] = []
  const waiting = [
    ['a', 70],
    ['b', 40],
    ['c', 10],
  ] as const
  for (const [name, units] of waiting) void turns.take(units)?.then(() => order.push(name))
  expect(order).toEqual([])
  await nextTurn()
  expect(order).toEqual(['a'])
  // Nobody passes those who wait, however little it takes.
  void turns.take(1)?.then(() => order.push('d'))
  await nextTurn()
  expect(order).toEqual(['a', 'b', 'c', 'd'])
})

test('what is larger than a turn has one of its own', async () => {
  const turns = createTurns(100)
  expect(turns.take(1)).toBeUndefined()
  const order: string[] = []
  void turns.take(200)?.then(() => order.push('large'))
  void turns.take(1)?.then(() => order.push('small'))
  await nextTurn()
  expect(order).toEqual(['large'])
  await nextTurn()
  expect(order).toEqual(['large', 'small'])
  await nextTurn()
  expect(turns.take(100)).toBeUndefined()
})

test('a pause lasts until the next turn, and has it for itself', async () => {
  const turns = createTurns(100)
  const order: string[] = []
  void turns.pause().then(() => order.push('paused'))
  void turns.take(1)?.then(() => order.push('small'))
  expect(order).toEqual([])
  await nextTurn()
  expect(order).toEqual(['paused'])
  await nextTurn()
  expect(order).toEqual(['paused', 'small'])
})
