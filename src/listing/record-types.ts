import { sql } from 'kysely'
import type { Database } from '../database/database.js'
import { statement } from '../database/sql.js'
import type { RecordType, Scope } from '../lib/scope.js'
import { rowRuleSql } from './row-rules.js'

/** The types that `node(id:)` finds, by the name that the API gives them, with their tables. */
const NODE_TABLES = {
  Contact: 'contacts',
  Company: 'companies',
  User: 'users',
  Industry: 'industries',
  CompanySize: 'company_sizes',
  EmailAddress: 'email_addresses',
  PhoneNumber: 'phone_numbers',
  Address: 'addresses',
  SocialMediaAccount: 'social_media_accounts',
} as const

export type NodeType = keyof typeof NODE_TABLES

const RECORD_TYPES: Record<NodeType, RecordType> = {
  Contact: 'Contact',
  Company: 'Company',
  User: 'User',
  Industry: 'Industry',
  CompanySize: 'CompanySize',
  EmailAddress: 'ContactInfo',
  PhoneNumber: 'ContactInfo',
  Address: 'ContactInfo',
  SocialMediaAccount: 'ContactInfo',
}

/** Which type each of some ids has in this tenant: one statement of key probes, as kith_search. Unknown ids are absent. */
export async function findNodeTypes(
  scope: Scope,
  database: Database,
  ids: readonly string[],
): Promise<Map<string, NodeType>> {
  const probes = Object.entries(NODE_TABLES).map(
    ([type, table]) => sql`select tenant_id, id, ${sql.lit(type)} as type from ${sql.table(table)}
      where tenant_id = ${scope.tenantId} and id = any(${ids}::uuid[]) and ${rowRuleSql(scope.rowRule(RECORD_TYPES[type as NodeType]))}`,
  )
  const query = sql`${sql.join(probes, sql` union all `)}`
  const rows = await database.search<{ id: string; type: NodeType }>(scope.tenantId, statement('findNodeTypes', query))
  return new Map(rows.map((row) => [row.id, row.type]))
}
