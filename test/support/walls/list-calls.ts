import { getNamedType, type GraphQLSchema } from 'graphql'
import { rootFields } from './id-positions.js'

/** The root lists of a schema: what answers with a connection. */
export function rootLists(schema: GraphQLSchema): string[] {
  return rootFields(schema)
    .filter(({ field }) => getNamedType(field.type).name.endsWith('Connection'))
    .map(({ field }) => field.name)
}

/** One document for a list's first page of ids, and one for its count alone. */
export function listQueries(list: string): { page: string; count: string } {
  return { page: `{ ${list} { nodes { id } } }`, count: `{ ${list} { totalCount } }` }
}
