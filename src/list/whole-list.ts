import { createHash } from 'node:crypto'
import { sql } from '../lib/sql.js'
import { rowsSql, type RowState } from '../access/row-condition.js'
import type { Scope } from '../access/scope.js'
import { statement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import type { ListQuery } from './list-query.js'
import { conditionSql, listedRowsSql } from './listed-sql.js'
import { listedTables } from './listed-tables.js'
import type { Lister } from './lister.js'
import { usedFields } from './used-fields.js'

/** All that a list finds, however much, without its rows. */
export interface WholeList {
  readonly total: number
  /** SHA-256 over the ids in their order, in hexadecimal: equal for two lists of the same records */
  readonly hash: string
}

/**
 * How many rows a list finds, a hash of their ids, and the first ids, `examples` at most. One statement, as kith_keys,
 * which reads every row of the list.
 * @throws TIMEOUT
 */
export async function hashWholeList(
  scope: Scope,
  { database }: Lister,
  query: ListQuery,
  examples: number,
): Promise<WholeList & { readonly firstIds: readonly string[] }> {
  const listed = listedRowsSql(scope, query, sql`c.id, c.tenant_id`)
  const [row] = await database.keys<{ total: number; hash: string; firstIds: string }>(
    scope.tenantId,
    keysStatement(
      scope,
      query,
      `hashWholeList.${query.concept.list}`,
      sql`select count(*)::int as total, encode(sha256(coalesce(string_agg(uuid_send(l.id), ''::bytea order by l.id), '')), 'hex') as hash,
        coalesce((array_agg(l.id order by l.id))[1:${sql.lit(examples)}], '{}')::text as "firstIds",
        count(*) filter (where l.tenant_id <> app_tenant())::int as foreign_rows from (${listed}) as l`,
    ),
  )
  return { total: row?.total ?? 0, hash: row?.hash ?? '', firstIds: idsOfText(row?.firstIds ?? '{}') }
}

/**
 * The same with all ids, in their order, in blocks of `size`: each a text as PostgreSQL reads an array from, `{…,…}`.
 * 36 bytes an id.
 * @throws TIMEOUT
 */
export async function readWholeList(
  scope: Scope,
  { database }: Lister,
  query: ListQuery,
  size: number,
): Promise<WholeList & { readonly blocks: readonly string[] }> {
  const listed = listedRowsSql(scope, query, sql`c.id, c.tenant_id`)
  const rows = await database.keys<{ ids: string; count: number }>(
    scope.tenantId,
    keysStatement(
      scope,
      query,
      `readWholeList.${query.concept.list}`,
      sql`select array_agg(b.id order by b.id)::text as ids, count(*)::int as count,
          count(*) filter (where b.tenant_id <> app_tenant())::int as foreign_rows
        from (select l.id, l.tenant_id, (row_number() over (order by l.id) - 1) / ${sql.lit(size)} as block from (${listed}) as l) as b
        group by b.block order by b.block`,
    ),
  )
  const hash = createHash('sha256')
  for (const { ids } of rows) hash.update(Buffer.from(ids.replace(/[^0-9a-f]/g, ''), 'hex'))
  return {
    total: rows.reduce((sum, { count }) => sum + count, 0),
    hash: hash.digest('hex'),
    blocks: rows.map(({ ids }) => ids),
  }
}

/** The ids in a text as PostgreSQL writes an array. */
export function idsOfText(text: string): string[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',')
}

/**
 * Locks those of some records that a list finds now, in id order, and gives their ids. It runs inside a change; a record
 * that was waited for is looked at as it is then.
 */
export function lockListed(scope: Scope, query: ListQuery, state: RowState, ids: readonly string[]): Statement {
  const condition = conditionSql(scope, query, state)
  const rows = rowsSql(scope, query.concept, 'c', state)
  return {
    ...statement(
      `lockListed.${query.concept.list}`,
      sql`select c.id from ${rows} and c.id = any(${ids}::uuid[]) ${condition ? sql`and ${condition}` : sql``}
        order by c.id for update of c`,
    ),
    uses: usedFields(scope, { filter: query.filter, steps: [] }),
  }
}

function keysStatement(
  scope: Scope,
  query: ListQuery,
  label: string,
  text: Parameters<typeof statement>[1],
): Statement {
  return {
    ...statement(label, text),
    tables: listedTables(query, true),
    uses: usedFields(scope, { filter: query.filter, steps: [] }),
  }
}
