import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Database } from '../../database/database.js'
import type { Statement } from '../../database/statement.js'
import { createInputCheck, type Given } from '../../lib/input.js'
import { changed } from '../../records/changed.js'
import { refuse, runMutation, type MutationResult } from '../../records/mutation.js'
import type { Draft, RecordKind, StoredRecord } from '../../records/record-kind.js'
import { lockOwners, lockRecords } from '../../records/record-statements.js'
import { returningRows, updateRows } from '../../records/row-statements.js'
import {
  CONTACT_INFO_KINDS,
  type ContactInfoKind,
  type EmailAddressRow,
  type EntityType,
} from './contact-info.columns.js'
import type { ContactInfoInputs } from './contact-info.input.js'
import { contactInfoPart, writeKinds } from './contact-info.part.js'
import { askUniqueEmails } from './email-holders.js'
import {
  planKind,
  type ChangePlaces,
  type ContactInfoChanges,
  type KindPlan,
  type StoredInfo,
} from './contact-info.plan.js'
import { findContactInfoBesideRows, findContactInfoByOwners } from './contact-info.repository.js'

/** What changes to contact info run on. */
export interface ContactInfoServices {
  readonly database: Database
  /** the types of record; those with contact info among their parts have it */
  readonly recordKinds: readonly RecordKind[]
}

/** A mutation's result with the record around it. */
export interface ContactInfoResult<Row = unknown> extends MutationResult<Row> {
  readonly owner: { readonly type: string; readonly record: StoredRecord } | null
}

type Rows = readonly StoredInfo[]

/** How a change finds its record, and what it is to do to the rows of that record. */
interface RowChange<Kind extends ContactInfoKind> {
  readonly kind: Kind
  readonly ownerVersion: Given<number>
  readonly lock: (scope: Scope, recordKind: RecordKind) => Statement
  /** the rows of a kind that the record has, whichever type it is of */
  readonly rows: (scope: Scope, kind: ContactInfoKind) => readonly Statement[]
  readonly changes: ContactInfoChanges<Kind>
  /** the row that the change is about; null for a new one */
  readonly rowId: string | null
  readonly emails: readonly Given<string>[]
  /** what is said, and where, when there is no such record or row */
  readonly missing: { readonly field: string; readonly noun: string }
  readonly places: (draft: Draft) => ChangePlaces
  /** where in the input a race for a unique address is reported */
  readonly emailPath: readonly string[]
}

const TYPES: readonly EntityType[] = ['CONTACT', 'COMPANY']

/** Adds a row to a contact or company. */
export function addContactInfo<Kind extends ContactInfoKind>(
  scope: Scope,
  services: ContactInfoServices,
  kind: Kind,
  input: { readonly ownerId: string; readonly ownerVersion?: Given<number>; readonly row: ContactInfoInputs[Kind] },
): Promise<ContactInfoResult> {
  const ids = [input.ownerId]
  return changeRows(scope, services, {
    kind,
    ownerVersion: input.ownerVersion,
    lock: (own, recordKind) => lockRecords(own, recordKind, ids),
    rows: (own, info) => TYPES.map((type) => findContactInfoByOwners(own, info, type, ids)),
    changes: { add: [input.row] },
    rowId: null,
    emails: 'email' in input.row ? [input.row.email] : [],
    missing: { field: 'ownerId', noun: 'contact or company' },
    places: ({ check }) => ({ list: check.at(kind), row: () => check.at(kind) }),
    emailPath: [kind, 'email'],
  })
}

/** Changes one row, or makes it the primary one. */
export function updateContactInfo<Kind extends ContactInfoKind>(
  scope: Scope,
  services: ContactInfoServices,
  kind: Kind,
  input: ContactInfoInputs[Kind] & { readonly id: string; readonly ownerVersion?: Given<number> },
): Promise<ContactInfoResult> {
  const { ownerVersion, ...row } = input
  const changes: ContactInfoChanges<Kind> = { update: [row] }
  return changeRows(scope, services, {
    ...byRow(kind, input.id),
    ownerVersion,
    changes,
    emails: 'email' in row ? [row.email as Given<string>] : [],
    places: ({ check }) => ({ list: check.at('id'), row: () => check }),
  })
}

/** Removes one row. */
export function removeContactInfo(
  scope: Scope,
  services: ContactInfoServices,
  kind: ContactInfoKind,
  input: { readonly id: string; readonly ownerVersion?: Given<number> },
): Promise<ContactInfoResult> {
  return changeRows(scope, services, {
    ...byRow(kind, input.id),
    ownerVersion: input.ownerVersion,
    changes: { remove: [input.id] },
    emails: [],
    places: ({ check }) => ({ list: check.at('id'), row: () => check.at('id') }),
  })
}

function byRow<Kind extends ContactInfoKind>(kind: Kind, id: string) {
  const { table, noun } = CONTACT_INFO_KINDS[kind]
  return {
    kind,
    rowId: id,
    lock: (scope: Scope, recordKind: RecordKind) => lockOwners(scope, recordKind, table, [id]),
    rows: (scope: Scope, info: ContactInfoKind) => [findContactInfoBesideRows(scope, info, kind, [id])],
    missing: { field: 'id', noun },
    emailPath: ['email'],
  }
}

