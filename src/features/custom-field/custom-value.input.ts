import type { CustomValueName } from '../../concepts/custom-fields.js'
import type { Given } from '../../lib/input.js'

/** An amount as clients give it. */
export interface CurrencyInput {
  readonly amount: string
  readonly code?: Given<string>
}

/** A value as clients give it: one of these, by the type of the field. */
export interface CustomValueInput {
  readonly text?: Given<string>
  readonly number?: Given<number>
  readonly decimal?: Given<string>
  readonly date?: Given<string>
  readonly dateTime?: Given<string>
  readonly boolean?: Given<boolean>
  readonly option?: Given<string>
  readonly options?: Given<readonly string[]>
  readonly url?: Given<string>
  readonly email?: Given<string>
  readonly phone?: Given<string>
  readonly currency?: Given<CurrencyInput>
}

/** A value of a field that its key names. */
export interface CustomFieldInput extends CustomValueInput {
  readonly key: string
}

/** The names under which an input gives values; one, where it is as it should be. */
export function givenNames(input: CustomValueInput): CustomValueName[] {
  const { key: _, ...values } = input as Partial<CustomFieldInput>
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [name as CustomValueName]))
}

/** The stored form of a value: one of the typed columns of its row, and of amounts the currency. */
export interface CustomValueColumns {
  readonly textValue: string | null
  readonly numberValue: string | null
  readonly booleanValue: boolean | null
  readonly dateValue: string | null
  readonly datetimeValue: string | null
  readonly optionValues: readonly string[] | null
  readonly currencyCode: string | null
}

/** Columns with a value in some of them. */
export function valueColumns(given: Partial<CustomValueColumns>): CustomValueColumns {
  return {
    textValue: null,
    numberValue: null,
    booleanValue: null,
    dateValue: null,
    datetimeValue: null,
    optionValues: null,
    currencyCode: null,
    ...given,
  }
}

/** A value as JSON has it: `'gold'` of `{ option: 'gold' }`. */
export function plainValue(input: CustomValueInput): unknown {
  const [name] = givenNames(input)
  return name === undefined ? null : (input[name] ?? null)
}
