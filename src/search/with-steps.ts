import { sql, type Sql } from '../lib/sql.js'
import { and, type Condition } from './logic.js'
import { searchedId, searchedRows, type Search } from './searched-rows.js'

/** `name as materialized (…)`: a step of a WITH, which PostgreSQL runs once at most, and only as far as it is read. */
export function step(name: string, select: Sql): Sql {
  return sql`${sql.ref(name)} as materialized (${select})`
}

/** Whether a step has so many rows at most; the step itself must stop at one more. */
export function hasAtMost(name: string, max: number): Condition {
  return sql`((select count(*) from ${sql.ref(name)}) <= ${sql.lit(max)})`
}

/** Whether the record of a row of `s` is among the ids of a step. */
export function isAmong(search: Search, name: string): Condition {
  return sql`${searchedId(search)} in (select id from ${sql.ref(name)})`
}

/** A SELECT of rows of `s` with their texts that stops at `max + 1`. */
export function rowsUpTo(search: Search, conditions: readonly Condition[], max: number): Sql {
  return sql`select ${textColumns(search)} from ${searchedRows(search)} and ${and(conditions)} limit ${sql.lit(max + 1)}`
}

/** The columns of a row of `s` that is found: `tenant_id, id`. */
export function idColumns(search: Search): Sql {
  return sql`s.tenant_id, ${searchedId(search)} as id`
}

/** The columns of a row of `s` whose text is still to be read: `tenant_id`, the id under its own name, `text`. */
export function textColumns(search: Search): Sql {
  return sql`s.tenant_id, ${searchedId(search)}, s.text`
}

/** Newer records first, which have greater ids; older ones first where a list is read from its end. */
export function idDirection(isBackward: boolean): Sql {
  return isBackward ? sql`asc` : sql`desc`
}

/** Whether an id lies beyond another in that direction. */
export function isBeyond(id: Sql, afterId: string, isBackward: boolean): Condition {
  return sql`${id} ${isBackward ? sql`>` : sql`<`} ${afterId}::uuid`
}
