import type { Scope } from '../../access/scope.js'
import { listConnection, type Connection } from '../../list/connection.js'
import type { ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { COMPANY, type CompanyRow } from './company.columns.js'

/** Live companies, newest first unless another order is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listCompanies(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  loadRow: (id: string) => Promise<CompanyRow | null>,
): Connection<CompanyRow> {
  return listConnection(scope, lister, COMPANY, args, async (id) => liveCompany(await loadRow(id)))
}

/** A company as the API shows it: a deleted one is none. */
export function liveCompany(row: CompanyRow | null): CompanyRow | null {
  return row?.deletedAt === null ? row : null
}
