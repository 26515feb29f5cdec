import { sql, type Sql } from '../lib/sql.js'
import { rowCondition, rowConditionById } from '../access/row-condition.js'
import { and, type Condition } from './logic.js'
import type { Rank } from './ranks.js'
import { SEARCHED, type Search } from './searched-rows.js'
import type { DomainTerm, EmailTerm } from './terms.js'

/** A term that is looked up among e-mail addresses and domains, by their B-trees. */
export type AddressTerm = EmailTerm | DomainTerm

/** Rows of a table in which addresses or domains stand. */
export interface AddressRows {
  /** the id of the record that has the address: `e.entity_id` */
  readonly id: Sql
  /** `email_addresses as e where …` */
  readonly rows: Sql
}

/**
 * Where a term is found in a rank or a better one. Each condition is one range of a B-tree, each element one look-up:
 *
 *   term               looked up as                                          example, rank 1 · rank 2
 *   `anna@a.com`       whole address                                         = `anna@a.com` · starts with `anna@a.com`
 *   `anna@`            start of the address                                  starts with `anna@`, in all ranks
 *   `anna@müller.de`   whole address as given, and by its domain in ASCII    …and a domain that is `xn--mller-kva.de`
 *   either of them     in custom fields of type EMAIL too                    = `anna@a.com` · starts with `anna@a.com`
 *   `@a.com`, `a.com`  domain of an address; of a company's web site too     = `a.com` · starts with `a.com`
 */
export function addressRows({ scope, type }: Search, term: AddressTerm, rank: Rank): AddressRows[] {
  const found: AddressRows[] = emailConditions(term, rank).map((condition) => ({
    id: sql.ref('e.entity_id'),
    rows: sql`email_addresses as e where e.tenant_id = ${scope.tenantId} and e.entity_type = ${sql.lit(type)}
    and ${rowCondition(scope, 'EmailAddress', 'e')} and ${condition}`,
  }))
  if (type === 'COMPANY' && (term.kind === 'domain' || term.local === '')) {
    const companies = sql`companies as d where d.tenant_id = ${scope.tenantId} and d.deleted_at is null
      and ${rowCondition(scope, 'Company', 'd')} and ${domainCondition(sql.ref('d.domain_folded'), term.asciiDomain, rank)}`
    found.push({ id: sql.ref('d.id'), rows: companies })
  }
  if (term.kind === 'email' && term.local !== '') found.push(customAddressRows(scope, type, term, rank))
  return found
}

/** Addresses in searchable custom fields, whole or by their start; they are stored with their domain in ASCII. */
function customAddressRows(scope: Search['scope'], type: Search['type'], term: EmailTerm, rank: Rank): AddressRows {
  const value = sql.ref('f.text_value_key')
  const whole = `${term.local}@${term.asciiDomain}`
  const isWhole = rank === 1 && term.domain !== ''
  const condition = isWhole ? sql`${value} = "left"(kith_fold(${whole}), 200)` : startsWith(value, whole)
  const rows = sql`custom_field_values as f where f.tenant_id = ${scope.tenantId} and f.text_value is not null
    and f.definition_id = any(array(select d.id from custom_field_definitions as d where d.tenant_id = ${scope.tenantId}
      and d.entity_type = ${sql.lit(type)} and d.type = 'EMAIL' and d.is_searchable and d.archived_at is null))
    and ${rowConditionById(scope, SEARCHED[type].concept, sql.ref('f.entity_id'))} and ${condition}`
  return { id: sql.ref('f.entity_id'), rows }
}

// An international domain is written in two ways, and an address is stored as it was given: `anna@müller.de` or
// `anna@xn--mller-kva.de`. Only the column of the domain alone is always in ASCII.
function emailConditions(term: AddressTerm, rank: Rank): Condition[] {
  const [email, domain] = [sql.ref('e.email_folded'), sql.ref('e.email_domain')]
  if (term.kind === 'domain' || term.local === '') return [domainCondition(domain, term.asciiDomain, rank)]
  const whole = `${term.local}@${term.domain}`
  const local = startsWith(email, `${term.local}@`)
  if (term.domain === '') return [local]
  const asGiven = rank === 1 ? sql<boolean>`${email} = "left"(kith_fold(${whole}), 255)` : startsWith(email, whole)
  return isInternational(term) ? [asGiven, and([local, domainCondition(domain, term.asciiDomain, rank)])] : [asGiven]
}

function domainCondition(column: Sql, domain: string, rank: Rank): Condition {
  return rank === 1 ? sql`${column} = kith_fold(${domain})` : startsWith(column, domain)
}

// Wildcards stand for themselves; they are escaped after folding, which may make some.
function startsWith(column: Sql, text: string): Condition {
  return sql`${column} like kith_like(kith_fold(${text})) || '%'`
}

function isInternational({ domain, asciiDomain }: EmailTerm): boolean {
  return /[^\x20-\x7e]/u.test(domain) || asciiDomain.includes('xn--')
}
