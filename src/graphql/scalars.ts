import { isScalarType, type GraphQLSchema } from 'graphql'
import { GraphQLDateTimeISO } from 'graphql-scalars'

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text')
  return value
}

/** What a scalar writes into answers. */
const SERIALIZE: Readonly<Record<string, (value: unknown) => unknown>> = {
  // Rows have moments as ISO texts, which go out as they are.
  DateTime: (value) => (typeof value === 'string' ? value : GraphQLDateTimeISO.serialize(value)),
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
 * Sets what the scalars of the API write. They only leave the server: inputs are plain strings, which are checked with
 * the tenant's rules. Moments come from graphql-scalars; its e-mail, phone, URL, currency and country are looser or
 * stricter than the checks behind the inputs, and what was stored must never become unreadable, so those pass as text.
 */
export function serializeScalars(schema: GraphQLSchema): void {
  for (const [name, serialize] of Object.entries(SERIALIZE)) {
    const scalar = schema.getType(name)
    if (!isScalarType(scalar)) throw new Error(`no scalar ${name} in the schema`)
    scalar.serialize = serialize
  }
}
