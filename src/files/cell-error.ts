/** Why a cell can't be used. Codes stay; messages may change. */
export type CellErrorCode =
  | 'AMBIGUOUS_DATE'
  | 'AMBIGUOUS_NUMBER'
  | 'INVALID_DATE'
  | 'INVALID_DATE_TIME'
  | 'INVALID_NUMBER'
  | 'INVALID_BOOLEAN'
  | 'INVALID_JSON'
  | 'UNKNOWN_VALUE'
  | 'TOO_MANY_VALUES'

/** What a cell is read as: a value, or why it has none. */
export type CellResult<Value = unknown> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: CellErrorCode; readonly message: string }

/** A cell that was read. */
export function read<Value>(value: Value): CellResult<Value> {
  return { ok: true, value }
}

/** A cell that can't be used. */
export function unreadable(code: CellErrorCode, message: string): CellResult<never> {
  return { ok: false, code, message }
}
