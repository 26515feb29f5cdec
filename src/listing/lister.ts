import { sql } from 'kysely'
import type { CursorCodec, CursorList, CursorPlace } from '../lib/cursor.js'
import type { RowRule, Scope } from '../lib/scope.js'
import type { Database } from '../database/database.js'
import { statement } from '../database/sql.js'
import type { ConceptFields } from '../lib/concept-fields.js'

/** What lists run on. */
export interface Lister {
  readonly database: Database
  readonly cursors: CursorCodec
}

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** A page of ids with their places; the rows are read afterwards, by id, under row-level security. */
export interface IdPage {
  readonly places: readonly CursorPlace[]
  readonly hasNextPage: boolean
}

export const DEFAULT_PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 200

/** The list that cursors of a concept's root list belong to. */
export function cursorList(scope: Scope, fields: ConceptFields, filter = ''): CursorList {
  return { tenantId: scope.tenantId, list: fields.list, order: orderText(fields), filter }
}

function orderText({ order }: ConceptFields): string {
  return `${order.column} ${order.direction}, id ${order.direction}`
}

/** The row rule as SQL. Every rule is "all" today; where roles get rules of their own, they become predicates here. */
export function rowRuleSql(_rule: RowRule) {
  return sql<boolean>`true`
}

function rowsOf(scope: Scope, fields: ConceptFields) {
  const live = fields.live ? sql` and deleted_at is null` : sql``
  return sql`${sql.table(fields.table)} where tenant_id = ${scope.tenantId}${live} and ${rowRuleSql(scope.rowRule(fields.type))}`
}

/** One page of ids in the concept's own order, as kith_search: one statement. `after` is exclusive. */
export async function listIds(
  scope: Scope,
  { database }: Lister,
  fields: ConceptFields,
  first: number,
  after: CursorPlace | null,
): Promise<IdPage> {
  const { column, direction, sqlType } = fields.order
  const beyond = sql.raw(direction === 'desc' ? '<' : '>')
  const way = sql.raw(direction)
  // Row comparison: one direction and columns that are never null, so one index range serves any depth.
  const start = after
    ? sql` and (${sql.ref(column)}, id) ${beyond} (${after.keys[0]}::${sql.raw(sqlType)}, ${after.id}::uuid)`
    : sql``
  const query = sql`select tenant_id, id, ${sql.ref(column)} as key from ${rowsOf(scope, fields)}${start}
    order by ${sql.ref(column)} ${way}, id ${way} limit ${first + 1}`
  const rows = await database.search<{ id: string; key: Date | string | number }>(
    scope.tenantId,
    statement(`list.${fields.list}`, query),
  )
  const places = rows
    .slice(0, first)
    .map(({ id, key }) => ({ keys: [key instanceof Date ? key.toISOString() : key], id }))
  return { places, hasNextPage: rows.length > first }
}

/** How many rows the concept's list has, `max` at most, as kith_search: one statement. */
export async function countRows(
  scope: Scope,
  { database }: Lister,
  fields: ConceptFields,
  max: number,
): Promise<number> {
  const query = sql`select count(*)::int as total, count(*) filter (where tenant_id <> app_tenant())::int as foreign_rows
    from (select tenant_id from ${rowsOf(scope, fields)} limit ${max}) as counted`
  const [row] = await database.search<{ total: number }>(scope.tenantId, statement(`count.${fields.list}`, query))
  return row?.total ?? 0
}
