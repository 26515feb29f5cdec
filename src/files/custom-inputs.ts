import { CUSTOM_VALUE_NAMES } from '../concepts/custom-fields.js'
import type { FileCustomField, InputPlace } from './column-keys.js'

/** A custom field as inputs take it: `{ key: 'tier', option: 'gold' }`. */
type CustomInput = Readonly<Record<string, unknown>> & { readonly key: string }

/** The custom fields of one row. */
export interface CustomInputs {
  /** Notes the value of a field, or of a part of an amount; null clears it. */
  readonly set: (place: Extract<InputPlace, { in: 'custom' }>, value: unknown) => void
  /** Each field once; a currency without an amount is none. */
  readonly list: () => CustomInput[]
}

interface Noted {
  readonly field: FileCustomField
  value?: unknown
  amount?: unknown
  currency?: unknown
}

/** Nothing is noted at first. */
export function createCustomInputs(): CustomInputs {
  const noted = new Map<string, Noted>()
  return {
    set({ field, part }, value) {
      const known = noted.get(field.key) ?? { field }
      noted.set(field.key, known)
      known[part ?? 'value'] = value
    },
    list: () =>
      [...noted.values()].flatMap(({ field, value, amount, currency }) => {
        if (value !== undefined) return [inputOf(field, value)]
        if (amount === undefined) return []
        return [inputOf(field, amount === null ? null : { amount, ...(currency ? { code: currency } : {}) })]
      }),
  }
}

function inputOf({ key, type }: FileCustomField, value: unknown): CustomInput {
  return { key, [CUSTOM_VALUE_NAMES[type]]: value }
}
