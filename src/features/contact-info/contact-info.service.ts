import type { Database } from '../../database/database.js'
import { changeRecord, refuse, type MutationResult } from '../../database/mutation.js'
import type { Transaction } from '../../database/transaction.js'
import type { Given, InputCheck } from '../../lib/input.js'
import type { Scope } from '../../access/scope.js'
import { refreshSearchIndex } from '../../search/search-rows.js'
import { requireRole } from '../../access/permissions.js'
import {
  changesSearchText,
  planContactInfo,
  writeContactInfo,
  type ContactInfoChanges,
  type ContactInfoPlan,
} from './contact-info.change.js'
import type { ContactInfoInputs } from './contact-info.input.js'
import * as repository from './contact-info.repository.js'
import { CONTACT_INFO_KINDS, type ContactInfoKind, type Entity, type EntityType } from './contact-info.row.js'

/** How the records above let their contact info be changed: contacts and companies each hand in one. */
export interface OwnerGate {
  /**
   * Locks a live record and counts its version up. Null when the tenant has none; `conflict` with the version that it
   * has when another one was expected.
   */
  touch(
    scope: Scope,
    tx: Transaction,
    id: string,
    expectedVersion: Given<number>,
  ): Promise<{ version: number; conflict: boolean } | null>
  /** Refuses a record that its last change left without what it needs. */
  settle(scope: Scope, tx: Transaction, id: string, check: InputCheck): Promise<void>
}

/** A record as its lock finds it, deleted or not. */
interface LockedRecord {
  readonly version: number
  readonly deletedAt: Date | null
}

/** The gate of a type of record, from how it is locked, counted up and, where it needs anything, settled. */
export function createOwnerGate(
  lock: (scope: Scope, tx: Transaction, id: string) => Promise<LockedRecord | null>,
  countUp: (scope: Scope, tx: Transaction, id: string) => Promise<void>,
  settle: OwnerGate['settle'] = () => Promise.resolve(),
): OwnerGate {
  return {
    async touch(scope, tx, id, expectedVersion) {
      const stored = await lock(scope, tx, id)
      if (!stored || stored.deletedAt) return null
      const conflict = typeof expectedVersion === 'number' && expectedVersion !== stored.version
      if (!conflict) await countUp(scope, tx, id)
      return { version: stored.version, conflict }
    },
    settle,
  }
}

/** What changes to contact info run on. */
export interface ContactInfoServices {
  readonly database: Database
  readonly owners: Readonly<Record<EntityType, OwnerGate>>
}

/** A mutation's result with the record around it. */
export interface ContactInfoResult extends MutationResult {
  readonly owner: Entity | null
}

/** The nested contact info of a new record: all its kinds, each a list of new rows. */
export type NewContactInfo = {
  readonly [Kind in ContactInfoKind as (typeof CONTACT_INFO_KINDS)[Kind]['list']]?: Given<
    readonly ContactInfoInputs[Kind][]
  >
}

/** The nested contact info of an update: all its kinds, each with changes. */
export type ChangedContactInfo = {
  readonly [Kind in ContactInfoKind as (typeof CONTACT_INFO_KINDS)[Kind]['list']]?: Given<ContactInfoChanges<Kind>>
}

const KINDS = Object.keys(CONTACT_INFO_KINDS) as ContactInfoKind[]

/** Plans the contact info of a new record; problems go to `check`. */
export function planNewContactInfo(
  scope: Scope,
  tx: Transaction,
  entity: Entity,
  check: InputCheck,
  input: NewContactInfo,
): Promise<ContactInfoPlan[]> {
  return planKinds(scope, tx, entity, true, check, (kind) => {
    const add = input[CONTACT_INFO_KINDS[kind].list]
    return add?.length ? { add } : undefined
  })
}

