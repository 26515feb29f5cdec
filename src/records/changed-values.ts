import type { Columns } from '../concepts/columns.js'
import type { Values } from './record-kind.js'

/**
 * Those of some checked values that differ from what is stored. With `{ firstName: 'Ada', notes: null }` in the
 * database, `{ firstName: 'Ada', notes: 'Met in May' }` gives `{ notes: 'Met in May' }`: a save that gives nothing
 * changes nothing.
 */
export function changedValues(columns: Columns, stored: Values, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      if (!columns[name]) throw new Error(`no column ${name}`)
      // Checks give values in the form in which rows have them: decimals padded, texts in NFC, moments in UTC.
      return (value ?? null) !== (stored[name] ?? null)
    }),
  )
}
