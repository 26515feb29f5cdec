import type { CustomFieldOption } from '../../concepts/custom-fields.js'
import type { Given, InputCheck } from '../../lib/input.js'
import { accept, formatCount, quote, refuse, type Checked } from '../../lib/value/checked.js'
import { checkLine } from '../../lib/value/text.js'

/** An option as clients give it. */
export interface CustomFieldOptionInput {
  readonly value?: Given<string>
  readonly label: string
  readonly isArchived?: Given<boolean>
}

const MAX_OPTIONS = 250
const VALUE_RULE = { maxLength: 100, what: 'value' }
const LABEL_RULE = { maxLength: 255, what: 'label' }

/**
 * Values of options that a record is to have, each once, in the order of the field. An archived one is accepted only
 * where the record has it already (`stored`).
 */
export function checkOptions(
  options: readonly CustomFieldOption[],
  values: readonly string[],
  stored: readonly string[],
): Checked<string[]> {
  const byValue = new Map(options.map((option) => [option.value, option]))
  for (const value of values) {
    const option = byValue.get(value)
    if (!option) return refuse(`${quote(value)} is none of the options.`)
    if (option.isArchived && !stored.includes(value)) return refuse(`The option ${quote(value)} is archived.`)
  }
  const chosen = new Set(values)
  return accept(options.flatMap(({ value }) => (chosen.has(value) ? [value] : [])))
}

/** The options of a definition, checked: 1 to 250, of which one can be chosen, all of them told apart without case. */
export function checkOptionList(check: InputCheck, inputs: readonly CustomFieldOptionInput[]): CustomFieldOption[] {
  if (inputs.length === 0) check.refuse('', 'A field of options needs at least one.')
  if (inputs.length > MAX_OPTIONS) {
    check.refuse('', `There may be ${MAX_OPTIONS} options at most, not ${formatCount(inputs.length)}.`)
    return []
  }
  const options = inputs.flatMap(({ value, label, isArchived }, index): CustomFieldOption[] => {
    const at = check.at(index)
    const checkedLabel = at.need('label', label, (text) => checkLine(text, LABEL_RULE))
    const isOwn = value !== undefined && value !== null
    const checkedValue = isOwn ? at.need('value', value, (text) => checkLine(text, VALUE_RULE)) : checkedLabel
    if (checkedLabel === undefined || checkedValue === undefined) return []
    const short = isOwn ? accept(checkedValue) : checkLine(checkedValue, VALUE_RULE)
    if (!short.ok) at.refuse('label', `The label is too long for a value: give a \`value\` beside it.`)
    return [{ value: checkedValue, label: checkedLabel, isArchived: isArchived ?? false }]
  })
  refuseTwice(check, inputs, options, 'value')
  refuseTwice(check, inputs, options, 'label')
  if (options.length > 0 && options.every(({ isArchived }) => isArchived)) {
    check.refuse('', 'One of the options must not be archived.')
  }
  return options
}

/** Refuses options that differ in nothing but case and accents from an earlier one: people would take them for one. */
function refuseTwice(
  check: InputCheck,
  inputs: readonly CustomFieldOptionInput[],
  options: readonly CustomFieldOption[],
  name: 'value' | 'label',
): void {
  // Where an option was refused, positions differ: what is wrong there is said first.
  if (options.length !== inputs.length) return
  const seen = new Map<string, string>()
  for (const [index, option] of options.entries()) {
    const folded = option[name].normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
    const other = seen.get(folded)
    if (other === undefined) {
      seen.set(folded, option[name])
      continue
    }
    const place = name === 'value' && (inputs[index]?.value ?? null) === null ? 'label' : name
    const isSaid = name === 'label' && check.errors.some(({ field }) => field.at(-2) === String(index))
    if (!isSaid)
      check
        .at(index)
        .refuse(place, `${quote(option[name])} differs from ${quote(other)} in nothing but case and accents.`)
  }
}
