import type { Database } from '../database/database.js'
import type { Statement } from '../database/statement.js'
import type { IndexedType } from './search-rows.js'

const TABLES = {
  CONTACT: { records: 'contacts', rows: 'contact_search', owner: 'contact_id', texts: 'kith_contact_texts' },
  COMPANY: { records: 'companies', rows: 'company_search', owner: 'company_id', texts: 'kith_company_texts' },
} as const

/** The ids of all tenants, as kith_system. */
export async function listTenantIds(database: Database): Promise<string[]> {
  const text = 'select id from tenants order by id'
  const rows = await database.system<{ id: string }>({ label: 'listTenantIds', text, values: [] })
  return rows.map(({ id }) => id)
}

/** The next ids of a tenant's records, deleted ones too, in their order; from the first on where `after` is null. */
export function listRecordIds(tenantId: string, type: IndexedType, after: string | null, limit: number): Statement {
  return {
    label: 'listRecordIds',
    prepared: true,
    text: `select r.id from ${TABLES[type].records} as r
      where r.tenant_id = $1 and r.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000'::uuid) order by r.id limit $3`,
    values: [tenantId, after, limit],
  }
}

/** Of these records those whose search row isn't what it would be if it were made now. */
export function staleSearchRows(tenantId: string, type: IndexedType, ids: readonly string[]): Statement {
  const { rows, owner, texts } = TABLES[type]
  return {
    label: 'staleSearchRows',
    prepared: true,
    text: `select coalesce(stored.id, fresh.id) as id
      from (select s.${owner} as id, s.text from ${rows} as s where s.tenant_id = $1 and s.${owner} = any($2::uuid[])) as stored
      full join (select f.${owner} as id, f.text from ${texts}($1::uuid, $2::uuid[]) as f) as fresh on fresh.id = stored.id
      where stored.text is distinct from fresh.text`,
    values: [tenantId, ids],
  }
}

/** Lets the server's statistics know of the transaction at its end, instead of within seconds. */
export function tellStatistics(): Statement {
  return { label: 'tellStatistics', prepared: true, text: 'select pg_stat_force_next_flush()::text', values: [] }
}
