import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Draft, PartPlan, RecordKind, RecordPart } from '../../records/record-kind.js'
import { deleteRows } from '../../records/row-statements.js'
import { FIELD_KEY, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import { planValues, type DraftValues } from './custom-field.plan.js'
import type { CustomFieldInput } from './custom-value.input.js'
import type { CopiedValue } from './field-change.copies.js'
import { deleteValuesOf } from './field-change.repository.js'
import {
  clearValueKeys,
  findDefinitionsForWrite,
  findLostValues,
  findStoredValues,
  findValueHolders,
  setKeysOfRecords,
  writeValues,
  type CustomValueRow,
  type LostValue,
  type ValueHolder,
  type WrittenValue,
} from './custom-value.repository.js'

/** What is to happen to the custom values of one record. */
export interface CustomFieldPlan extends PartPlan {
  readonly written: readonly WrittenValue[]
  /** ids of values */
  readonly removed: readonly string[]
  /** ids of the definitions of both */
  readonly touched: readonly string[]
  /** values of fields that are being filled by a change of type: they aren't there any more */
  readonly stale: readonly Pick<CopiedValue, 'definitionId' | 'entityId'>[]
  /** whether the record is restored and takes its unique values again */
  readonly isReclaimed: boolean
}

/** Values of custom fields as a part of the records that they belong to. */
export const customFieldPart: RecordPart<CustomFieldPlan> = {
  unique: [['custom_field_values_unique_key_key', 'customFields', 'Another record has one of these values.']],
  async plan(scope, change, kind, drafts) {
    const { dueFields } = scope.registry
    const hasNone = dueFields.hasNone(scope.tenantId, kind.type)
    const writers = drafts.filter((draft) => (draft.isNew && !hasNone) || inputsOf(draft).length > 0)
    if (writers.length === 0) return () => []
    const keys = [...new Set(writers.flatMap(inputsOf).flatMap(({ key }) => (FIELD_KEY.test(key) ? [key] : [])))]
    const changedIds = writers.flatMap(({ id, isNew }) => (isNew ? [] : [id]))
    const isCreate = changedIds.length < writers.length
    const tell = dueFields.watch(scope.tenantId, kind.type)
    const [definitions, stored] = await Promise.all([
      change.ask<CustomFieldDefinitionRow>(findDefinitionsForWrite(scope, kind.type, keys, isCreate)),
      changedIds.length === 0 ? [] : change.ask<CustomValueRow>(findStoredValues(scope, kind.type, changedIds, keys)),
    ])
    if (isCreate) tell(!definitions.some(isDue))
    const planned = writers.map((draft) => {
      const own = stored.filter(({ entityId }) => entityId === draft.id)
      return { draft, values: planValues(scope, kind, draft, inputsOf(draft), definitions, own) }
    })
    const refuseHeld = await askHolders(scope, change, kind, planned)
    return () =>
      planned.map(({ draft, values }) => {
        draft.check.errors.push(...values.errors)
        refuseHeld(draft)
        const { removed, copies, touched, isSearchedChanged } = values
        const written = values.written.map(({ value }) => value)
        const isChanged = written.length + removed.length > 0
        const copied = copies.flatMap((copy) => copy.written ?? [])
        const stale = copies.filter((copy) => copy.written === null)
        return {
          ...planOf(draft),
          isChanged,
          isSearchedChanged,
          written: [...written, ...copied],
          removed,
          touched,
          stale,
        }
      })
  },
  write(scope, kind, plans) {
    const written = plans.flatMap((plan) => plan.written)
    const removed = plans.flatMap((plan) => plan.removed)
    const touched = plans.flatMap((plan) => plan.touched)
    const stale = plans.flatMap((plan) => plan.stale)
    const staleIds = [stale.map(({ definitionId }) => definitionId), stale.map(({ entityId }) => entityId)] as const
    const reclaimed = plans.flatMap(({ recordId, isReclaimed }) => (isReclaimed ? [recordId] : []))
    return [
      ...(removed.length > 0
        ? [
            {
              ...deleteRows(scope, 'custom_field_values', removed),
              uses: { tenantId: scope.tenantId, written: touched },
            },
          ]
        : []),
      ...(stale.length > 0 ? [deleteValuesOf(scope, ...staleIds)] : []),
      ...(written.length > 0 ? [writeValues(scope, kind.type, written)] : []),
      ...(reclaimed.length > 0 ? [setKeysOfRecords(scope, kind.type, reclaimed)] : []),
    ]
  },
  release: (scope, kind, ids) => [clearValueKeys(scope, kind.type, ids)],
  async reclaim(scope, change, kind, drafts) {
    const ids = drafts.map(({ id }) => id)
    const lost = await change.ask<LostValue>(findLostValues(scope, kind, ids))
    return () =>
      drafts.flatMap((draft) => {
        const own = lost.filter(({ recordId }) => recordId === draft.id)
        for (const { holderId, isVisible, label } of own) {
          if (holderId === null) continue
          const who = isVisible ? { conflictingId: holderId } : {}
          draft.check.refuse('id', `Another ${kind.noun} has its value of “${label}”.`, 'ALREADY_EXISTS', who)
        }
        return own.length === 0 ? [] : [{ ...planOf(draft), isReclaimed: true }]
      })
  },
}

/** Whether a new record needs a value of a field, or has its default. */
function isDue({ archivedAt, isRequired, defaultValue }: CustomFieldDefinitionRow): boolean {
  return archivedAt === null && (isRequired || defaultValue !== null)
}

function planOf({ id }: Draft): CustomFieldPlan {
  const nothing = { isChanged: false, isSearchedChanged: false, isReclaimed: false }
  return { recordId: id, counts: {}, written: [], removed: [], touched: [], stale: [], ...nothing }
}

function inputsOf({ input }: Draft): readonly CustomFieldInput[] {
  return (input['customFields'] ?? []) as readonly CustomFieldInput[]
}

/** Reads who has the values of unique fields that are to be written. Gives a check that refuses those of others. */
async function askHolders(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  planned: readonly { readonly draft: Draft; readonly values: DraftValues }[],
): Promise<(draft: Draft) => void> {
  const asked = planned.flatMap(({ draft, values }) =>
    values.written.flatMap((one) => (one.value.uniqueType === null ? [] : [{ ...one, draft }])),
  )
  if (asked.length === 0) return () => undefined
  const values = asked.map(({ value }) => value)
  const holders = await change.ask<ValueHolder>(findValueHolders(scope, kind, values))
  return (draft) => {
    for (const { index, entityId, isVisible } of holders) {
      const one = asked[index - 1]
      if (one?.draft !== draft || entityId === draft.id) continue
      const who = isVisible ? { conflictingId: entityId } : {}
      const place = draft.check.at('customFields', one.index)
      place.refuse(one.name, `Another ${kind.noun} has this value.`, 'ALREADY_EXISTS', who)
    }
  }
}
