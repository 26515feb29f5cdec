import type { Scope } from '../../access/scope.js'
import { countOnce, MAX_ESTIMATE, once, toPage, type Connection } from '../../list/connection.js'
import { toIdPage } from '../../list/id-page.js'
import { readListQuery, type ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { CONTACT, type ContactRow } from './contact.columns.js'
import type { createContactLoaders } from './contact.loaders.js'

/**
 * Live contacts of one company, newest first unless another order is asked for; all companies of a request share a
 * statement, and one for a count. The estimate is a count that stops at 10,000: statistics know nothing of one company.
 * @throws BAD_USER_INPUT, INVALID_CURSOR
 */
export function listContactsOfCompany(
  scope: Scope,
  lister: Lister,
  loaders: ReturnType<typeof createContactLoaders>,
  companyId: string,
  args: ListArguments,
): Connection<ContactRow> {
  const query = readListQuery(scope, lister, CONTACT, args, `company.contacts:${companyId}`)
  const { page } = query
  const key = { companyId, query, text: JSON.stringify([args.filter, args.orderBy, args.deleted, page]) }
  const count = countOnce((max) => loaders.contactCountByCompany.load({ ...key, max }))
  return {
    page: once(async () => {
      const placed = await loaders.contactsByCompany.load(key)
      const rows = new Map(placed.map(({ row }) => [row.id, row]))
      const found = toIdPage(
        query,
        placed.map(({ place }) => place),
      )
      return toPage(
        lister,
        query,
        found,
        found.places.map(({ id }) => rows.get(id) ?? null),
      )
    }),
    count,
    estimatedCount: async () => (await count(MAX_ESTIMATE)).total,
  }
}
