import { CUSTOM_VALUE_NAMES } from '../concepts/custom-fields.js'
import { formatCount, quote } from '../lib/value/checked.js'
import type { CellErrorCode } from './cell-error.js'
import { cellReader, type CellReader } from './cell-values.js'
import { findColumnKey, MAX_ITEM_NUMBER, type ColumnKey, type FileCustomField, type RecordKeys } from './column-keys.js'
import type { MappedColumn } from './mapping.js'
import type { FileRow } from './row-file.js'

/** A cell that can't be used. */
export interface CellError {
  /** the line of the file in which its record begins */
  readonly row: number
  /** the header of its column; null for a value of every row */
  readonly column: string | null
  readonly code: CellErrorCode
  readonly message: string
}

/** By what related records are found: `{ company: { name: 'Acme' } }`; null clears the relation. */
export type Lookups = Readonly<Record<string, Readonly<Record<string, string>> | null>>

/** A row as input of a mutation. */
export interface RecordInput {
  /** What upserts take, without relations: `{ firstName, emailAddresses: [{ email, type }], customFields: [{ key, text }] }`. */
  readonly input: Readonly<Record<string, unknown>>
  readonly lookups: Lookups
  /** everything that can't be read; the input is without those cells and mustn't be used then */
  readonly errors: readonly CellError[]
  /** The column to which an error of the mutation belongs, by its path in `input`; null where there is none. */
  readonly columnOf: (path: readonly string[]) => string | null
}

/** Of an item of contact info these alone make none, nor does what every row has: `type` of an e-mail address that isn't there. */
const QUALIFIERS = new Set(['type', 'platform', 'isPrimary'])

interface Step {
  readonly column: string | null
  readonly value: string
  readonly target: ColumnKey
  readonly emptyClears: boolean
  readonly readCell: CellReader
}

/**
 * A function that reads rows by a checked mapping. An empty cell says nothing (or clears, where its mapping says so);
 * items of lists without a value are left out, the others move up.
 */
export function createRecordReader(mapped: readonly MappedColumn[], keys: RecordKeys): (row: FileRow) => RecordInput {
  const steps = mapped.map(({ column, value, target, options }): Step => ({
    column,
    value,
    target,
    emptyClears: options.emptyClears === true,
    readCell: cellReader(target, options),
  }))
  const columnByKey = new Map(mapped.map(({ column, target }) => [target.key, column]))
  return (row) => readRow(row, steps, keys, columnByKey)
}

function readRow(
  row: FileRow,
  steps: readonly Step[],
  keys: RecordKeys,
  columnByKey: ReadonlyMap<string, string | null>,
): RecordInput {
  const input: Record<string, unknown> = {}
  const lookups: Record<string, Record<string, string> | null> = {}
  const items = new Map<string, Map<number, Record<string, unknown>>>()
  // Items that a cell has something for: `addresses.1`.
  const filled = new Set<string>()
  const custom = new Map<string, Record<string, unknown>>()
  const errors: CellError[] = []

  for (const { column, value, target, emptyClears, readCell } of steps) {
    const { place } = target
    const fail = (code: CellErrorCode, message: string): void =>
      void errors.push({ row: row.row, column, code, message })
    // A value beside a column holds where an item is there; it makes none.
    const isCell = value === '' && column !== null
    const cell = isCell ? (row.cells.get(column) ?? '') : value
    if (cell.trim() === '') {
      if (!emptyClears) continue
      if (place.in === 'field') input[place.field] = null
      else if (place.in === 'relation') lookups[place.relation] ??= null
      else if (place.in === 'custom') custom.set(place.field.key, customValue(place.field, null))
      continue
    }
    const result = readCell(cell)
    if (!result.ok) {
      fail(result.code, result.message)
      continue
    }
    if (place.in === 'field') input[place.field] = result.value
    else if (place.in === 'relation') lookups[place.relation] = { ...lookups[place.relation], [place.by]: cell.trim() }
    else if (place.in === 'item') {
      const list = items.get(place.list) ?? new Map<number, Record<string, unknown>>()
      items.set(place.list, list)
      list.set(place.number, { ...list.get(place.number), [place.field]: result.value })
      if (isCell && !QUALIFIERS.has(place.field)) filled.add(`${place.list}.${place.number}`)
    } else if (place.in === 'custom') {
      const before = custom.get(place.field.key)
      custom.set(
        place.field.key,
        place.part ? moneyPart(place.field, before, place.part, result.value) : customValue(place.field, result.value),
      )
    } else if (place.in === 'list') input[place.list] = listOf(place.list, result.value, keys, fail)
    else readCustomFields(result.value, keys, custom, fail)
  }

  const numbers = new Map<string, number[]>()
  for (const [list, byNumber] of items) {
    const given = [...byNumber].filter(([number]) => filled.has(`${list}.${number}`)).sort(([a], [b]) => a - b)
    if (given.length === 0) continue
    input[list] = given.map(([, item]) => item)
    numbers.set(
      list,
      given.map(([number]) => number),
    )
  }
  if (custom.size > 0) input.customFields = [...custom.values()]
  const customKeys = [...custom.keys()]
  return { input, lookups, errors, columnOf: (path) => columnOf(path, columnByKey, numbers, customKeys) }
}

