import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import { OWNERS, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import { findValuesByOwners, findValuesByOwnersAndDefinitions, type CustomValueRow } from './custom-value.repository.js'
import type { CustomFieldServices } from './definition.service.js'
import { findDefinitionsInUse } from './definition.repository.js'

/** A value of a record, with the field that it is of. */
export type OwnedValue = CustomValueRow

type EntityType = CustomFieldDefinitionRow['entityType']

// A field costs a look-up for each record; all values of a record, ten mostly, cost one and up to ten blocks.
const MAX_LOOKED_UP = 5

/**
 * The values of some records in some fields, as far as the principal may see them, as `OwnedValue`. Of more than five fields
 * all values of the records are read, those of other fields too.
 */
export function customValuesOfOwners(
  scope: Scope,
  entityType: EntityType,
  ids: readonly string[],
  definitionIds: readonly string[],
): Statement {
  const { concept } = OWNERS[entityType]
  return definitionIds.length > MAX_LOOKED_UP
    ? findValuesByOwners(scope, entityType, concept, ids)
    : findValuesByOwnersAndDefinitions(scope, concept, ids, definitionIds)
}

/** The custom fields of a tenant that are in use, as far as the process knows them. @throws SERVICE_UNAVAILABLE, TIMEOUT */
export function knownDefinitions(
  tenantId: string,
  { database, definitions }: Pick<CustomFieldServices, 'database' | 'definitions'>,
): Promise<readonly CustomFieldDefinitionRow[]> {
  const statement = findDefinitionsInUse(tenantId)
  return definitions.get(tenantId, () => database.reader(tenantId).read<CustomFieldDefinitionRow>(statement))
}

/** The custom fields of a type of record that are in use, in their order. @throws SERVICE_UNAVAILABLE, TIMEOUT */
export async function definitionsInUse(
  { tenantId }: Scope,
  services: Pick<CustomFieldServices, 'database' | 'definitions'>,
  entityType: EntityType,
): Promise<CustomFieldDefinitionRow[]> {
  return (await knownDefinitions(tenantId, services)).filter((definition) => definition.entityType === entityType)
}

/**
 * A value as a cell or a member of JSON has it: options as a list, an amount as `{ amount, currency }`, numbers as decimal
 * text, which no reader rounds; null where the record has none.
 */
export function customValueOf({ type }: CustomFieldDefinitionRow, row: OwnedValue | undefined): CustomCell {
  if (!row) return null
  switch (type) {
    case 'NUMBER':
    case 'DECIMAL':
      return row.numberValue
    case 'DATE':
      return row.dateValue
    case 'DATETIME':
      return row.datetimeValue
    case 'BOOLEAN':
      return row.booleanValue
    case 'CHECKBOX':
      return row.optionValues
    case 'CURRENCY':
      return { amount: row.numberValue, currency: row.currencyCode }
    default:
      return row.textValue
  }
}

/** What a value is in a file. */
export type CustomCell =
  string | boolean | readonly string[] | { readonly amount: string | null; readonly currency: string | null } | null
