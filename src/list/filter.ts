import type { ConceptField, ConceptFields, ConceptRelation } from '../concepts/concept-fields.js'
import type { Access } from '../access/scope.js'
import { AppError } from '../lib/errors.js'
import { formatCount } from '../lib/value/checked.js'
import { requireVisible } from '../access/visible-fields.js'
import { readCustomField, type CustomFieldRules } from './custom-field-filter.js'
import { allOf, NULL_SAYS_NOTHING, type FilterInput, type FilterNode, type Quantifier } from './filter-node.js'
import { checkOperand, operatorsOf } from './operands.js'
import type { Registry } from '../concepts/registry.js'

/** Operators in all: `{ lastName: { gte: "A", lt: "B" } }` has two. */
const MAX_FILTER_OPERATORS = 50
/** Filters within filters, by `and`, `or`, `not` and relations: `{ not: { company: { … } } }` has three levels. */
const MAX_FILTER_DEPTH = 5
/** Filters in all, as `{ and: [{}, {}, {}] }` has four of them and no operator. */
const MAX_FILTER_PARTS = 250
/** UTF-16 units of all texts. PostgreSQL folds them: 1,300,000 of a character that becomes 18 took it 15 s, past every limit. */
const MAX_FILTER_TEXT_LENGTH = 32_768
/** Values of one `in` or `notIn`, filters of one `and` or `or`. */
const MAX_FILTER_VALUES = 250
/** Relations that follow each other: contact → company → assigned user are two. Contact info isn't counted. */
const MAX_FILTER_HOPS = 2

/**
 * What filters are held against: the concepts, what may be seen of them, the country of phone numbers without a code,
 * the user that `isMe` stands for (null for a program, which is no user).
 */
export interface FilterRules {
  readonly registry: Registry
  readonly access: Access
  readonly country: string | null
  readonly userId: string | null
}

/** What is the same throughout one filter, and what is counted over all of it. */
interface Reading extends FilterRules {
  operators: number
  parts: number
  textLength: number
}

/** Where in the filter something stands. */
interface Place {
  /** as in `extensions.field`: `filter.or.0.company` */
  readonly path: readonly (string | number)[]
  readonly depth: number
  readonly hops: number
}

/**
 * Reads a client's filter on the rows of a concept.
 * @throws BAD_USER_INPUT, FORBIDDEN with the place in `extensions.field`: `path`, then the way within the filter
 */
export function readFilter(
  rules: FilterRules,
  concept: ConceptFields,
  input: FilterInput,
  path: readonly (string | number)[],
): FilterNode {
  const { registry, access, country, userId } = rules
  const reading = { registry, access, country, userId, operators: 0, parts: 0, textLength: 0 }
  return readFilterObject(reading, concept, input, { path, depth: 1, hops: 0 })
}

/** A filter: what all of its fields, relations, `and`, `or` and `not` say. */
function readFilterObject(reading: Reading, concept: ConceptFields, input: FilterInput, place: Place): FilterNode {
  if (place.depth > MAX_FILTER_DEPTH) refuse(place.path, `A filter is at most ${MAX_FILTER_DEPTH} levels deep.`)
  if (++reading.parts > MAX_FILTER_PARTS) refuse(place.path, `A filter has at most ${MAX_FILTER_PARTS} parts.`)
  const nodes = Object.entries(input).map(([name, value]): FilterNode => {
    const at = { ...place, path: [...place.path, name] }
    if (value === null) refuse(at.path, NULL_SAYS_NOTHING)
    if (name === 'and') return { kind: 'all', nodes: readList(reading, concept, value, at) }
    if (name === 'or') return { kind: 'any', nodes: readList(reading, concept, value, at) }
    if (name === 'not')
      return { kind: 'not', node: readFilterObject(reading, concept, value as FilterInput, deeper(at)) }
    if (name === 'isMe' && concept.isAsking) {
      requireVisible(reading.access, concept.name, 'id', at.path)
      return readIsMe(reading, concept.fields['id'], value, at.path)
    }
    requireVisible(reading.access, concept.name, name, at.path)
    if (name === 'customFields') return readCustomFields(reading, concept, value as readonly FilterInput[], at.path)
    const field = concept.fields[name]
    if (field) return readOperators(reading, field, value as FilterInput, at.path)
    const relation = concept.relations[name]
    if (!relation) throw new Error(`no field ${name} of ${concept.name}`)
    return readRelation(reading, relation, value as FilterInput, at)
  })
  return allOf(nodes)
}

/** `customFields: [{ key: "tier", option: { eq: "gold" } }]`: all of the conditions. */
function readCustomFields(
  reading: Reading,
  concept: ConceptFields,
  items: readonly FilterInput[],
  path: Place['path'],
): FilterNode {
  checkCount(items, path)
  const fields = reading.registry.customFields(concept.name)
  const rules: CustomFieldRules = {
    read: (...operator) => readOperator(reading, ...operator),
    countOperator: (at) => countOperator(reading, at),
    checkCount,
    refuse,
  }
  return allOf(items.map((item, index) => readCustomField(rules, concept.name, fields, item, [...path, index])))
}

