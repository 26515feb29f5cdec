import { checkCountry } from '../lib/value/country.js'
import { checkCurrency } from '../lib/value/currency.js'
import { quote } from '../lib/value/checked.js'
import { readDate, readDateTime } from './cell-dates.js'
import { read, unreadable, type CellResult } from './cell-error.js'
import { readDecimal, readFloat, readInteger } from './cell-numbers.js'
import type { ColumnKey, NamedValue } from './column-keys.js'
import { countryCodeOf } from './country-names.js'
import type { CellOptions } from './mapping.js'

const YES = new Set(['true', 'yes', 'y', '1', 'ja', 'j', 'oui', 'si', 'sì', 'sí', 'wahr', 'vrai', 'on', 'x'])
const NO = new Set(['false', 'no', 'n', '0', 'nein', 'non', 'falsch', 'faux', 'off'])
const SAID_VALUES = 12

/** Words of address books for the values of enums: of each the first that the enum has. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  home: ['HOME', 'PERSONAL'],
  private: ['HOME', 'PERSONAL'],
  privat: ['HOME', 'PERSONAL'],
  personal: ['PERSONAL', 'HOME'],
  work: ['WORK', 'OFFICE'],
  business: ['WORK', 'OFFICE'],
  company: ['WORK', 'OFFICE'],
  office: ['OFFICE', 'WORK'],
  main: ['WORK', 'OFFICE'],
  arbeit: ['WORK', 'OFFICE'],
  büro: ['OFFICE', 'WORK'],
  geschäftlich: ['WORK', 'OFFICE'],
  cell: ['MOBILE'],
  handy: ['MOBILE'],
  mobil: ['MOBILE'],
  iphone: ['MOBILE'],
  telefax: ['FAX'],
  invoice: ['BILLING'],
  rechnung: ['BILLING'],
  delivery: ['SHIPPING'],
  lieferung: ['SHIPPING'],
  twitter: ['X'],
  andere: ['OTHER'],
  sonstige: ['OTHER'],
}

/** Reads the text of a cell, which isn't empty, as the value that its key takes. */
export type CellReader = (cell: string) => CellResult

/** How cells of a column are read: by the kind of its key, and what the mapping declares. */
export function cellReader({ kind, values = [] }: ColumnKey, options: CellOptions): CellReader {
  const readKind = kindReader(kind, values, options)
  const translations = options.values
  if (!translations) return readKind
  return (cell) => readKind(Object.hasOwn(translations, cell.trim()) ? (translations[cell.trim()] ?? '') : cell)
}

function kindReader(kind: ColumnKey['kind'], values: readonly NamedValue[], options: CellOptions): CellReader {
  switch (kind) {
    case 'text':
      return read
    case 'integer':
      return (cell) => readInteger(cell.trim(), options)
    case 'decimal':
      return (cell) => readDecimal(cell, options)
    case 'float':
      return (cell) => readFloat(cell.trim(), options)
    case 'boolean':
      return readBoolean
    case 'date':
      return (cell) => readDate(cell.trim(), options)
    case 'datetime':
      return (cell) => readDateTime(cell.trim(), options)
    case 'enum':
      return namedValueReader(values)
    case 'options':
      return optionsReader(values)
    case 'country':
      return readCountry
    case 'currency':
      return readCurrency
    case 'money':
      return (cell) => readMoney(cell, options)
    case 'json':
      return readJson
  }
}

function readBoolean(cell: string): CellResult<boolean> {
  const word = cell.trim().toLowerCase()
  if (YES.has(word)) return read(true)
  if (NO.has(word)) return read(false)
  return unreadable('INVALID_BOOLEAN', `${quote(cell)} is neither yes nor no: write true or false.`)
}