function columnOf(
  [first = '', second, third]: readonly string[],
  columnByKey: ReadonlyMap<string, string | null>,
  numbers: ReadonlyMap<string, readonly number[]>,
  customKeys: readonly string[],
): string | null {
  const under = (prefix: string): string | null => {
    const exact = columnByKey.get(prefix)
    if (exact !== undefined) return exact
    for (const [key, column] of columnByKey) if (key.startsWith(`${prefix}.`)) return column
    return null
  }
  if (first === 'customFields' && second !== undefined) {
    return under(`customFields.${customKeys[Number(second)] ?? ''}`) ?? under('customFields')
  }
  const number = second === undefined ? undefined : numbers.get(first)?.[Number(second)]
  if (number !== undefined) {
    const exact = third === undefined ? undefined : columnByKey.get(`${first}.${String(number)}.${third}`)
    return exact ?? under(`${first}.${String(number)}`)
  }
  return under(first) ?? (first.endsWith('Id') ? under(first.slice(0, -2)) : null)
}

function customValue(field: FileCustomField, value: unknown): Record<string, unknown> {
  return { key: field.key, [CUSTOM_VALUE_NAMES[field.type]]: value }
}

function moneyPart(
  field: FileCustomField,
  before: Record<string, unknown> | undefined,
  part: 'amount' | 'currency',
  value: unknown,
): Record<string, unknown> {
  const money = (before?.currency ?? {}) as Record<string, unknown>
  return customValue(field, { ...money, [part === 'amount' ? 'amount' : 'code']: value })
}

type Fail = (code: CellErrorCode, message: string) => void

/** `[{"email": "a@b.ch", "type": "WORK"}]`; null and fields that only answers have are left out. */
function listOf(list: string, value: unknown, keys: RecordKeys, fail: Fail): unknown[] {
  if (!Array.isArray(value)) {
    fail('INVALID_JSON', 'A JSON list is needed, as [{"type": "WORK", …}].')
    return []
  }
  if (value.length > MAX_ITEM_NUMBER)
    fail('TOO_MANY_VALUES', `The list has more than ${formatCount(MAX_ITEM_NUMBER)} items.`)
  return value.slice(0, MAX_ITEM_NUMBER).map((item: unknown, index) => {
    const fields: Record<string, unknown> = {}
    if (typeof item !== 'object' || item === null) {
      fail('INVALID_JSON', `Item ${String(index + 1)} of the list is no object.`)
      return fields
    }
    for (const [name, part] of Object.entries(item)) {
      const target = findColumnKey(keys, `${list}.1.${name}`)
      if (!target) {
        if (!keys.readOnly.includes(name))
          fail('INVALID_JSON', `Item ${String(index + 1)} has an unknown field ${quote(name)}.`)
        continue
      }
      const result = part === null || part === '' ? null : cellReader(target, {})(textOf(part))
      if (result?.ok === false) fail(result.code, result.message)
      else if (result) fields[name] = result.value
    }
    return fields
  })
}

/** `{"tier": "gold", "price": {"amount": "12.50", "currency": "CHF"}, "tags": ["a"]}`. */
function readCustomFields(
  value: unknown,
  keys: RecordKeys,
  custom: Map<string, Record<string, unknown>>,
  fail: Fail,
): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail('INVALID_JSON', 'A JSON object is needed, as {"tier": "gold"}.')
    return
  }
  for (const [name, part] of Object.entries(value)) {
    const target = findColumnKey(keys, `customFields.${name}`)
    if (target?.place.in !== 'custom') {
      fail('UNKNOWN_VALUE', `There is no custom field ${quote(name)}.`)
      continue
    }
    if (part === null || part === '') continue
    const result = cellReader(target, {})(moneyText(part) ?? textOf(part))
    if (result.ok) custom.set(name, customValue(target.place.field, result.value))
    else fail(result.code, result.message)
  }
}

function moneyText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('amount' in value)) return null
  const code = 'currency' in value ? value.currency : 'code' in value ? value.code : ''
  return `${textOf(value.amount)} ${textOf(code)}`.trim()
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
