import type { GraphQLSchema } from 'graphql'
import { rootFields } from './id-positions.js'

/** The root lists of a schema: what can be filtered as a whole. */
export function rootLists(schema: GraphQLSchema): string[] {
  return rootFields(schema)
    .filter(({ root, field }) => root === 'Query' && field.args.some(({ name }) => name === 'filter'))
    .map(({ field }) => field.name)
}

/** One document for a list's first page of ids, and one for its count alone. */
export function listQueries(list: string): { page: string; count: string } {
  return { page: `{ ${list} { nodes { id } } }`, count: `{ ${list} { totalCount } }` }
}

/** A list as it is asked for, with the names of its own rows in their order. */
export interface ListCall {
  readonly list: 'contacts' | 'companies' | 'users' | 'industries' | 'companySizes'
  /** the arguments of the list, as GraphQL */
  readonly args: string
  readonly rows: readonly string[]
}

const ALL = ['Jane', 'Eve', 'Cy', 'Bob', 'Ada']

/** Every kind of order, with every way to run it: of the own table, nulls apart, by rank, through relations. */
const ORDERS: readonly (readonly [string, readonly string[]])[] = [
  ['{ field: FIRST_NAME }', ['Ada', 'Bob', 'Cy', 'Eve', 'Jane']],
  ['{ field: CREATED_AT, direction: DESC }', ALL],
  ['{ field: EXTERNAL_ID }, { field: FIRST_NAME }', ['Cy', 'Jane', 'Ada', 'Bob', 'Eve']],
  ['{ field: LAST_NAME, nulls: FIRST }, { field: FIRST_NAME }', ['Eve', 'Jane', 'Ada', 'Cy', 'Bob']],
  ['{ field: LAST_NAME, direction: DESC, nulls: LAST }, { field: FIRST_NAME }', ['Bob', 'Cy', 'Ada', 'Eve', 'Jane']],
  ['{ field: BIRTH_DATE }, { field: FIRST_NAME }', ['Cy', 'Ada', 'Bob', 'Eve', 'Jane']],
  ['{ field: COMPANY_NAME }, { field: FIRST_NAME }', ['Eve', 'Jane', 'Ada', 'Bob', 'Cy']],
  ['{ field: COMPANY_NAME, nulls: FIRST }, { field: FIRST_NAME }', ['Bob', 'Cy', 'Eve', 'Jane', 'Ada']],
  ['{ field: COMPANY_DOMAIN }, { field: FIRST_NAME }', ['Eve', 'Jane', 'Ada', 'Bob', 'Cy']],
  ['{ field: COMPANY_STATUS }, { field: FIRST_NAME }', ['Eve', 'Jane', 'Ada', 'Bob', 'Cy']],
  ['{ field: OWNER_EMAIL }, { field: COMPANY_NAME }, { field: FIRST_NAME }', ['Bob', 'Jane', 'Eve', 'Ada', 'Cy']],
  ['{ field: FIRST_NAME }, { field: OWNER_NAME }', ['Ada', 'Bob', 'Cy', 'Eve', 'Jane']],
]

/** Filters of contacts, through relations of every kind and either way, and what they find, newest first. */
const FILTERS: readonly (readonly [string, readonly string[]])[] = [
  ['{ firstName: { in: ["ada", "JANE"] } }', ['Jane', 'Ada']],
  ['{ notes: { contains: "tea" } }', ['Eve']],
  ['{ company: { name: { eq: "acme" } } }', ['Jane', 'Eve']],
  ['{ not: { company: { name: { eq: "acme" } } } }', ['Cy', 'Bob', 'Ada']],
  ['{ company: { industry: { name: { startsWith: "st" } } } }', ['Jane', 'Eve']],
  ['{ company: { contacts: { some: { firstName: { eq: "Eve" } } } } }', ['Jane', 'Eve']],
  ['{ company: { contacts: { none: { firstName: { eq: "Eve" } } } } }', ['Ada']],
  ['{ owner: { role: { eq: ADMIN } } }', ['Bob']],
  ['{ emailAddresses: { some: { domain: { eq: "acme.example" } } } }', ['Jane']],
  ['{ emailAddresses: { none: {} } }', ['Eve', 'Cy', 'Bob']],
  ['{ phoneNumbers: { some: { number: { endsWith: "0124" } } } }', ['Bob']],
  ['{ phoneNumbers: { every: { isPrimary: { eq: true } } } }', ['Jane', 'Eve', 'Cy', 'Ada']],
  ['{ addresses: { some: { city: { contains: "ul" } } } }', ['Bob']],
  ['{ socialMediaAccounts: { some: { platform: { eq: X } } } }', ['Jane']],
  [
    '{ or: [{ company: { name: { contains: "org" } } }, { emailAddresses: { some: { email: { contains: "jane" } } } }] }',
    ['Jane', 'Ada'],
  ],
]

