import type { Scope } from '../../access/scope.js'
import { createInputCheck, type Given } from '../../lib/input.js'
import { formatCount } from '../../lib/value/checked.js'
import { refuse } from '../../records/mutation.js'
import { BEFORE_ALL_IDS, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import {
  deleteDefinition as deleteDefinitionRow,
  findDefinitionsOfTypes,
  findUsageBeside,
  lockDefinition,
  lockDefinitions,
  updateDefinition,
  updatePositions,
  type DefinitionUsage,
} from './definition.repository.js'
import {
  askDefinition,
  changeDefinitions,
  checkSearchable,
  checkUsage,
  commitDefinition,
  doChores,
  refuseChanging,
  type CustomFieldServices,
  type DefinitionResult,
} from './definition.service.js'
import { clearKeysOfDefinition, countValues, deleteValuesOfDefinition } from './value-usage.repository.js'

interface VersionedId {
  readonly id: string
  readonly version?: Given<number>
}

/**
 * Puts a field at a place among those in use of its entity type, from 1; behind all others where there are fewer. They are
 * numbered by their places then, and only those whose number changes are written.
 */
export function moveDefinition(
  scope: Scope,
  services: CustomFieldServices,
  { id, place }: { readonly id: string; readonly place: number },
): Promise<DefinitionResult> {
  return changeDefinitions(scope, services, 'id', async (change) => {
    const check = createInputCheck()
    if (place < 1) check.refuse('place', 'Places are counted from 1.')
    const [, all] = await Promise.all([
      change.ask(lockDefinitions(scope)),
      change.ask<CustomFieldDefinitionRow>(findDefinitionsOfTypes(scope, ['CONTACT', 'COMPANY'])),
    ])
    const moved = all.find((definition) => definition.id === id)
    if (!moved) check.refuse('id', 'There is no such custom field.', 'NOT_FOUND')
    else if (moved.archivedAt) check.refuse('id', 'The custom field is archived: restore it first.')
    refuse(check.errors)
    const wanted = moved as CustomFieldDefinitionRow
    const others = all.filter((one) => one.entityType === wanted.entityType && !one.archivedAt && one.id !== id)
    const ordered = [...others.slice(0, place - 1), wanted, ...others.slice(place - 1)]
    const rows = ordered.map((definition, index) => ({ ...definition, position: index + 1 }))
    const changed = rows.filter(({ position }, index) => position !== ordered[index]?.position)
    const [stored = []] = await change.commit(changed.length === 0 ? [] : [updatePositions(scope, changed)])
    const record = (stored as unknown as CustomFieldDefinitionRow[]).find((row) => row.id === id) ?? wanted
    return { id, record, isChanged: changed.length > 0, userErrors: [] }
  })
}

/** Takes a field out of use; its values stay. */
export async function archiveDefinition(scope: Scope, services: CustomFieldServices, input: VersionedId) {
  const result = await changeDefinitions(scope, services, 'id', async (change) => {
    const stored = await askDefinition(scope, change, createInputCheck(), input)
    return commitDefinition(
      scope,
      change,
      stored,
      stored.archivedAt ? stored : { ...searchedAnew(stored), archivedAt: scope.now.toISOString() },
      [],
    )
  })
  await doChores(scope, services, result)
  return result
}

/** A field whose values search has to forget or to learn. */
function searchedAnew(stored: CustomFieldDefinitionRow): CustomFieldDefinitionRow {
  return stored.isSearchable ? { ...stored, searchCursor: BEFORE_ALL_IDS } : stored
}

/** Brings an archived field back, behind all others. Refused where its key was given to another, or there are too many. */
export async function restoreDefinition(scope: Scope, services: CustomFieldServices, input: VersionedId) {
  const result = await changeDefinitions(scope, services, 'id', async (change) => {
    const check = createInputCheck()
    const [stored, [usage]] = await Promise.all([
      askDefinition(scope, change, check, input),
      change.ask<DefinitionUsage>(findUsageBeside(scope, input.id)),
    ])
    if (!stored.archivedAt) return commitDefinition(scope, change, stored, stored, [])
    checkUsage(check, 'id', stored.entityType, usage, services.customFieldLimit)
    if (stored.isSearchable) checkSearchable(check, stored.entityType, usage)
    refuse(check.errors)
    const position = (usage?.last ?? 0) + 1
    const back = { ...searchedAnew(stored), archivedAt: null, expiresAt: null, position }
    return commitDefinition(scope, change, stored, back, [])
  })
  await doChores(scope, services, result)
  return result
}

// More values than these are removed in batches, after the answer where it takes long.
const REMOVED_AT_ONCE = 1000

/**
 * Removes a field for good, with its values where their number is confirmed. It is gone at once for everybody; more than 1,000
 * values, or such that search has to forget, go in batches.
 */
export async function deleteDefinition(
  scope: Scope,
  services: CustomFieldServices,
  { id, confirmedValues }: { readonly id: string; readonly confirmedValues?: Given<number> },
): Promise<DefinitionResult> {
  let hidden: CustomFieldDefinitionRow | null = null
  const result = await changeDefinitions(scope, services, 'id', async (change) => {
    hidden = null
    const check = createInputCheck()
    const [, [stored], [{ total } = { total: 0 }]] = await Promise.all([
      change.ask(lockDefinitions(scope)),
      change.ask<CustomFieldDefinitionRow>(lockDefinition(scope, id)),
      change.ask<{ total: number }>(countValues(scope, id)),
    ])
    if (!stored) check.refuse('id', 'There is no such custom field.', 'NOT_FOUND')
    else if (total !== (confirmedValues ?? 0)) {
      const goes = total === 1 ? '1 value goes' : `${formatCount(total)} values go`
      check.refuse('confirmedValues', `${goes} with the field: confirm it with \`confirmedValues: ${total}\`.`)
    }
    if (stored) refuseChanging(check, stored)
    refuse(check.errors)
    const definition = stored as CustomFieldDefinitionRow
    if (total <= REMOVED_AT_ONCE && !definition.isSearchable) {
      await change.commit([deleteValuesOfDefinition(scope, id), deleteDefinitionRow(scope, id)])
      return { id, record: null, userErrors: [] }
    }
    const now = scope.now.toISOString()
    hidden = { ...definition, archivedAt: definition.archivedAt ?? now, isHidden: true, expiresAt: now }
    await change.commit([clearKeysOfDefinition(scope, id), updateDefinition(scope, hidden)])
    return { id, record: null, userErrors: [] }
  })
  await doChores(scope, services, { record: hidden })
  return result
}
