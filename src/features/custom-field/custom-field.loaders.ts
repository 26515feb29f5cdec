import DataLoader from 'dataloader'
import type { Scope } from '../../access/scope.js'
import type { CustomFieldEntityType } from '../../concepts/custom-fields.js'
import type { TickFlight } from '../../database/tick-flight.js'
import { manyByKey, oneByKey } from '../../lib/batch.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import { findDefinitionsByIds, findDefinitionsInUse, findDefinitionsOfTypes } from './definition.repository.js'
import type { KnownDefinitions } from './known-definitions.js'

type Definition = CustomFieldDefinitionRow

/** Loaders of custom fields for one request. */
export function createCustomFieldLoaders(scope: Scope, flight: TickFlight, known: KnownDefinitions) {
  const options = { batchScheduleFn: flight.schedule }
  const byEntityType = (read: (types: readonly CustomFieldEntityType[]) => Promise<readonly Definition[]>) =>
    new DataLoader<CustomFieldEntityType, Definition[]>(
      async (types) => manyByKey(types, [...(await read(types))], ({ entityType }) => entityType),
      options,
    )
  return {
    /** Those in use, in their order: no statement where the process knows them. */
    customFieldsInUseByEntityType: byEntityType(() =>
      known.get(scope.tenantId, () => flight.read<Definition>(findDefinitionsInUse(scope.tenantId))),
    ),
    /** All, archived ones behind the others. */
    customFieldsByEntityType: byEntityType((types) => flight.read<Definition>(findDefinitionsOfTypes(scope, types))),
    customFieldById: new DataLoader<string, Definition | null>(
      async (ids) => oneByKey(ids, await flight.read<Definition>(findDefinitionsByIds(scope, ids)), ({ id }) => id),
      options,
    ),
  }
}
