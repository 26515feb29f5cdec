import { expect, test } from '@jest/globals'
import { buildSchema, execute, parse, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { createExecutor, type ExecutedRequest } from '../../../src/graphql/executor/executor.js'
import { guardedResolver } from '../../../src/graphql/executor/field-guard.js'
import { createPlanCache } from '../../../src/graphql/executor/plan-cache.js'
import { rootSelectionOf } from '../../../src/graphql/executor/plan.js'

type Resolvers = Readonly<Record<string, Readonly<Record<string, GraphQLFieldResolver<never, never, never>>>>>

const LIMITS = { maxCoercionErrors: 5, cache: { documents: 3, size: 1000 } }

function schemaOf(text: string, resolvers: Resolvers = {}): GraphQLSchema {
  const schema = buildSchema(text)
  for (const [type, fields] of Object.entries(resolvers)) {
    const known = (schema.getType(type) as unknown as { getFields(): Record<string, object> }).getFields()
    for (const [name, resolve] of Object.entries(fields)) Object.assign(known[name] as object, { resolve })
  }
  return schema
}

/** The answers of graphql-js and of the executor, as text. */
async function both(
  schema: GraphQLSchema,
  { document, operationName, variables, context, rootValue }: ExecutedRequest,
) {
  const contextValue = context
  const theirs = execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue,
    rootValue,
  })
  const ours = createExecutor(schema, LIMITS)({ document, operationName, variables, context, rootValue })
  return [JSON.stringify(await ours), JSON.stringify(await theirs)] as const
}

const PLAIN = schemaOf('type Query { name: String  self: Query }')
const RICH = { name: 'Ann', self: { name: 'Ben' } }

test.each([
  ['an operation that a document has twice', 'query A { name } query A { name }', 'A'],
  ['no operation of several', 'query A { name } query B { name }', undefined],
  ['an operation that is not there', 'query A { name }', 'B'],
  ['no operation at all', 'fragment F on Query { name }', undefined],
  ['a kind of operation that the schema does not have', 'subscription { name }', undefined],
  ['a name that is nowhere else', '{ __proto__: name then: name toString: self { constructor: name } }', undefined],
  ['a field that is not there', '{ name nowhere }', undefined],
  ['fragments that are not there, or not of this type', '{ name ...Gone ... on Gone { name } }', undefined],
  [
    'fragments with names of objects',
    '{ ...constructor ...__proto__ } fragment __proto__ on Query { name }',
    undefined,
  ],
])('%s: as graphql-js', async (_, text, operationName) => {
  const [ours, theirs] = await both(PLAIN, { document: parse(text), operationName, context: null, rootValue: RICH })
  expect(ours).toBe(theirs)
})

test('a condition that is no boolean fails where it stands', async () => {
  const document = parse('query ($is: Boolean) { name self { name @skip(if: $is) } }')
  const variables = { is: null }
  const [ours, theirs] = await both(PLAIN, { document, variables, context: null, rootValue: RICH })
  expect(ours).toBe(theirs)
  expect(JSON.parse(ours)).toEqual({
    data: { name: 'Ann', self: null },
    errors: [
      {
        message: 'Argument "if" of non-null type "Boolean!" must not be null.',
        locations: [{ line: 1, column: 51 }],
        path: ['self'],
      },
    ],
  })
})

test('conditions of one document are kept apart', async () => {
  const executor = createExecutor(PLAIN, LIMITS)
  const document = parse('query ($is: Boolean!) { self { name @include(if: $is) } name @skip(if: $is) }')
  const ask = async (is: boolean) =>
    JSON.stringify(await executor({ document, variables: { is }, context: null, rootValue: RICH }))
  const answers = [await ask(true), await ask(false), await ask(true)]
  const [shown, hidden] = ['{"data":{"self":{"name":"Ben"}}}', '{"data":{"self":{},"name":"Ann"}}']
  expect(answers).toEqual([shown, hidden, shown])
})

test('a list that ends at once leaves nothing that fails unheard', async () => {
  const schema = schemaOf('type Query { items: [Item!]! } type Item { slow: Int!  quick: Int! }', {
    Query: { items: () => [0, 1] },
    Item: {
      slow: (item: number) => (item === 0 ? Promise.reject(new Error('slow')) : 1),
      quick: (item: number) => {
        if (item === 1) throw new Error('quick')
        return 1
      },
    },
  })
  const answer = await createExecutor(schema, LIMITS)({ document: parse('{ items { slow quick } }'), context: null })
  expect(JSON.parse(JSON.stringify(answer))).toEqual({
    data: null,
    errors: [{ message: 'quick', locations: [{ line: 1, column: 16 }], path: ['items', 1, 'quick'] }],
  })
})

