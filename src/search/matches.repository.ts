import { sql, type Sql } from '../lib/sql.js'
import { preparedStatement } from '../database/sql.js'
import type { Statement } from '../database/statement.js'
import type { Scope } from '../access/scope.js'
import { rowCondition, rowConditionById } from '../access/row-condition.js'
import type { Condition } from './logic.js'
import { misspeltWords, swappedWords, wordsApart } from './misspelt-words.js'
import type { SearchMatch } from './search.row.js'
import { SEARCHED, type SearchedType } from './searched-rows.js'
import type { SearchTerm, WordTerm } from './terms.js'
import { otherWritings } from './writings.js'

/** A match with the record that it is of. */
export interface FoundMatch extends SearchMatch {
  readonly ownerId: string
}

// One value has fewer words than its record, so it may be a little less alike than the record has to be.
const MIN_VALUE_SIMILARITY = 0.4
const CJK = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}ー]+$/u

/**
 * The values of some records in which a term of a search stands, record by record, in the order of the table; e-mail
 * addresses, phone numbers and custom fields among themselves in their own order.
 *
 *   order   field        of          a term stands in it as
 *   1       NAME         both        a word, or a part of one
 *   2       LEGAL_NAME   companies   a word, or a part of one
 *   3       EMAIL        both        an address or its start, the start of its domain; a word of what stands before the @
 *   4       PHONE        both        digits
 *   5       DOMAIN       companies   the start of the domain; a word
 *   6       CUSTOM_FIELD both        as in a name, an address or a number, by the type of the field
 *
 * One term is enough: `anna a.com` has the matches NAME `Anna Schmidt` and EMAIL `as@a.com`. Where `isMisspelt` says
 * so, a record was found in rank 4, by words like those of the search, which then count too. Fields that the principal
 * may not see are left out. One prepared statement serves every search.
 */
export function findSearchMatches(
  scope: Scope,
  type: SearchedType,
  records: readonly { readonly id: string; readonly isMisspelt: boolean }[],
  terms: readonly SearchTerm[],
): Statement {
  const ids = records.map(({ id }) => id)
  const flags = records.map(({ isMisspelt }) => isMisspelt)
  const values = [
    ...(type === 'CONTACT' ? contactValues(scope) : companyValues(scope)),
    ...infoValues(scope, type),
    ...customValues(scope, type),
  ]
  if (values.length === 0) values.push(sql`select null::uuid, 0, 0, null::uuid, '', '', null::text where false`)
  return preparedStatement(
    type === 'CONTACT' ? 'findContactMatches' : 'findCompanyMatches',
    sql`with found as materialized (
        select id, is_misspelt from unnest(${ids}::uuid[], ${flags}::boolean[]) as found (id, is_misspelt)
      ), ${patternSteps(terms)}
      select owner_id as "ownerId", field, text, key
      from (${sql.join(values, sql` union all `)}) as matched (owner_id, field_order, position, id, field, text, key)
      order by owner_id, field_order, position, id`,
  )
}

/**
 * What is looked for in the values, as steps of a WITH:
 *
 *   step        rows                  of `smith anna@müller.de 3441`
 *   words       one a writing of a    pattern `%smith%`, and `%3441%`
 *               word (writings.ts),
 *               one a number
 *   addresses   one an e-mail or      local `anna@%`, whole `anna@muller.de%`, domain `xn--mller-kva.de%`; local is `%`
 *               a domain              where any will do (`@a.com`)
 *   asked       one                   digits `{%3441%}`; misspelt, the words that may be (none beside an e-mail address);
 *                                     swapped, their forms with two letters swapped, as patterns
 */
