import type { Scope } from '../../access/scope.js'
import { CUSTOM_VALUE_NAMES, OPTION_TYPES } from '../../concepts/custom-fields.js'
import type { Change } from '../../database/change.js'
import { groupByKey } from '../../lib/batch.js'
import type { UserError } from '../../lib/errors.js'
import { CUSTOM_FIELD_PREFIX } from '../../records/journal.js'
import type { Draft, RecordKind } from '../../records/record-kind.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import { isSame, type DraftValues } from './custom-field.plan.js'
import type { CustomValueColumns } from './custom-value.input.js'
import { findDefinitionsToRevert, findValuesToRevert, type StoredValue } from './custom-value.repository.js'
import { copyOfWrite, type CopiedValue } from './field-change.copies.js'
import { chosenOf } from './value-conversion.js'

/**
 * What it takes that records have the custom values again that they had; of those that had other ones alone. A field that is gone, or whose
 * type was changed, and an option that is gone are problems of the record: its value can't be what it was.
 */
export async function planFormerValues(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<Draft, DraftValues>> {
  const writers = drafts.flatMap((draft) => {
    const former = formerValues(draft)
    return former.length > 0 ? [{ draft, former }] : []
  })
  if (writers.length === 0) return new Map()
  const ids = [...new Set(writers.flatMap(({ former }) => former.map(([id]) => id)))]
  const recordIds = writers.map(({ draft }) => draft.id)
  const [definitions, stored] = await Promise.all([
    change.ask<CustomFieldDefinitionRow>(findDefinitionsToRevert(scope, kind.type, ids)),
    change.ask<StoredValue>(findValuesToRevert(scope, kind.type, recordIds, ids)),
  ])
  const storedOf = groupByKey(stored, ({ entityId }) => entityId)
  return new Map(
    writers.map(({ draft, former }) => [
      draft,
      planOf(scope, draft, former, definitions, storedOf.get(draft.id) ?? []),
    ]),
  )
}

type Former = readonly [definitionId: string, value: StoredValue | null]

const NO_FIELD = 'A custom field that it had a value of is gone, or has another type now.'
const NO_OPTION = 'An option that it had of a custom field is gone.'

/** Whether values of a field are still its own: not of one that another takes the place of, or took it, by a change of type. */
function isInPlace({ isHidden, expiresAt }: CustomFieldDefinitionRow): boolean {
  return !isHidden && expiresAt === null
}

/** Whether a field has the options that a value names, archived ones too: a merge leaves none behind. */
function hasOptions({ type, options }: CustomFieldDefinitionRow, value: StoredValue | null): boolean {
  if (value === null || !OPTION_TYPES.has(type)) return true
  return chosenOf(value).every((name) => options.some((option) => option.value === name))
}

function formerValues({ before = {} }: Draft): Former[] {
  return Object.entries(before).flatMap(([name, value]) =>
    name.startsWith(CUSTOM_FIELD_PREFIX)
      ? [[name.slice(CUSTOM_FIELD_PREFIX.length), value as StoredValue | null] as const]
      : [],
  )
}

function planOf(
  { now }: Scope,
  draft: Draft,
  former: readonly Former[],
  definitions: readonly CustomFieldDefinitionRow[],
  stored: readonly StoredValue[],
): DraftValues {
  const written: DraftValues['written'][number][] = []
  const removed: StoredValue[] = []
  const copies: CopiedValue[] = []
  const errors: UserError[] = []
  const touched: string[] = []
  let isSearchedChanged = false
  const follow = (definition: CustomFieldDefinitionRow, columns: CustomValueColumns | null): void => {
    touched.push(definition.id)
    isSearchedChanged ||= definition.isSearchable
    const copied = copyOfWrite(definition, definitions, draft.id, columns, now)
    if (copied) copies.push(copied)
  }
  for (const [definitionId, value] of former) {
    const definition = definitions.find((one) => one.id === definitionId && isInPlace(one))
    if (!definition || !hasOptions(definition, value)) {
      errors.push({
        code: 'BAD_USER_INPUT',
        message: definition ? NO_OPTION : NO_FIELD,
        field: [...draft.check.path, 'customFields'],
      })
      continue
    }
    const before = stored.find((own) => own.definitionId === definitionId) ?? null
    if (value === null) {
      if (before) removed.push(before)
      if (before) follow(definition, null)
    } else if (!before || !isSame(before, value)) {
      const { uniqueKey: _, ...columns } = value
      const uniqueType = definition.isUnique ? definition.type : null
      const own = { ...columns, id: before?.id ?? value.id, entityId: draft.id, uniqueType }
      written.push({ value: own, index: written.length, name: CUSTOM_VALUE_NAMES[definition.type], before })
      follow(definition, value)
    }
  }
  return { written, removed, copies, touched, isSearchedChanged, errors }
}
