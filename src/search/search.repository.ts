import { sql, type RawBuilder } from 'kysely'
import { preparedStatement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import type { Scope } from '../access/scope.js'
import { rowCondition } from '../access/row-condition.js'
import type { SearchedType } from './conditions.js'
import { misspeltWords, swappedWords, type SearchTerm, type WordTerm } from './terms.js'
import type { SearchMatch } from './search.row.js'

type Condition = RawBuilder<boolean>
type Sql = RawBuilder<unknown>

/** A match with the record that it is of. */
export interface FoundMatch extends SearchMatch {
  readonly ownerId: string
}

// One value is less than all words of its record, and may be a little less alike.
const MIN_SIMILARITY = 0.4
const CJK = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}ー]+$/u

/**
 * The values of some records in which some term of a search stands, by the fold that found them: names, then e-mail
 * addresses and phone numbers in their order, then the domain. `isMisspelt` says of each record whether it was found by
 * words that are spelt alike, which then count too. The text is the same for every search.
 */
export function findSearchMatches(
  scope: Scope,
  type: SearchedType,
  records: readonly { readonly id: string; readonly isMisspelt: boolean }[],
  terms: readonly SearchTerm[],
): Statement {
  const ids = records.map(({ id }) => id)
  const flags = records.map(({ isMisspelt }) => isMisspelt)
  const values = [...(type === 'CONTACT' ? contactValues(scope) : companyValues(scope)), ...infoValues(scope, type)]
  return preparedStatement(
    type === 'CONTACT' ? 'findContactMatches' : 'findCompanyMatches',
    sql`with found as materialized (
        select id, is_misspelt from unnest(${ids}::uuid[], ${flags}::boolean[]) as found (id, is_misspelt)
      ), ${askedFor(terms)}
      select owner_id as "ownerId", field, text from (${sql.join(values, sql` union all `)}) as matched (owner_id, rank, position, id, field, text)
      order by owner_id, rank, position, id`,
  )
}

/** Patterns of the terms: words; beginnings of e-mail addresses, and of their domains for what stands before the @. */
function askedFor(terms: readonly SearchTerm[]): Sql {
  const words = terms.flatMap((term): readonly WordTerm[] => {
    if (term.kind === 'word') return [term]
    return term.kind === 'email' ? [] : term.words
  })
  const addresses = terms.flatMap((term) => {
    if (term.kind === 'domain') return [{ local: '', domain: term.asciiDomain, asciiDomain: term.asciiDomain }]
    return term.kind === 'email' ? [term] : []
  })
  const [locals, domains, asciiDomains] = [
    addresses.map(({ local }) => local),
    addresses.map(({ domain }) => domain),
    addresses.map(({ asciiDomain }) => asciiDomain),
  ]
  const misspelt = misspeltWords(terms) ?? ''
  const swapped = swappedWords(misspelt).flatMap(([, ...forms]) => forms)
  return sql`words as materialized (
      select '%' || start || nullif(kith_words(word), '') || '%' as pattern
      from unnest(${words.map(({ text }) => text)}::text[], ${words.map(startOf)}::text[]) as words (word, start)
    ), addresses as materialized (
      select case when local = '' then '%' else kith_like(kith_fold(local || '@')) || '%' end as local,
        kith_like(kith_fold(local || '@' || domain)) || '%' as whole, kith_like(kith_fold(ascii_domain)) || '%' as domain
      from unnest(${locals}::text[], ${domains}::text[], ${asciiDomains}::text[]) as addresses (local, domain, ascii_domain)
    ), asked as materialized (
      select ${terms.flatMap((term) => (term.kind === 'phone' ? [`%${term.digits}%`] : []))}::text[] as digits,
        kith_words(${misspelt}) as misspelt,
        (select array_agg('% ' || nullif(kith_words(form), '') || '%') from unnest(${swapped}::text[]) as form) as swapped
    )`
}

// Short words are looked for where words begin, but those of Chinese and Japanese anywhere: a name there is one word.
function startOf({ text, isShort }: WordTerm): string {
  return isShort && !CJK.test(text) ? ' ' : ''
}

/** Whether a term stands in a text, its words joined too: `o'brien` is `obrien`. */
function holdsWord(text: Sql, otherwise: Sql = sql``): Condition {
  const words = sql`' ' || kith_words(${text}) || ' ' || replace(kith_words(${text}), ' ', '') || ' '${otherwise}`
  return sql`(exists (select 1 from words where ${words} like words.pattern)
    or found.is_misspelt and (word_similarity(asked.misspelt, ${words}) >= ${sql.lit(MIN_SIMILARITY)}
      or ${words} like any(asked.swapped)))`
}

function contactValues(scope: Scope): Sql[] {
  // Family names come first in some languages, and are written without a space.
  const turned = sql` || kith_words(coalesce(r.last_name, '') || coalesce(r.first_name, '')) || ' '`
  return [recordValue(scope, 'CONTACT', 1, 'NAME', 'full_name', holdsWord(sql.ref('r.full_name'), turned))]
}

function companyValues(scope: Scope): Sql[] {
  const domain = sql.ref('r.domain')
  const isAsked = sql`exists (select 1 from addresses where local = '%' and kith_fold(${domain}) like addresses.domain)`
  return [
    recordValue(scope, 'COMPANY', 1, 'NAME', 'name', holdsWord(sql.ref('r.name'))),
    recordValue(scope, 'COMPANY', 2, 'LEGAL_NAME', 'legal_name', holdsWord(sql.ref('r.legal_name'))),
    recordValue(scope, 'COMPANY', 5, 'DOMAIN', 'domain', sql`(${isAsked} or ${holdsWord(domain)})`),
  ]
}

function recordValue(
  scope: Scope,
  type: SearchedType,
  rank: number,
  field: SearchMatch['field'],
  column: string,
  matches: Condition,
): Sql {
  const [table, concept] = type === 'CONTACT' ? (['contacts', 'Contact'] as const) : (['companies', 'Company'] as const)
  return sql`select r.id, ${sql.lit(rank)}, 0, r.id, ${sql.lit(field)}, ${sql.ref(`r.${column}`)}
    from found cross join asked join ${sql.table(table)} as r on r.tenant_id = ${scope.tenantId} and r.id = found.id
    where ${rowCondition(scope, concept, 'r')} and ${matches}`
}

function infoValues(scope: Scope, type: SearchedType): Sql[] {
  const email = sql`(exists (select 1 from addresses
      where r.email_folded like addresses.local
        and (r.email_folded like addresses.whole or r.email_domain like addresses.domain))
    or ${holdsWord(sql`split_part(r.email, '@', 1)`)})`
  const number = sql<boolean>`ltrim(r.number_e164, '+') like any(asked.digits)`
  return [
    infoValue(scope, type, 3, 'EMAIL', 'email_addresses', 'email', email as Condition),
    infoValue(scope, type, 4, 'PHONE', 'phone_numbers', 'number', number),
  ]
}

function infoValue(
  scope: Scope,
  type: SearchedType,
  rank: number,
  field: SearchMatch['field'],
  table: string,
  column: string,
  matches: Condition,
): Sql {
  return sql`select r.entity_id, ${sql.lit(rank)}, r.position, r.id, ${sql.lit(field)}, ${sql.ref(`r.${column}`)}
    from found cross join asked join ${sql.table(table)} as r
      on r.tenant_id = ${scope.tenantId} and r.entity_type = ${sql.lit(type)} and r.entity_id = found.id
    where ${rowCondition(scope, table === 'email_addresses' ? 'EmailAddress' : 'PhoneNumber', 'r')} and ${matches}`
}
