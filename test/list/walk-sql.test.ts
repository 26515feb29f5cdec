import { expect, test } from '@jest/globals'
import type { Scope } from '../../src/access/scope.js'
import type { ConceptFields } from '../../src/concepts/concept-fields.js'
import type { ListQuery } from '../../src/list/list-query.js'
import { walkSql } from '../../src/list/walk-sql.js'
import { sql } from '../../src/lib/sql.js'

const CONCEPT = { name: 'Contact' } as ConceptFields
const PAGE = { size: 50, isBackward: false, from: null, offset: 0 }
const LIVE: ListQuery['states'] = ['live']

function scopeOf(tenantId: string, rows: Scope['access']['rows'] = () => null): Scope {
  return { tenantId, access: { rows, maySee: () => true } } as unknown as Scope
}

function queryOf(page: Partial<ListQuery['page']> = {}, order = 'LAST_NAME', states = LIVE): ListQuery {
  return { concept: CONCEPT, states, cursorList: { order }, page: { ...PAGE, ...page } } as ListQuery
}

/** What was written anew for some lists, one after the other, with what each was given. */
function written(lists: readonly (readonly [Scope, ListQuery, string[]])[]) {
  let count = 0
  const given = lists.map(([scope, query, links]) =>
    walkSql(scope, query, links, () => ({ text: `text ${++count}`, values: [scope.tenantId, scope.tenantId] })),
  )
  return { count, given }
}

test('a page of one shape is written once, for all tenants', () => {
  const query = queryOf()
  expect(written([[scopeOf('a'), query, []], [scopeOf('b'), query, []]])).toEqual({
    count: 1,
    given: [
      { text: 'text 1', values: ['a', 'a'] },
      { text: 'text 1', values: ['b', 'b'] },
    ],
  }) // prettier-ignore
})

test('each order, size, offset, direction, state and link has a text of its own', () => {
  const a = scopeOf('a')
  const shapes = [
    [a, queryOf({}, 'FIRST_NAME'), []],
    [a, queryOf({ size: 51 }), []],
    [a, queryOf({ offset: 50 }), []],
    [a, queryOf({ isBackward: true }), []],
    [a, queryOf({}, 'LAST_NAME', ['live', 'deleted']), []],
    [a, queryOf(), ['company_id']],
    [a, queryOf(), ['company_id', 'owner_id']],
  ] as const
  expect(written(shapes.map(([scope, query, links]) => [scope, query, [...links]])).count).toBe(shapes.length)
})

test('what has a cursor, a rule on rows or another value is written each time', () => {
  const a = scopeOf('a', () => sql<boolean>`owner_id = ${'me'}`)
  const cursor = queryOf({ from: { id: '1', keys: [] } })
  expect(written([[a, queryOf(), []], [a, queryOf(), []], [scopeOf('a'), cursor, []], [scopeOf('a'), cursor, []]]).count).toBe(4) // prettier-ignore
  const other = () => ({ text: 'other', values: ['a', 'x'] })
  for (const value of [other(), other()]) {
    expect(walkSql(scopeOf('a'), queryOf({ size: 7 }), [], () => value)).toBe(value)
  }
})
