import { GraphQLScalarType, type GraphQLSchema } from 'graphql'
import { GraphQLDateTimeISO } from 'graphql-scalars'

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text')
  return value
}

/** What a scalar writes into answers. */
const SERIALIZE: Readonly<Record<string, (value: unknown) => unknown>> = {
  DateTime: (value) => String(GraphQLDateTimeISO.serialize(value)),
  Date: text,
  Decimal: text,
  Email: text,
  Phone: text,
  Url: text,
  CountryCode: text,
  CurrencyCode: text,
  TimeZone: text,
  JSON: (value) => value,
}

/**
 * The scalars of the API, with the descriptions and specifications that the schema has for them. They only leave the
 * server: inputs are plain strings, which are checked with the tenant's rules. Moments come from graphql-scalars; its
 * e-mail, phone, URL, currency and country are looser or stricter than the checks behind the inputs, and what was
 * stored must never become unreadable, so those pass as text.
 */
export function createScalars(schema: GraphQLSchema): Record<string, GraphQLScalarType> {
  return Object.fromEntries(
    Object.entries(SERIALIZE).map(([name, serialize]) => {
      const { description, specifiedByURL } = schema.getType(name) as GraphQLScalarType
      return [name, new GraphQLScalarType({ name, description, specifiedByURL, serialize })]
    }),
  )
}
