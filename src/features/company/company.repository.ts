import { sql } from 'kysely'
import { rowCondition } from '../../access/row-condition.js'
import type { Scope } from '../../access/scope.js'
import { selectList } from '../../concepts/columns.js'
import { preparedStatement } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import { COMPANY_COLUMNS } from './company.columns.js'

/** Companies by id, deleted ones too. */
export function findCompaniesByIds(scope: Scope, ids: readonly string[]): Statement {
  return preparedStatement(
    'findCompaniesByIds',
    sql`select ${selectList(COMPANY_COLUMNS, 'companies')} from companies
      where companies.tenant_id = ${scope.tenantId} and companies.id = any(${ids}::uuid[])
        and ${rowCondition(scope, 'Company', 'companies')}`,
  )
}
