import { isUuid } from '../lib/uuid.js'
import type { Declaration } from './cell-error.js'
import { cellReader } from './cell-values.js'
import { findColumnKey, MAX_ITEM_NUMBER, type RecordKeys } from './column-keys.js'
import { headerWords, ITEM_HEADERS, PLAIN_HEADERS, PLATFORM_WORDS, TYPE_WORDS } from './header-words.js'
import type { ColumnTarget, Mapping } from './mapping.js'
import type { FileRow } from './row-file.js'

/** EXACT: the header is a key; HIGH: it is a usual name of one; LOW: it may be one; NONE: it is left out. */
export type Confidence = 'EXACT' | 'HIGH' | 'LOW' | 'NONE'

/** Where a column seems to belong. */
export interface ColumnSuggestion {
  readonly column: string
  /** null where it is left out */
  readonly target: ColumnTarget | null
  readonly confidence: Confidence
  /** its first different values that aren't empty, five at most, cut to 100 characters */
  readonly samples: readonly string[]
  /** what is to be declared in `target` first */
  readonly declare: readonly Declaration[]
}

const SAMPLES = 5
const SAMPLE_LENGTH = 100
/** A header that is longer is no usual one: ten of 100,000 characters took 3 s. */
const MAX_USUAL_LENGTH = 200
const LINE_2 = /^(.*?)\b(?:street|strasse|address line|adresszeile|line|address) 2$/

/**
 * A suggestion for each column, in their order: by the keys of our own exports, by names and labels of custom fields, and by
 * the usual headers of other systems. No key is suggested twice.
 */
export function suggestMapping(
  columns: readonly string[],
  sample: readonly FileRow[],
  keys: RecordKeys,
): ColumnSuggestion[] {
  const numbers = createItemNumbers()
  const good = sample.filter(({ error }) => !error)
  const filled = new Map(
    columns.map((column) => {
      const cells = good.map((row) => row.cells.get(column) ?? '').filter((cell) => cell.trim() !== '')
      return [column, [...new Set(cells)]]
    }),
  )
  const cellsOf = (column: string): readonly string[] => filled.get(column) ?? []
  const exact = new Map(columns.map((column) => [column, exactTarget(column, cellsOf(column), keys)]))
  const hasPartsOfNames = columns.some(isPartOfName)
  const customKeys = customKeysByWords(keys)
  const taken = new Set([...exact.values()].flatMap((target) => (target ? [target.key] : [])))
  // Items that are named exactly keep their numbers.
  for (const key of taken) numbers.reserve(key)
  return columns.map((column) => {
    const cells = cellsOf(column)
    const found = exact.get(column)
    const [target, confidence] =
      found !== undefined
        ? ([found, found ? 'EXACT' : 'NONE'] as const)
        : usualTarget(column, cells, hasPartsOfNames, keys, customKeys, numbers, taken)
    if (target) taken.add(target.key)
    const samples = cells.slice(0, SAMPLES).map((cell) => cell.slice(0, SAMPLE_LENGTH))
    return { column, target, confidence, samples, declare: target ? declarations(target, cells, keys) : [] }
  })
}

/** The suggested mapping: what a person may change before it is used. */
export function mappingOf(suggestions: readonly ColumnSuggestion[]): Mapping {
  return { columns: Object.fromEntries(suggestions.map(({ column, target }) => [column, target])) }
}

/** The key that the header is; null where Kith sets it alone; undefined where the header is none. */
function exactTarget(column: string, cells: readonly string[], keys: RecordKeys): ColumnTarget | null | undefined {
  if (keys.readOnly.includes(column)) return null
  const key = findColumnKey(keys, column)
  if (!key) return undefined
  // `id` and `company.id` of other systems are no ids of ours.
  const isId = key.key === 'id' || (key.place.in === 'relation' && key.place.by === 'id')
  return isId && cells.some((cell) => !isUuid(cell.trim())) ? undefined : { key: key.key }
}

type Found = readonly [target: ColumnTarget | null, confidence: Confidence]
const NOT_FOUND: Found = [null, 'NONE']

function usualTarget(
  column: string,
  cells: readonly string[],
  hasPartsOfNames: boolean,
  keys: RecordKeys,
  customKeys: ReadonlyMap<string, string>,
  numbers: ItemNumbers,
  taken: ReadonlySet<string>,
): Found {
  if (column.length > MAX_USUAL_LENGTH) return NOT_FOUND
  const words = headerWords(column)
  const free = (key: string, confidence: Confidence): Found =>
    !taken.has(key) && findColumnKey(keys, key) ? [{ key }, confidence] : NOT_FOUND
  if (words === 'id' || words === 'company id') {
    return free(
      words === 'id' ? 'externalId' : Object.hasOwn(keys.relations, 'company') ? 'company.externalId' : 'externalId',
      'HIGH',
    )
  }
  const custom = customKeys.get(words)
  if (custom !== undefined) return free(`customFields.${custom}`, 'HIGH')
  const plain = (PLAIN_HEADERS.get(words) ?? []).find((key) => findColumnKey(keys, key))
  if (plain === 'owner.email') return cells.some((cell) => cell.includes('@')) ? free(plain, 'HIGH') : NOT_FOUND
  if (plain !== undefined) return free(plain, plain === 'status' || plain.endsWith('OptIn') ? 'LOW' : 'HIGH')
  // A whole name is never cut into parts: it is a last name where the file has no columns of its parts.
  if (/^(?:name|full name|display name|file as)$/.test(words) && !hasPartsOfNames) return free('lastName', 'LOW')
  return itemTarget(words, cells, keys, numbers)
}

