import { sql, type Sql } from '../../lib/sql.js'
import { CUSTOM_VALUES } from '../../concepts/custom-fields.js'
import { typeOfField } from '../operators.js'
import type { OrderTerm } from './order-terms.js'
import type { Bound } from './ranges.js'
import { isThroughRelated, type RowSource } from './row-source.js'

/*
 * One term of the order in the SQL of a page. The functions take all terms and the index of the one, as the related
 * record of the term at index 1 is joined as `o1`.
 */

/** The column of a term: `c.last_name_folded` of a text, `o0.domain_folded` of a related record, `c.id`. */
export function columnSql(terms: readonly OrderTerm[], index: number, source: RowSource): Sql {
  const { kind, step } = terms[index] as OrderTerm
  const { field, relation, custom } = step
  // The index on values ends with the record.
  if (kind === 'id') return sql.ref(source === 'custom' ? 'o0.entity_id' : 'c.id')
  if (kind === 'link') {
    if (index !== 1 || !isThroughRelated(source)) return sql.ref(`c.${relation?.column.column ?? ''}`)
    return sql.ref(source === 'relatedCustom' ? 'o0.entity_id' : 'o0.id')
  }
  const isText = field.kind === 'text' || field.kind === 'domain'
  return sql.ref(`${relation || custom ? `o${index}` : 'c'}.${isText ? (field.folded ?? field.column) : field.column}`)
}

/** What a term is ordered by and cursors carry: its column; of an enum the position of the value, from 1. */
export function keySql(terms: readonly OrderTerm[], index: number, source: RowSource): Sql {
  const column = columnSql(terms, index, source)
  const values = enumValues(terms[index])
  if (!values) return column
  return sql`array_position(array[${sql.join(values.map((value) => sql.lit(value)))}]::text[], ${column})`
}

/** The type of a term's key, for a cursor's value and for a null in place of the key. */
export function keyType(term: OrderTerm): Sql {
  if (term.kind !== 'step') return sql.raw('uuid')
  return enumValues(term) ? sql.raw('int') : typeOfField(term.step.field)
}

/** A bound as a condition: `c.last_name_folded > 'smith'::text`. */
export function boundSql(terms: readonly OrderTerm[], index: number, source: RowSource, bound: Bound): Sql<boolean> {
  const term = terms[index] as OrderTerm
  const column = columnSql(terms, index, source)
  if (bound.is === 'null') return sql`${column} is null`
  if (bound.is === 'notNull') return sql`${column} is not null`
  // Of the first term, whose ranges hold one value each, the stored name is compared: its index serves it.
  const values = index === 0 ? enumValues(term) : undefined
  if (values && bound.is === 'equal') {
    const value = values[Number(bound.key) - 1] ?? ''
    const isValue = sql<boolean>`${column} = ${value}::text`
    if (!term.step.custom) return isValue
    const hasKey = sql<boolean>`${sql.ref('o0.text_value_key')} = "left"(kith_fold(${value}), ${sql.lit(CUSTOM_VALUES.keyLength)})`
    return areToldByKey(values) ? hasKey : sql`${hasKey} and ${isValue}`
  }
  const comparison = sql.raw(bound.is === 'equal' ? '=' : term.isDescending ? '<' : '>')
  return sql`${keySql(terms, index, source)} ${comparison} ${bound.key}::${keyType(term)}`
}

/**
 * Whether no two options of a custom field have one folded text: their records are then found by the index alone. Options differ
 * in more than case, and of ASCII nothing else is folded; `ø` and `o` are two options.
 */
function areToldByKey(values: readonly string[]): boolean {
  return values.every((value) => /^[\x20-\x7e]*$/.test(value))
}

/** `asc` or `desc`. */
export function directionSql(term: OrderTerm): Sql {
  return sql.raw(term.isDescending ? 'desc' : 'asc')
}

/** ` nulls first`, ` nulls last`, or nothing for a term that is never null. */
export function nullsSql(term: OrderTerm): Sql {
  if (!term.isNullable) return sql``
  return sql.raw(term.isNullsFirst ? ' nulls first' : ' nulls last')
}

function enumValues(term: OrderTerm | undefined): readonly string[] | undefined {
  return term?.kind === 'step' ? term.step.field.values : undefined
}

/** ORDER BY over the columns that all SELECTs give: `k0 collate "C" asc nulls last, id asc`. */
export function keyOrder(terms: readonly OrderTerm[]): Sql[] {
  return terms.map((term, index) => {
    const isLast = index === terms.length - 1
    const column = sql.ref(isLast ? 'id' : `k${index}`)
    const isText = term.kind === 'step' && term.step.field.folded !== undefined && !isLast
    const collation = isText ? sql` collate "C"` : sql``
    return sql`${column}${collation} ${directionSql(term)}${nullsSql(term)}`
  })
}
