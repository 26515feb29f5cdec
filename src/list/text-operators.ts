import { sql, type Sql } from '../lib/sql.js'
import { emailSpellings } from '../lib/value/email.js'
import type { FilterNode } from './filter-node.js'

type Test = Extract<FilterNode, { kind: 'test' }>
type Condition = Sql<boolean>

/** "left"(text, length) with this length cuts nothing off. */
const UNCUT_LENGTH = 2_147_483_647
/** Each word that is looked up in the index costs time; four of the longest leave few rows. */
const MAX_INDEXED_WORDS = 4

/**
 * An operator of a text. Texts are compared folded, which is without case and accents: `eq: "muller"` finds Müller. The
 * folded text is stored in a column of its own, and the value is folded by the same function of the database:
 *
 *     c.last_name_folded = "left"(kith_fold('muller'), 255)
 *
 * With `caseSensitive: true` the text is compared as it is stored: `c.last_name = 'Müller'`. So is a text that names
 * one record when it is asked for as a whole: `externalId: { eq: "a-1" }` doesn't find A-1.
 */
export function textSql(test: Test, alias: string): Condition {
  if (test.isCaseSensitive) return exactSql(test, alias)
  const { identifier } = test.field
  if (identifier === undefined || !EQUALITY.has(test.operator)) return foldedSql(test, alias)
  return identifier === 'email' ? emailSql(test, alias) : exactSql(test, alias)
}

const EQUALITY = new Set<Test['operator']>(['eq', 'ne', 'in', 'notIn'])

function asText(operand: unknown): string {
  if (typeof operand !== 'string') throw new Error('a text is compared with something else')
  return operand
}

/**
 * An e-mail address as a whole, apart from case: the index on the folded column finds jose@ and josé@, the key parts
 * them.
 *
 *     e.email_folded = any(kith_fold_each('{josé@müller.de,josé@xn--mller-kva.de}', 255))
 *       and kith_email_key(e.email) = any(kith_email_keys('{josé@müller.de,josé@xn--mller-kva.de}'))
 */
function emailSql({ field, operator, operand }: Test, alias: string): Condition {
  const asked = [operand].flat().flatMap((email) => emailSpellings(asText(email)))
  const [folded, column] = [sql.ref(`${alias}.${field.folded ?? field.column}`), sql.ref(`${alias}.${field.column}`)]
  const length = sql.lit(field.foldedLength ?? UNCUT_LENGTH)
  const isAsked = sql<boolean>`(${folded} = any(kith_fold_each(${asked}::text[], ${length}))
    and kith_email_key(${column}) = any(kith_email_keys(${asked}::text[])))`
  return operator === 'eq' || operator === 'in' ? isAsked : sql`${isAsked} is not true`
}

function foldedSql({ field, operator, operand }: Test, alias: string): Condition {
  const folded = sql.ref(`${alias}.${field.folded ?? field.column}`)
  const length = field.foldedLength
  const fold = (value: unknown): Sql =>
    length === undefined ? sql`kith_fold(${value})` : sql`"left"(kith_fold(${value}), ${sql.lit(length)})`
  return compare(folded, operator, operand, fold, (value) => sql`kith_like(kith_fold(${value}))`, {
    words: sql`kith_word_patterns(kith_fold(${operand}))`,
    // The planner folds them and so sees the values. They are one parameter, however many there are.
    list: sql`kith_fold_each(${operand}::text[], ${sql.lit(length ?? UNCUT_LENGTH)})`,
  })
}

/**
 * The stored text, compared code point by code point. The indexes are on the folded column, so that is asked first
 * where it can't lose a row: `(c.last_name_folded = 'muller' and c.last_name = 'Müller')`.
 */
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
  if (!alsoFitsFolded({ field, operator, operand, kind: 'test', isCaseSensitive: false })) return exact
  return sql`(${foldedSql({ field, operator, operand, kind: 'test', isCaseSensitive: false }, alias)} and ${exact})`
}

/**
 * Whether every text that fits exactly also fits folded.
 *
 * - Equal texts do.
 * - Parts do if they are of printable ASCII, of which folding changes the case alone. Others may not: é written as e and an
 *   accent contains that accent, its folded e doesn't.
 * - The part must not lie behind the cut of the folded column: a start lies before it if it is short enough, a part or an
 *   end only where the column isn't cut (`notes`).
 */
function alsoFitsFolded({ field, operator, operand }: Test): boolean {
  if (operator === 'eq' || operator === 'in') return true
  // A list, of `notIn`, as one text: whether it is ASCII is all that is asked of it.
  const text = [operand].flat().map(asText).join('')
  if (!/^[\x20-\x7e]*$/.test(text)) return false
  if (operator === 'startsWith') return text.length <= (field.foldedLength ?? Infinity)
  return (operator === 'contains' || operator === 'endsWith') && field.foldedLength === undefined
}

/** The operator as SQL. `value` and `pattern` write a value to compare with and a value within a LIKE pattern. */
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
      return sql`(${column} is not null and ${likeWords(column, asText(operand), pattern)}kith_spaced(${column}) like all (${words}))`
    default:
      throw new Error(`no operator ${operator} for texts`)
  }
}

/**
 * For `matches: "ann lee"`, which asks that each word begins a word of the text, `like '%ann%' and like '%lee%' and`.
 * The condition that follows implies it, but is a LIKE ALL, which can't use an index; a LIKE can.
 *
 * Only for words that stay one word when they are folded: ℀ becomes a/c, whose words may stand apart in the text.
 */
function likeWords(column: Sql, text: string, pattern: (given: unknown) => Sql): Sql {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '' && word === word.normalize('NFKC'))
  const longest = words.sort((a, b) => b.length - a.length).slice(0, MAX_INDEXED_WORDS)
  return sql.join([...longest.map((word) => sql`${column} like '%' || ${pattern(word)} || '%' and `), sql``], sql``)
}
