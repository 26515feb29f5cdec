import { describe, expect, test } from '@jest/globals'
import { manyByKey, oneByKey } from '../../src/lib/batch.js'

interface Row {
  readonly id: string
  readonly owner: string
}

const row = (id: string, owner = ''): Row => ({ id, owner })

describe('oneByKey', () => {
  test.each<[string, string[], Row[], (string | null)[]]>([
    ['no keys', [], [row('a')], []],
    ['no rows', ['a', 'b'], [], [null, null]],
    ['the order of the keys', ['c', 'a', 'b'], [row('a'), row('b'), row('c')], ['c', 'a', 'b']],
    ['a key twice', ['a', 'a'], [row('a')], ['a', 'a']],
    ['a row that nobody asked for', ['a'], [row('x'), row('a')], ['a']],
  ])('%s', (_, keys, rows, ids) => {
    expect(oneByKey(keys, rows, ({ id }) => id).map((found) => found?.id ?? null)).toEqual(ids)
  })

  test('of two rows with one key the last counts', () => {
    expect(oneByKey(['a'], [row('a', '1'), row('a', '2')], ({ id }) => id)).toEqual([row('a', '2')])
  })
})

describe('manyByKey', () => {
  test.each<[string, string[], Row[], string[][]]>([
    ['no keys', [], [row('1', 'a')], []],
    ['no rows', ['a', 'b'], [], [[], []]],
    [
      'the order of the rows within a key',
      ['b', 'a'],
      [row('3', 'a'), row('1', 'b'), row('2', 'a')],
      [['1'], ['3', '2']],
    ],
    ['a key twice', ['a', 'a'], [row('1', 'a')], [['1'], ['1']]],
    ['rows that nobody asked for', ['a'], [row('1', 'x')], [[]]],
  ])('%s', (_, keys, rows, ids) => {
    expect(manyByKey(keys, rows, ({ owner }) => owner).map((found) => found.map(({ id }) => id))).toEqual(ids)
  })
})
