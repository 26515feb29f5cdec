import { describe, expect, test } from '@jest/globals'
import { createInputCheck, givenOnly } from '../../src/lib/input.js'
import { accept, refuse } from '../../src/lib/value/checked.js'

const double = (value: number) => (value > 0 ? accept(value * 2) : refuse('Not positive.'))
const toNull = () => accept(null)

describe('take', () => {
  test('hands on what is absent or null, and what the check makes of a value', () => {
    const check = createInputCheck()
    expect([check.take('a', undefined, double), check.take('b', null, double), check.take('c', 2, double)]).toEqual([
      undefined,
      null,
      4,
    ])
    expect(check.take('d', 1, toNull)).toBeNull()
    expect(check.errors).toEqual([])
  })

  test('records what is refused, and hands on nothing', () => {
    const check = createInputCheck()
    expect(check.take('a', -1, double)).toBeUndefined()
    expect(check.errors).toEqual([{ code: 'BAD_USER_INPUT', message: 'Not positive.', field: ['a'] }])
  })
})

describe('need', () => {
  test('leaves what is absent absent, and refuses null and what comes to null', () => {
    const check = createInputCheck()
    expect([check.need('a', undefined, double), check.need('b', 2, double)]).toEqual([undefined, 4])
    expect([check.need('c', null, double), check.need('d', 1, toNull), check.need('e', -1, double)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    const error = (field: string, message: string) => ({ code: 'BAD_USER_INPUT', message, field: [field] })
    expect(check.errors).toEqual([
      error('c', 'A value is required.'),
      error('d', 'A value is required.'),
      error('e', 'Not positive.'),
    ])
  })
})

describe('at and refuse', () => {
  test('write the path with list positions as text, into one collection', () => {
    const check = createInputCheck()
    const row = check.at('emails', 'add', 3)
    row.refuse('email', 'Bad.')
    row.refuse('', 'The whole row.', 'NOT_FOUND', { conflictingId: 'x' })
    row.at('deeper').refuse('field', 'Deep.', 'CONFLICT', { currentVersion: 2 })
    check.refuse('', 'All of it.')
    expect(row.path).toEqual(['emails', 'add', '3'])
    expect(check.errors).toEqual([
      { code: 'BAD_USER_INPUT', message: 'Bad.', field: ['emails', 'add', '3', 'email'] },
      { code: 'NOT_FOUND', message: 'The whole row.', field: ['emails', 'add', '3'], conflictingId: 'x' },
      { code: 'CONFLICT', message: 'Deep.', field: ['emails', 'add', '3', 'deeper', 'field'], currentVersion: 2 },
      { code: 'BAD_USER_INPUT', message: 'All of it.', field: [] },
    ])
    expect(row.errors).toBe(check.errors)
  })
})

describe('givenOnly', () => {
  test('keeps null, false, zero and empty texts, and leaves out what is absent', () => {
    const given = givenOnly({ a: undefined, b: null, c: false, d: 0, e: '', f: 'x' })
    expect(Object.entries(given)).toEqual([
      ['b', null],
      ['c', false],
      ['d', 0],
      ['e', ''],
      ['f', 'x'],
    ])
  })
})
