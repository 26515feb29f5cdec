import {
  GraphQLError,
  getNamedType,
  getNullableType,
  isListType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
} from 'graphql'
import { chanceOf } from './chance.js'
import { batchLoad } from './odd-loader.js'

/** What one execution is given. */
export interface OddContext {
  readonly seed: string
  /** how often something goes wrong, from 0 to 1 */
  readonly trouble: number
  /** how often something has to be waited for */
  readonly delay: number
  /** every call of a resolver, in order */
  readonly calls: string[]
  readonly loader: { queue: { readonly key: string; readonly settle: (value: string) => void }[] }
}

interface Source {
  readonly key: string
  readonly kind: string
}

/** What an enum is inside of the server. */
export const COLORS: Readonly<Record<string, unknown>> = { RED: 'RED', GREEN: 1, BLUE: { blue: true } }
const KINDS = ['A', 'B', 'C']

/** An object of the schema at a place. Some of its properties are values, some functions, promises, errors, getters. */
export function newSource(context: OddContext, key: string): object {
  const draw = (what: string): number => chanceOf(`${context.seed} ${key} ${what}`)
  const kind = KINDS[Math.floor(draw('kind') * KINDS.length)] ?? 'A'
  const property = (name: string, value: unknown): unknown => mixed(context, `${key}.${name}`, () => value, true)
  const source: Record<string, unknown> = {
    key,
    kind,
    plainMust: property('plainMust', 'must'),
    plainInt: property('plainInt', draw('int') < 0.1 ? 2 ** 31 : 12),
    plainFlag: property('plainFlag', draw('flag') < 0.8 ? true : 0),
    plainColor: property('plainColor', colorAt(draw('color'))),
    plainOdd: property('plainOdd', `plain ${key}`),
    plainList: property('plainList', [1, property('item', 2), null]),
    plainOne: property('plainOne', { key: `${key}.plainOne`, kind: 'A', plainText: 'inner' }),
    method: ({ n }: { n: unknown }, _: unknown, { fieldName }: GraphQLResolveInfo) => `${fieldName} ${String(n)}`,
  }
  // Some name their type, not always the right one; the others are found by their `isTypeOf`.
  if (draw('typename') < 0.5) source['__typename'] = draw('wrong') < context.trouble * 0.2 ? 'D' : kind
  Object.defineProperty(source, 'plainText', {
    get: () => {
      context.calls.push(`get ${key}.plainText`)
      const read = (): unknown => mixed(context, `${key}.plainText`, () => 'text', false)
      return draw('method') < 0.1 ? read : read()
    },
  })
  return source
}

/** The resolver of every field that has one. */
export function resolveOdd(source: Source, args: object, context: OddContext, info: GraphQLResolveInfo): unknown {
  const { fieldName, parentType, returnType } = info
  const text = Object.keys(args).length > 0 ? JSON.stringify(args) : ''
  const key = `${source.key}.${fieldName}${text}`
  context.calls.push(`${parentType.name} ${key}`)
  if (fieldName === 'id') return source.key
  if (fieldName === 'echo') return text
  if (fieldName === 'told') return toldBy(info)
  if (fieldName === 'loaded') return batchLoad(context, key)
  return mixed(context, key, () => valueOf(context, key, returnType), false)
}

/** Everything of `info` that can be told in words. */
function toldBy(info: GraphQLResolveInfo): string {
  const {
    fieldName,
    fieldNodes,
    returnType,
    parentType,
    path,
    fragments,
    operation,
    variableValues,
    rootValue,
    schema,
  } = info
  const places: string[] = []
  for (let place: GraphQLResolveInfo['path'] | undefined = path; place; place = place.prev) {
    places.push(`${place.typename ?? ''}:${place.key}`)
  }
  return JSON.stringify([
    ...[fieldName, fieldNodes.map(({ loc }) => loc?.start), String(returnType), parentType.name, places],
    ...[Object.keys(fragments), operation.name?.value, variableValues, (rootValue as Source).key],
    schema.getQueryType()?.name,
  ])
}

