import { readRequestName, readStatementName } from '../../metrics/tally.js'
import type { Kind } from '../../metrics/times.js'

/** What has no name of its own in the history. */
export const OTHERS = '(others)'

/** Under which name something is kept: operations by their name alone, whatever client sent them; statements with their role. */
export function historyName(kind: Kind, name: string): string {
  if (kind === 'request') return readRequestName(name).label
  if (kind !== 'statement') return name
  const { label, role } = readStatementName(name)
  return `${label} ${role}`
}