/** Of several fields that are called alike the first. */
function customKeysByWords({ customFields }: RecordKeys): ReadonlyMap<string, string> {
  const byWords = new Map<string, string>()
  for (const { key, label } of customFields) {
    for (const name of [key, label ?? key]) {
      const words = headerWords(name)
      if (!byWords.has(words)) byWords.set(words, key)
    }
  }
  return byWords
}

function isPartOfName(column: string): boolean {
  if (column.length > MAX_USUAL_LENGTH) return false
  return ['firstName', 'lastName'].includes(PLAIN_HEADERS.get(headerWords(column))?.[0] ?? column)
}

/** `Home Phone`, `E-mail 2 - Value`, `Business Street`, `LinkedIn`. */
function itemTarget(words: string, cells: readonly string[], keys: RecordKeys, numbers: ItemNumbers): Found {
  const parts = words.split(' ')
  const platform = PLATFORM_WORDS.get(parts[0] ?? '')
  if (
    platform !== undefined &&
    /^(?:url|profile|profile url|page|handle|username|company page|bio)?$/.test(parts.slice(1).join(' '))
  ) {
    const field = cells.some((cell) => /^https?:|\//i.test(cell)) || parts.includes('url') ? 'url' : 'handle'
    return item(keys, numbers, 'socialMediaAccounts', field, platform, { platform })
  }
  const line2 = LINE_2.exec(words)
  const text = line2 ? `${line2[1] ?? ''}suite` : words
  const rest = text.split(' ').filter((part) => !/^\d+$/.test(part) && !TYPE_WORDS.has(part))
  const typeWords = text.split(' ').filter((part) => TYPE_WORDS.has(part))
  // A business fax is a fax.
  const types =
    typeWords.find((part) => /^(?:MOBILE|FAX)$/.test(TYPE_WORDS.get(part)?.phoneNumbers ?? '')) ?? typeWords[0]
  const number = line2 ? undefined : text.split(' ').find((part) => /^\d+$/.test(part))
  const isPhone = rest.length === 0 || (rest.length === 1 && rest[0] === 'number')
  const typeOf = types === undefined ? {} : (TYPE_WORDS.get(types) ?? {})
  const meaning =
    ITEM_HEADERS.get(rest.join(' ')) ??
    (isPhone && /^(?:MOBILE|FAX)$/.test(typeOf.phoneNumbers ?? '') ? ['phoneNumbers', 'number'] : undefined)
  const [list = '', field = ''] = meaning ?? []
  if (!Object.hasOwn(keys.lists, list)) return NOT_FOUND
  const type = typeOf[list]
  const constants: Record<string, string> = type === undefined ? {} : { type }
  return item(keys, numbers, list, field, `${typeWords.join(' ')} ${number ?? ''}`, constants)
}

function item(
  keys: RecordKeys,
  numbers: ItemNumbers,
  list: string,
  field: string,
  group: string,
  constants: Readonly<Record<string, string>>,
): Found {
  const { number, isFirst } = numbers.of(list, group, field)
  const key = `${list}.${String(number)}.${field}`
  if (number > MAX_ITEM_NUMBER || !findColumnKey(keys, key)) return NOT_FOUND
  const isGiven = Object.keys(constants).length > 0 && isFirst
  return [isGiven ? { key, with: constants } : { key }, 'HIGH']
}

interface ItemNumbers {
  /** Keeps the number of a key for itself. */
  reserve(key: string): void
  /** The number of the item that a group of headers means; a field that it has already begins another item. */
  of(list: string, group: string, field: string): { number: number; isFirst: boolean }
}

function createItemNumbers(): ItemNumbers {
  const used = new Map<string, Set<number>>()
  const groups = new Map<string, { number: number; fields: Set<string> }>()
  const usedOf = (list: string): Set<number> => {
    const numbers = used.get(list) ?? new Set<number>()
    used.set(list, numbers)
    return numbers
  }
  return {
    reserve(key) {
      const [list = '', number] = key.split('.')
      if (number !== undefined) usedOf(list).add(Number(number))
    },
    of(list, group, field) {
      const known = groups.get(`${list} ${group}`)
      if (known && !known.fields.has(field)) {
        known.fields.add(field)
        return { number: known.number, isFirst: false }
      }
      const numbers = usedOf(list)
      let number = 1
      // None beyond is a key; to look for the first free one of 8,000 took 2 s.
      while (number <= MAX_ITEM_NUMBER && numbers.has(number)) number += 1
      numbers.add(number)
      groups.set(`${list} ${group}`, { number, fields: new Set([field]) })
      return { number, isFirst: true }
    },
  }
}

/** What must be declared so that cells can be read. */
function declarations(target: ColumnTarget, cells: readonly string[], keys: RecordKeys): Declaration[] {
  const key = findColumnKey(keys, target.key)
  if (!key || !['date', 'datetime', 'decimal', 'float', 'integer', 'money'].includes(key.kind)) return []
  const readCell = cellReader(key, {})
  return [...new Set(cells.map(readCell).flatMap((result) => (result.ok ? [] : result.declare)))]
}