/** A value in one of the ways in which a resolver may give it: at once, later, as an error, not at all. */
function mixed(context: OddContext, key: string, value: () => unknown, isKept: boolean): unknown {
  const { seed, trouble, delay } = context
  const draw = (what: string): number => chanceOf(`${seed} ${key} ${what}`)
  const wrong = draw('trouble') < trouble ? Math.floor(draw('wrong') * 8) : -1
  const isLate = draw('delay') < delay
  const fail = (error: unknown): unknown => {
    if (isKept) return isLate ? failsWhenAsked(error) : error instanceof Error ? error : null
    const end = (): never => {
      throw error
    }
    return isLate ? late(draw('turns'), end) : end()
  }
  const given = (result: () => unknown): unknown => (isLate ? late(draw('turns'), result) : result())
  switch (wrong) {
    case 0:
      return fail(new Error(`failed at ${key}`))
    case 1:
      return fail(`no error but a text at ${key}`)
    case 2:
      return fail(new GraphQLError(`refused at ${key}`, { extensions: { code: 'ODD', key } }))
    case 3:
      return given(() => new RangeError(`returned at ${key}`))
    case 4:
      return given(() => null)
    case 5:
      return given(() => undefined)
    case 6:
      return given(() => ({ wrong: key }))
    case 7:
      return given(() => (draw('bad') < 0.5 ? 'a text' : 1.5))
    default:
      return given(value)
  }
}

// What is kept in a list or an object may never be asked for, and must not fail unheard then.
function failsWhenAsked(error: unknown): PromiseLike<unknown> {
  return { then: (resolve, reject) => Promise.reject(error as Error).then(resolve, reject) }
}

/** After none to five turns of promises, or in a later turn of the event loop; sometimes what is only like a promise. */
function late(chance: number, value: () => unknown): PromiseLike<unknown> {
  if (chance < 0.1) return new Promise((resolve) => setImmediate(resolve)).then(value)
  if (chance < 0.2) return new Promise((resolve) => process.nextTick(resolve)).then(value)
  let promise = Promise.resolve()
  for (let turn = 0; turn < chance * 5; turn++) promise = promise.then(() => undefined)
  const given = promise.then(value)
  return chance > 0.9 ? { then: (resolve, reject) => given.then(resolve, reject) } : given
}

function valueOf(context: OddContext, key: string, type: GraphQLOutputType): unknown {
  const chance = chanceOf(`${context.seed} ${key} value`)
  const nullable = getNullableType(type)
  if (isListType(nullable)) {
    const items = Array.from({ length: Math.floor(chance * 4) }, (_, index) =>
      mixed(context, `${key}.${index}`, () => valueOf(context, `${key}.${index}`, nullable.ofType), true),
    )
    return listOf(chanceOf(`${context.seed} ${key} form`), items, context.trouble)
  }
  switch (getNamedType(type).name) {
    case 'Int':
      return chance < 0.9 ? Math.floor(chance * 100) : '12'
    case 'Float':
      return chance * 10
    case 'Boolean':
      return chance < 0.5
    case 'Color':
      return colorAt(chance)
    case 'String':
      return chance < 0.8 ? `text ${key}` : chance < 0.9 ? 12 : true
    case 'Odd':
      return key
    default:
      return newSource(context, key)
  }
}

function colorAt(chance: number): unknown {
  return chance < 0.05 ? 'MAUVE' : Object.values(COLORS)[Math.floor(chance * 3)]
}

/** Lists are arrays, sets, what a generator gives, or what breaks off. */
function listOf(chance: number, items: unknown[], trouble: number): unknown {
  if (chance < 0.6) return items
  if (chance < 0.7) return new Set(items)
  const breaksOff = chance < 0.7 + trouble * 0.1
  return (function* () {
    if (!breaksOff) return yield* items
    // graphql-js leaves what it began of such a list, so nothing of it may fail later.
    if (typeof items[0] !== 'object') yield items[0]
    throw new Error('the list broke off')
  })()
}

/** `isTypeOf` of a type: sometimes a promise, as it may be. */
export function isTypeOf(name: string) {
  return (value: unknown, context: OddContext, { fieldName }: GraphQLResolveInfo): boolean | Promise<boolean> => {
    const { key = '', kind = '' } = (value ?? {}) as Partial<Source>
    context.calls.push(`is ${name} ${key} of ${fieldName}`)
    const isIt = kind === name || chanceOf(`${context.seed} ${key} is`) < 0.3
    return chanceOf(`${context.seed} ${key} is ${name}`) < context.delay ? Promise.resolve(isIt) : isIt
  }
}

/** `resolveType` of the union: names that are right, wrong, unknown, none at all. */
export function resolveUnion(value: unknown, context: OddContext, { path }: GraphQLResolveInfo): never {
  const { key = '', kind = 'A' } = (value ?? {}) as Partial<Source>
  context.calls.push(`union ${key} at ${path.key}`)
  const chance = chanceOf(`${context.seed} ${key} union`)
  const wrong = chance < context.trouble ? [undefined, 'D', 'Nobody', 'Color', 12][Math.floor(chance * 97) % 5] : kind
  return (chanceOf(`${context.seed} ${key} promise`) < context.delay ? Promise.resolve(wrong) : wrong) as never
}