/** Plans changes to the contact info of a stored record; problems go to `check`. */
export function planChangedContactInfo(
  scope: Scope,
  tx: Transaction,
  entity: Entity,
  check: InputCheck,
  input: ChangedContactInfo,
): Promise<ContactInfoPlan[]> {
  return planKinds(scope, tx, entity, false, check, (kind) => input[CONTACT_INFO_KINDS[kind].list])
}

async function planKinds(
  scope: Scope,
  tx: Transaction,
  entity: Entity,
  isNew: boolean,
  check: InputCheck,
  changesOf: (kind: ContactInfoKind) => Given<object>,
): Promise<ContactInfoPlan[]> {
  const plans: ContactInfoPlan[] = []
  for (const kind of KINDS) {
    const list = check.at(CONTACT_INFO_KINDS[kind].list)
    const row = (verb: string, index: number): InputCheck => (isNew ? list.at(index) : list.at(verb, index))
    const changes = changesOf(kind)
    if (changes) plans.push(await planContactInfo(scope, tx, kind, entity, isNew, { list, row }, changes as never))
  }
  return plans
}

/** Writes plans, one kind after the other. */
export async function writePlans(
  scope: Scope,
  tx: Transaction,
  entity: Entity,
  plans: readonly ContactInfoPlan[],
): Promise<void> {
  for (const plan of plans) await writeContactInfo(scope, tx, entity, plan)
}

/** Whether a record has an e-mail address or a phone number. */
export async function hasEmailOrPhone(scope: Scope, tx: Transaction, entity: Entity): Promise<boolean> {
  const rows = async (kind: ContactInfoKind): Promise<boolean> =>
    (await repository.findRows(scope, tx, kind, entity)).length > 0
  return (await rows('emailAddress')) || (await rows('phoneNumber'))
}

/** Gives up the unique e-mail addresses of a record that is being deleted. */
export function releaseEmailAddresses(scope: Scope, tx: Transaction, entity: Entity): Promise<void> {
  return repository.clearEmailKeys(scope, tx, entity)
}

/** Takes the unique e-mail addresses of a record that is being restored; what others hold by now goes to `check`. */
export async function reclaimEmailAddresses(
  scope: Scope,
  tx: Transaction,
  entity: Entity,
  check: InputCheck,
): Promise<void> {
  if (!scope.principal.tenant.uniqueEmails) return
  const rows = await repository.findRows(scope, tx, 'emailAddress', entity)
  const changes = { update: rows.map((row) => ({ id: row.id, email: String(row['email']) })) }
  // Whatever is taken refuses the restore as a whole.
  const place = check.at('id')
  const before = check.errors.length
  const plan = await planContactInfo(
    scope,
    tx,
    'emailAddress',
    entity,
    false,
    { list: place, row: () => place },
    changes,
  )
  if (check.errors.length === before) await writeContactInfo(scope, tx, entity, plan)
}

/** Adds a row to a contact or company. @throws FORBIDDEN */
export function addContactInfo<Kind extends ContactInfoKind>(
  scope: Scope,
  services: ContactInfoServices,
  kind: Kind,
  input: { readonly ownerId: string; readonly ownerVersion?: Given<number>; readonly row: ContactInfoInputs[Kind] },
): Promise<ContactInfoResult> {
  return change(scope, services, `add.${kind}`, [kind, 'email'], async (tx, check) => {
    const id = input.ownerId
    const owner =
      (await touch(scope, services, tx, { type: 'CONTACT', id }, input.ownerVersion)) ??
      (await touch(scope, services, tx, { type: 'COMPANY', id }, input.ownerVersion))
    if (!owner) check.refuse('ownerId', 'There is no such contact or company.', 'NOT_FOUND')
    if (!owner || refuseConflict(check, owner)) return null
    const place = check.at(kind)
    const plan = await planContactInfo(
      scope,
      tx,
      kind,
      owner,
      false,
      { list: place, row: () => place },
      { add: [input.row] },
    )
    refuse(check.errors)
    await writeContactInfo(scope, tx, owner, plan)
    if (changesSearchText(plan)) await refreshSearchIndex(scope.tenantId, tx, owner.type, [owner.id])
    return { id: plan.rows.at(-1)?.id ?? '', entity: owner }
  })
}