function patternSteps(terms: readonly SearchTerm[]): Sql {
  const words = terms.flatMap((term): readonly WordTerm[] => {
    if (term.kind === 'word') return [term]
    return term.kind === 'email' ? [] : term.words
  })
  const digits = terms.flatMap((term) => (term.kind === 'phone' ? [term.digits] : []))
  const writings = words.flatMap((word) => {
    const { same, likely } = otherWritings(word.text)
    const given = [word.text, ...same].map((text) => ({ text, start: startOf(word), end: '' }))
    return [
      ...given,
      ...likely.map(({ text, isWhole }) => ({ text, start: isWhole ? ' ' : '', end: isWhole ? ' ' : '' })),
    ]
  })
  // What looks like a number is looked for in texts too: `1551152` in a customer number, `1999` in a name.
  writings.push(...digits.map((text) => ({ text, start: '', end: '' })))
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
  const apart = wordsApart(misspelt).filter(({ least }) => least !== null)
  return sql`words as materialized (
      select '%' || start || nullif(kith_words(word), '') || "end" || '%' as pattern
      from unnest(${writings.map(({ text }) => text)}::text[], ${writings.map(({ start }) => start)}::text[],
        ${writings.map(({ end }) => end)}::text[]) as words (word, start, "end")
    ), addresses as materialized (
      select case when local = '' then '%' else kith_like(kith_fold(local || '@')) || '%' end as local,
        kith_like(kith_fold(local || '@' || domain)) || '%' as whole, kith_like(kith_fold(ascii_domain)) || '%' as domain
      from unnest(${locals}::text[], ${domains}::text[], ${asciiDomains}::text[]) as addresses (local, domain, ascii_domain)
    ), asked as materialized (
      select ${digits.map((text) => `%${text}%`)}::text[] as digits,
        kith_words(${misspelt}) as misspelt,
        (select array_agg('% ' || nullif(kith_words(form), '') || '%') from unnest(${swapped}::text[]) as form) as swapped
    ), apart as materialized (
      select kith_words(word) as misspelt, least
      from unnest(${apart.map(({ text }) => text)}::text[], ${apart.map(({ least }) => least)}::real[]) as apart (word, least)
    )`
}

// Short words are looked for where words start, but those of Chinese and Japanese anywhere: a name there is one word.
function startOf({ text, isShort }: WordTerm): string {
  return isShort && !CJK.test(text) ? ' ' : ''
}

/**
 * Whether a word stands in a value: in its words, or in its words as one (`o'brien` is `obrien` too), or in `more`, a
 * piece of SQL that is put behind them.
 */
function holdsWord(value: Sql, more: Sql = sql``): Condition {
  const words = sql`' ' || kith_words(${value}) || ' ' || replace(kith_words(${value}), ' ', '') || ' '${more}`
  return sql`(exists (select 1 from words where ${words} like words.pattern)
    or found.is_misspelt and (word_similarity(asked.misspelt, ${words}) >= ${sql.lit(MIN_VALUE_SIMILARITY)}
      or ${words} like any(asked.swapped)
      or exists (select 1 from apart where strict_word_similarity(apart.misspelt, ${words}) >= apart.least)))`
}

function contactValues(scope: Scope): Sql[] {
  // Family names come first in some languages, and are written without a space.
  const familyFirst = sql` || kith_words(coalesce(r.last_name, '') || coalesce(r.first_name, '')) || ' '`
  const isMatch = holdsWord(sql.ref('r.full_name'), familyFirst)
  return recordValue(scope, 'CONTACT', { order: 1, name: 'NAME', of: 'fullName', column: 'full_name' }, isMatch)
}

function companyValues(scope: Scope): Sql[] {
  const domain = sql.ref('r.domain')
  const startsSo = sql`exists (select 1 from addresses where local = '%' and kith_fold(${domain}) like addresses.domain)`
  return [
    ...recordValue(
      scope,
      'COMPANY',
      { order: 1, name: 'NAME', of: 'name', column: 'name' },
      holdsWord(sql.ref('r.name')),
    ),
    ...recordValue(
      scope,
      'COMPANY',
      { order: 2, name: 'LEGAL_NAME', of: 'legalName', column: 'legal_name' },
      holdsWord(sql.ref('r.legal_name')),
    ),
    ...recordValue(
      scope,
      'COMPANY',
      { order: 5, name: 'DOMAIN', of: 'domain', column: 'domain' },
      sql`(${startsSo} or ${holdsWord(domain)})`,
    ),
  ]
}

