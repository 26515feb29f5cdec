import { buildSchema, isEnumType, isObjectType, isScalarType, isUnionType, type GraphQLSchema } from 'graphql'
import { chanceOf } from './chance.js'
import { COLORS, isTypeOf, newSource, resolveOdd, resolveUnion, type OddContext } from './odd-values.js'

const LEAVES = `
  id: ID!  text: String  textMust: String!  int: Int  intMust: Int!  float: Float  flag: Boolean  flagMust: Boolean!
  color: Color  colorMust: Color!  odd: Odd  oddMust: Odd!
  told: String  loaded: String  need(n: Int!): Int
  echo(n: Int = 5, must: Int! = 3, color: Color, outer: Outer, list: [Int!], text: String): String`
const PLAIN = `
  plainText: String  plainMust: String!  plainInt: Int  plainFlag: Boolean  plainColor: Color  plainOdd: Odd
  plainList: [Int]  plainOne: A  method(n: Int = 2): String`
const LISTS = `
  ints: [Int]  intsMust: [Int!]!  grid: [[Int!]]!  gridMust: [[Int!]!]!  colors: [Color!]  odds: [Odd]`
const OBJECTS = `
  one: A  oneMust: A!  many: [A]  manyMust: [A!]!  table: [[B!]]  other: B  third: C
  node: Node  nodeMust: Node!  nodes: [Node]  any: Any  anys: [Any!]`
const FIELDS = `${LEAVES} ${PLAIN} ${LISTS} ${OBJECTS}`

/** Every kind of field that there is: by type, nullability, lists of lists, arguments, with and without a resolver. */
const TYPES = `
  scalar Odd
  enum Color { RED GREEN BLUE }
  input Inner { n: Int = 7  color: Color = GREEN  tags: [String!] }
  input Outer { inner: Inner = { n: 1 }  must: Int!  list: [Inner!] }
  interface Node { ${LEAVES} ${OBJECTS} }
  union Any = A | B | C
  type A implements Node { ${FIELDS} }
  type B implements Node { ${FIELDS} }
  type C implements Node { ${FIELDS} }
  type D { ${FIELDS} }
  type Query { ${FIELDS} d: D }
  type Mutation { ${FIELDS} }`

/** A schema whose fields answer, fail and wait in every way, by chance: the same way for the same seed and place. */
export function createOddSchema(): GraphQLSchema {
  const schema = buildSchema(TYPES)
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (isEnumType(type)) for (const value of type.getValues()) value.value = COLORS[value.name]
    if (isScalarType(type) && type.name === 'Odd') type.serialize = serializeOdd
    if (isUnionType(type)) type.resolveType = resolveUnion
    if (!isObjectType(type)) continue
    if (type.name === 'B' || type.name === 'C') type.isTypeOf = isTypeOf(type.name)
    for (const field of Object.values(type.getFields())) {
      if (!field.name.startsWith('plain') && field.name !== 'method') field.resolve = resolveOdd
    }
  }
  return schema
}

// A scalar may write objects and promises, write nothing, and refuse.
function serializeOdd(value: unknown): unknown {
  const chance = chanceOf(`odd ${String(value)}`)
  if (chance < 0.05) throw new TypeError(`not odd: ${String(value)}`)
  if (chance < 0.08) return undefined
  if (chance < 0.1) return null
  if (chance < 0.13) return Promise.resolve(`later ${String(value)}`)
  if (chance < 0.15) return Promise.reject(new Error(`never ${String(value)}`))
  return chance < 0.5 ? { odd: value } : [value]
}

/** The object that an operation begins with. */
export function rootOf(context: OddContext): object {
  return newSource(context, 'root')
}
