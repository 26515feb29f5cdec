import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import { groupByKey } from '../../lib/batch.js'
import { CUSTOM_FIELD_PREFIX } from '../../records/journal.js'
import type { Before, Draft, PartPlan, PartPlanner, RecordKind, RecordPart } from '../../records/record-kind.js'
import { deleteRows } from '../../records/row-statements.js'
import { createUniqueHolders, type UniqueHolders } from '../../records/unique-holders.js'
import { FIELD_KEY, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import { planValues, type DraftValues } from './custom-field.plan.js'
import { planFormerValues } from './custom-field.revert.js'
import type { CustomFieldInput } from './custom-value.input.js'
import type { CopiedValue } from './field-change.copies.js'
import { createPatternPace } from './pattern.js'
import { deleteValuesOf } from './field-change.repository.js'
import {
  clearValueKeys,
  findDefinitionsForWrite,
  findLostValues,
  findStoredValues,
  findValueHolders,
  holdDefinitionsOfRecords,
  setKeysOfRecords,
  writeValues,
  yieldValueKeys,
  type LostValue,
  type StoredValue,
  type UniqueValue,
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
  /** the unique values that the record no longer has, and those that it takes */
  readonly givenUp: readonly HeldValue[]
  readonly taken: readonly string[]
}

/** A stored value of a unique field; `key` is that of its field and itself. */
interface HeldValue {
  readonly id: string
  readonly key: string
}

/** Values of custom fields as a part of the records that they belong to. */
export const customFieldPart: RecordPart<CustomFieldPlan> = {
  unique: [['custom_field_values_unique_key_key', 'customFields', 'Another record has one of these values.']],
  async plan(scope, change, kind, drafts) {
    const { dueFields } = scope.registry
    const hasNone = dueFields.hasNone(scope.tenantId, kind.type)
    const writers = drafts.filter((draft) => (draft.isNew && !hasNone) || inputsOf(draft).length > 0)
    if (writers.length === 0) return NOTHING
    const keys = [...new Set(writers.flatMap(inputsOf).flatMap(({ key }) => (FIELD_KEY.test(key) ? [key] : [])))]
    const changedIds = writers.flatMap(({ id, isNew }) => (isNew ? [] : [id]))
    const isCreate = changedIds.length < writers.length
    const tell = dueFields.watch(scope.tenantId, kind.type)
    const [definitions, stored] = await Promise.all([
      change.ask<CustomFieldDefinitionRow>(findDefinitionsForWrite(scope, kind.type, keys, isCreate)),
      changedIds.length === 0 ? [] : change.ask<StoredValue>(findStoredValues(scope, kind.type, changedIds, keys)),
    ])
    if (isCreate) tell(!definitions.some(isDue))
    const storedOf = groupByKey(stored, ({ entityId }) => entityId)
    const pace = createPatternPace(change.pause)
    const planned = new Map<Draft, DraftValues>()
    for (const draft of writers) {
      const own = storedOf.get(draft.id) ?? []
      planned.set(draft, await planValues(scope, kind, draft, inputsOf(draft), definitions, own, pace))
    }
    return plannerOf(scope, change, kind, planned)
  },
  async revert(scope, change, kind, drafts) {
    const planned = await planFormerValues(scope, change, kind, drafts)
    return planned.size === 0 ? NOTHING : plannerOf(scope, change, kind, planned)
  },
  write(scope, kind, plans) {
    const written = plans.flatMap((plan) => plan.written)
    const removed = plans.flatMap((plan) => plan.removed)
    const touched = plans.flatMap((plan) => plan.touched)
    const stale = plans.flatMap((plan) => plan.stale)
    const staleIds = [stale.map(({ definitionId }) => definitionId), stale.map(({ entityId }) => entityId)] as const
    const reclaimed = plans.flatMap(({ recordId, isReclaimed }) => (isReclaimed ? [recordId] : []))
    const taken = new Set(plans.flatMap((plan) => plan.taken))
    const yielded = plans.flatMap(({ givenUp }) => givenUp.flatMap(({ id, key }) => (taken.has(key) ? [id] : [])))
    return [
      ...(removed.length > 0
        ? [
            {
              ...deleteRows(scope, 'custom_field_values', removed),
              uses: { tenantId: scope.tenantId, written: touched },
            },
          ]
        : []),
      ...(yielded.length > 0 ? [yieldValueKeys(scope, yielded)] : []),
      ...(stale.length > 0 ? [deleteValuesOf(scope, ...staleIds)] : []),
      ...(written.length > 0 ? [writeValues(scope, kind.type, written)] : []),
      ...(reclaimed.length > 0 ? [setKeysOfRecords(scope, kind.type, reclaimed)] : []),
    ]
  },
  release: (scope, kind, ids) => [
    holdDefinitionsOfRecords(scope, kind.type, ids),
    clearValueKeys(scope, kind.type, ids),
  ],
  async reclaim(scope, change, kind, drafts) {
    const ids = drafts.map(({ id }) => id)
    const [, found] = await Promise.all([
      change.ask(holdDefinitionsOfRecords(scope, kind.type, ids)),
      change.ask<LostValue>(findLostValues(scope, kind, ids)),
    ])
    const lostOf = groupByKey(found, ({ recordId }) => recordId)
    const held = found.flatMap(({ holderId: id, isVisible, ...value }) =>
      id === null ? [] : [{ id, isVisible, value: keyOf(value) }],
    )
    const holders = createUniqueHolders(held)
    return {
      planOf(draft) {
        const own = lostOf.get(draft.id) ?? []
        for (const { label, ...value } of own) {
          const holder = holders.otherThan(keyOf(value), draft.id)
          if (!holder) continue
          const who = holder.isVisible ? { conflictingId: holder.id } : {}
          draft.check.refuse('id', `Another ${kind.noun} has its value of “${label}”.`, 'ALREADY_EXISTS', who)
        }
        return own.length === 0 ? null : { ...planOf(draft), isReclaimed: true, taken: own.map(keyOf) }
      },
      settle: ({ recordId, taken }) => holders.settle(recordId, [], taken),
    }
  },
}

/** The plans of drafts whose values are known, of which unique ones are held against those of other records. */
async function plannerOf(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  planned: ReadonlyMap<Draft, DraftValues>,
): Promise<PartPlanner<CustomFieldPlan>> {
  const unique = await askUniqueValues(scope, change, kind, [...planned.values()])
  return {
    planOf(draft) {
      const values = planned.get(draft)
      if (!values) return null
      draft.check.errors.push(...values.errors)
      refuseHeld(kind, draft, values, unique)
      return planOfValues(draft, values, unique)
    },
    settle: ({ recordId, givenUp, taken }) => {
      const keys = givenUp.map(({ key }) => key)
      unique.holders.settle(recordId, keys, taken)
    },
  }
}

const NOTHING: PartPlanner<CustomFieldPlan> = { planOf: () => null, settle: () => undefined }

/** Whether a new record needs a value of a field, or has its default. */
function isDue({ archivedAt, isRequired, defaultValue }: CustomFieldDefinitionRow): boolean {
  return archivedAt === null && (isRequired || defaultValue !== null)
}

function planOf({ id }: Draft): CustomFieldPlan {
  const nothing = { isChanged: false, isSearchedChanged: false, isReclaimed: false, givenUp: [], taken: [] }
  return { recordId: id, counts: {}, written: [], removed: [], touched: [], stale: [], ...nothing }
}

function inputsOf({ input }: Draft): readonly CustomFieldInput[] {
  return (input['customFields'] ?? []) as readonly CustomFieldInput[]
}

/** What is unique among the values that a change writes. */
interface UniqueValues {
  /** the key of a value: of its field and itself */
  readonly keys: ReadonlyMap<WrittenValue, string>
  readonly holders: UniqueHolders
}

/** Reads who has the values of unique fields that are to be written. */
async function askUniqueValues(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  planned: readonly DraftValues[],
): Promise<UniqueValues> {
  const values = planned.flatMap(({ written }) =>
    written.flatMap(({ value }) => (value.uniqueType === null ? [] : [value])),
  )
  if (values.length === 0) return { keys: new Map(), holders: createUniqueHolders([]) }
  const found = await change.ask<UniqueValue>(findValueHolders(scope, kind, values))
  const keyed = found.map((one) => {
    const value = values[one.index - 1] as WrittenValue
    return { ...one, written: value, value: keyOf({ definitionId: value.definitionId, key: one.key }) }
  })
  const held = keyed.flatMap(({ id, isVisible, value }) => (id === null ? [] : [{ id, isVisible, value }]))
  return { keys: new Map(keyed.map(({ written, value }) => [written, value])), holders: createUniqueHolders(held) }
}

function keyOf({ definitionId, key }: { readonly definitionId: string; readonly key: string }): string {
  return `${definitionId} ${key}`
}

function refuseHeld({ noun }: RecordKind, draft: Draft, { written }: DraftValues, unique: UniqueValues): void {
  for (const { value, index, name } of written) {
    const key = unique.keys.get(value)
    const holder = key === undefined ? null : unique.holders.otherThan(key, draft.id)
    if (!holder) continue
    const who = holder.isVisible ? { conflictingId: holder.id } : {}
    draft.check.at('customFields', index).refuse(name, `Another ${noun} has this value.`, 'ALREADY_EXISTS', who)
  }
}

function planOfValues(draft: Draft, values: DraftValues, { keys }: UniqueValues): CustomFieldPlan {
  const { removed, copies, touched, isSearchedChanged } = values
  const written = values.written.map(({ value }) => value)
  const before = (): Before =>
    Object.fromEntries([
      ...values.written.map(({ value, before: own }) => [CUSTOM_FIELD_PREFIX + value.definitionId, own]),
      ...removed.map((own) => [CUSTOM_FIELD_PREFIX + own.definitionId, own]),
    ]) as Before
  const gone = [...removed, ...values.written.flatMap(({ before }) => before ?? [])]
  return {
    ...planOf(draft),
    isChanged: written.length + removed.length > 0,
    isSearchedChanged,
    before,
    written: [...written, ...copies.flatMap((copy) => copy.written ?? [])],
    removed: removed.map(({ id }) => id),
    touched,
    stale: copies.filter((copy) => copy.written === null),
    givenUp: gone.flatMap(({ id, definitionId, uniqueKey: key }) =>
      key === null ? [] : [{ id, key: keyOf({ definitionId, key }) }],
    ),
    taken: written.flatMap((value) => keys.get(value) ?? []),
  }
}
