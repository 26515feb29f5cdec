import { createDueFields, type DueFields } from './due-fields.js'
import type { CustomField, CustomFieldsByKey } from './custom-fields.js'
import type { ConceptField, ConceptFields, ConceptRelation } from './concept-fields.js'

/** The relation to one record whose column a list is ordered by: `company` in COMPANY_NAME. */
export interface OrderRelation {
  /** its name in the API: `company` */
  readonly name: string
  readonly column: ConceptRelation & { readonly kind: 'one' }
  readonly to: ConceptFields
}

/** What an order goes by: a field of the concept itself, or of the one record that a relation leads to. */
export interface OrderColumn {
  /** the concept's name for the field, as `lastName` */
  readonly fieldName: string
  readonly field: ConceptField
  readonly relation: OrderRelation | null
  /** Of an order by a custom field: that field, whose values stand in a table of their own. */
  readonly custom?: CustomField
}

/**
 * Every concept that a scope knows: contacts, companies, users …, each with its columns and relations. A scope carries
 * its registry, so that later two tenants may know different fields of one concept.
 */
export interface Registry {
  /** A concept by the name of its type in the API: `Contact`. @throws Error where there is none */
  concept(name: string): ConceptFields
  readonly concepts: readonly ConceptFields[]
  /**
   * What a concept can be ordered by, under the names of the API's enum. Of a contact, for example:
   *
   * | name         | goes by                                             |
   * | ------------ | --------------------------------------------------- |
   * | LAST_NAME    | its own field `lastName`                            |
   * | COMPANY_NAME | the field `name` of the company that it belongs to  |
   *
   * Where an own field and a related one have one name, the own one counts.
   */
  orderColumns(concept: ConceptFields): ReadonlyMap<string, OrderColumn>
  /** The custom fields of a concept, by the name of its type, as far as the scope knows them. */
  customFields(concept: string): CustomFieldsByKey
  /** what the process knows of fields that new records need */
  readonly dueFields: DueFields
}

/** The registry of some concepts. */
export function createRegistry(concepts: readonly ConceptFields[], dueFields = createDueFields()): Registry {
  const byName = new Map(concepts.map((concept) => [concept.name, concept]))
  const orders = new Map<string, ReadonlyMap<string, OrderColumn>>()
  const registry: Registry = {
    concepts,
    concept(name) {
      const concept = byName.get(name)
      if (!concept) throw new Error(`no concept ${name} in the registry`)
      return concept
    },
    orderColumns(concept) {
      const known = orders.get(concept.name)
      if (known) return known
      const columns = new Map([...relatedColumns(registry, concept), ...ownColumns(concept)])
      orders.set(concept.name, columns)
      return columns
    },
    customFields: () => NO_FIELDS,
    dueFields,
  }
  return registry
}

/** A registry that knows custom fields too, by the names of their concepts. */
export function withCustomFields(registry: Registry, fields: ReadonlyMap<string, CustomFieldsByKey>): Registry {
  return { ...registry, customFields: (concept) => fields.get(concept) ?? NO_FIELDS }
}

const NO_FIELDS: CustomFieldsByKey = new Map()

type Named = readonly [name: string, column: OrderColumn]

function ownColumns({ fields }: ConceptFields): Named[] {
  return Object.entries(fields).flatMap(([fieldName, field]): Named[] =>
    field.isOrderless ? [] : [[inCapitals(fieldName), { fieldName, field, relation: null }]],
  )
}

function relatedColumns(registry: Registry, concept: ConceptFields): Named[] {
  return Object.entries(concept.relations).flatMap(([name, column]): Named[] => {
    if (column.kind !== 'one') return []
    const to = registry.concept(column.to)
    const relation = { name, column: { ...column, kind: column.kind }, to }
    return ownColumns(to).map(([fieldName, own]) => [`${inCapitals(name)}_${fieldName}`, { ...own, relation }])
  })
}

/** `firstName` as `FIRST_NAME`. */
export function inCapitals(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}
