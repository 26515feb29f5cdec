import { setTimeout as sleep } from 'node:timers/promises'
import type { Scope } from '../../access/scope.js'
import type { CustomFieldEntityType } from '../../concepts/custom-fields.js'
import type { Change } from '../../database/change.js'
import type { Database } from '../../database/database.js'
import type { Statement } from '../../database/statement.js'
import { createInputCheck, type Given, type InputCheck } from '../../lib/input.js'
import { newId } from '../../lib/new-id.js'
import { formatCount } from '../../lib/value/checked.js'
import { refuse, refusedResult, runMutation, type MutationResult } from '../../records/mutation.js'
import { BEFORE_ALL_IDS, OWNERS, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import {
  checkDefinition,
  checkKey,
  type CreateDefinitionInput,
  type DefinitionInput,
  type DefinitionValues,
} from './definition.input.js'
import {
  findDefinitionUsage,
  findUsageBeside,
  insertDefinition,
  lockDefinition,
  lockDefinitions,
  updateDefinition,
  type DefinitionUsage,
} from './definition.repository.js'
import type { FieldChores } from './field-chores.js'
import type { FieldUsage } from './field-usage.js'
import type { KnownDefinitions } from './known-definitions.js'
import { checkSwitches, type SwitchInput } from './definition-switches.js'

/** What changes of custom fields run on. */
export interface CustomFieldServices {
  readonly database: Database
  readonly definitions: KnownDefinitions
  /** how fields are used, as it is counted */
  readonly fieldUsage: FieldUsage
  /** what goes on after a change was asked for */
  readonly fieldChores: FieldChores
  /** how many fields of one entity type a tenant may have in use */
  readonly customFieldLimit: number
}

/** Searchable fields of one type of record. */
export const MAX_SEARCHABLE = 20

export type DefinitionResult = MutationResult<CustomFieldDefinitionRow>

// What is done within this is done when the answer comes.
const CHORES_WAIT_MS = 2000

const NOTHING: DefinitionValues = {
  label: '',
  description: null,
  group: null,
  isRequired: false,
  isUnique: false,
  isSearchable: false,
  constraints: {},
  options: [],
  defaultValue: null,
}

/** Runs a change of definitions; whatever becomes of it, what was known of them is read anew. */
export async function changeDefinitions(
  scope: Scope,
  { database, definitions }: CustomFieldServices,
  field: string,
  work: (change: Change) => Promise<DefinitionResult>,
): Promise<DefinitionResult> {
  const unique = {
    custom_field_definitions_key_key: { field: [field], message: 'Another field in use has this key.' },
  }
  try {
    return await runMutation<DefinitionResult>(database, scope.tenantId, unique, refusedResult, work)
  } finally {
    definitions.forget(scope.tenantId)
    scope.registry.dueFields.forget(scope.tenantId)
  }
}

/** Adds a field to contacts or companies, behind all others in use. */
export function createDefinition(
  scope: Scope,
  services: CustomFieldServices,
  input: CreateDefinitionInput,
): Promise<DefinitionResult> {
  return changeDefinitions(scope, services, 'key', async (change) => {
    const check = createInputCheck()
    const { entityType, type } = input
    const key = check.need('key', input.key, checkKey)
    const context = { tenant: scope.principal.tenant, now: scope.now, stored: null }
    const values = checkDefinition(check, type, NOTHING, input, context)
    const [, [usage]] = await Promise.all([
      change.ask(lockDefinitions(scope)),
      change.ask<DefinitionUsage>(findDefinitionUsage(scope, entityType, key ?? '')),
    ])
    checkUsage(check, 'key', entityType, usage, services.customFieldLimit)
    if (values.isSearchable) checkSearchable(check, entityType, usage)
    refuse(check.errors)
    const id = newId(scope.now)
    const position = (usage?.last ?? 0) + 1
    const row = { ...values, id, entityType, key: key as string, type, position, isHidden: false }
    return written(id, await change.commit([insertDefinition(scope, row)]))
  })
}

/** Refuses a field that would be one too many, or whose key another has, at `place` of the input. */
export function checkUsage(
  check: InputCheck,
  place: string,
  entityType: CustomFieldEntityType,
  usage: DefinitionUsage | undefined,
  limit: number,
): void {
  const { total = 0, holderId = null } = usage ?? {}
  if (holderId !== null) {
    check.refuse(place, 'Another field in use has this key.', 'ALREADY_EXISTS', { conflictingId: holderId })
  }
  if (total < limit) return
  const counts = `${formatCount(total)} of ${formatCount(limit)}`
  check.refuse(place, `There are ${counts} custom fields of ${OWNERS[entityType].table} in use: archive one first.`)
}

/** Refuses one searchable field too many. */
export function checkSearchable(
  check: InputCheck,
  entityType: CustomFieldEntityType,
  usage: DefinitionUsage | undefined,
): void {
  const { searchable = 0 } = usage ?? {}
  if (searchable < MAX_SEARCHABLE) return
  const fields = `${searchable} of ${MAX_SEARCHABLE} searchable custom fields of ${OWNERS[entityType].table}`
  check.refuse('isSearchable', `There are ${fields} in use: let another one go.`)
}

/** Changes a field; what is absent stays. A field that is all that already isn't written. */
export async function changeDefinition(
  scope: Scope,
  services: CustomFieldServices,
  input: DefinitionInput & SwitchInput & { readonly id: string; readonly version?: Given<number> },
): Promise<DefinitionResult> {
  const result = await changeDefinitions(scope, services, 'id', async (change) => {
    const check = createInputCheck()
    const stored = await askDefinition(scope, change, check, input)
    const context = { tenant: scope.principal.tenant, now: scope.now, stored: null }
    const values = checkDefinition(check, stored.type, stored, input, context)
    const isNewlySearched = values.isSearchable && !stored.isSearchable && stored.archivedAt === null
    const [writes, [usage]] = await Promise.all([
      checkSwitches(scope, change, check, stored, values, input),
      isNewlySearched ? change.ask<DefinitionUsage>(findUsageBeside(scope, input.id)) : [],
    ])
    if (isNewlySearched) checkSearchable(check, stored.entityType, usage)
    refuse(check.errors)
    const searchCursor = values.isSearchable === stored.isSearchable ? stored.searchCursor : BEFORE_ALL_IDS
    return commitDefinition(scope, change, stored, { ...stored, ...values, searchCursor }, writes)
  })
  await doChores(scope, services, result)
  return result
}

/** Lets what follows from a change for the values of a field be done, for 2 seconds; the rest goes on by itself. */
export async function doChores(
  { tenantId }: Scope,
  { fieldChores }: CustomFieldServices,
  { record }: Pick<DefinitionResult, 'record'>,
): Promise<void> {
  if (!record || (record.changeState !== 'RUNNING' && record.searchCursor === null && !record.isHidden)) return
  await Promise.race([fieldChores.run(tenantId, record.id), sleep(CHORES_WAIT_MS, null, { ref: false })])
}

/** The locked definition of an input, with the version that it expects. @throws UserErrors NOT_FOUND, CONFLICT */
export async function askDefinition(
  scope: Scope,
  change: Change,
  check: InputCheck,
  { id, version }: { readonly id: string; readonly version?: Given<number> },
): Promise<CustomFieldDefinitionRow> {
  const [, [stored]] = await Promise.all([
    change.ask(lockDefinitions(scope)),
    change.ask<CustomFieldDefinitionRow>(lockDefinition(scope, id)),
  ])
  if (!stored) check.refuse('id', 'There is no such custom field.', 'NOT_FOUND')
  else if ((version ?? stored.version) !== stored.version) {
    const currentVersion = stored.version
    check.refuse('version', 'The custom field changed since it was read.', 'CONFLICT', { currentVersion })
  }
  if (stored) refuseChanging(check, stored)
  refuse(check.errors)
  return stored as CustomFieldDefinitionRow
}

/** Refuses what would change a field whose type is being changed: its values are on their way. */
export function refuseChanging(check: InputCheck, { changeState, version }: CustomFieldDefinitionRow): void {
  if (changeState !== 'RUNNING') return
  const message = 'The type of the field is being changed: wait for its end, or undo it.'
  check.refuse('id', message, 'CONFLICT', { currentVersion: version })
}

/** Ends a change with a definition as it is to be; one that is so already isn't written. */
export async function commitDefinition(
  scope: Scope,
  change: Change,
  stored: CustomFieldDefinitionRow,
  wanted: CustomFieldDefinitionRow,
  writes: readonly Statement[],
): Promise<DefinitionResult> {
  if (JSON.stringify(ordered(stored)) === JSON.stringify(ordered(wanted)) && writes.length === 0) {
    await change.commit([])
    return { id: stored.id, record: stored, isChanged: false, userErrors: [] }
  }
  return written(stored.id, await change.commit([updateDefinition(scope, wanted), ...writes]))
}

// JSON of the database has its own order of names.
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object') return value
  return Object.entries(value)
    .map(([name, part]) => [name, ordered(part)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function written(id: string, [rows = []]: readonly (readonly object[])[]): DefinitionResult {
  return { id, record: (rows[0] ?? null) as CustomFieldDefinitionRow | null, isChanged: true, userErrors: [] }
}