/** Changes one row, or makes it the primary one. @throws FORBIDDEN */
export function updateContactInfo<Kind extends ContactInfoKind>(
  scope: Scope,
  services: ContactInfoServices,
  kind: Kind,
  input: ContactInfoInputs[Kind] & { readonly id: string; readonly ownerVersion?: Given<number> },
): Promise<ContactInfoResult> {
  const { ownerVersion, ...row } = input
  return changeRow(scope, services, kind, 'update', input.id, ownerVersion, { update: [row as never] })
}

/** Removes one row. @throws FORBIDDEN */
export function removeContactInfo(
  scope: Scope,
  services: ContactInfoServices,
  kind: ContactInfoKind,
  input: { readonly id: string; readonly ownerVersion?: Given<number> },
): Promise<ContactInfoResult> {
  return changeRow(scope, services, kind, 'remove', input.id, input.ownerVersion, { remove: [input.id] })
}

function changeRow<Kind extends ContactInfoKind>(
  scope: Scope,
  services: ContactInfoServices,
  kind: Kind,
  verb: 'update' | 'remove',
  id: string,
  ownerVersion: Given<number>,
  changes: ContactInfoChanges<Kind>,
): Promise<ContactInfoResult> {
  return change(scope, services, `${verb}.${kind}`, ['email'], async (tx, check) => {
    const entity = await repository.findOwnerOfRow(scope, tx, kind, id)
    // The row of a deleted record is as good as gone.
    const owner = entity && (await touch(scope, services, tx, entity, ownerVersion))
    if (!owner) check.refuse('id', `There is no such ${CONTACT_INFO_KINDS[kind].noun}.`, 'NOT_FOUND')
    if (!owner || refuseConflict(check, owner)) return null
    const places = { list: check.at('id'), row: () => (verb === 'remove' ? check.at('id') : check) }
    const plan = await planContactInfo(scope, tx, kind, owner, false, places, changes)
    refuse(check.errors)
    await writeContactInfo(scope, tx, owner, plan)
    await services.owners[owner.type].settle(scope, tx, owner.id, check.at('id'))
    if (changesSearchText(plan)) await refreshSearchIndex(scope.tenantId, tx, owner.type, [owner.id])
    return { id, entity: owner }
  })
}

type TouchedOwner = Entity & { readonly version: number; readonly conflict: boolean }

async function touch(
  scope: Scope,
  { owners }: ContactInfoServices,
  tx: Transaction,
  entity: Entity,
  expectedVersion: Given<number>,
): Promise<TouchedOwner | null> {
  const touched = await owners[entity.type].touch(scope, tx, entity.id, expectedVersion)
  return touched && { ...entity, ...touched }
}

function refuseConflict(check: InputCheck, { conflict, version }: TouchedOwner): boolean {
  if (conflict) {
    check.refuse('ownerVersion', 'The record changed since it was read.', 'CONFLICT', { currentVersion: version })
  }
  return conflict
}

async function change(
  scope: Scope,
  { database }: ContactInfoServices,
  label: string,
  emailPath: readonly string[],
  work: (tx: Transaction, check: InputCheck) => Promise<{ id: string; entity: Entity } | null>,
): Promise<ContactInfoResult> {
  requireRole(scope, 'MEMBER')
  let owner: Entity | null = null
  const unique = {
    email_addresses_unique_key_key: { field: emailPath, message: 'Another record has this e-mail address.' },
  }
  const result = await changeRecord(database, scope.tenantId, label, unique, async (tx, check) => {
    const done = await work(tx, check)
    owner = done?.entity ?? null
    return done?.id ?? ''
  })
  return { ...result, owner: result.id === null ? null : owner }
}