function readList(reading: Reading, concept: ConceptFields, value: unknown, place: Place): FilterNode[] {
  const items = value as readonly FilterInput[]
  checkCount(items, place.path)
  return items.map((item, index) =>
    readFilterObject(reading, concept, item, deeper({ ...place, path: [...place.path, index] })),
  )
}

/** `company: { … }`, or `contacts: { some: { … }, none: { … } }`. */
function readRelation(reading: Reading, relation: ConceptRelation, input: FilterInput, place: Place): FilterNode {
  const to = reading.registry.concept(relation.to)
  const hops = relation.kind === 'info' ? place.hops : place.hops + 1
  if (hops > MAX_FILTER_HOPS) refuse(place.path, `A filter follows at most ${MAX_FILTER_HOPS} relations.`)
  const related = (quantifier: Quantifier, value: FilterInput, path: Place['path']): FilterNode => ({
    kind: 'related',
    relation,
    to,
    quantifier,
    node: readFilterObject(reading, to, value, { path, depth: place.depth + 1, hops }),
  })
  if (relation.kind === 'one') return linkTest(reading, relation, input, related('some', input, place.path))
  return allOf(
    Object.entries(input).map(([quantifier, value]) => {
      const path = [...place.path, quantifier]
      if (value === null) refuse(path, 'null says nothing here: leave it out, or give `{}` for any.')
      return related(quantifier as Quantifier, value as FilterInput, path)
    }),
  )
}

/** `isMe: true` is a test on the id of who asks: `id = <its user>`. Nobody is the user of a program. */
function readIsMe(reading: Reading, id: ConceptField | undefined, isMe: unknown, path: Place['path']): FilterNode {
  if (!id) throw new Error('no id')
  countOperator(reading, path)
  const { userId } = reading
  if (userId === null) return { kind: isMe === true ? 'any' : 'all', nodes: [] }
  return { kind: 'test', field: id, operator: isMe === true ? 'eq' : 'ne', operand: userId, isCaseSensitive: true }
}

/**
 * `owner: { isMe: true }` as a test on the link, `owner_id = <my id>`, which an index on it serves: the id is the
 * related row's own, so that row need not be read. `isMe: false` also needs an owner. Where only some users can be
 * seen, the row is read.
 */
function linkTest(reading: Reading, relation: ConceptRelation, input: FilterInput, node: FilterNode): FilterNode {
  const isMeAlone = Object.keys(input).join() === 'isMe' && reading.registry.concept(relation.to).isAsking
  if (!isMeAlone || relation.kind !== 'one' || node.kind !== 'related' || node.node.kind !== 'test') return node
  if (reading.access.rows(relation.to, 'u') !== null) return node
  const field: ConceptField = { column: relation.column, kind: 'id', isNullable: true }
  const test: FilterNode = { ...node.node, field }
  if (test.operator === 'eq') return test
  const isSet: FilterNode = { ...test, operator: 'isNull', operand: false }
  return { kind: 'all', nodes: [isSet, test] }
}

function countOperator(reading: Reading, path: Place['path']): void {
  if (++reading.operators > MAX_FILTER_OPERATORS)
    refuse(path, `A filter has at most ${MAX_FILTER_OPERATORS} operators.`)
}

/** `value` is that of an operator: one, several, or those of a range. */
function countTexts(reading: Reading, value: unknown, path: Place['path']): void {
  const values = typeof value === 'object' ? Object.values(value as object) : [value]
  for (const text of values) if (typeof text === 'string') reading.textLength += text.length
  if (reading.textLength <= MAX_FILTER_TEXT_LENGTH) return
  refuse(path, `The texts of a filter have at most ${formatCount(MAX_FILTER_TEXT_LENGTH)} characters together.`)
}

/** The operators of one field: `{ gte: "A", lt: "B" }`. */
function readOperators(reading: Reading, field: ConceptField, input: FilterInput, path: Place['path']): FilterNode {
  const { caseSensitive, ...operators } = input
  return allOf(
    Object.entries(operators).map(([name, value]) =>
      readOperator(reading, field, name, value, caseSensitive === true, [...path, name]),
    ),
  )
}

function readOperator(
  reading: Reading,
  field: ConceptField,
  name: string,
  value: unknown,
  isCaseSensitive: boolean,
  path: Place['path'],
): FilterNode {
  if (value === null) refuse(path, NULL_SAYS_NOTHING)
  countOperator(reading, path)
  const operator = operatorsOf(field).find((known) => known === name)
  if (!operator) throw new Error(`no operator ${name} for ${field.column}`)
  if (Array.isArray(value)) checkCount(value, path)
  countTexts(reading, value, path)
  const operand = checkOperand(field, operator, value, reading.country, (more, problem) =>
    refuse([...path, ...more], problem),
  )
  return { kind: 'test', field, operator, operand, isCaseSensitive }
}

function checkCount(values: readonly unknown[], path: Place['path']): void {
  if (values.length > MAX_FILTER_VALUES) {
    refuse(path, `At most ${MAX_FILTER_VALUES} values may be given, not ${values.length}.`)
  }
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 }
}

function refuse(path: readonly (string | number)[], message: string): never {
  throw new AppError('BAD_USER_INPUT', message, { extensions: { field: path.join('.') } })
}
