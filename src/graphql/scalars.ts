import { GraphQLScalarType } from 'graphql'
import { GraphQLDateTimeISO } from 'graphql-scalars'

// Inputs are plain strings, which are checked with the tenant's rules; these scalars only leave the server.
function outputOnly(name: string, serialize: (value: unknown) => string): GraphQLScalarType {
  return new GraphQLScalarType({ name, serialize })
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text')
  return value
}

/**
 * The scalars of the API. Moments come from graphql-scalars; its e-mail, phone, URL, currency and country are looser or
 * stricter than the checks behind the inputs, and what was stored must never become unreadable, so those pass as text.
 */
export const scalars = {
  DateTime: outputOnly('DateTime', (value) => String(GraphQLDateTimeISO.serialize(value))),
  Date: outputOnly('Date', text),
  Decimal: outputOnly('Decimal', text),
  Email: outputOnly('Email', text),
  Phone: outputOnly('Phone', text),
  Url: outputOnly('Url', text),
  CountryCode: outputOnly('CountryCode', text),
  CurrencyCode: outputOnly('CurrencyCode', text),
  TimeZone: outputOnly('TimeZone', text),
}
