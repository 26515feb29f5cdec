import { formatCount } from '../lib/value/checked.js'
import type { FileLimits, RowError } from './row-file.js'

/** Why the text of a record can't be stored, whatever its format: the first problem, with the column in which it is. */
export function textError(
  text: string,
  cells: () => Iterable<readonly [column: string, cell: string]>,
  { maxCellLength }: FileLimits,
): RowError | null {
  const isSuspect = text.length > maxCellLength || text.includes('\0') || !text.isWellFormed()
  if (!isSuspect) return null
  for (const [column, cell] of cells()) {
    if (cell.length > maxCellLength) {
      return {
        code: 'ROW_TOO_LARGE',
        message: `The cell has ${formatCount(cell.length)} characters; at most ${formatCount(maxCellLength)} are read: shorten it.`,
        column,
      }
    }
    if (cell.includes('\0')) {
      return { code: 'NUL_CHARACTER', message: 'The cell holds a NUL character (U+0000): remove it.', column }
    }
    if (!cell.isWellFormed()) {
      return {
        code: 'INVALID_ENCODING',
        message: `The cell holds ${describeInvalid(cell)}, which is no text in the encoding of the file: say which encoding it has, as WINDOWS-1252 or ISO-8859-1.`,
        column,
      }
    }
  }
  return null
}

function describeInvalid(cell: string): string {
  const unit = [...cell].find((character) => !character.isWellFormed())?.charCodeAt(0) ?? 0
  const isByte = unit >= 0xdc80 && unit <= 0xdcff
  return isByte
    ? `the byte 0x${(unit - 0xdc00).toString(16).toUpperCase()}`
    : `half of a surrogate pair (U+${unit.toString(16).toUpperCase()})`
}