test('a guard is asked once a request, and what it hides is never resolved', async () => {
  const calls: string[] = []
  const guard = (name: string, isShown: boolean) =>
    guardedResolver<unknown>({
      isVisible: () => {
        calls.push(`may see ${name}`)
        return isShown
      },
      hidden: () => `hidden ${name}`,
      spend: (_, key, value) => void calls.push(`${key} = ${String(value)}`),
      resolve: () => `shown ${name}`,
    }) as never
  const schema = schemaOf('type Query { items: [Item!]! } type Item { a: String  b: String }', {
    Query: { items: () => [{}, {}] },
    Item: { a: guard('a', true), b: guard('b', false) },
  })
  const answer = await createExecutor(schema, LIMITS)({ document: parse('{ items { x: a b } }'), context: null })
  const item = { x: 'shown a', b: 'hidden b' }
  expect(JSON.parse(JSON.stringify(answer))).toEqual({ data: { items: [item, item] } })
  expect(calls).toEqual(['may see a', 'x = shown a', 'may see b', 'x = shown a'])
})

test('arguments are read once a request and belong to it', async () => {
  const seen: object[] = []
  const schema = schemaOf(
    'input In { n: Int } type Query { items: [Item!]! } type Item { at(in: In, m: Int = 2): Int }',
    {
      Query: { items: () => [{}, {}] },
      Item: {
        at: (_: unknown, args: object) => {
          seen.push(args)
          return 1
        },
      },
    },
  )
  const executor = createExecutor(schema, LIMITS)
  const document = parse('query ($n: Int) { items { at(in: { n: $n }) } }')
  for (const n of [1, 2]) await executor({ document, variables: { n }, context: null })
  expect(seen).toEqual([
    { in: { n: 1 }, m: 2 },
    { in: { n: 1 }, m: 2 },
    { in: { n: 2 }, m: 2 },
    { in: { n: 2 }, m: 2 },
  ])
  expect([seen[0] === seen[1], seen[1] === seen[2]]).toEqual([true, false])
})

/** How many plans of documents are kept: those of `ask` that are the same object when they are asked again. */
function cacheOf(limits: { documents: number; size: number }) {
  const cache = createPlanCache(PLAIN, limits)
  const plan = (document: ReturnType<typeof parse>, variables: Record<string, unknown> = {}) => {
    const found = cache.find(document, undefined)?.planFor(variables)
    if (!found) throw new Error('no operation')
    rootSelectionOf(found)
    cache.settle(document)
    return found
  }
  return plan
}

test('the cache keeps as many documents as it may, those that were asked last', () => {
  const plan = cacheOf({ documents: 2, size: 1000 })
  const [a, b, c] = [parse('{ name }'), parse('{ name }'), parse('{ name }')]
  const first = plan(a)
  plan(b)
  expect(plan(a)).toBe(first)
  plan(c)
  expect(plan(a)).toBe(first)
  plan(b)
  plan(c)
  expect(plan(a)).not.toBe(first)
})

test('the cache keeps no more fields than it may, whatever conditions a document has', () => {
  const plan = cacheOf({ documents: 1000, size: 40 })
  const small = parse('{ name }')
  const first = plan(small)
  const flags = ['a', 'b', 'c', 'd']
  const text = `query (${flags.map((flag) => `$${flag}: Boolean!`).join()}) {
    ${flags.map((flag) => `${flag}: name @include(if: $${flag})`).join(' ')} }`
  const wide = parse(text)
  const ask = (bits: number) => plan(wide, Object.fromEntries(flags.map((flag, at) => [flag, (bits & (1 << at)) > 0])))
  const none = ask(0)
  expect(ask(0)).toBe(none)
  expect(plan(small)).toBe(first)
  for (let bits = 0; bits < 16; bits++) ask(bits)
  expect(plan(small)).not.toBe(first)
  expect(ask(0)).not.toBe(none)
})

test('the cache forgets documents that never ran, as their variables did not fit', () => {
  const { find } = createPlanCache(PLAIN, { documents: 2, size: 1000 })
  const [a, b, c] = [parse('{ name }'), parse('{ name }'), parse('{ name }')]
  const first = find(a, undefined)
  expect(find(b, undefined)).not.toBe(first)
  expect(find(a, undefined)).toBe(first)
  find(b, undefined)
  find(c, undefined)
  expect(find(a, undefined)).not.toBe(first)
})
