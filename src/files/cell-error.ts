/**
 * Why a cell of a row that was read can't be used; in the fourth table of `docs/errors.md`, with INVALID_JSON of rows. Codes stay;
 * messages may change.
 */
export const CELL_ERROR_CODES = {
  AMBIGUOUS_DATE:
    'Day and month, or the century, can be read in two ways: declare `dateOrder`, or write the year with four digits.',
  AMBIGUOUS_DATE_TIME: 'The clocks of the declared `timeZone` show this time twice: write the offset from UTC.',
  AMBIGUOUS_NUMBER: 'The comma may separate thousands or decimals: declare `decimalSeparator`.',
  INVALID_DATE: 'The cell is no day of the calendar.',
  INVALID_DATE_TIME:
    'The cell is no moment, has no offset where no `timeZone` is declared, or is a time that its clocks leave out.',
  INVALID_NUMBER: 'The cell is no number, or none that the field can have.',
  INVALID_BOOLEAN: 'The cell is neither yes nor no.',
  UNKNOWN_VALUE: 'The cell is none of the values of the field: of an option, an enum, a country or a currency.',
  TOO_MANY_VALUES: 'A list has more items than a record can have.',
} as const satisfies Record<string, string>

export type CellErrorCode = keyof typeof CELL_ERROR_CODES | 'INVALID_JSON'

/** What has to be declared before a cell can be read, because it can be read in two ways. */
export type Declaration = 'dateOrder' | 'decimalSeparator' | 'timeZone'

/** Why a cell has no value, and what has to be declared so that it has one. */
interface Unreadable {
  readonly ok: false
  readonly code: CellErrorCode
  readonly message: string
  readonly declare: readonly Declaration[]
}

/** What a cell is read as: a value, or why it has none. */
export type CellResult<Value = unknown> = { readonly ok: true; readonly value: Value } | Unreadable

/** A cell that was read. */
export function read<Value>(value: Value): CellResult<Value> {
  return { ok: true, value }
}

/** A cell that can't be used. */
export function unreadable(code: CellErrorCode, message: string, ...declare: Declaration[]): Unreadable {
  return { ok: false, code, message, declare }
}
