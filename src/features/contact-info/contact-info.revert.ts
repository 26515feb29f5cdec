import type { Scope } from '../../access/scope.js'
import type { Change } from '../../database/change.js'
import { groupByKey } from '../../lib/batch.js'
import { changedValues } from '../../records/changed-values.js'
import type { Draft, PartPlanner, RecordKind } from '../../records/record-kind.js'
import type { UniqueHolders } from '../../records/unique-holders.js'
import { CONTACT_INFO_KINDS, type ContactInfoKind } from './contact-info.columns.js'
import type { ContactInfoColumns } from './contact-info.input.js'
import { keysOf, type KindPlan, type StoredInfo } from './contact-info.plan.js'
import { planOfKinds, settleIn, type ContactInfoPlan } from './contact-info.record-plan.js'
import { findContactInfoByOwners } from './contact-info.repository.js'
import { askUniqueEmails } from './email-holders.js'
import { emailKeys } from './unique-emails.service.js'

const KINDS = Object.keys(CONTACT_INFO_KINDS) as ContactInfoKind[]
// Kith's own, and the place among the others, which no update changes.
const FIXED = new Set(['createdAt', 'updatedAt', 'entityType', 'entityId', 'position'])

/**
 * Gives records the contact info back that they had: rows that came since go, those that went come back under their ids,
 * others get their values back. An address that another record has by now, where the tenant wants each only once, is a
 * problem at `emailAddresses`.
 */
export async function revertInfo(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  drafts: readonly Draft[],
): Promise<PartPlanner<ContactInfoPlan>> {
  const emails = drafts.flatMap((draft) => rowsBefore(draft, 'emailAddress') ?? []).map(({ email }) => String(email))
  const hasEmails = drafts.some((draft) => rowsBefore(draft, 'emailAddress'))
  const [{ current, holders }, ...stored] = await Promise.all([
    askUniqueEmails(scope, change, hasEmails ? emails : null),
    ...KINDS.map(async (info) => {
      const ids = drafts.flatMap((draft) => (rowsBefore(draft, info) ? [draft.id] : []))
      if (ids.length === 0) return new Map<string, StoredInfo[]>()
      const rows = await change.ask<StoredInfo>(findContactInfoByOwners(scope, info, kind.type, ids))
      return groupByKey(rows, ({ entityId }) => entityId)
    }),
  ])
  const isKeyed = current.principal.tenant.uniqueEmails
  return {
    planOf(draft) {
      const kinds = KINDS.flatMap((info, index) => {
        const before = rowsBefore(draft, info)
        const now = stored[index]?.get(draft.id) ?? []
        return before ? [planReverted(info, draft, now, before.map(withKey(info, isKeyed)), holders)] : []
      })
      return planOfKinds(draft, kinds)
    },
    settle: settleIn(holders),
  }
}

function rowsBefore({ before }: Draft, kind: ContactInfoKind): readonly StoredInfo[] | undefined {
  return before?.[CONTACT_INFO_KINDS[kind].list] as readonly StoredInfo[] | undefined
}

/** A row with the unique key that it has by the tenant's rule of now. */
function withKey(kind: ContactInfoKind, isKeyed: boolean): (row: StoredInfo) => StoredInfo {
  if (kind !== 'emailAddress') return (row) => row
  return (row) => {
    const [keyed] = isKeyed ? emailKeys([{ id: row.id, email: String(row['email']) }]) : []
    return { ...row, uniqueKey: keyed?.key ?? null }
  }
}

function planReverted(
  kind: ContactInfoKind,
  { id: recordId, check }: Draft,
  stored: readonly StoredInfo[],
  before: readonly StoredInfo[],
  holders: UniqueHolders,
): KindPlan {
  const { list, columns } = CONTACT_INFO_KINDS[kind]
  const [now, then] = [byId(stored), byId(before)]
  const removed = stored.filter(({ id }) => !then.has(id))
  const inserted = before.filter(({ id }) => !now.has(id))
  const changed = before.flatMap((row) => {
    const own = now.get(row.id)
    const values = own ? changedValues(columns, own, changeable(row)) : {}
    return own && Object.keys(values).length > 0
      ? [{ row: { ...own, ...values }, own, names: Object.keys(values) }]
      : []
  })
  const taken = [...inserted, ...changed.map(({ row }) => row)].flatMap(({ uniqueKey }) => keysOf(uniqueKey))
  for (const key of taken) {
    const holder = holders.otherThan(key, recordId)
    if (!holder) continue
    const who = holder.isVisible ? { conflictingId: holder.id } : {}
    check.refuse(list, `Another record has the e-mail address ${key}.`, 'ALREADY_EXISTS', who)
  }
  const yieldedOf = ({ id }: StoredInfo, isPrimary: boolean) => ({ id, isPrimary, uniqueKey: null })
  const rekeyed = changed.flatMap(({ own, row, names }) =>
    names.includes('uniqueKey')
      ? keysOf(own['uniqueKey']).map((storedKey) => ({
          storedKey,
          row: yieldedOf(own, own.isPrimary && row.isPrimary),
        }))
      : [],
  )
  const searched = Object.entries(columns).flatMap(([name, column]) => ('isSearched' in column ? [name] : []))
  const isChanged = removed.length + inserted.length + changed.length > 0
  return {
    kind,
    stored,
    removed: removed.map(({ id }) => id),
    inserted,
    updated: changed.map(({ row }) => row),
    yielded: changed.flatMap(({ own, row }) => (own.isPrimary && !row.isPrimary ? [yieldedOf(own, false)] : [])),
    rekeyed,
    keys: {
      givenUp: [...removed.flatMap((row) => keysOf(row['uniqueKey'])), ...rekeyed.map(({ storedKey }) => storedKey)],
      taken,
    },
    count: before.length,
    isChanged,
    isSearchedChanged: isChanged && searched.length > 0,
  }
}

function byId(rows: readonly StoredInfo[]): ReadonlyMap<string, StoredInfo> {
  return new Map(rows.map((row) => [row.id, row]))
}

function changeable(row: ContactInfoColumns): ContactInfoColumns {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !FIXED.has(name)))
}
