import { astFromValue, print } from 'graphql'
import { listArguments } from './schema.js'

/** A document with its variables. */
export interface Request {
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** Arguments of a list as they are written in a document: `first: 5, orderBy: [{ field: NAME }]`. */
export function argumentsText(list: string, args: Readonly<Record<string, unknown>>): string {
  const types = listArguments(list)
  return Object.entries(args)
    .map(([name, value]) => {
      const type = types.get(name)
      const node = type && astFromValue(value, type)
      if (!node) throw new Error(`${list} has no argument ${name}`)
      return `${name}: ${print(node)}`
    })
    .join(', ')
}

/** The ways in which the same arguments can be given to a list of contacts, with the name that its field answers to. */
export function waysToAsk(args: Readonly<Record<string, unknown>>): [string, string, Request][] {
  const names = Object.keys(args)
  const given = names.map((name) => `${name}: $${name}`).join(', ')
  const types = names.map((name) => `$${name}: ${VARIABLE_TYPES[name] ?? ''}`).join(', ')
  const root: [string, string, Request][] = [
    ['variables', 'contacts', { query: `query (${types}) { contacts(${given}) { totalCount } }`, variables: args }],
    [
      'an alias',
      'people',
      { query: `query (${types}) { people: contacts(${given}) { nodes { id } } }`, variables: args },
    ],
    [
      'a fragment',
      'contacts',
      {
        query: `query (${types}) { ...People } fragment People on Query { contacts(${given}) { nodes { id } } }`,
        variables: args,
      },
    ],
  ]
  if (names.includes('offset') || names.includes('search')) return root
  const nested = (field: string): string => `companies(first: 1) { nodes { ${field} } }`
  return [
    ...root,
    [
      'nested',
      'contacts',
      { query: `query (${types}) { ${nested(`contacts(${given}) { totalCount }`)} }`, variables: args },
    ],
    [
      'nested in a fragment, with an alias',
      'staff',
      {
        query: `query (${types}) { ${nested('...Staff')} } fragment Staff on Company { staff: contacts(${given}) { nodes { id } } }`,
        variables: args,
      },
    ],
  ]
}

const VARIABLE_TYPES: Readonly<Record<string, string>> = {
  first: 'Int',
  after: 'String',
  last: 'Int',
  before: 'String',
  offset: 'Int',
  filter: 'ContactFilter',
  orderBy: '[ContactOrder!]',
  search: 'String',
}