/** A kind of match: its place among the others, its name in the API, the field and the column that it stands in. */
interface MatchedField {
  readonly order: number
  readonly name: SearchMatch['field']
  readonly of: string
  readonly column: string
}

/** A SELECT of one column of the record's own table, in the columns of `matched`; none where the field is hidden. */
function recordValue(scope: Scope, type: SearchedType, field: MatchedField, isMatch: Condition): Sql[] {
  const { concept, list } = SEARCHED[type]
  if (!scope.access.maySee(concept, field.of)) return []
  const select = sql`select r.id, ${sql.lit(field.order)}, 0, r.id, ${sql.lit(field.name)}, ${sql.ref(`r.${field.column}`)}, null
    from found cross join asked join ${sql.table(list)} as r on r.tenant_id = ${scope.tenantId} and r.id = found.id
    where ${rowCondition(scope, concept, 'r')} and ${isMatch}`
  return [select]
}

function infoValues(scope: Scope, type: SearchedType): Sql[] {
  const email = sql`(exists (select 1 from addresses
      where r.email_folded like addresses.local
        and (r.email_folded like addresses.whole or r.email_domain like addresses.domain))
    or ${holdsWord(sql`split_part(r.email, '@', 1)`)})`
  const number = sql<boolean>`ltrim(r.number_e164, '+') like any(asked.digits)`
  return [
    ...infoValue(
      scope,
      type,
      { order: 3, name: 'EMAIL', of: 'email', column: 'email' },
      ['EmailAddress', 'emailAddresses', 'email_addresses'],
      email as Condition,
    ),
    ...infoValue(
      scope,
      type,
      { order: 4, name: 'PHONE', of: 'number', column: 'number' },
      ['PhoneNumber', 'phoneNumbers', 'phone_numbers'],
      number,
    ),
  ]
}

/** The same of contact info. It is hidden too where the owner's list is: `emailAddresses` of `Contact`. */
function infoValue(
  scope: Scope,
  type: SearchedType,
  field: MatchedField,
  [concept, list, table]: readonly [concept: string, list: string, table: string],
  isMatch: Condition,
): Sql[] {
  if (!scope.access.maySee(SEARCHED[type].concept, list) || !scope.access.maySee(concept, field.of)) return []
  const select = sql`select r.entity_id, ${sql.lit(field.order)}, r.position, r.id, ${sql.lit(field.name)}, ${sql.ref(`r.${field.column}`)}, null
    from found cross join asked join ${sql.table(table)} as r
      on r.tenant_id = ${scope.tenantId} and r.entity_type = ${sql.lit(type)} and r.entity_id = found.id
    where ${rowCondition(scope, concept, 'r')} and ${isMatch}`
  return [select]
}

/** The same of searchable custom fields; none where custom fields are hidden. */
function customValues(scope: Scope, type: SearchedType): Sql[] {
  const { concept } = SEARCHED[type]
  if (!scope.access.maySee(concept, 'customFields')) return []
  const whole = sql`exists (select 1 from addresses where local <> '%' and r.text_value_folded like addresses.local
    and r.text_value_folded like addresses.whole)`
  const isMatch = sql`case d.type
      when 'PHONE' then ltrim(r.text_value, '+') like any(asked.digits)
      when 'EMAIL' then ${whole} or ${holdsWord(sql`split_part(r.text_value, '@', 1)`)}
      else ${holdsWord(sql.ref('r.text_value'))}
    end`
  const select = sql`select r.entity_id, 6, d.position, r.id, 'CUSTOM_FIELD', r.text_value, d.key
    from found cross join asked
    join custom_field_definitions as d on d.tenant_id = ${scope.tenantId} and d.entity_type = ${sql.lit(type)}
      and d.is_searchable and d.archived_at is null
    join custom_field_values as r on r.tenant_id = ${scope.tenantId} and r.definition_id = d.id and r.entity_id = found.id
    where ${rowConditionById(scope, concept, sql.ref('r.entity_id'))} and ${isMatch}`
  return [select]
}
