import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../database/database.js'
import { changeRecord, mayChange, refuse, type MutationResult, type UniqueFields } from '../../database/mutation.js'
import type { Transaction } from '../../database/transaction.js'
import type { InputCheck } from '../../lib/input.js'
import type { Scope } from '../../access/scope.js'
import { countOnce, listConnection, once, toPage, type Connection } from '../../list/connection.js'
import { toIdPage } from '../../list/id-page.js'
import { readListQuery, type ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { refreshSearchIndex } from '../../search/search-rows.js'
import { hasLiveCompany } from '../company/company.service.js'
import type { Entity } from '../contact-info/contact-info.row.js'
import * as contactInfo from '../contact-info/contact-info.service.js'
import { requireRole } from '../../access/permissions.js'
import { findUserIds } from '../identity/user.service.js'
import { CONTACT_FIELDS } from './contact.fields.js'
import { checkContact, type ContactColumns, type ContactInput } from './contact.input.js'
import type { createContactLoaders } from './contact.loaders.js'
import * as repository from './contact.repository.js'
import type { ContactRow } from './contact.row.js'

export type CreateContactInput = ContactInput & contactInfo.NewContactInfo
export type UpdateContactInput = ContactInput &
  contactInfo.ChangedContactInfo & { readonly id: string; readonly version: number }

const UNIQUE: UniqueFields = {
  contacts_external_id_key: { field: ['externalId'], message: 'Another contact has this external id.' },
  email_addresses_unique_key_key: {
    field: ['emailAddresses'],
    message: 'Another record has one of these e-mail addresses.',
  },
}

const MAX_ESTIMATE = 10_000

function entityOf(id: string): Entity {
  return { type: 'CONTACT', id }
}

/** Live contacts, newest first unless another order is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listContacts(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  loadRow: (id: string) => Promise<ContactRow | null>,
): Connection<ContactRow> {
  return listConnection(scope, lister, CONTACT_FIELDS, args, async (id) => liveContact(await loadRow(id)))
}

/** A contact as the API shows it: a deleted one is none. */
export function liveContact(row: ContactRow | null): ContactRow | null {
  return row?.deletedAt === null ? row : null
}

/**
 * Live contacts of one company, newest first unless another order is asked for; all companies of a request share a
 * statement, and one for a count. The estimate is a count that stops at 10,000: statistics know nothing of one company.
 * @throws BAD_USER_INPUT, INVALID_CURSOR
 */
export function listContactsOfCompany(
  scope: Scope,
  lister: Lister,
  loaders: ReturnType<typeof createContactLoaders>,
  companyId: string,
  args: ListArguments,
): Connection<ContactRow> {
  const query = readListQuery(scope, lister, CONTACT_FIELDS, args, `company.contacts:${companyId}`)
  const { page } = query
  const key = { companyId, query, text: JSON.stringify([args.filter, args.orderBy, page]) }
  const count = countOnce((max) => loaders.contactCountByCompany.load({ ...key, max }))
  return {
    page: once(async () => {
      const placed = await loaders.contactsByCompany.load(key)
      const rows = new Map(placed.map(({ row }) => [row.id, row]))
      const found = toIdPage(
        query,
        placed.map(({ place }) => place),
      )
      return toPage(
        lister,
        query,
        found,
        found.places.map(({ id }) => rows.get(id) ?? null),
      )
    }),
    count,
    estimatedCount: async () => (await count(MAX_ESTIMATE)).total,
  }
}

/** Creates a contact with its contact info. @throws FORBIDDEN */
export function createContact(scope: Scope, database: Database, input: CreateContactInput): Promise<MutationResult> {
  requireRole(scope, 'MEMBER')
  return changeRecord(database, scope.tenantId, 'createContact', UNIQUE, async (tx, check) => {
    const id = uuidv7({ msecs: scope.now.getTime() })
    const columns = checkContact(check, input)
    await checkReferences(scope, tx, check, columns)
    await checkUnique(scope, tx, check, id, columns.externalId)
    const plans = await contactInfo.planNewContactInfo(scope, tx, entityOf(id), check, input)
    const isNamed = [columns.firstName, columns.middleName, columns.lastName].some(Boolean)
    if (!isNamed && !input.emailAddresses?.length && !input.phoneNumbers?.length && check.errors.length === 0) {
      refuseUnreachable(check)
    }
    refuse(check.errors)
    await repository.insertContact(scope, tx, id, columns)
    await contactInfo.writePlans(scope, tx, entityOf(id), plans)
    await refreshSearchIndex(scope.tenantId, tx, 'CONTACT', [id])
    return id
  })
}

/** Changes a contact and its contact info. @throws FORBIDDEN */
export function updateContact(scope: Scope, database: Database, input: UpdateContactInput): Promise<MutationResult> {
  requireRole(scope, 'MEMBER')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'updateContact', UNIQUE, async (tx, check) => {
    if (!mayChange(check, 'contact', await repository.lockContact(scope, tx, id), input.version)) return id
    const columns = checkContact(check, input)
    await checkReferences(scope, tx, check, columns)
    await checkUnique(scope, tx, check, id, columns.externalId)
    const plans = await contactInfo.planChangedContactInfo(scope, tx, entityOf(id), check, input)
    refuse(check.errors)
    await repository.updateContact(scope, tx, id, columns)
    await contactInfo.writePlans(scope, tx, entityOf(id), plans)
    await contactGate.settle(scope, tx, id, check)
    await refreshSearchIndex(scope.tenantId, tx, 'CONTACT', [id])
    return id
  })
}

