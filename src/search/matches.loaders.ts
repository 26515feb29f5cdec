import type { TickFlight } from '../database/tick-flight.js'
import { groupByKey, manyByKey } from '../lib/batch.js'
import { Loader } from '../lib/loader.js'
import type { Scope } from '../access/scope.js'
import { findSearchMatches, type FoundMatch } from './matches.repository.js'
import type { SearchMatch, SearchMatchKey } from './search.row.js'

/**
 * Loaders of search for one request. `searchMatchesByRecord` gives the values in which a search was found, by record:
 * one statement for each search and type, so two for a search over contacts and companies, however many records it
 * found.
 */
export function createMatchLoaders(scope: Scope, flight: TickFlight) {
  return {
    searchMatchesByRecord: new Loader<SearchMatchKey, SearchMatch[], string>(
      async (keys) => {
        const groups = groupByKey(keys, groupOf)
        const found = new Map<SearchMatchKey, SearchMatch[]>()
        const read = async (group: readonly SearchMatchKey[]): Promise<void> => {
          const [{ type, terms }] = group as [SearchMatchKey]
          const rows = await flight.read<FoundMatch>(findSearchMatches(scope, type, group, terms))
          const matches = manyByKey(
            group.map(({ id }) => id),
            rows,
            (row) => row.ownerId,
          )
          group.forEach((key, index) => found.set(key, matches[index] ?? []))
        }
        await Promise.all([...groups.values()].map(read))
        return keys.map((key) => found.get(key) ?? [])
      },
      {
        batchScheduleFn: flight.schedule,
        idOf: (key) => `${key.id} ${String(key.isMisspelt)} ${key.fingerprint}`,
      },
    ),
  }
}

/** Records that one statement reads. */
function groupOf({ type, fingerprint }: SearchMatchKey): string {
  return `${type} ${fingerprint}`
}
