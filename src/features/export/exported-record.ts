import type { Row } from '../../database/statement.js'
import type { CustomCell, OwnedValue } from '../custom-field/owned-values.service.js'
import type { ContactInfoKind } from '../contact-info/contact-info.columns.js'

/** A record with what belongs to it, as far as the export needs it. */
export interface ExportedRecord {
  readonly row: Row
  /** by the name of the relation, `company`; absent where there is none, or none that the principal may see */
  readonly related: Readonly<Record<string, Row | undefined>>
  /** in their order */
  readonly info: Readonly<Partial<Record<ContactInfoKind, readonly Row[]>>>
  /** by the id of the field */
  readonly values: ReadonlyMap<string, OwnedValue>
}

/** What stands in a cell: of CSV as text, lists and objects as JSON; of NDJSON as it is. */
export type Cell = string | number | CustomCell | readonly Row[] | Readonly<Record<string, CustomCell>>

/** A column of an export. */
export interface ExportColumn {
  /** where its values belong, and what it is called: `company.name`, `emailAddresses.1.email` */
  readonly key: string
  readonly read: (record: ExportedRecord) => Cell
  /** whether its texts are numbers: a spreadsheet may take `-1` for one, it is no formula */
  readonly isNumber: boolean
}

/** What has to be read of each record. */
export interface ExportNeeds {
  /** fields of the record itself, by their names in the API */
  readonly fields: ReadonlySet<string>
  /** of relations */
  readonly related: ReadonlyMap<string, ReadonlySet<string>>
  /** of contact info */
  readonly info: ReadonlyMap<ContactInfoKind, ReadonlySet<string>>
  /** of custom fields, by their ids */
  readonly values: ReadonlySet<string>
}
