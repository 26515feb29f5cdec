import { beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createOperationNames, type OperationNames } from '../../src/metrics/operation-names.js'
import { testSeed } from '../setup/test-run.js'

const MAX = 4
const seed = testSeed()

let names: OperationNames
let dropped: string[]

beforeEach(() => {
  dropped = []
  names = createOperationNames(MAX, (name) => dropped.push(name))
})

/** The labels of names, sent by one tenant after each other. */
const labelsOf = (tenant: string, sent: readonly string[]): string[] => sent.map((name) => names.labelOf(name, tenant))

describe('names of operations', () => {
  test('are all counted where they are few', () => {
    expect(labelsOf('a', ['one', 'two', 'one'])).toEqual(['one', 'two', 'one'])
    expect(labelsOf('b', ['one', 'three'])).toEqual(['one', 'three'])
    expect(dropped).toEqual([])
  })

  test('of one tenant alone may take all the room', () => {
    expect(labelsOf('a', ['1', '2', '3', '4', '5', '4'])).toEqual(['1', '2', '3', '4', 'other', '4'])
    expect(dropped).toEqual([])
  })

  test('of one tenant make room for those of another, the latest first, until both have as many', () => {
    labelsOf('a', ['1', '2', '3', '4'])
    expect(labelsOf('b', ['x', 'y', 'z'])).toEqual(['x', 'y', 'other'])
    expect(dropped).toEqual(['4', '3'])
    expect(labelsOf('a', ['3', '4', '1', '2'])).toEqual(['other', 'other', '1', '2'])
  })

  test('that the server gives itself take no room and are never dropped', () => {
    expect(labelsOf('a', ['anonymous', 'other', '1', '2', '3', '4', 'anonymous'])).toEqual([
      'anonymous',
      'other',
      '1',
      '2',
      '3',
      '4',
      'anonymous',
    ])
    labelsOf('b', ['x', 'y'])
    expect(dropped).toEqual(['4', '3'])
    expect(labelsOf('b', ['anonymous', 'other'])).toEqual(['anonymous', 'other'])
  })
})

test(`whatever tenants send, there are never more than agreed, and who sends one name alone has it: KITH_TEST_SEED=${seed}`, () => {
  const requests = fc.array(fc.tuple(fc.constantFrom('greedy', 'also greedy'), fc.string({ maxLength: 3 })), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(requests, (sent) => {
      const counted = new Set<string>()
      const bounded = createOperationNames(MAX, (name) => counted.delete(name))
      for (const [tenant, name] of sent) {
        counted.add(bounded.labelOf(name, tenant))
        const clients = [...counted].filter((label) => label !== 'other' && label !== 'anonymous')
        expect(clients.length).toBeLessThanOrEqual(MAX)
      }
      expect(bounded.labelOf('mine alone', 'modest')).toBe('mine alone')
    }),
    { seed },
  )
})
