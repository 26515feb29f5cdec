import {
  CUSTOM_VALUE_NAMES,
  type CustomFieldEntityType,
  type CustomFieldOption,
  OPTION_TYPES,
  type CustomFieldType,
} from '../../concepts/custom-fields.js'
import type { Given, InputCheck } from '../../lib/input.js'
import { accept, quote, refuse, type Checked } from '../../lib/value/checked.js'
import { checkLine, checkText } from '../../lib/value/text.js'
import { checkConstraints, type ConstraintsInput } from './constraint.checks.js'
import { FIELD_KEY, type CustomFieldDefinitionRow } from './custom-field.columns.js'
import { checkOptionList, type CustomFieldOptionInput } from './custom-option.checks.js'
import { checkCustomValue, type ValueContext } from './custom-value.checks.js'
import { givenNames, type CustomValueInput } from './custom-value.input.js'

/** What a new definition and a change of one may say. */
export interface DefinitionInput {
  readonly label?: Given<string>
  readonly description?: Given<string>
  readonly group?: Given<string>
  readonly isRequired?: Given<boolean>
  readonly isUnique?: Given<boolean>
  readonly isSearchable?: Given<boolean>
  readonly constraints?: Given<ConstraintsInput>
  readonly options?: Given<readonly CustomFieldOptionInput[]>
  readonly defaultValue?: Given<CustomValueInput>
}

export interface CreateDefinitionInput extends DefinitionInput {
  readonly entityType: CustomFieldEntityType
  readonly key: string
  readonly type: CustomFieldType
}

/** What of a definition inputs decide. */
export type DefinitionValues = Pick<
  CustomFieldDefinitionRow,
  | 'label'
  | 'description'
  | 'group'
  | 'isRequired'
  | 'isUnique'
  | 'isSearchable'
  | 'constraints'
  | 'options'
  | 'defaultValue'
>

// Names that objects of JavaScript have by themselves, and those of the API around keys.
const RESERVED = new Set(['constructor', 'prototype', 'id', 'key', 'and', 'or', 'not', 'null', 'true', 'false'])
const UNIQUE_TYPES = new Set<CustomFieldType>([
  ...(['TEXT', 'NUMBER', 'DECIMAL', 'DATE', 'DATETIME', 'URL', 'EMAIL', 'PHONE'] as const),
])
/** Those whose values full-text search may know. */
export const SEARCHABLE_TYPES = new Set<CustomFieldType>(['TEXT', 'URL', 'EMAIL', 'PHONE'])
const LABEL_RULE = { maxLength: 255, what: 'label' }

/** A key that may be given to a field. */
export function checkKey(key: string): Checked<string> {
  if (RESERVED.has(key) || key in Object.prototype) return refuse(`The key ${quote(key)} is reserved.`)
  if (FIELD_KEY.test(key)) return accept(key)
  return refuse('A key is a small letter of a to z, then small letters, digits and _, 63 characters in all at most.')
}

/**
 * What a definition is to be: the given values, checked, over those that it has. All of it is checked together, so that
 * a default that new constraints forbid is refused. Problems go to `check`.
 */
export function checkDefinition(
  check: InputCheck,
  type: CustomFieldType,
  stored: DefinitionValues,
  input: DefinitionInput,
  context: ValueContext,
): DefinitionValues {
  const before = check.errors.length
  const label = check.need('label', input.label, (value) => checkLine(value, LABEL_RULE)) ?? stored.label
  const described = (name: 'description' | 'group', maxLength: number, multiline: boolean): string | null => {
    const checked = check.take(name, input[name], (value) => checkText(value, { maxLength, multiline }))
    return checked === undefined ? stored[name] : checked
  }
  const isRequired = check.need('isRequired', input.isRequired, (value) => accept(value)) ?? stored.isRequired
  const isUnique = check.need('isUnique', input.isUnique, (value) => accept(value)) ?? stored.isUnique
  if (isUnique && !UNIQUE_TYPES.has(type)) check.refuse('isUnique', `Fields of type ${type} can't be unique.`)
  const isSearchable = check.need('isSearchable', input.isSearchable, (value) => accept(value)) ?? stored.isSearchable
  if (isSearchable && !SEARCHABLE_TYPES.has(type)) {
    check.refuse('isSearchable', `Fields of type ${type} can't be searched.`)
  }
  const constraints =
    input.constraints === undefined
      ? stored.constraints
      : checkConstraints(type, check.at('constraints'), input.constraints ?? {})
  const options = checkOptionsOf(type, check, stored, input)
  const values = {
    ...{ label, isRequired, isUnique, isSearchable, constraints, options },
    description: described('description', 2000, true),
    group: described('group', 255, false),
  }
  const isClean = check.errors.length === before
  return { ...values, defaultValue: checkDefault(check, type, values, stored, input, context, isClean) }
}

function checkOptionsOf(
  type: CustomFieldType,
  check: InputCheck,
  stored: DefinitionValues,
  { options }: DefinitionInput,
): readonly CustomFieldOption[] {
  if (!OPTION_TYPES.has(type)) {
    if (options?.length) check.refuse('options', `Fields of type ${type} have no options.`)
    return []
  }
  if (options === undefined && stored.options.length > 0) return stored.options
  return checkOptionList(check.at('options'), options ?? [])
}

function checkDefault(
  check: InputCheck,
  type: CustomFieldType,
  values: Omit<DefinitionValues, 'defaultValue'>,
  stored: DefinitionValues,
  input: DefinitionInput,
  context: ValueContext,
  isClean: boolean,
): CustomValueInput | null {
  const given = input.defaultValue === undefined ? stored.defaultValue : input.defaultValue
  if (given === null) return null
  const at = check.at('defaultValue')
  if (values.isUnique) {
    at.refuse('', 'A unique field has no default: the second record would be refused.')
    return null
  }
  const isAsBefore = [input.defaultValue, input.constraints, input.options].every((part) => part === undefined)
  // What was wrong with constraints or options, or what time made of a default, is no reason to refuse it.
  if (isAsBefore || (!isClean && givenNames(given).join() === CUSTOM_VALUE_NAMES[type])) return given
  const columns = checkCustomValue({ ...values, key: 'defaultValue', type }, given, at, context)
  return columns === null ? null : given
}
