import { expect, test } from '@jest/globals'
import { createLane } from '../../src/lib/lane.js'

const later = () => performance.now() + 60_000

test('a lane lets so many through at once, in the order in which they came', async () => {
  const lane = createLane(2)
  const [leaveFirst, leaveSecond] = [await lane.enter(later()), await lane.enter(later())]
  const entered: string[] = []
  const third = lane.enter(later()).then((leave) => (entered.push('third'), leave))
  const fourth = lane.enter(later()).then((leave) => (entered.push('fourth'), leave))
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(entered).toEqual([])
  leaveSecond()
  // Who leaves twice frees one place.
  leaveSecond()
  const leaveThird = await third
  expect(entered).toEqual(['third'])
  leaveFirst()
  const leaveFourth = await fourth
  leaveThird()
  leaveFourth()
  const again = [await lane.enter(later()), await lane.enter(later())]
  for (const leave of again) leave()
})

test('who has no place in time is refused, and takes none later', async () => {
  const lane = createLane(1)
  const leave = await lane.enter(later())
  await expect(lane.enter(performance.now() + 5)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: 'The server is busy with large requests; try again.',
  })
  leave()
  const next = await lane.enter(later())
  next()
})
