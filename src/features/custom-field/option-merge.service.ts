import type { Scope } from '../../access/scope.js'
import { createInputCheck, type Given, type InputCheck } from '../../lib/input.js'
import { quote } from '../../lib/value/checked.js'
import { refuse, type MutationResult } from '../../records/mutation.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import type { CustomValueInput } from './custom-value.input.js'
import { askDefinition, changeDefinitions, commitDefinition, type CustomFieldServices } from './definition.service.js'
import { countOptions, mergeOption, touchOwnersOfOption } from './value-usage.repository.js'

/** What a merge did: the field as it is now, and how many records got the other option. */
export interface OptionMergeResult extends MutationResult<CustomFieldDefinitionRow> {
  readonly movedValues: number | null
}

interface MergeInput {
  readonly id: string
  readonly version?: Given<number>
  readonly value: string
  readonly intoValue: string
}

/**
 * Gives the records that have an option of a field another one, deleted records too, and takes the first out of the field.
 * The field's default goes over too. Each of the records has a version more.
 */
export async function mergeCustomFieldOption(
  scope: Scope,
  services: CustomFieldServices,
  input: MergeInput,
): Promise<OptionMergeResult> {
  let movedValues = 0
  const result = await changeDefinitions(scope, services, 'id', async (change) => {
    const check = createInputCheck()
    const [stored, counts] = await Promise.all([
      askDefinition(scope, change, check, input),
      change.ask<{ option: string; total: number }>(countOptions(scope, input.id)),
    ])
    const { value, intoValue } = input
    checkOption(check, stored, 'value', value)
    if (value === intoValue) check.refuse('intoValue', 'This is the option that goes: name another.')
    else checkOption(check, stored, 'intoValue', intoValue)
    refuse(check.errors)
    movedValues = counts.find(({ option }) => option === value)?.total ?? 0
    const options = stored.options.filter((option) => option.value !== value)
    const defaultValue = stored.defaultValue && withOption(stored, value, intoValue)
    const order = options.map((option) => option.value)
    const moves = [
      touchOwnersOfOption(scope, stored.entityType, stored.id, value),
      mergeOption(scope, stored.id, value, intoValue, order),
    ]
    return commitDefinition(scope, change, stored, { ...stored, options, defaultValue }, movedValues > 0 ? moves : [])
  })
  return { ...result, movedValues: result.record ? movedValues : null }
}

function checkOption(check: InputCheck, { options }: CustomFieldDefinitionRow, place: string, value: string): void {
  if (options.some((option) => option.value === value)) return
  check.refuse(place, `${quote(value)} is none of the options.`, 'NOT_FOUND')
}

/** The default of a field with another option in place of one. */
function withOption(
  { defaultValue, options }: CustomFieldDefinitionRow,
  value: string,
  into: string,
): CustomValueInput {
  const { option, options: chosen } = defaultValue ?? {}
  if (typeof option === 'string') return { option: option === value ? into : option }
  const wanted = new Set((chosen ?? []).map((one) => (one === value ? into : one)))
  return { options: options.flatMap((one) => (wanted.has(one.value) ? [one.value] : [])) }
}
