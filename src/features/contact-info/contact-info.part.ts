import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import type { Statement } from '../../database/statement.js'
import { groupByKey } from '../../lib/batch.js'
import type { Given, InputCheck } from '../../lib/input.js'
import type { Draft, PartPlanner, RecordKind, RecordPart } from '../../records/record-kind.js'
import { createUniqueHolders, type UniqueHolders } from '../../records/unique-holders.js'
import { deleteRows, insertRows, returningRows, updateRows } from '../../records/row-statements.js'
import { CONTACT_INFO_KINDS, type ContactInfoKind } from './contact-info.columns.js'
import { mergeRows } from './contact-info.merge.js'
import { askCurrent, askUniqueEmails, type EmailHolder } from './email-holders.js'
import { emailKeys } from './unique-emails.service.js'
import { planKind, type ContactInfoChanges, type KindPlan, type StoredInfo } from './contact-info.plan.js'
import { planOfKinds, settleIn, type ContactInfoPlan } from './contact-info.record-plan.js'
import { revertInfo } from './contact-info.revert.js'
import {
  clearEmailKeys,
  findContactInfoByOwners,
  findHoldersOfEmails,
  keyNewEmails,
  lockUniqueEmails,
} from './contact-info.repository.js'

const KINDS = Object.keys(CONTACT_INFO_KINDS) as ContactInfoKind[]
// A record that has lost its name needs one of these.
const REACHING = new Set<ContactInfoKind>(['emailAddress', 'phoneNumber'])

/** Contact info as a part of the records that it belongs to. */
export const contactInfoPart: RecordPart<ContactInfoPlan> = {
  unique: [['email_addresses_unique_key_key', 'emailAddresses', 'Another record has one of these e-mail addresses.']],
  async plan(scope, change, kind, drafts) {
    const writers = drafts.filter((draft) => changesOf(draft, 'emailAddress') !== null)
    // New records ask for nothing where the rule is off: `keyNewEmails` looks after them, without a round trip of its
    // own.
    const isAsked = scope.principal.tenant.uniqueEmails ? writers.length > 0 : writers.some(({ isNew }) => !isNew)
    const [{ current, holders }, stored] = await Promise.all([
      askUniqueEmails(scope, change, isAsked ? drafts.flatMap(emailsOf) : null),
      askStored(scope, change, kind, drafts),
    ])
    return { planOf: (draft) => planDraft(current, kind, draft, stored, holders), settle: settleIn(holders) }
  },
  write: (scope, _kind, plans) => [
    ...writeKinds(
      scope,
      plans.flatMap(({ kinds }) => kinds),
    ),
    ...keyNew(
      scope,
      plans.filter(({ isNew }) => isNew),
    ),
  ],
  release: (scope, kind, ids) => [lockUniqueEmails(scope), clearEmailKeys(scope, kind.type, ids)],
  reclaim,
  revert: revertInfo,
}

/** The changes that an input asks for; those of a new record are lists of new rows. */
function changesOf(draft: Draft, kind: ContactInfoKind): ContactInfoChanges<ContactInfoKind> | null {
  const given = draft.input[CONTACT_INFO_KINDS[kind].list] as Given<
    ContactInfoChanges<ContactInfoKind> | readonly object[]
  >
  if (!given) return null
  if (!isList(given)) return given
  return given.length > 0 ? { add: given } : null
}

function isList<Item>(given: Item | readonly object[]): given is readonly object[] {
  return Array.isArray(given)
}

/** The rows of some kinds, by the records that they were read of, of which some have none. */
type StoredRows = Readonly<Partial<Record<ContactInfoKind, ReadonlyMap<string, readonly StoredInfo[]>>>>

/** The rows of all kinds that some draft changes, and those that tell whether a record can still be reached. */
async function askStored(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  drafts: readonly Draft[],
): Promise<StoredRows> {
  const entries = await Promise.all(
    KINDS.map(async (info): Promise<[ContactInfoKind, Map<string, StoredInfo[]>] | null> => {
      const ids = drafts.filter((draft) => !draft.isNew && isNeeded(kind, draft, info)).map(({ id }) => id)
      if (ids.length === 0) return null
      const rows = await change.ask<StoredInfo>(findContactInfoByOwners(scope, info, kind.type, ids))
      const none = ids.map((id): [string, StoredInfo[]] => [id, []])
      return [info, new Map([...none, ...groupByKey(rows, ({ entityId }) => entityId)])]
    }),
  )
  return Object.fromEntries(entries.filter((entry) => entry !== null))
}

function isNeeded(kind: RecordKind, draft: Draft, info: ContactInfoKind): boolean {
  if (changesOf(draft, info) !== null) return true
  if (!kind.needsParts || !REACHING.has(info)) return false
  return kind.needsParts(draft.values) || [...REACHING].some((other) => changesOf(draft, other)?.remove?.length)
}

function emailsOf(draft: Draft): string[] {
  const { add, update } = (changesOf(draft, 'emailAddress') ?? {}) as ContactInfoChanges<'emailAddress'>
  return [...(add ?? []), ...(update ?? [])].flatMap(({ email }) => (typeof email === 'string' ? [email] : []))
}