/** A reader of one value, by value or label, apart from case; then by the words of address books. */
function namedValueReader(values: readonly NamedValue[]): (cell: string) => CellResult<string> {
  const byWord = new Map<string, string>()
  for (const { value, label } of values) byWord.set(wordOf(label), value)
  for (const { value } of values) byWord.set(wordOf(value), value)
  for (const [word, candidates] of Object.entries(SYNONYMS)) {
    const value = candidates.find((candidate) => values.some((known) => known.value === candidate))
    if (value !== undefined && !byWord.has(word)) byWord.set(word, value)
  }
  const exact = new Set(values.map(({ value }) => value))
  return (cell) => {
    if (exact.has(cell)) return read(cell)
    const value = byWord.get(wordOf(cell))
    return value === undefined ? unknownValue(cell, values) : read(value)
  }
}

/** A reader of several options: a JSON list, or options with semicolons, line breaks or commas between them. */
function optionsReader(values: readonly NamedValue[]): (cell: string) => CellResult<string[]> {
  const readOne = namedValueReader(values)
  return (cell) => {
    const parts = optionParts(cell, readOne)
    const read = parts.map(readOne)
    const failed = read.find((result) => !result.ok)
    if (failed && !failed.ok) return failed
    return { ok: true, value: [...new Set(read.flatMap((result) => (result.ok ? [result.value] : [])))] }
  }
}

function optionParts(cell: string, readOne: (cell: string) => CellResult<string>): string[] {
  if (cell.trimStart().startsWith('[')) {
    const list = readJson(cell)
    if (list.ok && Array.isArray(list.value) && list.value.every((part) => typeof part === 'string')) return list.value
  }
  if (readOne(cell).ok) return [cell]
  const separator = /[;\n]/.test(cell) ? /[;\n]/ : ','
  return cell
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function unknownValue(cell: string, values: readonly NamedValue[]): CellResult<never> {
  const said = values.slice(0, SAID_VALUES).map(({ value }) => value)
  const more = values.length > SAID_VALUES ? ` and ${String(values.length - SAID_VALUES)} more` : ''
  const message = `${quote(cell)} is none of ${said.join(', ')}${more}: write one of them, or say in the mapping which one it is (values).`
  return unreadable('UNKNOWN_VALUE', message)
}

function readCountry(cell: string): CellResult<string> {
  const code = checkCountry(cell)
  if (code.ok) return code
  const named = countryCodeOf(cell)
  return named === null ? unreadable('UNKNOWN_VALUE', code.problem) : read(named)
}

function readCurrency(cell: string): CellResult<string> {
  const code = checkCurrency(cell)
  return code.ok ? code : unreadable('UNKNOWN_VALUE', code.problem)
}

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['€', 'EUR'],
  ['£', 'GBP'],
  ['₹', 'INR'],
  ['₩', 'KRW'],
  ['₪', 'ILS'],
  ['₫', 'VND'],
])
const CODE_LAST = /^(.*[0-9])\s*([a-z]{3}|[€£₹₩₪₫])$/i
const CODE_FIRST = /^([a-z]{3}|[€£₹₩₪₫])\s*([+-]?[0-9].*)$/i

/** An amount with its currency: `12.50 CHF`, `€ 12,50`; without one the currency is the field's or the tenant's. */
function readMoney(cell: string, options: CellOptions): CellResult<{ amount: string; code?: string }> {
  const text = cell.trim()
  const last = CODE_LAST.exec(text)
  const first = CODE_FIRST.exec(text)
  const amountText = last?.[1] ?? first?.[2] ?? text
  const codeText = last?.[2] ?? first?.[1]
  const amount = readDecimal(amountText, options)
  if (!amount.ok) return amount
  if (codeText === undefined) return read({ amount: amount.value })
  const code = readCurrency(SIGNS.get(codeText) ?? codeText)
  return code.ok ? read({ amount: amount.value, code: code.value }) : code
}

function readJson(cell: string): CellResult {
  try {
    return read(JSON.parse(cell) as unknown)
  } catch {
    return unreadable('INVALID_JSON', `${quote(cell)} is no JSON.`)
  }
}

function wordOf(text: string): string {
  // Google writes its own labels with an asterisk: "* Work".
  return text
    .trim()
    .replace(/^\*\s*/, '')
    .replace(/[\s-]+/g, '_')
    .toLowerCase()
}
