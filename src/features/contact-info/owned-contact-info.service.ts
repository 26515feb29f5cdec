import type { Scope } from '../../access/scope.js'
import type { Columns } from '../../concepts/columns.js'
import type { Statement } from '../../database/statement.js'
import { CONTACT_INFO_KINDS, type ContactInfoKind, type EntityType } from './contact-info.columns.js'
import { findContactInfoByOwners, findMostContactInfo } from './contact-info.repository.js'

/** All rows of one kind of some records that the principal may see, in their order, with some of their columns. */
export function contactInfoOfOwners(
  scope: Scope,
  kind: ContactInfoKind,
  entityType: EntityType,
  ids: readonly string[],
  fields: ReadonlySet<string>,
): Statement {
  return findContactInfoByOwners(scope, kind, entityType, ids, ownedColumns(kind, fields))
}

/** How many rows of one kind the record has that has the most of them, as `most`; 0 without any. */
export function mostContactInfo(scope: Scope, kind: ContactInfoKind, entityType: EntityType): Statement {
  return findMostContactInfo(scope, kind, entityType)
}

/** Whose the row is, and some fields; the object is the key of its select list, so it is made once for each export. */
const known = new WeakMap<ReadonlySet<string>, Columns>()

function ownedColumns(kind: ContactInfoKind, fields: ReadonlySet<string>): Columns {
  const made =
    known.get(fields) ??
    Object.fromEntries(
      Object.entries(CONTACT_INFO_KINDS[kind].columns).filter(([name]) => name === 'entityId' || fields.has(name)),
    )
  known.set(fields, made)
  return made
}
