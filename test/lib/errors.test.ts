import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { buildSchema, type GraphQLEnumType } from 'graphql'
import { statusOf } from '../../src/http/refusal.js'
import { AppError, ERROR_CODES, REFUSAL_CODES, UserErrors, type ErrorCode } from '../../src/lib/errors.js'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))

test('what answers for a request outside of GraphQL has a status that says so', () => {
  const statuses = Object.fromEntries((Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => [code, statusOf(code)]))
  expect(statuses).toMatchObject({
    ...{ BAD_USER_INPUT: 400, UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404, CONFLICT: 409 },
    ...{ INTERNAL_SERVER_ERROR: 500, TIMEOUT: 503, SERVICE_UNAVAILABLE: 503 },
  })
  expect(Object.values(statuses).every((status) => status >= 400)).toBe(true)
})

describe('docs/errors.md', () => {
  test('has the rows of ERROR_CODES, in their order', () => {
    const [, table = ''] = /\| Code +\| HTTP status \| Where .*\n\|[ |-]+\n((?:\|.*\n)+)/.exec(page) ?? []
    const rows = table
      .trimEnd()
      .split('\n')
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      )
    const expected = Object.entries(ERROR_CODES).map(([code, { status, userError, meaning }]) => {
      const places = [...(status !== 200 || !userError ? ['`errors`'] : []), ...(userError ? ['`userErrors`'] : [])]
      return [`\`${code}\``, String(status), places.join(', '), meaning, expect.stringMatching(/^[A-Z].*\.$/)]
    })
    expect(rows).toEqual(expected)
  })

  test('has the rows of REFUSAL_CODES, in their order', () => {
    const [, table = ''] = /\| Code +\| HTTP status \| Meaning +\|\n\|[ |-]+\n((?:\|.*\n)+)/.exec(page) ?? []
    const rows = table
      .trimEnd()
      .split('\n')
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      )
    const expected = Object.entries(REFUSAL_CODES).map(([code, { status, meaning }]) => [
      `\`${code}\``,
      String(status),
      meaning,
    ])
    expect(rows).toEqual(expected)
  })
})

describe('the codes of user errors', () => {
  test('are those of the schema', () => {
    const values = (schema.getType('UserErrorCode') as GraphQLEnumType).getValues().map(({ name }) => name)
    const codes = Object.entries(ERROR_CODES).flatMap(([code, { userError }]) => (userError ? [code] : []))
    expect(codes).toEqual(values)
  })
})

describe('AppError', () => {
  test('carries code, message, extensions and cause', () => {
    const cause = new Error('inside')
    const error = new AppError('TIMEOUT', 'Too long.', { extensions: { field: 'a' }, cause })
    expect({ ...error, message: error.message, cause: error.cause }).toEqual({
      name: 'AppError',
      code: 'TIMEOUT',
      extensions: { field: 'a' },
      message: 'Too long.',
      cause,
    })
    expect(new AppError('TIMEOUT', 'Too long.').extensions).toEqual({})
  })
})

describe('UserErrors', () => {
  test('says all of them in its message', () => {
    const errors = [
      { code: 'NOT_FOUND', message: 'None.', field: ['id'] },
      { code: 'BAD_USER_INPUT', message: 'Bad.', field: ['rows', '0', 'email'] },
    ] as const
    const thrown = new UserErrors(errors.map((error) => ({ ...error, field: [...error.field] })))
    expect(thrown.message).toBe('id: None.; rows.0.email: Bad.')
    expect(thrown.userErrors).toEqual(errors)
  })
})
