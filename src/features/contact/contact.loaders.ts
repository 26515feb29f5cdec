import DataLoader from 'dataloader'
import type { TickFlight } from '../../database/tick-flight.js'
import { manyByKey, oneByKey } from '../../lib/batch.js'
import type { CursorPlace } from '../../lib/cursor.js'
import type { Scope } from '../../lib/scope.js'
import { countContactsByCompanies, findContactsByCompanies, findContactsByIds } from './contact.repository.js'
import type { ContactRow } from './contact.row.js'

/** One company's page of contacts. */
export interface CompanyPageKey {
  readonly companyId: string
  readonly limit: number
  readonly after: CursorPlace | null
}

/** Loaders of contacts for one request. `contactById` gives deleted contacts too. */
export function createContactLoaders(scope: Scope, flight: TickFlight) {
  const options = { batchScheduleFn: flight.schedule }
  return {
    contactById: new DataLoader<string, ContactRow | null>(
      async (ids) => oneByKey(ids, await flight.read<ContactRow>(findContactsByIds(scope, ids)), (row) => row.id),
      options,
    ),
    /** Live contacts, newest first; companies that ask for the same page share one statement. */
    contactsByCompany: new DataLoader<CompanyPageKey, ContactRow[], string>(
      (keys) =>
        byGroup(keys, pageText, async ([sample, ...rest]) => {
          const companyIds = [sample, ...rest].map((key) => key.companyId)
          const rows = await flight.read<ContactRow>(
            findContactsByCompanies(scope, companyIds, sample.limit, sample.after),
          )
          return manyByKey(companyIds, rows, (row) => row.companyId ?? '')
        }),
      { ...options, cacheKeyFn: (key) => `${key.companyId} ${pageText(key)}` },
    ),
    contactCountByCompany: new DataLoader<{ companyId: string; max: number }, number, string>(
      (keys) =>
        byGroup(
          keys,
          (key) => String(key.max),
          async ([sample, ...rest]) => {
            const companyIds = [sample, ...rest].map((key) => key.companyId)
            const statement = countContactsByCompanies(scope, companyIds, sample.max)
            const rows = await flight.read<{ companyId: string; total: number }>(statement)
            return oneByKey(companyIds, rows, (row) => row.companyId).map((row) => row?.total ?? 0)
          },
        ),
      { ...options, cacheKeyFn: (key) => `${key.companyId} ${key.max}` },
    ),
  }
}

function pageText({ limit, after }: CompanyPageKey): string {
  return JSON.stringify([limit, after])
}

/** Reads keys group by group, all groups at once, and puts the answers back in the order of the keys. */
async function byGroup<Key, Result>(
  keys: readonly Key[],
  groupOf: (key: Key) => string,
  read: (group: [Key, ...Key[]]) => Promise<Result[]>,
): Promise<Result[]> {
  const groups = groupBy(keys, groupOf)
  const answers = new Map<Key, Result>()
  await Promise.all(
    [...groups.values()].map(async (group) => {
      const results = await read(group as [Key, ...Key[]])
      group.forEach((key, index) => answers.set(key, results[index] as Result))
    }),
  )
  return keys.map((key) => answers.get(key) as Result)
}

function groupBy<Key>(keys: readonly Key[], groupOf: (key: Key) => string): Map<string, Key[]> {
  const groups = new Map<string, Key[]>()
  for (const key of keys) {
    const group = groups.get(groupOf(key))
    if (group) group.push(key)
    else groups.set(groupOf(key), [key])
  }
  return groups
}
