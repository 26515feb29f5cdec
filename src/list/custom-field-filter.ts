import type { ConceptField } from '../concepts/concept-fields.js'
import {
  CUSTOM_VALUE_NAMES,
  CUSTOM_VALUES,
  type CustomField,
  type CustomFieldsByKey,
  type CustomValueName,
} from '../concepts/custom-fields.js'
import { quote } from '../lib/value/checked.js'
import { allOf, NULL_SAYS_NOTHING, type FilterInput, type FilterNode } from './filter-node.js'

type Path = readonly (string | number)[]

/** How filters are read elsewhere: one operator of a field, and what is refused. */
export interface CustomFieldRules {
  readonly read: (
    field: ConceptField,
    operator: string,
    value: unknown,
    isCaseSensitive: boolean,
    path: Path,
  ) => FilterNode
  readonly countOperator: (path: Path) => void
  readonly checkCount: (values: readonly unknown[], path: Path) => void
  readonly refuse: (path: Path, message: string) => never
}

// Rows without a value fulfil these, so that they are the opposite of what they deny: `ne` of `eq`.
const DENIALS: Readonly<Record<string, string>> = { ne: 'eq', notIn: 'in', none: 'any' }

/**
 * The conditions on one custom field. What must hold of a value is one node, so that one row is looked up for it; what it
 * denies is the opposite of a node each:
 *
 *     { key: "score", number: { gte: 5, lt: 9, ne: 7 } }
 *     has a score (gte 5 and lt 9), and not: has a score (eq 7)
 */
export function readCustomField(
  rules: CustomFieldRules,
  concept: string,
  fields: CustomFieldsByKey,
  { key, ...conditions }: FilterInput,
  path: Path,
): FilterNode {
  const field = fields.get(String(key))
  if (!field) rules.refuse([...path, 'key'], `There is no custom field ${quote(String(key))} of ${concept}.`)
  const wanted = CUSTOM_VALUE_NAMES[field.type]
  const nodes = Object.entries(conditions).flatMap(([name, value]): FilterNode[] => {
    const at = [...path, name]
    if (value === null) rules.refuse(at, NULL_SAYS_NOTHING)
    if (name === 'isNull') {
      rules.countOperator(at)
      return [nullNode(field, value === true)]
    }
    if (name !== wanted) rules.refuse(at, `${quote(field.key)} is a field of type ${field.type}: give \`${wanted}\`.`)
    if (name !== 'currency') return conditionsOf(rules, field, name, value as FilterInput, at)
    // An amount and its currency are one value.
    const parts = Object.entries(value as FilterInput).map(([part, input]) => {
      if (input === null) rules.refuse([...at, part], NULL_SAYS_NOTHING)
      return conditionsOf(rules, field, part === 'code' ? 'code' : 'currency', input as FilterInput, [...at, part])
    })
    return joined(field, parts.flat())
  })
  return allOf(nodes)
}

function nullNode(field: CustomField, isNull: boolean): FilterNode {
  const any: FilterNode = { kind: 'custom', field, node: null }
  return isNull ? { kind: 'not', node: any } : any
}

/** One node for all that must hold of the value, and one for each denial. */
function conditionsOf(
  rules: CustomFieldRules,
  field: CustomField,
  name: CustomValueName | 'code',
  { caseSensitive, ...operators }: FilterInput,
  path: Path,
): FilterNode[] {
  const nodes = Object.entries(operators).map(([operator, value]): FilterNode => {
    const at = [...path, operator]
    if (value === null) rules.refuse(at, NULL_SAYS_NOTHING)
    if (operator === 'isNull') {
      rules.countOperator(at)
      return nullNode(field, value === true)
    }
    const denied = DENIALS[operator]
    const test = valueTest(rules, field, name, denied ?? operator, value, caseSensitive === true, at)
    const node: FilterNode = { kind: 'custom', field, node: test }
    return denied === undefined ? node : { kind: 'not', node }
  })
  return joined(field, nodes)
}

/** The nodes with all positive ones in one. */
function joined(field: CustomField, nodes: readonly FilterNode[]): FilterNode[] {
  const tests = nodes.flatMap((node) => (node.kind === 'custom' && node.node ? [node.node] : []))
  const others = nodes.filter((node) => !(node.kind === 'custom' && node.node))
  return tests.length === 0 ? [...others] : [{ kind: 'custom', field, node: allOf(tests) }, ...others]
}

