import type { Scope } from '../../access/scope.js'
import { CUSTOM_VALUE_NAMES, type CustomValueName } from '../../concepts/custom-fields.js'
import type { UserError } from '../../lib/errors.js'
import { createInputCheck, type InputCheck } from '../../lib/input.js'
import { newId } from '../../lib/new-id.js'
import { quote } from '../../lib/value/checked.js'
import { compareDecimals } from '../../lib/value/decimal.js'
import type { Draft, RecordKind } from '../../records/record-kind.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import { checkCustomValue } from './custom-value.checks.js'
import type { CustomFieldInput, CustomValueColumns } from './custom-value.input.js'
import { copyOfWrite, type CopiedValue } from './field-change.copies.js'
import type { StoredValue, WrittenValue } from './custom-value.repository.js'
import type { PatternPace } from './pattern.js'

/** What an input makes of the custom values of one record, and what is wrong with it. */
export interface DraftValues {
  /** with the place of each in the input; a default has none */
  readonly written: readonly {
    readonly value: WrittenValue
    readonly index: number
    readonly name: CustomValueName
    /** what the record had before; null where it had none */
    readonly before: StoredValue | null
  }[]
  readonly removed: readonly StoredValue[]
  /** what follows for fields that are being filled by a change of type */
  readonly copies: readonly CopiedValue[]
  /** ids of the definitions of what is written or removed */
  readonly touched: readonly string[]
  readonly isSearchedChanged: boolean
  readonly errors: readonly UserError[]
}

type Definition = CustomFieldDefinitionRow
type Written = DraftValues['written'][number]

/**
 * Checks the custom values of an input against their definitions and those that the record has. Between two of them others have
 * their turn as `pace` says. @throws TIMEOUT
 */
export async function planValues(
  scope: Scope,
  { noun }: RecordKind,
  draft: Draft,
  inputs: readonly CustomFieldInput[],
  definitions: readonly Definition[],
  stored: readonly StoredValue[],
  pace: PatternPace,
): Promise<DraftValues> {
  const errors: UserError[] = []
  const check = createInputCheck([...draft.check.path, 'customFields'], errors)
  const written: Written[] = []
  const removed: StoredValue[] = []
  const copies: CopiedValue[] = []
  const seen = new Set<string>()
  const touched: string[] = []
  let isSearchedChanged = false
  const context = { tenant: scope.principal.tenant, now: scope.now, noteSteps: pace.note }
  const follow = (definition: Definition, columns: CustomValueColumns | null): void => {
    touched.push(definition.id)
    isSearchedChanged ||= definition.isSearchable
    const copied = copyOfWrite(definition, definitions, draft.id, columns, scope.now)
    if (copied) copies.push(copied)
  }
  const write = (definition: Definition, columns: CustomValueColumns, index: number, before?: StoredValue): void => {
    const id = before?.id ?? newId(scope.now)
    const uniqueType = definition.isUnique ? definition.type : null
    const value = { ...columns, id, definitionId: definition.id, entityId: draft.id, uniqueType }
    written.push({ value, index, name: CUSTOM_VALUE_NAMES[definition.type], before: before ?? null })
    follow(definition, columns)
  }
  for (const [index, input] of inputs.entries()) {
    const turn = pace.next()
    if (turn) await turn
    const at = check.at(index)
    const definition = definitionOf(definitions, at, noun, input.key, seen)
    if (!definition) continue
    const before = stored.find(({ definitionId }) => definitionId === definition.id)
    const columns = checkCustomValue(definition, input, at, { ...context, stored: before ?? null })
    if (columns === undefined) continue
    if (columns === null && definition.isRequired) {
      at.refuse(CUSTOM_VALUE_NAMES[definition.type], `${quote(definition.key)} is required.`)
    } else if (columns === null) {
      if (before) {
        removed.push(before)
        follow(definition, null)
      }
    } else if (!before || !isSame(before, columns)) {
      write(definition, columns, index, before)
    }
  }
  if (draft.isNew) {
    for (const definition of definitions) {
      const turn = pace.next()
      if (turn) await turn
      if (definition.archivedAt || seen.has(definition.key)) continue
      const columns = defaultOf(definition, { ...context, stored: null })
      if (columns) write(definition, columns, -1)
      else if (definition.isRequired) check.refuse('', `${quote(definition.key)} is required.`)
    }
  }
  return { written, removed, copies, touched, isSearchedChanged, errors }
}

/** The definition in use of a key; what is wrong with the key goes to `check`. */
function definitionOf(
  definitions: readonly Definition[],
  check: InputCheck,
  noun: string,
  key: string,
  seen: Set<string>,
): Definition | undefined {
  const found = definitions.filter((definition) => definition.key === key && !definition.isHidden)
  const inUse = found.find(({ archivedAt }) => archivedAt === null)
  if (seen.has(key)) check.refuse('key', `The input has ${quote(key)} twice.`)
  else if (!inUse && found.length > 0) check.refuse('key', `The field ${quote(key)} is archived.`)
  else if (!inUse) check.refuse('key', `There is no custom field ${quote(key)} of a ${noun}.`, 'NOT_FOUND')
  if (seen.has(key)) return undefined
  seen.add(key)
  return inUse
}

/** The default of a field; null without one, and where time or another tenant's setting made it impossible. */
function defaultOf(definition: Definition, context: Parameters<typeof checkCustomValue>[3]): CustomValueColumns | null {
  const { defaultValue } = definition
  return defaultValue && (checkCustomValue(definition, defaultValue, createInputCheck(), context) ?? null)
}

/** Whether a row has the same value already; numbers apart from zeros behind the point. */
export function isSame(row: CustomValueColumns, columns: CustomValueColumns): boolean {
  const [before, after] = [row.numberValue, columns.numberValue]
  const isSameNumber = before !== null && after !== null ? compareDecimals(before, after) === 0 : before === after
  return (
    isSameNumber &&
    row.textValue === columns.textValue &&
    row.booleanValue === columns.booleanValue &&
    row.dateValue === columns.dateValue &&
    row.datetimeValue === columns.datetimeValue &&
    JSON.stringify(row.optionValues) === JSON.stringify(columns.optionValues) &&
    row.currencyCode === columns.currencyCode
  )
}
