import { newId } from '../../lib/new-id.js'
import type { CustomFieldDefinitionRow, FieldChange } from './custom-field.columns.js'
import type { CustomValueColumns } from './custom-value.input.js'
import type { WrittenValue } from './custom-value.repository.js'
import type { NoteSteps } from './pattern.js'
import { convertValue, type Conversion } from './value-conversion.js'

/** How a running change reads values: by the rules of when it began, so that all of its batches agree. */
export function conversionOf(
  stored: CustomFieldDefinitionRow,
  filled: CustomFieldDefinitionRow,
  { mapping, tenant, startedAt }: FieldChange,
  noteSteps: NoteSteps = () => undefined,
): Conversion {
  const context = { tenant, now: new Date(startedAt), noteSteps }
  return { from: stored.type, to: filled, mapping: new Map(mapping), context }
}

/** A field without the change that runs: as it became by an earlier one. */
export function withoutChange(stored: CustomFieldDefinitionRow): CustomFieldDefinitionRow {
  const { state = null, change = null } = stored.change?.before ?? {}
  return { ...stored, changeState: state, change }
}

/** A value that is to be in the field that a running change fills, or is not to be there any more. */
export interface CopiedValue {
  readonly definitionId: string
  readonly entityId: string
  readonly written: WrittenValue | null
}

/**
 * What a write of a value means for the field that a running change of its own field fills; null without one. So values that were
 * copied already follow, whatever is written meanwhile. `columns` is null where the value goes.
 */
export function copyOfWrite(
  definition: CustomFieldDefinitionRow,
  definitions: readonly CustomFieldDefinitionRow[],
  entityId: string,
  columns: CustomValueColumns | null,
  now: Date,
): CopiedValue | null {
  const { changeState, change } = definition
  // The one that is filled isn't seen where the change began while this write waited: then nothing was copied yet.
  const filled = changeState === 'RUNNING' ? definitions.find(({ id }) => id === change?.otherId) : undefined
  if (!change || !filled) return null
  const converted = columns && convertValue(conversionOf(definition, filled, change), columns)
  const definitionId = filled.id
  if (converted?.outcome !== 'CONVERTS') return { definitionId, entityId, written: null }
  const id = newId(now)
  return { definitionId, entityId, written: { ...converted.columns, id, definitionId, entityId, uniqueType: null } }
}
