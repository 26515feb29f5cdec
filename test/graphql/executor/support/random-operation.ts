import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'
import { choicesOf, type Choices } from './chance.js'

/** An operation with its variables; they sometimes don't fit, or are missing. */
export interface RandomOperation {
  readonly text: string
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
}

const FRAGMENTS = 3
const FLAGS = ['yes', 'no', 'perhaps']

interface Writing extends Choices {
  readonly schema: GraphQLSchema
  /** the names of fields with arguments in the answer: the same arguments, the same name */
  readonly names: Map<string, string>
  readonly fragments: { readonly condition: GraphQLCompositeType; readonly text: string; isUsed: boolean }[]
  left: number
}

/** Variables by name: type with default, and what they are given; `undefined` is left out. */
const VARIABLES: Readonly<Record<string, { readonly type: string; readonly values: readonly unknown[] }>> = {
  yes: { type: 'Boolean!', values: [true] },
  no: { type: 'Boolean! = false', values: [undefined, false] },
  perhaps: { type: 'Boolean = true', values: [true, false, undefined] },
  int: { type: 'Int', values: [4, null, undefined] },
  some: { type: 'Int = 6', values: [1, undefined] },
  must: { type: 'Int!', values: [8] },
  color: { type: 'Color', values: ['RED', 'GREEN', 'BLUE', null, undefined] },
  outer: { type: 'Outer', values: [{ must: 1, inner: null }, { must: 2, list: [{ tags: ['a'] }] }, undefined] },
  list: { type: '[Int!]', values: [[1, 2], 3, null] },
  text: { type: 'String', values: ['ä "quoted"', undefined] },
}
const MISFITS: readonly unknown[] = ['a text', 1.5, null, { must: 'x' }, 'MAUVE']

/** The operation of a name: valid by its document, whatever its variables are. */
export function randomOperation(schema: GraphQLSchema, name: string): RandomOperation {
  const choices = choicesOf(name)
  const { chance, pick } = choices
  const isMutation = chance(0.2)
  const root = isMutation ? schema.getMutationType() : schema.getQueryType()
  if (!root) throw new Error('no root')
  const writing: Writing = { ...choices, schema, names: new Map(), fragments: [], left: 60 }
  // The last of them first: a fragment spreads only those that are there.
  const conditions = ['A', 'B', 'C', 'Node', 'Any', root.name]
    .map((type) => schema.getType(type))
    .filter(isCompositeType)
  for (let index = 0; index < FRAGMENTS; index++) {
    const condition = pick(conditions)
    writing.left = 12
    const text = selection(writing, condition, 2)
    writing.fragments.push({ condition, text, isUsed: false })
  }
  writing.left = 60
  const body = selection(writing, root, 1 + choices.int(1, 5))
  const operationName = chance(0.5) ? 'Asked' : undefined
  const usedFragments = keepUsed(writing, body)
  const whole = [body, ...usedFragments].join(' ')
  const used = Object.keys(VARIABLES).filter((variable) => new RegExp(`\\$${variable}\\b`).test(whole))
  const declared = used.map((variable) => `$${variable}: ${VARIABLES[variable]?.type ?? ''}`)
  const head = `${isMutation ? 'mutation' : 'query'} ${operationName ?? ''} ${declared.length ? `(${declared.join()})` : ''}`
  const variables = Object.fromEntries(
    used
      .map((variable) => [variable, pick(chance(0.02) ? MISFITS : (VARIABLES[variable]?.values ?? []))] as const)
      .filter(([, value]) => value !== undefined),
  )
  const other = operationName !== undefined && chance(0.3) ? 'query Other { id }' : ''
  return { text: [head, body, ...usedFragments, other].join('\n'), operationName, variables }
}

/** The fragments that a text spreads, and those that they spread in turn. */
function keepUsed({ fragments }: Writing, body: string): string[] {
  const texts: string[] = []
  let whole = body
  for (const [index, { condition, text }] of [...fragments.entries()].reverse()) {
    if (!whole.includes(`...F${index} `)) continue
    whole += text
    texts.push(`fragment F${index} on ${condition.name} ${text}`)
  }
  return texts
}

