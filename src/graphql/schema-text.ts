import { readFileSync } from 'node:fs'

const SCHEMA = new URL('../../schema.graphql', import.meta.url)

/** The text of the API's schema. */
export function readSchema(): string {
  return readFileSync(SCHEMA, 'utf8')
}