/** One condition on a row of values; `path` leads to the operator as the client wrote it. */
function valueTest(
  rules: CustomFieldRules,
  field: CustomField,
  name: CustomValueName | 'code',
  operator: string,
  value: unknown,
  isCaseSensitive: boolean,
  path: Path,
): FilterNode {
  const read = (column: ConceptField, operand = value, isExact = isCaseSensitive): FilterNode =>
    rules.read(column, operator, operand, isExact, path)
  switch (name) {
    case 'options':
      rules.countOperator(path)
      checkChosen(rules, field, value as readonly string[], path)
      return { kind: 'options', operator: operator as 'any' | 'all', values: value as readonly string[] }
    case 'option':
      checkChosen(rules, field, value as string | readonly string[], path)
      return textNode(read(textField(field), value, true))
    case 'text':
    case 'url':
    case 'email':
      return textNode(read(textField(field)))
    case 'phone':
      return phoneNode(read({ column: 'text_value_key', kind: 'phone', isNullable: true }))
    case 'number':
      return read(NUMBER, decimals(rules, value, path))
    case 'decimal':
    case 'currency':
      return read(NUMBER)
    case 'code':
      return read({ column: 'currency_code', kind: 'currency', isNullable: true })
    case 'date':
      return read({ column: 'date_value', kind: 'date', isNullable: true })
    case 'dateTime':
      return read({ column: 'datetime_value', kind: 'datetime', isNullable: true })
    case 'boolean':
      return read({ column: 'boolean_value', kind: 'boolean', isNullable: true })
  }
}

const NUMBER: ConceptField = { column: 'number_value', kind: 'decimal', isNullable: true }

/** The texts of a field as lists compare them: whole, by the column in which parts are found. */
function textField({ type, isUnique }: CustomField): ConceptField {
  const field = { column: 'text_value', folded: 'text_value_folded', kind: 'text', isNullable: true } as const
  if (type === 'EMAIL') return { ...field, identifier: 'email' }
  if (type === 'TEXTAREA') return { ...field, isOrderless: true }
  return isUnique ? { ...field, identifier: 'exact' } : field
}

/** The beginnings of texts, which have the index that is gone through in order. */
export const TEXT_KEY: ConceptField = {
  column: 'text_value_key',
  folded: 'text_value_key',
  foldedLength: CUSTOM_VALUES.keyLength,
  kind: 'text',
  isNullable: true,
}
// Whole texts that compare so have beginnings that compare so.
const OF_BEGINNINGS: Readonly<Record<string, 'eq' | 'in' | 'lte' | 'gte' | 'between'>> = {
  ...{ eq: 'eq', in: 'in', lt: 'lte', lte: 'lte', gt: 'gte', gte: 'gte', between: 'between' },
}

/** A test of whole texts, and before it what an index serves: the same of their beginnings, where that loses no text. */
function textNode(node: FilterNode): FilterNode {
  if (node.kind !== 'test') return node
  const operator = OF_BEGINNINGS[node.operator]
  const isEquality = node.operator === 'eq' || node.operator === 'in'
  // By code points texts have another order than folded.
  if (operator === undefined || (node.isCaseSensitive && !isEquality)) return node
  const beginnings: FilterNode = { ...node, field: TEXT_KEY, operator, isCaseSensitive: false }
  return { kind: 'all', nodes: [beginnings, node] }
}

/** A phone number by its end is a part of a text: the digits of values aren't stored backwards. */
function phoneNode(node: FilterNode): FilterNode {
  if (node.kind !== 'test' || node.operator !== 'endsWith') return node
  const field = { column: 'text_value', folded: 'text_value_folded', kind: 'text', isNullable: true } as const
  return { ...node, field }
}

function checkChosen(
  { refuse, checkCount }: CustomFieldRules,
  { key, options }: CustomField,
  chosen: string | readonly string[],
  path: Path,
): void {
  if (typeof chosen !== 'string') checkCount(chosen, path)
  for (const [index, value] of [chosen].flat().entries()) {
    if (options.some((option) => option.value === value)) continue
    const place = typeof chosen === 'string' ? path : [...path, index]
    refuse(place, `${quote(value)} is none of the options of ${quote(key)}.`)
  }
}

/** Numbers as the decimal texts that they are: none beyond those that JavaScript keeps exactly. */
function decimals({ refuse }: CustomFieldRules, value: unknown, path: Path): unknown {
  const text = (number: unknown, place: Path): string => {
    if (Math.abs(Number(number)) <= Number.MAX_SAFE_INTEGER) return decimalText(Number(number))
    return refuse(place, 'The number must be from -9,007,199,254,740,991 to 9,007,199,254,740,991.')
  }
  if (Array.isArray(value)) return value.map((number, index) => text(number, [...path, index]))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([side, number]) => [side, text(number, [...path, side])]))
  }
  return text(value, path)
}

/** A number without an exponent; what is smaller than 1e-30 is as good as 0 beside whole numbers. */
function decimalText(number: number): string {
  const text = String(number)
  return text.includes('e') ? number.toFixed(30) : text
}