function selection(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { chance, int, pick, fragments, schema } = writing
  const parts: string[] = []
  for (let count = int(1, 5); count > 0; count--) {
    const spread = fragments.findIndex(({ condition }) => overlap(schema, type, condition))
    if (spread >= 0 && chance(0.15)) {
      const index = pick([...fragments.keys()].filter((at) => overlap(schema, type, fragments[at]?.condition ?? type)))
      parts.push(`...F${index} ${condition(writing)}`)
    } else if (writing.left > 0 && (chance(0.2) || (isAbstractType(type) && chance(0.5)))) {
      parts.push(inlineFragment(writing, type, depth))
    } else {
      parts.push(fieldOf(writing, type, depth))
    }
  }
  return `{ ${parts.join(' ')} }`
}

function inlineFragment(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { schema, pick, chance } = writing
  writing.left -= 1
  if (chance(0.2)) return `... ${condition(writing)} ${selection(writing, type, depth)}`
  const fitting = ['A', 'B', 'C', 'Node', 'Any', type.name]
    .map((name) => schema.getType(name))
    .filter(isCompositeType)
    .filter((other) => overlap(schema, type, other))
  const on = pick(fitting)
  return `... on ${on.name} ${condition(writing)} ${selection(writing, on, depth)}`
}

function fieldOf(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { chance, pick } = writing
  writing.left -= 1
  const fields = 'getFields' in type ? Object.values(type.getFields()) : []
  const isDeep = depth > 0 && writing.left > 0
  const possible = fields.filter((field) => isDeep || !isCompositeType(getNamedType(field.type)))
  const deep = possible.filter((field) => isCompositeType(getNamedType(field.type)))
  if (possible.length === 0 || chance(0.05)) return `${chance(0.3) ? 'type: ' : ''}__typename ${condition(writing)}`
  if (type.name === 'Query' && chance(0.03))
    return '__type(name: "A") { name kind fields { name type { name ofType { name } } } }'
  if (type.name === 'Query' && chance(0.02)) return '__schema { queryType { name } types { name enumValues { name } } }'
  const field = pick(deep.length > 0 && chance(0.5) ? deep : possible)
  const inner = getNamedType(field.type)
  const below = isCompositeType(inner) ? selection(writing, inner, depth - 1) : ''
  return `${fieldHead(writing, field)} ${condition(writing)} ${below}`
}

/** A field with its arguments, under a name that belongs to them. */
function fieldHead(writing: Writing, { name, args }: GraphQLField<unknown, unknown>): string {
  const { chance, names } = writing
  const given = args.map((arg) => argument(writing, arg)).filter((text) => text !== '')
  if (given.length === 0) return chance(0.15) ? `x_${name}: ${name}` : name
  const call = `${name}(${given.join(' ')})`
  const alias = names.get(call) ?? `${name}_${names.size}`
  names.set(call, alias)
  return `${alias}: ${call}`
}

function argument({ chance, pick, int }: Writing, { name, type, defaultValue }: GraphQLArgument): string {
  const isNeeded = String(type).endsWith('!') && defaultValue === undefined
  if (!isNeeded && chance(0.5)) return ''
  const literals: Readonly<Record<string, readonly string[]>> = {
    Int: ['1', 'null', '$int', '$some', '$must'],
    'Int!': [String(int(0, 9)), '$must', '$some'],
    Color: ['RED', 'BLUE', 'null', '$color'],
    Outer: [
      '$outer',
      '{ must: 2 }',
      '{ must: $must, inner: { n: $int, color: $color }, list: [{ tags: ["a", $text2] }] }',
    ],
    '[Int!]': ['[1, 2]', '3', '$list', '[4, $must]'],
    String: ['"a text"', 'null', '$text'],
  }
  return `${name}: ${pick(literals[String(type)] ?? []).replace('$text2', '"b"')}`
}

function condition({ chance, pick }: Writing): string {
  const test = (): string => (chance(0.2) ? pick(['true', 'false']) : `$${pick(FLAGS)}`)
  if (!chance(0.12)) return ''
  return pick([`@skip(if: ${test()})`, `@include(if: ${test()})`, `@skip(if: ${test()}) @include(if: ${test()})`])
}

function overlap(schema: GraphQLSchema, a: GraphQLCompositeType, b: GraphQLCompositeType): boolean {
  const possible = (type: GraphQLCompositeType) => (isObjectType(type) ? [type] : schema.getPossibleTypes(type))
  return possible(a).some((type) => possible(b).includes(type))
}
