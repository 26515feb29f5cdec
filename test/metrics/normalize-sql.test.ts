import { expect, test } from '@jest/globals'
import { normalizeSql } from '../../src/metrics/normalize-sql.js'

test.each([
  [
    "select id from t -- 'why'\n where a = 'x' and b in ($1, $2) limit 5",
    'select id from t where a = ? and b in ($1, …) limit ?',
  ],
  ["select 'it''s', E'a\\'b', $tag$ it's $tag$, $$x$$", 'select ?, ?, ?, ?'],
  ['select "a 1"."b""c", x1, t.c2 from "T" /* \'secret\' */', 'select "a 1"."b""c", x1, t.c2 from "T"'],
  ['select 1.5e10, -3, $12::int, ($1), a.b1c', 'select ?, -?, $12::int, ($1), a.b1c'],
  ["select 'open", "select 'open"],
])('%s', (text, normal) => {
  expect(normalizeSql(text)).toBe(normal)
})

test('is 4,000 characters at most', () => {
  expect(normalizeSql(`select ${'a, '.repeat(100_000)}`)).toMatch(/^select (a, )+.{0,2}…$/)
  expect(normalizeSql(`select ${'a, '.repeat(100_000)}`)).toHaveLength(4000)
})
