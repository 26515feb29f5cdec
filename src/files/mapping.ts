import type { ColumnKey, RecordKeys } from './column-keys.js'
import { findColumnKey } from './column-keys.js'
import { quote } from '../lib/value/checked.js'
import { checkTimeZone } from '../lib/value/time-zone.js'

/** The order of day, month and year in dates like 3/4/2024. */
export type DateOrder = 'DMY' | 'MDY' | 'YMD'

/** How the cells of a column are read, beyond where they belong. */
export interface CellOptions {
  /** of dates that aren't written year first */
  readonly dateOrder?: DateOrder | undefined
  /** of numbers in which a comma or point may separate thousands */
  readonly decimalSeparator?: '.' | ',' | undefined
  /** the IANA time zone of moments without an offset */
  readonly timeZone?: string | undefined
  /** what cells are taken for, as they stand in the file: `{ "Kunde": "CUSTOMER" }` */
  readonly values?: Readonly<Record<string, string>> | undefined
  /** whether an empty cell clears the field; otherwise it leaves the field as it is */
  readonly emptyClears?: boolean | undefined
}

/** Where the cells of a column belong. */
export interface ColumnTarget extends CellOptions {
  readonly key: string
  /** of contact info: further fields of the same item, `{ "type": "MOBILE" }` */
  readonly with?: Readonly<Record<string, string>> | undefined
}

/** Where each column of a file belongs: its key, or null for a column that is left out. Columns that aren't named are too. */
export interface Mapping {
  readonly columns: Readonly<Record<string, string | ColumnTarget | null>>
  /** values of each row that are in no column: `{ "owner.email": "ada@example.com" }` */
  readonly values?: Readonly<Record<string, string>> | undefined
}

export type MappingErrorCode =
  'UNKNOWN_COLUMN' | 'UNKNOWN_KEY' | 'READ_ONLY_KEY' | 'KEY_TWICE' | 'BAD_OPTION' | 'NOTHING_MAPPED'

export interface MappingError {
  readonly code: MappingErrorCode
  readonly message: string
  /** where it is in the mapping: `['columns', 'First Name']` */
  readonly path: readonly string[]
}

/** A column that is read: from which column of the file (null for a value of every row), to which key, and how. */
export interface MappedColumn {
  readonly column: string | null
  readonly value: string
  readonly target: ColumnKey
  readonly options: CellOptions
}

/** The mapped columns in the order of the mapping, and everything that is wrong with it. */
export function checkMapping(
  mapping: Mapping,
  columns: readonly string[],
  keys: RecordKeys,
): { readonly mapped: MappedColumn[]; readonly errors: MappingError[] } {
  const mapped: MappedColumn[] = []
  const errors: MappingError[] = []
  const known = new Set(columns)
  const takenBy = new Map<string, string>()

  const take = (column: string | null, value: string, text: string, options: CellOptions, path: string[]): void => {
    const target = findColumnKey(keys, text)
    const from = column ?? 'a value of every row'
    if (!target) {
      const isReadOnly = keys.readOnly.includes(text)
      errors.push({
        code: isReadOnly ? 'READ_ONLY_KEY' : 'UNKNOWN_KEY',
        message: isReadOnly
          ? `${quote(text)} is set by Kith alone: leave the column out (null).`
          : `There is no key ${quote(text)} to map to: choose another, or leave the column out (null).`,
        path,
      })
      return
    }
    const other = overlapping(takenBy, target.key)
    if (other !== undefined) {
      errors.push({
        code: 'KEY_TWICE',
        message: `${quote(target.key)} is mapped from ${quote(from)} and from ${quote(other)}: leave one of them out (null).`,
        path,
      })
      return
    }
    takenBy.set(target.key, from)
    mapped.push({ column, value, target, options })
  }

  for (const [column, given] of Object.entries(mapping.columns)) {
    const path = ['columns', column]
    if (!known.has(column)) {
      const message = `The file has no column ${quote(column)}: write its name as the header has it.`
      errors.push({ code: 'UNKNOWN_COLUMN', message, path })
      continue
    }
    if (given === null) continue
    const { key, with: more = {}, ...options } = typeof given === 'string' ? { key: given } : given
    errors.push(...optionErrors(options, path))
    take(column, '', key, options, path)
    for (const [field, value] of Object.entries(more)) {
      take(column, value, siblingKey(key, field), {}, [...path, 'with', field])
    }
  }
  for (const [key, value] of Object.entries(mapping.values ?? {})) take(null, value, key, {}, ['values', key])
  if (mapped.length === 0 && errors.length === 0) {
    const message = 'No column is mapped: say where at least one belongs.'
    errors.push({ code: 'NOTHING_MAPPED', message, path: ['columns'] })
  }
  return { mapped, errors }
}

/** `emailAddresses.2.type` beside `emailAddresses.2.email`. */
export function siblingKey(key: string, field: string): string {
  return [...key.split('.').slice(0, -1), field].join('.')
}

/** A list and one of its items can't both be given, nor an amount and its parts. */
function overlapping(takenBy: ReadonlyMap<string, string>, key: string): string | undefined {
  const exact = takenBy.get(key)
  if (exact !== undefined) return exact
  for (const [taken, from] of takenBy) if (taken.startsWith(`${key}.`) || key.startsWith(`${taken}.`)) return from
  return undefined
}

function optionErrors(options: CellOptions, path: readonly string[]): MappingError[] {
  const { dateOrder, decimalSeparator, timeZone } = options
  const wrong = (option: string, message: string): MappingError => ({
    code: 'BAD_OPTION',
    message,
    path: [...path, option],
  })
  const zone = timeZone === undefined ? null : checkTimeZone(timeZone)
  return [
    ...(dateOrder === undefined || ['DMY', 'MDY', 'YMD'].includes(dateOrder)
      ? []
      : [wrong('dateOrder', 'dateOrder is DMY, MDY or YMD.')]),
    ...(decimalSeparator === undefined || [',', '.'].includes(decimalSeparator)
      ? []
      : [wrong('decimalSeparator', 'decimalSeparator is "." or ",".')]),
    ...(zone && !zone.ok ? [wrong('timeZone', zone.problem)] : []),
  ]
}
