import { buildSchema, coerceInputValue, isInputType } from 'graphql'

/**
 * A value that came as JSON, as an input type of the schema takes it: with defaults, and without what it doesn't know; or
 * what is wrong with it first. `typeDefs` is the text of the schema.
 */
export function coerceInput(
  typeDefs: string,
  typeName: string,
  value: Readonly<Record<string, unknown>>,
): { readonly value: unknown } | { readonly problem: string } {
  const type = buildSchema(typeDefs).getType(typeName)
  if (!isInputType(type)) throw new Error(`no input type ${typeName}`)
  const given = Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined))
  let problem: string | undefined
  const coerced: unknown = coerceInputValue(given, type, (path, _, error) => {
    problem ??= `${path.join('.')}: ${error.message}`
  })
  return problem === undefined ? { value: coerced } : { problem }
}
