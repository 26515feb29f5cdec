import { sql, type RawBuilder } from 'kysely'
import type { FilterNode } from './filter.js'

type Test = Extract<FilterNode, { kind: 'test' }>
type Condition = RawBuilder<boolean>
type Sql = RawBuilder<unknown>

const MAX_LENGTH = 2_147_483_647
const MAX_INDEXED_WORDS = 4

/**
 * A text operator. Folded, the column's twin is compared with what the database folds of the value, so both are folded by
 * one rule; with `caseSensitive` the stored text itself, code point by code point.
 */
export function textSql(test: Test, alias: string): Condition {
  return test.isCaseSensitive ? exactSql(test, alias) : foldedSql(test, alias)
}

function foldedSql({ field, operator, operand }: Test, alias: string): Condition {
  const folded = sql.ref(`${alias}.${field.folded ?? field.column}`)
  const length = field.foldedLength
  const fold = (value: unknown): Sql =>
    length === undefined ? sql`kith_fold(${value})` : sql`"left"(kith_fold(${value}), ${sql.lit(length)})`
  return compare(folded, operator, operand, fold, (value) => sql`kith_like(kith_fold(${value}))`, {
    words: sql`kith_word_patterns(kith_fold(${operand}))`,
    // Folded by the planner, so that it sees the values; one parameter, however many there are.
    list: sql`kith_fold_each(${operand}::text[], ${sql.lit(length ?? MAX_LENGTH)})`,
  })
}

function exactSql({ field, operator, operand }: Test, alias: string): Condition {
  const column = sql`${sql.ref(`${alias}.${field.column}`)} collate "C"`
  const exact = compare(
    column,
    operator,
    operand,
    (value) => sql`${value}::text`,
    (value) => sql`kith_like(${value})`,
    {
      words: sql`kith_word_patterns(${operand})`,
      list: sql`${operand}::text[]`,
    },
  )
  if (!keepsFolded({ field, operator, operand, kind: 'test', isCaseSensitive: false })) return exact
  return sql`(${foldedSql({ field, operator, operand, kind: 'test', isCaseSensitive: false }, alias)} and ${exact})`
}

/**
 * Whether what fits exactly also fits folded, so that an index on the folded text may serve it: equal texts always; a part
 * of printable ASCII, which no accent can join, where it can't lie behind the cut of the twin.
 */
function keepsFolded({ field, operator, operand }: Test): boolean {
  if (operator === 'eq' || operator === 'in') return true
  const text = String(operand)
  if (!/^[\x20-\x7e]*$/.test(text)) return false
  if (operator === 'startsWith') return text.length <= (field.foldedLength ?? Infinity)
  return (operator === 'contains' || operator === 'endsWith') && field.foldedLength === undefined
}

function compare(
  column: Sql,
  operator: Test['operator'],
  operand: Test['operand'],
  value: (given: unknown) => Sql,
  pattern: (given: unknown) => Sql,
  { words, list }: { words: Sql; list: Sql },
): Condition {
  switch (operator) {
    case 'eq':
      return sql`${column} = ${value(operand)}`
    case 'ne':
      return sql`${column} is distinct from ${value(operand)}`
    case 'in':
      return sql`${column} = any(${list})`
    case 'notIn':
      return sql`(${column} = any(${list})) is not true`
    case 'lt':
      return sql`${column} < ${value(operand)}`
    case 'lte':
      return sql`${column} <= ${value(operand)}`
    case 'gt':
      return sql`${column} > ${value(operand)}`
    case 'gte':
      return sql`${column} >= ${value(operand)}`
    case 'between': {
      const [from, to] = operand as readonly unknown[]
      return sql`${column} between ${value(from)} and ${value(to)}`
    }
    case 'contains':
      return sql`${column} like '%' || ${pattern(operand)} || '%'`
    case 'startsWith':
      return sql`${column} like ${pattern(operand)} || '%'`
    case 'endsWith':
      return sql`${column} like '%' || ${pattern(operand)}`
    case 'matches':
      return sql`(${column} is not null and ${likeWords(column, String(operand), pattern)}kith_spaced(${column}) like all (${words}))`
    default:
      throw new Error(`no operator ${operator} for texts`)
  }
}

/**
 * LIKE ALL can't use an index; a LIKE for each of the longest words can, and says no more. Only for words that stay one word
 * when they are folded: letters and digits that have no compatibility form.
 */
function likeWords(column: Sql, text: string, pattern: (given: unknown) => Sql): Sql {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '' && word === word.normalize('NFKC'))
  const longest = words.sort((a, b) => b.length - a.length).slice(0, MAX_INDEXED_WORDS)
  return sql.join([...longest.map((word) => sql`${column} like '%' || ${pattern(word)} || '%' and `), sql``], sql``)
}