/** Lists with orders, filters, both, and pages from either side. */
export const LIST_CALLS: readonly ListCall[] = [
  { list: 'contacts', args: '', rows: ALL },
  { list: 'contacts', args: 'last: 50', rows: ALL },
  { list: 'contacts', args: 'last: 3', rows: ['Cy', 'Bob', 'Ada'] },
  { list: 'contacts', args: 'offset: 1', rows: ['Eve', 'Cy', 'Bob', 'Ada'] },
  {
    list: 'contacts',
    args: 'orderBy: [{ field: COMPANY_NAME }, { field: FIRST_NAME }], offset: 2',
    rows: ['Ada', 'Bob', 'Cy'],
  },
  ...ORDERS.flatMap(([order, rows]): ListCall[] => [
    { list: 'contacts', args: `orderBy: [${order}]`, rows },
    { list: 'contacts', args: `orderBy: [${order}], last: 200`, rows },
    // The same by way of a filter, which orders through relations run otherwise.
    { list: 'contacts', args: `orderBy: [${order}], filter: { version: { lte: 9 } }`, rows },
    { list: 'contacts', args: `orderBy: [${order}], filter: { fullName: { matches: "" } }`, rows },
  ]),
  // By a relation's column alone the link breaks ties, whose order is chance: two rows at most share it.
  {
    list: 'contacts',
    args: 'orderBy: [{ field: COMPANY_NAME }], filter: { lastName: { in: ["alpha", "mike"] } }',
    rows: ['Ada', 'Cy'],
  },
  ...FILTERS.map(([filter, rows]): ListCall => ({ list: 'contacts', args: `filter: ${filter}`, rows })),
  { list: 'companies', args: '', rows: ['Acme', 'Borg'] },
  { list: 'companies', args: 'orderBy: [{ field: STATUS, direction: DESC }]', rows: ['Borg', 'Acme'] },
  { list: 'companies', args: 'orderBy: [{ field: PRIORITY }, { field: NAME }]', rows: ['Acme', 'Borg'] },
  { list: 'companies', args: 'orderBy: [{ field: EMPLOYEE_COUNT, nulls: FIRST }]', rows: ['Acme', 'Borg'] },
  { list: 'companies', args: 'orderBy: [{ field: INDUSTRY_NAME, nulls: FIRST }]', rows: ['Borg', 'Acme'] },
  { list: 'companies', args: 'orderBy: [{ field: SIZE_POSITION }], last: 9', rows: ['Acme', 'Borg'] },
  { list: 'companies', args: 'filter: { contacts: { some: { lastName: { eq: "alpha" } } } }', rows: ['Borg'] },
  { list: 'companies', args: 'filter: { contacts: { every: { firstName: { ne: "Eve" } } } }', rows: ['Borg'] },
  { list: 'companies', args: 'filter: { contacts: { none: { notes: { isNull: false } } } }', rows: ['Borg'] },
  {
    list: 'users',
    args: 'orderBy: [{ field: ROLE }]',
    rows: ['VIEWER user', 'MEMBER user', 'MANAGER user', 'ADMIN user'],
  },
  { list: 'users', args: 'filter: { role: { eq: ADMIN } }', rows: ['ADMIN user'] },
  { list: 'industries', args: 'filter: { name: { contains: "ee" } }', rows: ['Steel'] },
  { list: 'companySizes', args: 'orderBy: [{ field: MIN_EMPLOYEES, nulls: FIRST }]', rows: ['Steel'] },
]

/** The document of a call: its page, or one number about it. */
export function listDocument({ list, args }: ListCall, part: 'page' | 'totalCount' | 'estimatedCount'): string {
  const name = list === 'contacts' ? 'firstName' : 'name'
  const page = `edges { node { id name: ${name} } } pageInfo { hasNextPage hasPreviousPage }`
  return `{ ${list}${args ? `(${args})` : ''} { ${part === 'page' ? page : part} } }`
}