/** One change to the rows of one record, under its lock: the record's version is counted up with them. */
function changeRows<Kind extends ContactInfoKind>(
  scope: Scope,
  { database, recordKinds }: ContactInfoServices,
  wanted: RowChange<Kind>,
): Promise<ContactInfoResult> {
  const unique = {
    email_addresses_unique_key_key: { field: wanted.emailPath, message: 'Another record has this e-mail address.' },
  }
  return runMutation(
    database,
    scope.tenantId,
    unique,
    (userErrors): ContactInfoResult => ({ id: null, record: null, isChanged: false, owner: null, userErrors }),
    async (change) => {
      const { kind } = wanted
      const emails = wanted.emails.filter((email) => typeof email === 'string')
      const [{ current, holders }, locked, stored, others] = await Promise.all([
        askUniqueEmails(scope, change, kind === 'emailAddress' ? emails : null),
        Promise.all(
          recordKinds.filter(hasContactInfo).map(async (recordKind) => {
            const [row] = await change.ask<StoredRecord>(wanted.lock(scope, recordKind))
            return row ? { recordKind, row } : null
          }),
        ),
        askRows(scope, change, wanted, kind),
        askOthers(scope, change, wanted),
      ])
      const owner = locked.find((found) => found !== null) ?? null
      const id = owner?.row.id ?? ''
      const draft: Draft = { id, isNew: false, input: {}, check: createInputCheck(), stored: null, values: {} }
      const found = requireOwner(draft, wanted, owner, stored)
      const state = { owner: { entityType: found.recordKind.type, entityId: found.row.id }, stored, holders }
      const plan = planKind(current, kind, state, wanted.places(draft), wanted.changes)
      refuse(draft.check.errors)
      draft.stored = found.row
      const parts = [{ recordId: draft.id, counts: { ...others, [kind]: plan.count }, ...plan }]
      found.recordKind.checkOutcome?.(draft, parts, draft.check.at('id'))
      refuse(draft.check.errors)
      if (!plan.isChanged) return leaveRows(change, found, stored, wanted.rowId)
      return commitRows(scope, change, found, plan, wanted.rowId ?? plan.inserted[0]?.id ?? '')
    },
  )
}

function hasContactInfo({ parts }: RecordKind): boolean {
  return parts.includes(contactInfoPart)
}

async function askRows<Kind extends ContactInfoKind>(
  scope: Scope,
  change: Change,
  wanted: RowChange<Kind>,
  kind: ContactInfoKind,
): Promise<Rows> {
  const rows = await Promise.all(wanted.rows(scope, kind).map((statement) => change.ask<StoredInfo>(statement)))
  return rows.flat()
}

/** Where an e-mail address is removed, how many phone numbers the record has, and the reverse; else nothing. */
async function askOthers<Kind extends ContactInfoKind>(
  scope: Scope,
  change: Change,
  wanted: RowChange<Kind>,
): Promise<Readonly<Record<string, number>>> {
  const other = ({ emailAddress: 'phoneNumber', phoneNumber: 'emailAddress' } as const)[String(wanted.kind)]
  if (!other || !wanted.changes.remove) return {}
  return { [other]: (await askRows(scope, change, wanted, other)).length }
}

interface Owner {
  readonly recordKind: RecordKind
  readonly row: StoredRecord
}

/** The live record of a change, with the version that was expected. @throws UserErrors otherwise */
function requireOwner<Kind extends ContactInfoKind>(
  { check }: Draft,
  { ownerVersion, missing, changes }: RowChange<Kind>,
  owner: Owner | null,
  stored: Rows,
): Owner {
  // The row of a deleted record is as good as gone; and while its record's lock was waited for, a row may have gone.
  const ids = [...(changes.remove ?? []), ...(changes.update ?? []).map(({ id }) => id)]
  const isThere = owner !== null && !owner.row.deletedAt && ids.every((id) => stored.some((row) => row.id === id))
  if (!isThere) check.refuse(missing.field, `There is no such ${missing.noun}.`, 'NOT_FOUND')
  else if (typeof ownerVersion === 'number' && ownerVersion !== owner.row.version) {
    const currentVersion = owner.row.version
    check.refuse('ownerVersion', 'The record changed since it was read.', 'CONFLICT', { currentVersion })
  }
  refuse(check.errors)
  return owner as Owner
}

/** Ends a change that found the row as it is to be: nothing is written, the record keeps its version. */
async function leaveRows(
  change: Change,
  { recordKind, row }: Owner,
  stored: Rows,
  id: string | null,
): Promise<ContactInfoResult> {
  await change.commit([])
  const record = stored.find((infoRow) => infoRow.id === id) ?? null
  return { id, record, owner: { type: recordKind.type, record: row }, isChanged: false, userErrors: [] }
}

async function commitRows(
  scope: Scope,
  change: Change,
  { recordKind, row }: Owner,
  plan: KindPlan,
  id: string,
): Promise<ContactInfoResult> {
  const rowTable = { table: recordKind.concept.table, columns: recordKind.columns }
  const after = { ...row, version: row.version + 1, updatedAt: scope.now.toISOString() }
  const parts = [{ recordId: row.id, counts: {}, isChanged: true, isSearchedChanged: plan.isSearchedChanged }]
  const [[owner] = [], ...written] = await change.commit([
    returningRows(updateRows(scope, rowTable, [], [{ id: row.id }]), rowTable),
    ...writeKinds(scope, [plan]),
    ...changed(scope, [{ kind: recordKind, id: row.id, before: row, after, parts }]),
  ])
  const record = written.flat().find((infoRow) => infoRow['id'] === id) ?? null
  const changedOwner = { type: recordKind.type, record: owner as StoredRecord }
  return { id, record, owner: changedOwner, isChanged: true, userErrors: [] }
}

/** The e-mail addresses of some records, in a change that has locked these. */
export function askEmailAddresses(
  scope: Scope,
  change: Change,
  entityType: string,
  entityIds: readonly string[],
): Promise<EmailAddressRow[]> {
  return change.ask<EmailAddressRow>(findContactInfoByOwners(scope, 'emailAddress', entityType, entityIds))
}
