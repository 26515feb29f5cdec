import { escapeFormula } from './formula.js'

/** What stands in a cell of CSV: lists and objects as JSON, null as nothing. */
export type CsvCell = string | number | boolean | null | object

const QUOTED = /[",\r\n]/
const AT_SIGN = 0x40

/**
 * A line of CSV, its line break included (RFC 4180, with `\n`). Texts that a spreadsheet would run as formulas are escaped
 * unless `isFormulaEscaped` is false; where `isNumber` says so they are numbers, which aren't. A line of one empty cell is
 * `""`, because readers skip blank lines.
 */
export function csvLine(cells: readonly CsvCell[], isFormulaEscaped: boolean, isNumber?: readonly boolean[]): string {
  let line = ''
  for (let index = 0; index < cells.length; index++) {
    if (index > 0) line += ','
    const cell = cells[index]
    if (cell === null || cell === undefined) continue
    if (typeof cell === 'string') {
      // No formula begins behind `@`: letters are most of what texts begin with.
      const mayBeFormula = isFormulaEscaped && cell.charCodeAt(0) <= AT_SIGN && isNumber?.[index] !== true
      const text = mayBeFormula ? escapeFormula(cell) : cell
      line += QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    } else if (typeof cell === 'object') {
      line += `"${JSON.stringify(cell).replaceAll('"', '""')}"`
    } else {
      line += String(cell)
    }
  }
  return line === '' ? '""\n' : `${line}\n`
}