function planDraft(
  scope: Scope,
  kind: RecordKind,
  draft: Draft,
  stored: StoredRows,
  holders: UniqueHolders,
): ContactInfoPlan {
  const owner = { entityType: kind.type, entityId: draft.id }
  const own = (info: ContactInfoKind): readonly StoredInfo[] => {
    const rows = stored[info]?.get(draft.id) ?? []
    // A restored record's addresses have their unique keys again, by `reclaim`.
    const isKeyed = draft.isRestored && info === 'emailAddress' && scope.principal.tenant.uniqueEmails
    return isKeyed ? rows.map(withKey) : rows
  }
  const kinds = KINDS.flatMap((info) => {
    const changes = changesOf(draft, info)
    if (!changes) return []
    const list = draft.check.at(CONTACT_INFO_KINDS[info].list)
    const state = { owner, stored: own(info), holders }
    if (isList(draft.input[CONTACT_INFO_KINDS[info].list] as object) && !draft.isNew) {
      const merged = mergeRows(info, scope.principal.tenant, changes.add ?? [], state.stored, list)
      return [planKind(scope, info, state, { list, row: merged.row }, merged.changes)]
    }
    const row = (verb: string, index: number): InputCheck => (draft.isNew ? list.at(index) : list.at(verb, index))
    return [planKind(scope, info, state, { list, row }, changes)]
  })
  const counts = Object.fromEntries([
    ...KINDS.filter((info) => stored[info]?.has(draft.id) || draft.isNew).map((info) => [info, own(info).length]),
    ...kinds.map((plan) => [plan.kind, plan.count]),
  ]) as Record<string, number>
  return planOfKinds(draft, kinds, counts)
}

function withKey(row: StoredInfo): StoredInfo {
  const [keyed] = emailKeys([{ id: row.id, email: String(row['email']) }])
  return { ...row, uniqueKey: keyed?.key ?? null }
}

/**
 * The writes of some plans: four statements a kind at most, for all records together. Those that insert and change rows
 * give them for the answer.
 */
export function writeKinds(scope: Scope, plans: readonly KindPlan[]): Statement[] {
  return KINDS.flatMap((kind) => {
    const own = plans.filter((plan) => plan.kind === kind)
    const rowTable = CONTACT_INFO_KINDS[kind]
    const [removed, yielded] = [own.flatMap((plan) => plan.removed), yieldedRows(own)]
    const [updated, inserted] = [own.flatMap((plan) => plan.updated), own.flatMap((plan) => plan.inserted)]
    return [
      ...(removed.length > 0 ? [deleteRows(scope, rowTable.table, removed)] : []),
      ...(yielded.length > 0 ? [updateRows(scope, rowTable, YIELDED.filter(isColumnOf(kind)), yielded)] : []),
      ...(updated.length > 0 ? [returningRows(updateRows(scope, rowTable, changeable(kind), updated), rowTable)] : []),
      ...(inserted.length > 0 ? [returningRows(insertRows(scope, rowTable, inserted), rowTable)] : []),
    ]
  })
}

/** What has to be given up before others take it: by one statement for all records. */
function yieldedRows(plans: readonly KindPlan[]): KindPlan['yielded'] {
  const taken = new Set(plans.flatMap(({ keys }) => keys.taken))
  const rows = plans.flatMap(({ yielded, rekeyed }) => [
    ...yielded,
    ...rekeyed.flatMap(({ storedKey, row }) => (taken.has(storedKey) ? [row] : [])),
  ])
  return [...new Map(rows.map((row) => [row.id, row])).values()]
}

// What only one row may have.
const YIELDED = ['isPrimary', 'uniqueKey']

function isColumnOf(kind: ContactInfoKind): (name: string) => boolean {
  return (name) => name in CONTACT_INFO_KINDS[kind].columns
}

/**
 * Keys for the addresses of new records, should the rule have been turned on since the principal's settings were read.
 */
function keyNew(scope: Scope, plans: readonly ContactInfoPlan[]): Statement[] {
  if (scope.principal.tenant.uniqueEmails) return []
  const rows = plans
    .flatMap(({ kinds }) => kinds.filter(({ kind }) => kind === 'emailAddress'))
    .flatMap((plan) => plan.inserted)
  const keys = emailKeys(rows.map((row) => ({ id: row.id, email: String(row['email']) })))
  return keys.length === 0 ? [] : [keyNewEmails(scope, keys)]
}

const FIXED = new Set(['id', 'createdAt', 'updatedAt', 'entityType', 'entityId', 'position'])

function changeable(kind: ContactInfoKind): string[] {
  return Object.keys(CONTACT_INFO_KINDS[kind].columns).filter((name) => !FIXED.has(name))
}

async function reclaim(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  drafts: readonly Draft[],
): Promise<PartPlanner<ContactInfoPlan>> {
  const ids = drafts.map(({ id }) => id)
  const ask = () =>
    Promise.all([
      change.ask<StoredInfo>(findContactInfoByOwners(scope, 'emailAddress', kind.type, ids)),
      change.ask<EmailHolder>(findHoldersOfEmails(scope, kind.type, ids)),
    ])
  const [current, early] = await Promise.all([
    askCurrent(scope, change),
    scope.principal.tenant.uniqueEmails ? ask() : null,
  ])
  if (!current.principal.tenant.uniqueEmails) return { planOf: () => null, settle: () => undefined }
  const [rows, found] = early ?? (await ask())
  const stored = groupByKey(rows, ({ entityId }) => entityId)
  const holders = createUniqueHolders(found)
  return {
    planOf(draft) {
      const own = stored.get(draft.id) ?? []
      // Every address is written again, so that each gets its unique key back: `release` had cleared it.
      const update = own.map((row) => ({ id: row.id, email: String(row['email']) }))
      // Whatever is taken refuses the restore as a whole: no field of a row is named.
      const place = draft.check.at('id')
      const row = {
        ...place,
        refuse: (...[, ...problem]: Parameters<typeof place.refuse>) => place.refuse('', ...problem),
      }
      const owner = { entityType: kind.type, entityId: draft.id }
      const plan = planKind(
        current,
        'emailAddress',
        { owner, stored: own, holders },
        { list: place, row: () => row },
        { update },
      )
      return { ...planOfKinds(draft, [plan]), isSearchedChanged: false }
    },
    settle: settleIn(holders),
  }
}
