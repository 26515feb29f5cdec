import type { Scope } from '../access/scope.js'
import { selectListText, sqlTypeOf, type Columns } from '../concepts/columns.js'
import type { Statement } from '../database/statement.js'
import type { Values } from './record-kind.js'

/** A table with the columns that are written. */
export interface RowTable {
  readonly table: string
  readonly columns: Columns
}

// Not given by callers: the statements or the database's defaults (`version` 1) set them.
const OWN = new Set(['id', 'createdAt', 'updatedAt', 'version'])

/**
 * Inserts rows, each with its id: one statement with one array a column, so that its text is the same for 1 and for
 * 1,000 rows. What a row doesn't say is the column's initial value, or null.
 */
export function insertRows(
  scope: Scope,
  { table, columns }: RowTable,
  rows: readonly (Values & { id: string })[],
): Statement {
  const written = Object.entries(columns).filter(([name, column]) => !OWN.has(name) && !column.isGenerated)
  const values = written.map(([name, { initial = null }]) => rows.map((row) => row[name] ?? initial))
  const types = ['uuid', ...written.map(([, { kind }]) => sqlTypeOf(kind))]
  return {
    label: `insertRows.${listName(table)}`,
    prepared: true,
    text: `insert into ${table} as t (tenant_id, created_at, updated_at, id, ${written.map(([, { column }]) => column).join(', ')})
      select $1::uuid, $2::timestamptz, $2::timestamptz, r.* from unnest(${arrays(types, 3)}) as r`,
    values: [scope.tenantId, scope.now, rows.map(({ id }) => id), ...values],
  }
}

/**
 * Writes some columns of rows, the same ones in each, and the moment of the change, which never goes back. Where the
 * table has a version it is counted up. Columns that aren't named stay, and so do the folded columns that depend on
 * them.
 */
export function updateRows(
  scope: Scope,
  { table, columns }: RowTable,
  names: readonly string[],
  rows: readonly (Values & { id: string })[],
): Statement {
  const written = names.map((name) => {
    const column = columns[name]
    if (!column) throw new Error(`no column ${name} in ${table}`)
    return { name, ...column }
  })
  const sets = [
    ...written.map(({ column }) => `${column} = r.${column}`),
    'updated_at = greatest(t.updated_at, $2::timestamptz)',
    ...('version' in columns ? ['version = t.version + 1'] : []),
  ]
  const types = ['uuid', ...written.map(({ kind }) => sqlTypeOf(kind))]
  return {
    label: `updateRows.${listName(table)}`,
    prepared: true,
    text: `update ${table} as t set ${sets.join(', ')}
      from unnest(${arrays(types, 3)}) as r (${['id', ...written.map(({ column }) => column)].join(', ')})
      where t.tenant_id = $1 and t.id = r.id`,
    values: [
      scope.tenantId,
      scope.now,
      rows.map(({ id }) => id),
      ...written.map(({ name }) => rows.map((row) => row[name] ?? null)),
    ],
  }
}

/** Removes rows by their ids, and through foreign keys what belongs to them. */
export function deleteRows(scope: Scope, table: string, ids: readonly string[]): Statement {
  return {
    label: `deleteRows.${listName(table)}`,
    prepared: true,
    text: `delete from ${table} where tenant_id = $1 and id = any($2::uuid[])`,
    values: [scope.tenantId, ids],
  }
}

/** A statement that writes rows, with the rows as they are then for its answer, in no order. */
export function returningRows(statement: Statement, { columns }: RowTable): Statement {
  return { ...statement, text: `${statement.text} returning ${selectListText(columns, 't')}` }
}

/** A table's name as statements are labelled by: `emailAddresses` for email_addresses. */
export function listName(table: string): string {
  return table.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** `$3::uuid[], $4::text[]` */
function arrays(types: readonly string[], first: number): string {
  return types.map((type, index) => `$${first + index}::${type}[]`).join(', ')
}
