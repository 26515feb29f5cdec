import { sql, type Sql } from '../lib/sql.js'
import type { Scope } from '../access/scope.js'
import { rowConditionById, rowsSql } from '../access/row-condition.js'
import type { Condition } from './logic.js'
import type { SearchTerm } from './terms.js'

/** What is searched: contacts or companies, by the names that contact info calls its owners. */
export type SearchedType = 'CONTACT' | 'COMPANY'

/** A search of one type of record by some terms. A record is found where it has all of them, each anywhere. */
export interface Search {
  readonly scope: Scope
  readonly type: SearchedType
  readonly terms: readonly SearchTerm[]
  /** the SQL of a word as texts have it (see foldedWord), where a step of the statement has folded it */
  readonly wordSql?: (text: string) => Sql
}

/**
 * The tables that are searched, by type. Each has one row a live record: its id, and as `text` all words by which it is
 * found, folded, with a space before and after each. John Smith with the e-mail address `js@acme.example` and the
 * number +1 202 224 3441 has the text ` john smith js 12022243441 `. Domains of e-mail addresses are not in it: they
 * are looked up by an index of their own.
 */
export const SEARCHED = {
  CONTACT: { concept: 'Contact', list: 'contacts', table: 'contact_search', id: 'contact_id' },
  COMPANY: { concept: 'Company', list: 'companies', table: 'company_search', id: 'company_id' },
} as const satisfies Record<SearchedType, { concept: string; list: string; table: string; id: string }>

/** `contact_search as s where …`: the rows of the tenant that the principal may see. */
export function searchedRows({ scope, type }: Search): Sql {
  const { concept, table, id } = SEARCHED[type]
  return sql`${sql.table(table)} as ${sql.ref('s')} where s.tenant_id = ${scope.tenantId}
    and ${rowConditionById(scope, concept, sql.ref(`s.${id}`))}`
}

/** The id of the record that a row of `s` stands for: `s.contact_id`. */
export function searchedId({ type }: Search): Sql {
  return sql.ref(`s.${SEARCHED[type].id}`)
}

/** What a row of `s` must fulfil so that its record, as `c`, fulfils `where`; null where that asks for nothing. */
export function recordCondition(search: Search, where: Condition | null): Condition | null {
  const rows = rowsSql(search.scope, search.scope.registry.concept(SEARCHED[search.type].concept), 'c')
  return where && sql`exists (select 1 from ${rows} and ${sql.ref('c.id')} = ${searchedId(search)} and ${where})`
}
