import type { GraphQLError } from 'graphql'

/** A place in an answer, linked to the one around it: `contacts` ← `nodes` ← `0` ← `firstName`. */
export interface Path {
  readonly prev: Path | undefined
  readonly key: string | number
  /** the type that the field belongs to; undefined for an item of a list */
  readonly typename: string | undefined
}

/** The keys of a place, outermost first: `['contacts', 'nodes', 0, 'firstName']`. */
export function pathKeys(path: Path): (string | number)[] {
  const keys: (string | number)[] = []
  for (let place: Path | undefined = path; place !== undefined; place = place.prev) keys.push(place.key)
  return keys.reverse()
}

/**
 * The errors of one execution in the order in which they came. What fails below a place that became null before is left
 * out: nobody would find its path in the answer.
 */
export class CollectedErrors {
  readonly errors: GraphQLError[] = []
  readonly #nulled = new Set<Path | undefined>()

  /** `path` is the place that becomes null: undefined for the whole of the data. */
  add(error: GraphQLError, path: Path | undefined): void {
    if (this.#nulled.size > 0 && this.#isBelowNull(path)) return
    this.#nulled.add(path)
    this.errors.push(error)
  }

  #isBelowNull(path: Path | undefined): boolean {
    for (let place = path; place !== undefined; place = place.prev) if (this.#nulled.has(place)) return true
    return this.#nulled.has(undefined)
  }
}
