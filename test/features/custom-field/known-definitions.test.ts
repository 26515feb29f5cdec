import { describe, expect, test } from '@jest/globals'
import { createKnownDefinitions } from '../../../src/features/custom-field/known-definitions.js'

/** Known definitions by a clock that stands still, and what was read for them. */
function openKnown() {
  const clock = { nowMs: 0 }
  const known = createKnownDefinitions(() => clock.nowMs)
  let reads = 0
  const get = (tenantId: string, answer: () => Promise<never[]> = () => Promise.resolve([])) =>
    known.get(tenantId, () => {
      reads += 1
      return answer()
    })
  return { clock, known, get, reads: () => reads }
}

describe('known definitions', () => {
  test('are read once a second, and at once by whoever changed them', async () => {
    const { clock, known, get, reads } = openKnown()
    await Promise.all([get('a'), get('a')])
    clock.nowMs = 999
    await get('a')
    expect(reads()).toBe(1)
    clock.nowMs = 1000
    await get('a')
    expect(reads()).toBe(2)
    known.forget('a')
    await get('a')
    expect(reads()).toBe(3)
  })

  test('that were being read when they changed are read again, whichever read ends last', async () => {
    const { known, get, reads } = openKnown()
    let end = (_: never[]): void => undefined
    const before = get('a', () => new Promise<never[]>((resolve) => (end = resolve)))
    known.forget('a')
    const after = get('a')
    end([])
    await Promise.all([before, after])
    await get('a')
    expect(reads()).toBe(2)
  })

  test('of one tenant are none of another', async () => {
    const { get, reads } = openKnown()
    await get('a')
    await get('b')
    expect(reads()).toBe(2)
  })

  test('that could not be read are read again', async () => {
    const { get, reads } = openKnown()
    await expect(get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
    await get('a')
    expect(reads()).toBe(2)
  })

  test('are those of 1,000 tenants at most: the ones that were read first go', async () => {
    const { get, reads } = openKnown()
    for (let tenant = 0; tenant <= 1000; tenant++) await get(`t${tenant}`)
    await get('t1')
    expect(reads()).toBe(1001)
    await get('t0')
    expect(reads()).toBe(1002)
  })
})
