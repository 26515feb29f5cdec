import type { Statement } from '../../database/statement.js'
import type { Columns } from '../../concepts/columns.js'
import { selectedColumns, type SelectedFields } from '../../concepts/selected-columns.js'
import type { TickFlight } from '../../database/tick-flight.js'
import { manyByKey, oneByKey } from '../../lib/batch.js'
import { Loader } from '../../lib/loader.js'
import type { CursorPlace } from '../../lib/cursor.js'
import type { Scope } from '../../access/scope.js'
import { toPlace, type PageRow } from '../../list/id-page.js'
import type { ListQuery } from '../../list/list-query.js'
import { rowByIdLoader } from '../../list/rows-by-ids.js'
import { keyNames, orderTerms } from '../../list/page/order-terms.js'
import {
  countContactsByCompanies,
  findContactsByCompanies,
  findNewestContactsByCompanies,
} from './contact.repository.js'
import { CONTACT, CONTACT_COLUMNS, type ContactRow } from './contact.columns.js'

/** One company's page of contacts; pages that are asked for alike have one `text`. */
export interface CompanyPageKey {
  readonly companyId: string
  readonly query: ListQuery
  readonly text: string
  /** the same for lists of the same rows, whatever their order and page */
  readonly rowsText: string
}

/** How many rows a company's list has; lists of the same rows have one `rowsText`, whatever their order and page. */
export interface CompanyCountKey {
  readonly companyId: string
  readonly query: ListQuery
  readonly rowsText: string
  readonly max: number
}

/** A contact on its place in a company's list. */
export interface PlacedContact {
  readonly row: ContactRow
  readonly place: CursorPlace
}

/** Loaders of contacts for one request. `contactById` gives deleted contacts too. */
export function createContactLoaders(scope: Scope, flight: TickFlight, selected: SelectedFields) {
  const options = { batchScheduleFn: flight.schedule }
  const columnsOf = () => selectedColumns(CONTACT_COLUMNS, selected('Contact'))
  return {
    contactById: rowByIdLoader<ContactRow>(scope, flight, CONTACT, CONTACT_COLUMNS, selected),
    /** A page of each company's live contacts; companies that ask for the same page share one statement. */
    contactsByCompany: new Loader<CompanyPageKey, PlacedContact[], string>(
      (keys) =>
        byGroup(
          keys,
          ({ text }) => text,
          async ([sample, ...rest]) => {
            const companyIds = [sample, ...rest].map((key) => key.companyId)
            const rows = await flight.read<ContactRow & PageRow>(
              findCompanyPages(scope, companyIds, sample.query, columnsOf()),
            )
            const names = keyNames(orderTerms(sample.query.steps, false))
            const placed = rows.map((row) => ({ row, place: toPlace(names, row) }))
            return manyByKey(companyIds, placed, ({ row }) => row.companyId ?? '')
          },
        ),
      { ...options, idOf: (key) => `${key.companyId} ${key.text}` },
    ),
    /** How many contacts each company's list has, `max + 1` at most. */
    contactCountByCompany: new Loader<CompanyCountKey, number, string>(
      (keys) =>
        byGroup(
          keys,
          (key) => `${key.max} ${key.rowsText}`,
          async ([sample, ...rest]) => {
            const companyIds = [sample, ...rest].map((key) => key.companyId)
            const statement = countContactsByCompanies(scope, companyIds, sample.query, sample.max)
            const rows = await flight.read<{ companyId: string; total: number }>(statement)
            return oneByKey(companyIds, rows, (row) => row.companyId).map((row) => row?.total ?? 0)
          },
        ),
      { ...options, idOf: (key) => `${key.companyId} ${key.max} ${key.rowsText}` },
    ),
  }
}

// The usual page has a text that never changes, which the server keeps prepared.
function findCompanyPages(scope: Scope, companyIds: readonly string[], query: ListQuery, columns: Columns): Statement {
  const { filter, isOrdered, states, page } = query
  return filter || isOrdered || page.isBackward || states.includes('deleted')
    ? findContactsByCompanies(scope, companyIds, query, columns)
    : findNewestContactsByCompanies(scope, companyIds, page.size + 1, page.from, columns)
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
