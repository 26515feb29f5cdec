import type { Columns } from '../../concepts/columns.js'
import type { Row } from '../../database/statement.js'
import { customValueOf, type CustomCell } from '../custom-field/owned-values.service.js'
import type { ContactInfoKind } from '../contact-info/contact-info.columns.js'
import type { CustomFieldDefinitionRow } from '../custom-field/custom-field.columns.js'
import type { ChosenColumn } from './column-choice.js'
import type { Cell, ExportColumn, ExportedRecord, ExportNeeds } from './exported-record.js'

const NUMBER_KINDS = new Set(['integer', 'decimal', 'float'])
const NUMBER_TYPES = new Set(['NUMBER', 'DECIMAL'])

/** What has to be read for some columns. */
export function needsOf(chosen: readonly ChosenColumn[]): ExportNeeds {
  const fields = new Set(['id'])
  const related = new Map<string, Set<string>>()
  const info = new Map<ContactInfoKind, Set<string>>()
  const values = new Set<string>()
  const note = <Key>(sets: Map<Key, Set<string>>, key: Key, names: readonly string[]): void => {
    sets.set(key, new Set([...(sets.get(key) ?? []), ...names]))
  }
  for (const column of chosen) {
    switch (column.kind) {
      case 'field':
        fields.add(column.field)
        break
      case 'related':
        note(related, column.relation, [column.field])
        break
      case 'info':
        note(info, column.info, [column.field])
        break
      case 'infoList':
      case 'infoSpread':
        note(info, column.info, column.fields)
        break
      case 'custom':
        values.add(column.definition.id)
        break
      case 'customAll':
        for (const { id } of column.definitions) values.add(id)
    }
  }
  return { fields, related, info, values }
}

/** Kinds of contact info that stand in as many columns as the records need. */
export function spreadKinds(chosen: readonly ChosenColumn[]): ContactInfoKind[] {
  return chosen.flatMap((column) => (column.kind === 'infoSpread' ? [column.info] : []))
}

/**
 * The columns of a table; `most` says how many rows of contact info of a kind a record has at most. Where texts are wanted,
 * amounts are `12.50 CHF`.
 */
export function tableColumns(
  columns: Columns,
  chosen: readonly ChosenColumn[],
  most: ReadonlyMap<ContactInfoKind, number>,
  wantsTexts: boolean,
): ExportColumn[] {
  return chosen.flatMap((column): ExportColumn[] => {
    const { key } = column
    switch (column.kind) {
      case 'field': {
        const { field } = column
        const isNumber = NUMBER_KINDS.has(columns[field]?.kind ?? '')
        const read = memberReader(field)
        return [{ key, isNumber, read: ({ row }) => read(row) }]
      }
      case 'related': {
        const { relation, field } = column
        return [
          { key, isNumber: false, read: ({ related }) => (related[relation]?.[field] as Cell | undefined) ?? null },
        ]
      }
      case 'info':
        return [infoColumn(key, column.info, column.index, column.field)]
      case 'infoSpread': {
        const list = key.slice(0, -2)
        const { info, fields } = column
        return Array.from({ length: most.get(info) ?? 0 }, (_, index) =>
          fields.map((field) => infoColumn(`${list}.${index + 1}.${field}`, info, index, field)),
        ).flat()
      }
      case 'infoList': {
        const { info: kind, fields } = column
        return [{ key, isNumber: false, read: ({ info }) => infoList(info[kind] ?? [], fields) }]
      }
      case 'custom':
        return [customColumn(key, column.definition, column.part, wantsTexts)]
      case 'customAll': {
        const { definitions } = column
        return [{ key, isNumber: false, read: (record) => allValues(record, definitions) }]
      }
    }
  })
}

/**
 * Reads a member of rows; null where there is no row. A function of its own for each member: one that all share would look the
 * member up in each row anew, which took a quarter of an export.
 */
function memberReader(name: string): (row: Row | undefined) => Cell {
  // The name is one of ours, and quoted.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
  return new Function('row', `return row?.[${JSON.stringify(name)}] ?? null`) as (row: Row | undefined) => Cell
}

function infoColumn(key: string, kind: ContactInfoKind, index: number, field: string): ExportColumn {
  const read = memberReader(field)
  const isNumber = field === 'latitude' || field === 'longitude'
  return { key, isNumber, read: ({ info }) => read(info[kind]?.[index]) }
}

function infoList(rows: NonNullable<ExportedRecord['info'][ContactInfoKind]>, fields: readonly string[]): Cell {
  return rows.map((row) =>
    Object.fromEntries(fields.flatMap((field) => (row[field] === null ? [] : [[field, row[field]]]))),
  )
}

function customColumn(
  key: string,
  definition: CustomFieldDefinitionRow,
  part: 'amount' | 'currency' | null,
  wantsTexts: boolean,
): ExportColumn {
  const { id, type } = definition
  if (wantsTexts && type === 'CURRENCY' && part === null) {
    const amount = ({ values }: ExportedRecord): string | null => {
      const row = values.get(id)
      return row ? `${row.numberValue ?? ''} ${row.currencyCode ?? ''}` : null
    }
    return { key, isNumber: false, read: amount }
  }
  const read = ({ values }: ExportedRecord): CustomCell => {
    const row = values.get(id)
    if (part === null) return customValueOf(definition, row)
    return (part === 'amount' ? row?.numberValue : row?.currencyCode) ?? null
  }
  return { key, isNumber: NUMBER_TYPES.has(type) || part === 'amount', read }
}

function allValues({ values }: ExportedRecord, definitions: readonly CustomFieldDefinitionRow[]): Cell {
  return Object.fromEntries(
    definitions.flatMap((definition) => {
      const row = values.get(definition.id)
      return row ? [[definition.key, customValueOf(definition, row)]] : []
    }),
  )
}
