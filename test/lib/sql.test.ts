import { describe, expect, test } from '@jest/globals'
import { compileSql, sql } from '../../src/lib/sql.js'

describe('fragments of SQL', () => {
  test('values become parameters in the order in which they stand, those of inner fragments too', () => {
    const inner = sql`${sql.ref('c.id')} = any(${['a']}::uuid[])`
    const outer = sql`select ${1} from ${sql.table('contacts')} as c where ${inner} and ${sql.ref('c.name')} = ${'x'}`
    expect(compileSql(outer)).toEqual({
      text: 'select $1 from "contacts" as c where "c"."id" = any($2::uuid[]) and "c"."name" = $3',
      values: [1, ['a'], 'x'],
    })
  })

  test('a text that came from outside stays a parameter, whatever is in it', () => {
    const text = `'; drop table contacts; --`
    expect(compileSql(sql`select ${text}`)).toEqual({ text: 'select $1', values: [text] })
    expect(compileSql(sql`select ${{ strings: ['drop'], values: [] }}`)).toEqual({
      text: 'select $1',
      values: [{ strings: ['drop'], values: [] }],
    })
  })

  test.each([
    [sql.ref('c.last"name'), '"c"."last""name"'],
    [sql.table('contacts'), '"contacts"'],
    [sql.lit(`it's`), `'it''s'`],
    [sql.lit(51), '51'],
    [sql.lit(true), 'true'],
    [sql.lit(null), 'null'],
    [sql.raw('is not null'), 'is not null'],
    [sql.join([]), ''],
    [sql.join([sql`a`]), 'a'],
    [sql.join([sql`a`, sql`b`, sql`c`], sql` union all `), 'a union all b union all c'],
  ])('%# is written as %s', (fragment, text) => {
    expect(compileSql(fragment)).toEqual({ text, values: [] })
  })

  test('values are joined as parameters', () => {
    expect(compileSql(sql`in (${sql.join([1, 'b'])})`)).toEqual({ text: 'in ($1, $2)', values: [1, 'b'] })
  })
})
