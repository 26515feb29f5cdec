import { csvLine } from '../../files/csv-writer.js'
import { nester } from '../../files/nested.js'
import type { ContactInfoKind } from '../contact-info/contact-info.columns.js'
import { cardOf } from './card.js'
import type { ExportPlan, ExportType } from './export-plan.js'
import { tableColumns } from './export-table.js'
import type { Cell, ExportedRecord } from './exported-record.js'

/** Writes records in the format of an export. */
export interface RecordWriter {
  /** what stands before the first record: the header of CSV */
  readonly head: string
  readonly write: (records: readonly ExportedRecord[]) => string
}

/** The writer of an export; `most` says for how many rows of contact info of a kind its columns have room. */
export function recordWriter(
  { kind, format, customFields, columns: chosen, isFormulaEscaped }: ExportPlan,
  most: ReadonlyMap<ContactInfoKind, number>,
): RecordWriter {
  if (format === 'VCARD') {
    const type = kind.type as ExportType
    return { head: '', write: (records) => records.map((each) => cardOf(type, each, customFields)).join('') }
  }
  const columns = tableColumns(kind.columns, chosen, most, format === 'CSV')
  const keys = columns.map(({ key }) => key)
  const isNumber = columns.map((column) => column.isNumber)
  const cells = new Array<Cell>(columns.length)
  const read = (record: ExportedRecord): Cell[] => {
    for (let index = 0; index < columns.length; index++) cells[index] = columns[index]?.read(record) ?? null
    return cells
  }
  const nest = nester(keys)
  const line =
    format === 'CSV'
      ? (record: ExportedRecord) => csvLine(read(record), isFormulaEscaped, isNumber)
      : (record: ExportedRecord) => `${JSON.stringify(nest(read(record)))}\n`
  return {
    head: format === 'CSV' ? csvLine(keys, false) : '',
    write(records) {
      let text = ''
      for (const record of records) text += line(record)
      return text
    },
  }
}
