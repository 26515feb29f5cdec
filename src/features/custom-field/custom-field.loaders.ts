import type { Scope } from '../../access/scope.js'
import type { CustomFieldEntityType } from '../../concepts/custom-fields.js'
import type { TickFlight } from '../../database/tick-flight.js'
import { manyByKey, oneByKey } from '../../lib/batch.js'
import { Loader } from '../../lib/loader.js'
import type { Relations } from '../../list/read-ahead.js'
import { OWNERS, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import { findValuesByOwners, findValuesByOwnersAndKeys, type CustomValueRow } from './custom-value.repository.js'
import { findDefinitionsByIds, findDefinitionsInUse, findDefinitionsOfTypes } from './definition.repository.js'
import type { KnownDefinitions } from './known-definitions.js'

type Definition = CustomFieldDefinitionRow

interface Owner {
  readonly type: CustomFieldEntityType
  readonly id: string
}

interface OwnerAndKey extends Owner {
  readonly key: string
}

const TYPES = Object.keys(OWNERS) as CustomFieldEntityType[]

/** Loaders of custom fields for one request. */
export function createCustomFieldLoaders(scope: Scope, flight: TickFlight, known: KnownDefinitions) {
  const options = { batchScheduleFn: flight.schedule }
  const inUse = () => known.get(scope.tenantId, () => flight.read<Definition>(findDefinitionsInUse(scope.tenantId)))
  const byEntityType = (read: (types: readonly CustomFieldEntityType[]) => Promise<readonly Definition[]>) =>
    new Loader<CustomFieldEntityType, Definition[]>(
      async (types) => manyByKey(types, [...(await read(types))], ({ entityType }) => entityType),
      options,
    )
  return {
    /** Those in use, in their order: no statement where the process knows them. */
    customFieldsInUseByEntityType: byEntityType(inUse),
    /** All, archived ones behind the others. */
    customFieldsByEntityType: byEntityType((types) => flight.read<Definition>(findDefinitionsOfTypes(scope, types))),
    customFieldDefinitionById: new Loader<string, Definition | null>(
      async (ids) => oneByKey(ids, await flight.read<Definition>(findDefinitionsByIds(scope, ids)), ({ id }) => id),
      options,
    ),
    /** All values of a record, of archived fields too, in no order. */
    customFieldValuesByOwner: new Loader<Owner, CustomValueRow[], string>(
      async (owners) => {
        const rows = await byType(owners, (type, of) =>
          flight.read<CustomValueRow>(findValuesByOwners(scope, type, OWNERS[type].concept, idsOf(of))),
        )
        return manyByKey(owners.map(idOf), rows, ({ entityId }) => entityId)
      },
      { ...options, idOf },
    ),
    /** The value of a record in the field in use of a key; one statement for all keys and records of a type. */
    customFieldValueByOwnerAndKey: new Loader<OwnerAndKey, CustomValueRow | null, string>(
      async (wanted) => {
        const definitions = inUse()
        const rows = await byType(wanted, (type, of) => {
          const keys = [...new Set(of.map(({ key }) => key))]
          return flight.read<CustomValueRow>(
            findValuesByOwnersAndKeys(scope, type, OWNERS[type].concept, idsOf(of), keys),
          )
        })
        const keyById = new Map((await definitions).map(({ id, key }) => [id, key]))
        const keyed = ({ entityId, definitionId }: CustomValueRow) => `${entityId} ${keyById.get(definitionId) ?? ''}`
        return oneByKey(wanted.map(keyOf), rows, keyed)
      },
      { ...options, idOf: keyOf },
    ),
  }
}

export type CustomFieldLoaders = ReturnType<typeof createCustomFieldLoaders>

/** How custom fields are read ahead for the rows of a type of record: all values by the records' ids. */
export function customFieldRelations(loaders: CustomFieldLoaders, type: CustomFieldEntityType): Relations {
  const loadAll = (ids: readonly string[]): Promise<unknown> =>
    Promise.all([
      loaders.customFieldsInUseByEntityType.loadAll([type]),
      loaders.customFieldValuesByOwner.loadAll(ids.map((id) => ({ type, id }))),
    ])
  return { customFields: () => ({ link: null, loadAll }) }
}

/** What `read` gives for the owners of each type, of all types together. */
async function byType<Key extends Owner>(
  owners: readonly Key[],
  read: (type: CustomFieldEntityType, owners: readonly Key[]) => Promise<CustomValueRow[]>,
): Promise<CustomValueRow[]> {
  const groups = TYPES.map((type) => ({ type, of: owners.filter((owner) => owner.type === type) }))
  const rows = await Promise.all(groups.map(async ({ type, of }) => (of.length === 0 ? [] : read(type, of))))
  return rows.flat()
}

// Ids are unique over all types.
function idOf({ id }: Owner): string {
  return id
}

function idsOf(owners: readonly Owner[]): string[] {
  return [...new Set(owners.map(idOf))]
}

function keyOf({ id, key }: OwnerAndKey): string {
  return `${id} ${key}`
}
