import { OPERATORS_OPERATIONS } from '../../../../src/access/permissions.js'
import { readSchema } from '../../../../src/graphql/schema-text.js'
import type { WalkResult } from './foreign-id-walk.js'
import { WALL_RECORD_KINDS, type WallRecords } from './full-tenant.js'
import { schemaPlaces, type SchemaPlace } from './schema-places.js'
import type { TwoTenants } from './two-tenants.js'

/**
 * What the walk with another tenant's ids must come to, computed from the text of the schema: how many calls it makes,
 * and how ids that exist nowhere are answered. `answerOfAll` says what a list answers whose filter keeps every row: the
 * number of the tenant's own rows, unless said otherwise.
 */
export function expectedWalk(
  { own, other }: Pick<TwoTenants, 'own' | 'other'>,
  answerOfAll: (place: SchemaPlace) => string = ({ field }) =>
    `rows ${field === 'users' ? Object.keys(own.tenant.users).length : 1}`,
): Pick<WalkResult, 'calls' | 'refusals'> {
  const refusals: Record<string, number> = {}
  let calls = 0
  for (const place of schemaPlaces(readSchema())) {
    const { unknown, foreign } = probesAt(place, other.records)
    calls += unknown + foreign
    const refusal = refusalAt(place, answerOfAll)
    refusals[refusal] = (refusals[refusal] ?? 0) + unknown
  }
  return { calls, refusals }
}

/** The names of the places that take an id, as the text of the schema has them, sorted. */
export function expectedPlaces(fits: (place: SchemaPlace) => boolean = () => true): string[] {
  return schemaPlaces(readSchema())
    .filter(fits)
    .map(({ name }) => name)
    .sort()
}

/**
 * How many ids that exist nowhere and how many of the other tenant's a place is probed with. A filter gets those of two
 * kinds, any other place those of all kinds: each with its version and the next, where one stands beside the id, and
 * without one, where it may be left out. An id that exists nowhere goes once with each version that any kind has.
 */
function probesAt({ isFiltered, version }: SchemaPlace, records: WallRecords): { unknown: number; foreign: number } {
  if (isFiltered) return { unknown: 1, foreign: 2 }
  if (version === null) return { unknown: 1, foreign: WALL_RECORD_KINDS.length }
  const versions = WALL_RECORD_KINDS.flatMap((kind) => [records[kind].version, records[kind].version + 1])
  const isOptional = version === 'ownerVersion'
  return {
    unknown: new Set(versions).size + (isOptional ? 1 : 0),
    foreign: versions.length + (isOptional ? WALL_RECORD_KINDS.length : 0),
  }
}

/**
 * What is for operators alone is FORBIDDEN, a preview that would link records to nothing BAD_USER_INPUT, a look-up is answered with null, a change with NOT_FOUND, a filter with no row, or
 * with all where it is negated.
 */
function refusalAt(place: SchemaPlace, answerOfAll: (place: SchemaPlace) => string): string {
  if (OPERATORS_OPERATIONS.includes(place.field)) return 'error FORBIDDEN'
  if (place.field.startsWith('previewBulk')) return 'error BAD_USER_INPUT'
  // A preview says in its payload that there is no such file.
  if (place.field === 'importPreview') return 'NOT_FOUND'
  if (place.isFiltered) return isNegated(place) ? answerOfAll(place) : 'rows 0'
  return place.root === 'Mutation' ? 'NOT_FOUND' : 'null'
}

/**
 * Whether a filter is true of what has another id: `id.ne`, `not.id.eq` and `contacts.none.id.eq` are, `not.id.ne`
 * isn't.
 */
function isNegated({ name }: SchemaPlace): boolean {
  const negations = name.match(/\.(?:ne|notIn\[\]|not|none)(?=\.|$)/g) ?? []
  return negations.length % 2 === 1
}
