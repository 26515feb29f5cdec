import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'

/** A unique key that JavaScript made for a row. */
export interface EmailKey {
  readonly id: string
  readonly key: string
}

// The addresses of live records; `$1` is the tenant.
const LIVE = `email_addresses as e
  left join contacts as c on c.tenant_id = $1 and c.id = e.contact_id
  left join companies as o on o.tenant_id = $1 and o.id = e.company_id
  where e.tenant_id = $1 and case e.entity_type when 'CONTACT' then c.deleted_at is null else o.deleted_at is null end`

/** The addresses of live records that have letters beyond ASCII, whose small letters depend on who makes them. */
export function findEmailsBeyondAscii(scope: Scope): Statement {
  return {
    label: 'findEmailsBeyondAscii',
    text: `select e.id, e.email from ${LIVE} and octet_length(e.email) <> char_length(e.email)`,
    values: [scope.tenantId],
  }
}

// The rule of `checkEmail`, for addresses in ASCII; those beyond come with their keys.
const KEY = `coalesce(given.key, lower(split_part(e.email, '@', 1) collate "C") || '@' || e.email_domain)`
const KEYED = `(select e.id, ${KEY} as key from (select e.* from ${LIVE}) as e
  left join unnest($2::uuid[], $3::text[]) as given (id, key) on given.id = e.id) as keyed`

function keyValues(scope: Scope, given: readonly EmailKey[]): unknown[] {
  return [scope.tenantId, given.map(({ id }) => id), given.map(({ key }) => key)]
}

/** How many addresses stand more than once on live records, as `total`. */
export function countEmailDoubles(scope: Scope, given: readonly EmailKey[]): Statement {
  return {
    label: 'countEmailDoubles',
    text: `select count(*)::int as total from (select 1 from ${KEYED} group by keyed.key having count(*) > 1) as doubled`,
    values: keyValues(scope, given),
  }
}

/** Gives the addresses of live records their unique keys. */
export function setEmailKeys(scope: Scope, given: readonly EmailKey[]): Statement {
  return {
    label: 'setEmailKeys',
    text: `update email_addresses as t set unique_key = keyed.key from ${KEYED} where t.tenant_id = $1 and t.id = keyed.id`,
    values: keyValues(scope, given),
  }
}

/** Takes the unique keys of all addresses away. */
export function clearAllEmailKeys(scope: Scope): Statement {
  return {
    label: 'clearAllEmailKeys',
    text: 'update email_addresses set unique_key = null where tenant_id = $1 and unique_key is not null',
    values: [scope.tenantId],
  }
}
