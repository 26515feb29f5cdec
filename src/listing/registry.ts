import type { ConceptField, ConceptFields, ConceptRelation } from '../lib/concept-fields.js'

/** Everything that lists know: the concepts by the names of their types in the API. */
export type Registry = ReadonlyMap<string, ConceptFields>

/** The registry of some concepts. */
export function createRegistry(concepts: readonly ConceptFields[]): Registry {
  return new Map(concepts.map((concept) => [concept.name, concept]))
}

/** A concept that must be known. */
export function conceptOf(registry: Registry, name: string): ConceptFields {
  const concept = registry.get(name)
  if (!concept) throw new Error(`no concept ${name} in the registry`)
  return concept
}

/** What an order goes by: a field of the concept itself, or of the one record that a relation leads to. */
export interface OrderColumn {
  readonly field: ConceptField
  readonly relation: { readonly column: ConceptRelation & { readonly kind: 'one' }; readonly to: ConceptFields } | null
}

const known = new WeakMap<ConceptFields, ReadonlyMap<string, OrderColumn>>()

/**
 * All that a concept can be ordered by, under the API's names: its own fields in capitals (`FIRST_NAME`), those of its
 * to-one relations behind the relation's name (`COMPANY_NAME`). An own field wins where both have one name.
 */
export function orderColumns(registry: Registry, concept: ConceptFields): ReadonlyMap<string, OrderColumn> {
  const cached = known.get(concept)
  if (cached) return cached
  const columns = new Map<string, OrderColumn>()
  for (const [name, relation] of Object.entries(concept.relations)) {
    if (relation.kind !== 'one') continue
    const to = conceptOf(registry, relation.to)
    const column = { ...relation, kind: relation.kind }
    for (const [fieldName, field] of Object.entries(to.fields)) {
      if (!field.isOrderless)
        columns.set(`${inCapitals(name)}_${inCapitals(fieldName)}`, { field, relation: { column, to } })
    }
  }
  for (const [name, field] of Object.entries(concept.fields)) {
    if (!field.isOrderless) columns.set(inCapitals(name), { field, relation: null })
  }
  known.set(concept, columns)
  return columns
}

/** `firstName` as `FIRST_NAME`. */
export function inCapitals(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}
