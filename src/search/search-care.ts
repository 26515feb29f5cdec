import type { Database } from '../database/database.js'
import { listRecordIds, listTenantIds, staleSearchRows, tellStatistics } from './search-care.repository.js'
import { lockAndRefreshSearchRows, type IndexedType } from './search-rows.js'

/** What a look at the search rows found. */
export interface SearchCare {
  readonly looked: number
  readonly stale: number
}

const TYPES: readonly IndexedType[] = ['CONTACT', 'COMPANY']
const BATCH = 1000

/**
 * Compares the search rows of all tenants with what they would be if they were made now, 1,000 records at a time, each
 * as kith_app in a transaction of its own; with `mend` those that differ are made anew. `onProgress` is told how many
 * records were looked at so far.
 */
export async function careForSearch(
  database: Database,
  { mend, onProgress }: { readonly mend: boolean; readonly onProgress: (looked: number) => void },
): Promise<SearchCare> {
  let [looked, stale] = [0, 0]
  for (const tenantId of await listTenantIds(database)) {
    for (const type of TYPES) {
      for (let after: string | null = null; ;) {
        const reader = database.reader(tenantId)
        const ids: string[] = (await reader.read<{ id: string }>(listRecordIds(tenantId, type, after, BATCH))).map(
          ({ id }) => id,
        )
        if (ids.length === 0) break
        const found = await reader.read<{ id: string }>(staleSearchRows(tenantId, type, ids))
        const staleIds = found.map(({ id }) => id)
        if (mend && staleIds.length > 0) {
          const mending = [...lockAndRefreshSearchRows(tenantId, type, staleIds), tellStatistics()]
          await database.change(tenantId, (change) => change.commit(mending))
        }
        looked += ids.length
        stale += staleIds.length
        onProgress(looked)
        after = ids.at(-1) ?? null
      }
    }
  }
  return { looked, stale }
}