/** Deletes a contact so that it can be restored. @throws FORBIDDEN */
export function deleteContact(
  scope: Scope,
  database: Database,
  input: { readonly id: string; readonly version: number },
): Promise<MutationResult> {
  requireRole(scope, 'MANAGER')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'deleteContact', UNIQUE, async (tx, check) => {
    if (!mayChange(check, 'contact', await repository.lockContact(scope, tx, id), input.version)) return id
    await repository.updateContact(scope, tx, id, { deletedAt: scope.now })
    await contactInfo.releaseEmailAddresses(scope, tx, entityOf(id))
    await refreshSearchIndex(scope.tenantId, tx, 'CONTACT', [id])
    return id
  })
}

/** Brings a deleted contact back; a live one stays as it is. @throws FORBIDDEN */
export function restoreContact(
  scope: Scope,
  database: Database,
  input: { readonly id: string },
): Promise<MutationResult> {
  requireRole(scope, 'MANAGER')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'restoreContact', UNIQUE, async (tx, check) => {
    const stored = await repository.lockContact(scope, tx, id)
    if (!stored) check.refuse('id', 'There is no such contact.', 'NOT_FOUND')
    if (!stored?.deletedAt) return id
    await checkUnique(scope, tx, check, id, stored.externalId, 'id')
    await contactInfo.reclaimEmailAddresses(scope, tx, entityOf(id), check)
    refuse(check.errors)
    await repository.updateContact(scope, tx, id, { deletedAt: null })
    await refreshSearchIndex(scope.tenantId, tx, 'CONTACT', [id])
    return id
  })
}

/** Removes a contact and its contact info for good. @throws FORBIDDEN */
export function destroyContact(
  scope: Scope,
  database: Database,
  input: { readonly id: string },
): Promise<MutationResult> {
  requireRole(scope, 'ADMIN')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'destroyContact', UNIQUE, async (tx, check) => {
    if (await repository.lockContact(scope, tx, id)) await repository.deleteContactRow(scope, tx, id)
    else check.refuse('id', 'There is no such contact.', 'NOT_FOUND')
    return id
  })
}

/** Clears the links of a company's contacts, for a company that is destroyed. */
export function unlinkCompany(scope: Scope, tx: Transaction, companyId: string): Promise<void> {
  return repository.unlinkCompany(scope, tx, companyId)
}

/** How contact info changes a contact; see OwnerGate. */
export const contactGate = contactInfo.createOwnerGate(
  repository.lockContact,
  (scope, tx, id) => repository.updateContact(scope, tx, id, {}),
  async (scope, tx, id, check) => {
    const reachable =
      (await repository.isNamed(scope, tx, id)) || (await contactInfo.hasEmailOrPhone(scope, tx, entityOf(id)))
    if (!reachable) refuseUnreachable(check)
  },
)

function refuseUnreachable(check: InputCheck): void {
  check.refuse('', 'A contact needs a part of a name, an e-mail address or a phone number.')
}

async function checkReferences(
  scope: Scope,
  tx: Transaction,
  check: InputCheck,
  columns: ContactColumns,
): Promise<void> {
  const { companyId, ownerId } = columns
  if (companyId && !(await hasLiveCompany(scope, tx, companyId))) {
    check.refuse('companyId', 'There is no such company.', 'NOT_FOUND')
  }
  if (ownerId && (await findUserIds(scope, tx, [ownerId])).length === 0) {
    check.refuse('ownerId', 'There is no such user.', 'NOT_FOUND')
  }
}

async function checkUnique(
  scope: Scope,
  tx: Transaction,
  check: InputCheck,
  id: string,
  externalId: string | null | undefined,
  place = 'externalId',
): Promise<void> {
  const holder = externalId ? await repository.findExternalIdHolder(scope, tx, externalId, id) : null
  if (holder) {
    check.refuse(place, 'Another contact has this external id.', 'ALREADY_EXISTS', { conflictingId: holder })
  }
}
