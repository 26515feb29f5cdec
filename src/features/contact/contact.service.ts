import type { Scope } from '../../access/scope.js'
import { mapValue } from '../../lib/promise.js'
import { once } from '../../lib/once.js'
import { countOnce, MAX_ESTIMATE, toPage, type Connection, type Page } from '../../list/connection.js'
import { toIdPage } from '../../list/id-page.js'
import { listQueryReader, type ListArguments, type ListQuery } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { CONTACT, type ContactRow } from './contact.columns.js'
import type { CompanyPageKey, createContactLoaders, PlacedContact } from './contact.loaders.js'

/**
 * Contacts of one company, newest first unless another order is asked for; all companies of a request share a
 * statement, and one for a count. `field` is the field of the document, whose arguments are the same for all companies:
 * they are read once. The estimate is a count that stops at 10,000: statistics know nothing of one company.
 * @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR
 */
export function listContactsOfCompany(
  scope: Scope,
  lister: Lister,
  loaders: ReturnType<typeof createContactLoaders>,
  companyId: string,
  args: ListArguments,
  field: object,
): Connection<ContactRow> {
  const key = companyPageKey(scope, lister, companyId, args, field)
  const { query } = key
  const count = countOnce((max) => loaders.contactCountByCompany.load({ ...key, max }))
  return {
    page: once(() => mapValue(loaders.contactsByCompany.get(key), (placed) => pageOfCompany(lister, query, placed))),
    count,
    estimatedCount: async () => (await count(MAX_ESTIMATE)).total,
  }
}

function pageOfCompany(lister: Lister, query: ListQuery, placed: readonly PlacedContact[]): Page<ContactRow> {
  const places = placed.map(({ place }) => place)
  const rows = new Map(placed.map(({ row }) => [row.id, row]))
  const found = toIdPage(query, places)
  return toPage(
    lister,
    query,
    found,
    found.places.map(({ id }) => rows.get(id) ?? null),
  )
}

/**
 * The key by which `listContactsOfCompany` reads its page for the same arguments.
 * @throws BAD_USER_INPUT, FORBIDDEN, INVALID_CURSOR
 */
export function companyPageKey(
  scope: Scope,
  lister: Lister,
  companyId: string,
  args: ListArguments,
  field: object,
): CompanyPageKey {
  const reader = companyListReader(scope, lister, args, field)
  const { read, rowsText, keys } = reader
  const known = keys.get(companyId)
  if (known) return known
  const query = read(`company.contacts:${companyId}`)
  const key = { companyId, query, text: pageText(reader, query.page), rowsText }
  keys.set(companyId, key)
  return key
}

/** Only a cursor makes pages of one field different, as each is of one company. */
function pageText(reader: CompanyListReader, page: ListQuery['page']): string {
  const write = (): string => JSON.stringify([reader.rowsText, reader.orderText, page])
  return page.from === null ? (reader.firstPageText ??= write()) : write()
}

/** The arguments of one field `Company.contacts`, read for all companies. */
interface CompanyListReader {
  /** by the list's name in cursors */
  readonly read: (list: string) => ListQuery
  readonly orderText: string
  readonly rowsText: string
  /** that were made, by the company's id */
  readonly keys: Map<string, CompanyPageKey>
  /** of pages without a cursor, once there was one */
  firstPageText: string | undefined
}

// What was read in a request, by its scope and the fields of its document.
const readers = new WeakMap<Scope, Map<object, CompanyListReader>>()

function companyListReader(scope: Scope, lister: Lister, args: ListArguments, field: object): CompanyListReader {
  const ofRequest = readers.get(scope) ?? new Map<object, CompanyListReader>()
  readers.set(scope, ofRequest)
  const known = ofRequest.get(field)
  if (known) return known
  const reader = {
    read: listQueryReader(scope, lister, CONTACT, args),
    orderText: JSON.stringify(args.orderBy ?? null),
    rowsText: JSON.stringify([args.filter, args.deleted]),
    keys: new Map<string, CompanyPageKey>(),
    firstPageText: undefined,
  }
  ofRequest.set(field, reader)
  return reader
}
