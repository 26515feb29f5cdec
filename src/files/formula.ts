const FORMULA = /^'*[=+\-@\t\r]/
const ESCAPED_FORMULA = /^'+[=+\-@\t\r]/

/**
 * The cell as it is safe in a spreadsheet, which would run `=cmd()` as a formula: an apostrophe goes in front of what
 * begins as one, and of what was escaped before, so that every text comes back (`unescapeFormula`).
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function escapeFormula(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell
}

/** The cell without the apostrophe that `escapeFormula` wrote. */
export function unescapeFormula(cell: string): string {
  return cell.charCodeAt(0) === APOSTROPHE && ESCAPED_FORMULA.test(cell) ? cell.slice(1) : cell
}

const APOSTROPHE = 0x27
