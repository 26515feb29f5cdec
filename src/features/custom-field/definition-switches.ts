import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Statement } from '../../database/statement.js'
import type { Given, InputCheck } from '../../lib/input.js'
import { formatCount, quote } from '../../lib/value/checked.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import type { DefinitionValues } from './definition.input.js'
import {
  clearKeysOfDefinition,
  countMissing,
  countOptions,
  findDoubles,
  setKeysOfDefinition,
  type DoubleValue,
} from './value-usage.repository.js'

/** What a change says of records that don't fulfil what it asks. */
export interface SwitchInput {
  readonly acceptedMissing?: Given<number>
}

/**
 * What values that are there say to a change of their definition, whose lock is held: becoming required or unique, and
 * options that go. Problems go to `check`; gives the writes that follow.
 */
export async function checkSwitches(
  scope: Scope,
  change: Change,
  check: InputCheck,
  stored: CustomFieldDefinitionRow,
  values: DefinitionValues,
  input: SwitchInput,
): Promise<Statement[]> {
  const [, writes] = await Promise.all([
    stored.isRequired || !values.isRequired ? null : checkMissing(scope, change, check, stored, input),
    checkUnique(scope, change, check, stored, values),
    checkOptions(scope, change, check, stored, values),
  ])
  return writes
}

async function checkMissing(
  scope: Scope,
  change: Change,
  check: InputCheck,
  { id, entityType }: CustomFieldDefinitionRow,
  { acceptedMissing }: SwitchInput,
): Promise<void> {
  const [{ total } = { total: 0 }] = await change.ask<{ total: number }>(countMissing(scope, entityType, id))
  if (total === (acceptedMissing ?? 0)) return
  const who = total === 1 ? '1 live record lacks' : `${formatCount(total)} live records lack`
  const place = acceptedMissing === null || acceptedMissing === undefined ? 'isRequired' : 'acceptedMissing'
  check.refuse(place, `${who} a value: with \`acceptedMissing: ${total}\` they stay so until they get one.`)
}

async function checkUnique(
  scope: Scope,
  change: Change,
  check: InputCheck,
  { id, entityType, type, isUnique }: CustomFieldDefinitionRow,
  values: DefinitionValues,
): Promise<Statement[]> {
  if (values.isUnique === isUnique || check.errors.some(({ field }) => field[0] === 'isUnique')) return []
  if (!values.isUnique) return [clearKeysOfDefinition(scope, id)]
  const doubles = await change.ask<DoubleValue & { groups: number }>(findDoubles(scope, entityType, id, type))
  for (const { key, total, entityId } of doubles) {
    const message = `${quote(key)} stands on ${formatCount(total)} live records.`
    check.refuse('isUnique', message, 'ALREADY_EXISTS', { conflictingId: entityId })
  }
  const left = (doubles[0]?.groups ?? 0) - doubles.length
  if (left > 0) check.refuse('isUnique', `${formatCount(left)} more values stand more than once.`, 'ALREADY_EXISTS')
  return [setKeysOfDefinition(scope, entityType, id, type)]
}

/** Refuses to drop options that records have: they would lose their values without a word. */
async function checkOptions(
  scope: Scope,
  change: Change,
  check: InputCheck,
  { id, options }: CustomFieldDefinitionRow,
  values: DefinitionValues,
): Promise<void> {
  const kept = new Set(values.options.map(({ value }) => value))
  const dropped = new Set(options.flatMap(({ value }) => (kept.has(value) ? [] : [value])))
  if (dropped.size === 0) return
  const counts = await change.ask<{ option: string; total: number }>(countOptions(scope, id))
  for (const { option, total } of counts.filter((count) => dropped.has(count.option))) {
    const who = total === 1 ? '1 record has' : `${formatCount(total)} records have`
    check.refuse('options', `${who} the option ${quote(option)}: archive it, or merge it into another.`)
  }
}
