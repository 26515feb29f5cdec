import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import type { RowRandom } from '../../src/demo/random.js'

const MAX_BYTES = 2048
const MAX_LEVELS = 12
const SEARCHES = [
  'anna',
  'a',
  'jo smith',
  'gmail.com',
  'info@',
  '555',
  'benrard',
  'acme inc',
  'an',
  'anna schmidt berlin',
]
const CONTACT_ORDERS = ['LAST_NAME', 'COMPANY_NAME', 'CREATED_AT', 'JOB_TITLE', 'OWNER_NAME']
const COMPANY_ORDERS = ['NAME', 'EMPLOYEE_COUNT', 'CREATED_AT', 'INDUSTRY_NAME', 'ANNUAL_REVENUE']
const CONTACT_FILTERS = [
  '{ company: { name: { contains: "a" } } }',
  '{ emailAddresses: { some: { email: { contains: "an" } } } }',
  '{ phoneNumbers: { some: { number: { endsWith: "43" } } } }',
  '{ not: { lastName: { contains: "e" } } }',
  '{ or: [{ firstName: { contains: "an" } }, { notes: { contains: "the" } }, { addresses: { some: { city: { contains: "o" } } } }] }',
  '{ company: { contacts: { some: { firstName: { startsWith: "A" } } } } }',
]
const COMPANY_FILTERS = [
  '{ name: { contains: "a" } }',
  '{ contacts: { some: { lastName: { contains: "e" } } } }',
  '{ contacts: { none: { emailAddresses: { some: { email: { contains: "info" } } } } } }',
  '{ or: [{ domain: { contains: "a" } }, { notes: { contains: "e" } }] }',
]

/**
 * A query of at most 2 KB that the schema allows: random fields with random pages, filters, orders, searches, aliases.
 * `greed`, from 0 to 1, is how readily it takes another field, another level and larger pages.
 */
export function randomQuery(schema: GraphQLSchema, random: RowRandom, greed: number): string {
  for (;;) {
    // Without a bound a greedy query of twelve levels has more fields than memory holds.
    const left = { bytes: MAX_BYTES }
    const text = `{ ${selection(schema, schema.getQueryType() as GraphQLNamedType, random, greed, 1, left)} }`
    if (Buffer.byteLength(text) <= MAX_BYTES && text !== '{  }') return text
  }
}

function selection(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  random: RowRandom,
  greed: number,
  level: number,
  left: { bytes: number },
): string {
  if (isUnionType(type) || isInterfaceType(type)) {
    const parts = schema.getPossibleTypes(type).map((possible) => {
      const inner = selection(schema, possible, random, greed, level, left)
      return inner === '' ? '' : `... on ${possible.name} { ${inner} }`
    })
    return ['__typename', ...parts].join(' ')
  }
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields())
  const isRoot = level === 1
  const wanted = 1 + Math.floor(random.next() * (isRoot ? 3 : 2 + greed * 8))
  const taken = new Set<string>()
  const parts: string[] = []
  for (let count = 0; count < wanted; count += 1) {
    const field = pickField(fields, random, greed)
    const text = fieldText(schema, type.name, field, random, greed, level, left)
    if (text === null) continue
    // The same field once more needs a name of its own.
    parts.push(taken.has(field.name) ? `a${level}${parts.length}: ${text}` : text)
    taken.add(field.name)
  }
  if (parts.length === 0) return isRoot ? '' : '__typename'
  return parts.join(' ')
}

// What costs: lists before records before plain values.
function pickField(
  fields: GraphQLField<unknown, unknown>[],
  random: RowRandom,
  greed: number,
): GraphQLField<unknown, unknown> {
  const composite = fields.filter((field) => isCompositeType(getNamedType(field.type)))
  return random.pick(composite.length > 0 && random.next() < 0.3 + 0.6 * greed ? composite : fields)
}

function fieldText(
  schema: GraphQLSchema,
  parent: string,
  field: GraphQLField<unknown, unknown>,
  random: RowRandom,
  greed: number,
  level: number,
  left: { bytes: number },
): string | null {
  if (left.bytes <= 0) return null
  const args: string[] = []
  for (const arg of field.args) {
    const value = argumentValue(parent, field, arg, random, greed)
    if (value !== null) args.push(`${arg.name}: ${value}`)
    else if (String(arg.type).endsWith('!') && arg.defaultValue === undefined) return null
  }
  const head = args.length > 0 ? `${field.name}(${args.join(', ')})` : field.name
  const type = getNamedType(field.type)
  left.bytes -= head.length + 1
  if (!isCompositeType(type)) return head
  if (level >= MAX_LEVELS) return null
  const inner = selection(schema, type, random, greed, level + 1, left)
  return `${head} { ${inner === '' ? '__typename' : inner} }`
}

function argumentValue(
  parent: string,
  field: GraphQLField<unknown, unknown>,
  { name }: GraphQLArgument,
  random: RowRandom,
  greed: number,
): string | null {
  const isContacts = /contacts/i.test(field.name)
  if (name === 'first')
    return random.next() < 0.8
      ? String(Math.ceil(200 ** (random.next() * (1 - greed) + greed * Math.sqrt(random.next()))))
      : null
  if (name === 'query') return JSON.stringify(random.pick(SEARCHES))
  if (name === 'search') return random.next() < 0.15 ? JSON.stringify(random.pick(SEARCHES)) : null
  if (name === 'filter' && (isContacts || field.name === 'companies')) {
    return random.next() < 0.2 ? random.pick(isContacts ? CONTACT_FILTERS : COMPANY_FILTERS) : null
  }
  if (name === 'orderBy' && (isContacts || field.name === 'companies') && parent === 'Query') {
    return random.next() < 0.2 ? `[{ field: ${random.pick(isContacts ? CONTACT_ORDERS : COMPANY_ORDERS)} }]` : null
  }
  if (name === 'offset') return random.next() < 0.05 ? String(Math.floor(random.next() * 10_000)) : null
  if (name === 'max') return random.next() < 0.3 ? '1000000' : null
  return null
}
