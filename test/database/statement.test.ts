import { expect, test } from '@jest/globals'
import { MAX_NAMES_PER_LABEL, preparedName, type Statement } from '../../src/database/statement.js'

const text = (index: number) => `select ${index} as ${'a'.repeat(index)}`
const variant = (label: string, index: number): Statement => ({ label, text: text(index), values: [], prepared: true })

test('a statement is prepared under its label, its role and a hash of its text', () => {
  const name = preparedName(variant('findThings', 1), 'kith_app')
  expect(name).toMatch(/^findThings:kith_app:[0-9a-f]{12}$/)
  expect(preparedName(variant('findThings', 1), 'kith_app')).toBe(name)
  expect(preparedName(variant('findThings', 1), 'kith_system')).toBe(name?.replace('kith_app', 'kith_system'))
  expect(preparedName({ ...variant('findThings', 1), prepared: false }, 'kith_app')).toBeUndefined()
})

test('the texts of one label that are prepared are bounded: what comes later is sent unnamed, what is known keeps its name', () => {
  const names = Array.from({ length: MAX_NAMES_PER_LABEL + 20 }, (_, index) =>
    preparedName(variant('updateRows.things', index + 100), 'kith_app'),
  )
  const expected = names.map((_, index) => index < MAX_NAMES_PER_LABEL)
  expect(names.map((name) => name !== undefined)).toEqual(expected)
  expect(new Set(names).size).toBe(MAX_NAMES_PER_LABEL + 1)
  expect(preparedName(variant('updateRows.things', 100), 'kith_app')).toBe(names[0])
  // Another role and another label have names of their own.
  expect(preparedName(variant('updateRows.things', 500), 'kith_keys')).toBeDefined()
  expect(preparedName(variant('updateRows.others', 501), 'kith_app')).toBeDefined()
})
