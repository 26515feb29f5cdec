import { sql, type Sql } from '../../lib/sql.js'
import { rowCondition } from '../../access/row-condition.js'
import type { Scope } from '../../access/scope.js'
import { selectList, type Columns } from '../../concepts/columns.js'
import { emailSpellings } from '../../lib/value/email.js'
import { preparedStatement } from '../../database/sql.js'
import type { Statement } from '../../database/statement.js'
import type { EmailKey } from './unique-emails.repository.js'
import { CONTACT_INFO_KINDS, type ContactInfoKind } from './contact-info.columns.js'

function selectFrom(
  scope: Scope,
  kind: ContactInfoKind,
  which: Sql,
  columns: Columns = CONTACT_INFO_KINDS[kind].columns,
): Sql {
  const { table, concept } = CONTACT_INFO_KINDS[kind]
  return sql`select ${selectList(columns, 't')} from ${sql.table(table)} as t
    where t.tenant_id = ${scope.tenantId} and ${which} and ${rowCondition(scope, concept, 't')} order by t.position, t.id`
}

/** All rows of one kind of some contacts or companies, in their order. */
export function findContactInfoByOwners(
  scope: Scope,
  kind: ContactInfoKind,
  entityType: string,
  entityIds: readonly string[],
  columns?: Columns,
): Statement {
  return preparedStatement(
    `findContactInfoByOwners.${CONTACT_INFO_KINDS[kind].list}`,
    selectFrom(scope, kind, sql`t.entity_type = ${entityType} and t.entity_id = any(${entityIds}::uuid[])`, columns),
  )
}

/** The number of rows of one kind that the record has which has the most, as `most`. The index of owners has them in order. */
export function findMostContactInfo(scope: Scope, kind: ContactInfoKind, entityType: string): Statement {
  const { table, concept, list } = CONTACT_INFO_KINDS[kind]
  return preparedStatement(
    `findMostContactInfo.${list}`,
    sql`select coalesce(max(o.count), 0)::int as most from (
      select count(*) as count from ${sql.table(table)} as t
      where t.tenant_id = ${scope.tenantId} and t.entity_type = ${entityType} and ${rowCondition(scope, concept, 't')}
      group by t.entity_id) as o`,
  )
}

/** Rows of one kind by their ids. */
export function findContactInfoByIds(
  scope: Scope,
  kind: ContactInfoKind,
  ids: readonly string[],
  columns?: Columns,
): Statement {
  return preparedStatement(
    `findContactInfoByIds.${CONTACT_INFO_KINDS[kind].list}`,
    selectFrom(scope, kind, sql`t.id = any(${ids}::uuid[])`, columns),
  )
}

/** All rows of one kind of the records to which some rows of `ofKind` belong. */
export function findContactInfoBesideRows(
  scope: Scope,
  kind: ContactInfoKind,
  ofKind: ContactInfoKind,
  rowIds: readonly string[],
): Statement {
  const known = sql`(t.entity_type, t.entity_id) in (select o.entity_type, o.entity_id from ${sql.table(CONTACT_INFO_KINDS[ofKind].table)} as o
    where o.tenant_id = ${scope.tenantId} and o.id = any(${rowIds}::uuid[]))`
  return preparedStatement(`findContactInfoBesideRows.${CONTACT_INFO_KINDS[kind].list}`, selectFrom(scope, kind, known))
}

/** Who holds some unique e-mail keys, as `UniqueHolder` with the key as `value`. */
export function findEmailHolders(scope: Scope, keys: readonly string[]): Statement {
  return preparedStatement(
    'findEmailHolders',
    sql`select t.unique_key as value, t.entity_id as id, ${rowCondition(scope, 'EmailAddress', 't')} as "isVisible"
      from email_addresses as t where t.tenant_id = ${scope.tenantId} and t.unique_key = any(${keys}::text[])`,
  )
}

/**
 * The ids of the records of a type, live or deleted, that have an address which folds as one of some keys does: those
 * with the keys, and others that differ in accents. A domain of another script may be stored as it was written, so each
 * key goes in both ways.
 */
export function ownersOfEmailsSql(
  scope: Scope,
  entityType: string,
  keys: readonly string[],
  columns = sql`e.entity_id`,
): Sql {
  const spellings = [...new Set(keys.flatMap(emailSpellings))]
  return sql`select ${columns} from email_addresses as e where e.tenant_id = ${scope.tenantId}
    and e.email_folded = any(kith_fold_each(${spellings}::text[], 255)) and e.entity_type = ${entityType}`
}

/** The same with their addresses, as `id` and `email`. */
export function findOwnersOfEmails(scope: Scope, entityType: string, keys: readonly string[]): Statement {
  const columns = sql`e.entity_id as id, e.email`
  return preparedStatement('findOwnersOfEmails', ownersOfEmailsSql(scope, entityType, keys, columns))
}

/** Who holds unique e-mail keys by the addresses that some records have too, whatever their case. */
export function findHoldersOfEmails(scope: Scope, entityType: string, entityIds: readonly string[]): Statement {
  return preparedStatement(
    'findHoldersOfEmails',
    sql`select t.unique_key as value, t.entity_id as id, ${rowCondition(scope, 'EmailAddress', 't')} as "isVisible"
      from email_addresses as own join email_addresses as t
        on t.tenant_id = ${scope.tenantId} and t.email_folded = own.email_folded and t.unique_key is not null
      where own.tenant_id = ${scope.tenantId} and own.entity_type = ${entityType} and own.entity_id = any(${entityIds}::uuid[])`,
  )
}

/**
 * Gives addresses that were just inserted their unique keys where the tenant wants them by now. The foreign key of the
 * insert waited for who turned the rule on, and keeps others from turning it until the change ends.
 */
export function keyNewEmails(scope: Scope, keys: readonly EmailKey[]): Statement {
  return {
    label: 'keyNewEmails',
    prepared: true,
    text: `update email_addresses as t set unique_key = r.key
      from unnest($2::uuid[], $3::text[]) as r (id, key), tenants as o
      where t.tenant_id = $1 and t.id = r.id and o.id = $1 and o.unique_emails`,
    values: [scope.tenantId, keys.map(({ id }) => id), keys.map(({ key }) => key)],
  }
}

/** Gives up the unique e-mail keys of records that are being deleted. */
export function clearEmailKeys(scope: Scope, entityType: string, entityIds: readonly string[]): Statement {
  return {
    label: 'clearEmailKeys',
    prepared: true,
    text: `update email_addresses set unique_key = null
      where tenant_id = $1 and entity_type = $2 and entity_id = any($3::uuid[]) and unique_key is not null`,
    values: [scope.tenantId, entityType, entityIds],
  }
}

/**
 * Whether the tenant wants e-mail addresses to be unique, as `isOn`, held until the change ends. It is the first
 * statement of each change that writes addresses: the principal's settings may be a second old, and the setting can't
 * be turned meanwhile.
 */
export function lockUniqueEmails(scope: Scope): Statement {
  return {
    label: 'lockUniqueEmails',
    prepared: true,
    text: `select t.unique_emails as "isOn" from tenants as t where t.id = $1 for key share of t`,
    values: [scope.tenantId],
  }
}
