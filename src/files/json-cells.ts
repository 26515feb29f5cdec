import { formatCount, quote } from '../lib/value/checked.js'
import type { CellErrorCode } from './cell-error.js'
import { cellReader, type CellReader } from './cell-values.js'
import { findColumnKey, MAX_ITEM_NUMBER, type ColumnKey, type RecordKeys } from './column-keys.js'
import type { CustomInputs } from './custom-inputs.js'

/** Notes why a cell can't be used. */
export type Fail = (code: CellErrorCode, message: string) => void

/** Reads what JSON cells hold: lists of items, and all custom fields as one object. */
export interface JsonCells {
  /** `[{"email": "a@b.ch", "type": "WORK"}]`; null and fields that only answers have are left out. */
  readonly listOf: (list: string, value: unknown, fail: Fail) => unknown[]
  /** `{"tier": "gold", "price": {"amount": "12.50", "currency": "CHF"}, "tags": ["a"]}`. */
  readonly readCustomFields: (value: unknown, custom: CustomInputs, fail: Fail) => void
}

interface Member {
  readonly target: ColumnKey
  readonly readCell: CellReader
}

/** What JSON cells may hold, of which each member is looked up once for all rows. */
export function createJsonCells(keys: RecordKeys): JsonCells {
  const members = new Map<string, Member>()
  const memberOf = (key: string): Member | undefined => {
    const known = members.get(key)
    if (known) return known
    const target = findColumnKey(keys, key)
    // Names that are no keys aren't kept: a file may have any number of them.
    if (!target) return undefined
    const member = { target, readCell: cellReader(target, {}) }
    members.set(key, member)
    return member
  }

  return {
    listOf(list, value, fail) {
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
          const member = memberOf(`${list}.1.${name}`)
          if (!member) {
            if (!keys.readOnly.includes(name))
              fail('INVALID_JSON', `Item ${String(index + 1)} has an unknown field ${quote(name)}.`)
            continue
          }
          const result = part === null || part === '' ? null : member.readCell(textOf(part))
          if (result?.ok === false) fail(result.code, result.message)
          else if (result) fields[name] = result.value
        }
        return fields
      })
    },
    readCustomFields(value, custom, fail) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        fail('INVALID_JSON', 'A JSON object is needed, as {"tier": "gold"}.')
        return
      }
      for (const [name, part] of Object.entries(value)) {
        const member = memberOf(`customFields.${name}`)
        if (member?.target.place.in !== 'custom') {
          fail('UNKNOWN_VALUE', `There is no custom field ${quote(name)}.`)
          continue
        }
        if (part === null || part === '') continue
        const result = member.readCell(moneyText(part) ?? textOf(part))
        if (result.ok) custom.set(member.target.place, result.value)
        else fail(result.code, result.message)
      }
    },
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
