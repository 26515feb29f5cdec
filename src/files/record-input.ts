import type { CellErrorCode } from './cell-error.js'
import { cellReader, type CellReader } from './cell-values.js'
import type { ColumnKey, RecordKeys } from './column-keys.js'
import { createCustomInputs } from './custom-inputs.js'
import { createJsonCells, type JsonCells } from './json-cells.js'
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
  /**
   * The column to which an error of the mutation belongs, by its path in `input`, or by a relation and how it was named; null
   * where there is none.
   */
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
  const json = createJsonCells(keys)
  return (row) => readRow(row, steps, json, columnByKey)
}

function readRow(
  row: FileRow,
  steps: readonly Step[],
  json: JsonCells,
  columnByKey: ReadonlyMap<string, string | null>,
): RecordInput {
  const input: Record<string, unknown> = {}
  const lookups: Record<string, Record<string, string> | null> = {}
  const items = new Map<string, Map<number, Record<string, unknown>>>()
  // Items that a cell has something for: `addresses.1`.
  const filled = new Set<string>()
  const custom = createCustomInputs()
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
      else if (place.in === 'custom') custom.set(place, null)
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
    } else if (place.in === 'custom') custom.set(place, result.value)
    else if (place.in === 'list') input[place.list] = json.listOf(place.list, result.value, fail)
    else json.readCustomFields(result.value, custom, fail)
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
  const customFields = custom.list()
  if (customFields.length > 0) input.customFields = customFields
  const customKeys = customFields.map(({ key }) => key)
  return { input, lookups, errors, columnOf: (path) => columnOf(path, columnByKey, numbers, customKeys) }
}

function columnOf(
  [first = '', second, third, fourth]: readonly string[],
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
    const key = `customFields.${customKeys[Number(second)] ?? ''}`
    const part = columnByKey.get(`${key}.${fourth === 'code' ? 'currency' : (fourth ?? '')}`)
    return part ?? under(key) ?? under('customFields')
  }
  const named = columnByKey.get(`${first}.${second ?? ''}`)
  if (named !== undefined) return named
  const number = second === undefined ? undefined : numbers.get(first)?.[Number(second)]
  if (number !== undefined) {
    const exact = third === undefined ? undefined : columnByKey.get(`${first}.${String(number)}.${third}`)
    return exact ?? under(`${first}.${String(number)}`)
  }
  return under(first) ?? (first.endsWith('Id') ? under(first.slice(0, -2)) : null)
}
