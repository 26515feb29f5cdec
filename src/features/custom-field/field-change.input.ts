import { createHash } from 'node:crypto'
import { CUSTOM_VALUE_NAMES, OPTION_TYPES, type CustomFieldType } from '../../concepts/custom-fields.js'
import { createInputCheck, type Given, type InputCheck } from '../../lib/input.js'
import { quote } from '../../lib/value/checked.js'
import type { TenantSettings } from '../../lib/principal.js'
import type { ConstraintsInput } from './constraint.checks.js'
import type { CustomFieldDefinitionRow } from './custom-field.columns.js'
import { dayOf } from './custom-field.days.js'
import type { CustomFieldOptionInput } from './custom-option.checks.js'
import { checkCustomValue } from './custom-value.checks.js'
import { valueColumns, type CustomValueColumns, type CustomValueInput } from './custom-value.input.js'
import { checkDefinition, SEARCHABLE_TYPES, type DefinitionValues } from './definition.input.js'
import { convertValue, type Conversion } from './value-conversion.js'

/** All values of a field as one number, which is another one when any of them changes, comes or goes. */
export interface ValuesDigest {
  readonly total: number
  readonly digest: string
}

/** What a field is to become. */
export interface FieldChangeInput {
  readonly id: string
  readonly type: CustomFieldType
  readonly constraints?: Given<ConstraintsInput>
  readonly options?: Given<readonly CustomFieldOptionInput[]>
  readonly mapping?: Given<readonly { readonly from: string; readonly to: string }[]>
}

/** A change as it was read: what the field will be, and how its values are read as values of that. */
export interface WantedChange {
  readonly values: DefinitionValues
  readonly conversion: Conversion
}

/**
 * Reads what a field is to become; problems go to `check`. Options stay where both types have them and none are given,
 * constraints where the type stays. The field isn't unique then; its default is converted, or goes.
 */
export function readWantedChange(
  check: InputCheck,
  stored: CustomFieldDefinitionRow,
  input: FieldChangeInput,
  tenant: TenantSettings,
  now: Date,
): WantedChange {
  const { type, constraints, options, mapping } = input
  const before = {
    ...stored,
    isUnique: false,
    isSearchable: stored.isSearchable && SEARCHABLE_TYPES.has(type),
    defaultValue: null,
    constraints: type === stored.type ? stored.constraints : {},
    options: OPTION_TYPES.has(type) ? stored.options : [],
  }
  const given = { constraints: constraints ?? undefined, options: options ?? undefined }
  const { label, description, group, isRequired, ...rest } = checkDefinition(check, type, before, given, {
    ...{ tenant, now },
    stored: null,
  })
  const to = { key: stored.key, type, constraints: rest.constraints, options: rest.options }
  const pairs = checkMapping(check, mapping ?? [])
  const conversion: Conversion = { from: stored.type, to, mapping: new Map(pairs), context: { tenant, now } }
  if (check.errors.length === 0) checkTargets(check, conversion, mapping ?? [])
  const defaultValue = check.errors.length === 0 ? convertDefault(stored, conversion) : null
  return { values: { label, description, group, isRequired, ...rest, defaultValue }, conversion }
}

function checkMapping(check: InputCheck, mapping: readonly { from: string; to: string }[]): [string, string][] {
  const seen = new Set<string>()
  return mapping.map(({ from, to }, index) => {
    if (seen.has(from)) check.at('mapping', index).refuse('from', `${quote(from)} is mapped twice.`)
    seen.add(from)
    return [from, to]
  })
}

/** Refuses mappings to what isn't a value of the new type. */
function checkTargets(check: InputCheck, conversion: Conversion, mapping: readonly { readonly to: string }[]): void {
  for (const [index, { to }] of mapping.entries()) {
    const converted = convertValue({ ...conversion, from: 'TEXT', mapping: new Map() }, valueColumns({ textValue: to }))
    if (converted.outcome !== 'CONVERTS') check.at('mapping', index).refuse('to', converted.problem)
  }
}

function convertDefault(stored: CustomFieldDefinitionRow, conversion: Conversion): CustomValueInput | null {
  if (stored.defaultValue === null) return null
  const context = { ...conversion.context, stored: null }
  const columns = checkCustomValue(stored, stored.defaultValue, createInputCheck(), context)
  const converted = columns ? convertValue(conversion, columns) : null
  return converted?.outcome === 'CONVERTS' ? inputOf(conversion.to.type, converted.columns) : null
}

/** A stored value as an input gives it. */
function inputOf(type: CustomFieldType, columns: CustomValueColumns): CustomValueInput {
  const name = CUSTOM_VALUE_NAMES[type]
  switch (name) {
    case 'number':
      return { number: Number(columns.numberValue) }
    case 'decimal':
      return { decimal: columns.numberValue }
    case 'date':
      return { date: columns.dateValue }
    case 'dateTime':
      return { dateTime: columns.datetimeValue }
    case 'boolean':
      return { boolean: columns.booleanValue }
    case 'options':
      return { options: columns.optionValues }
    case 'currency':
      return { currency: { amount: columns.numberValue ?? '', code: columns.currencyCode } }
    default:
      return { [name]: columns.textValue }
  }
}

/** What a plan was made of, as 43 characters: another one as soon as the field, its values or the change is another. */
export function planHash(stored: CustomFieldDefinitionRow, wanted: WantedChange, values: ValuesDigest): string {
  const { to, mapping, context } = wanted.conversion
  const { defaultCountry, defaultCurrency, timeZone } = context.tenant
  const isOfToday = 'minDaysFromToday' in to.constraints || 'maxDaysFromToday' in to.constraints
  const day = isOfToday ? dayOf(context.now, timeZone) : null
  const parts = [
    ...[stored.id, stored.version, to.type, Object.entries(to.constraints).sort(), to.options, [...mapping].sort()],
    ...[defaultCountry, defaultCurrency, timeZone, day, values.total, values.digest],
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
