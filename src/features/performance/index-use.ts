import type { IndexRow } from './performance.repository.js'

const MIN_HISTORY_DAYS = 14
const DAY_MS = 86_400_000

/**
 * Whether nobody reads an index; null where the statistics are younger than 14 days, as on a fresh server every index is
 * unread. What makes rows unique is used by each write.
 */
export function isUnused({ scans, isUnique, statisticsSince }: IndexRow, now: Date): boolean | null {
  if (isUnique || scans > 0) return false
  if (statisticsSince === null) return null
  return now.getTime() - Date.parse(statisticsSince) >= MIN_HISTORY_DAYS * DAY_MS ? true : null
}
