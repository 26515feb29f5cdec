import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../database/database.js'
import { changeRecord, mayChange, refuse, type MutationResult, type UniqueFields } from '../../database/mutation.js'
import type { Transaction } from '../../database/transaction.js'
import type { InputCheck } from '../../lib/input.js'
import type { Scope } from '../../access/scope.js'
import { listConnection, type Connection } from '../../list/connection.js'
import type { ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { refreshSearchIndex } from '../../search/search-rows.js'
import type { Entity } from '../contact-info/contact-info.row.js'
import * as contactInfo from '../contact-info/contact-info.service.js'
import { requireRole } from '../../access/permissions.js'
import { findUserIds } from '../identity/user.service.js'
import { COMPANY_FIELDS } from './company.fields.js'
import { checkCompany, completeRevenue, type CompanyColumns, type CompanyInput } from './company.input.js'
import * as repository from './company.repository.js'
import type { CompanyRow } from './company.row.js'
import { hasPicklistEntry } from './picklist.service.js'

export type CreateCompanyInput = CompanyInput & contactInfo.NewContactInfo
export type UpdateCompanyInput = CompanyInput &
  contactInfo.ChangedContactInfo & { readonly id: string; readonly version: number }

const UNIQUE: UniqueFields = {
  companies_domain_key: { field: ['domain'], message: 'Another company has this domain.' },
  companies_external_id_key: { field: ['externalId'], message: 'Another company has this external id.' },
  email_addresses_unique_key_key: {
    field: ['emailAddresses'],
    message: 'Another record has one of these e-mail addresses.',
  },
}
const NO_REVENUE = { annualRevenue: null, annualRevenueCurrency: null }

function entityOf(id: string): Entity {
  return { type: 'COMPANY', id }
}

/** Live companies, newest first unless another order is asked for. @throws BAD_USER_INPUT, INVALID_CURSOR */
export function listCompanies(
  scope: Scope,
  lister: Lister,
  args: ListArguments,
  loadRow: (id: string) => Promise<CompanyRow | null>,
): Connection<CompanyRow> {
  return listConnection(scope, lister, COMPANY_FIELDS, args, async (id) => liveCompany(await loadRow(id)))
}

/** A company as the API shows it: a deleted one is none. */
export function liveCompany(row: CompanyRow | null): CompanyRow | null {
  return row?.deletedAt === null ? row : null
}

/** Whether the tenant has a live company of that id. */
export function hasLiveCompany(scope: Scope, tx: Transaction, id: string): Promise<boolean> {
  return repository.hasLiveCompany(scope, tx, id)
}

/** Creates a company with its contact info. @throws FORBIDDEN */
export function createCompany(scope: Scope, database: Database, input: CreateCompanyInput): Promise<MutationResult> {
  requireRole(scope, 'MEMBER')
  return changeRecord(database, scope.tenantId, 'createCompany', UNIQUE, async (tx, check) => {
    const id = uuidv7({ msecs: scope.now.getTime() })
    const columns = completeRevenue(check, checkCompany(check, input), NO_REVENUE, scope.principal.tenant)
    await checkReferences(scope, tx, check, columns)
    await checkUnique(scope, tx, check, id, columns)
    const plans = await contactInfo.planNewContactInfo(scope, tx, entityOf(id), check, input)
    refuse(check.errors)
    await repository.insertCompany(scope, tx, id, columns)
    await contactInfo.writePlans(scope, tx, entityOf(id), plans)
    await refreshSearchIndex(scope.tenantId, tx, 'COMPANY', [id])
    return id
  })
}

/** Changes a company and its contact info. @throws FORBIDDEN */
export function updateCompany(scope: Scope, database: Database, input: UpdateCompanyInput): Promise<MutationResult> {
  requireRole(scope, 'MEMBER')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'updateCompany', UNIQUE, async (tx, check) => {
    const stored = await repository.lockCompany(scope, tx, id)
    if (!mayChange(check, 'company', stored, input.version)) return id
    const columns = completeRevenue(check, checkCompany(check, input), stored, scope.principal.tenant)
    await checkReferences(scope, tx, check, columns)
    await checkUnique(scope, tx, check, id, columns)
    const plans = await contactInfo.planChangedContactInfo(scope, tx, entityOf(id), check, input)
    refuse(check.errors)
    await repository.updateCompany(scope, tx, id, columns)
    await contactInfo.writePlans(scope, tx, entityOf(id), plans)
    await refreshSearchIndex(scope.tenantId, tx, 'COMPANY', [id])
    return id
  })
}

/** Deletes a company so that it can be restored; its contacts keep their links. @throws FORBIDDEN */
export function deleteCompany(
  scope: Scope,
  database: Database,
  input: { readonly id: string; readonly version: number },
): Promise<MutationResult> {
  requireRole(scope, 'MANAGER')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'deleteCompany', UNIQUE, async (tx, check) => {
    if (!mayChange(check, 'company', await repository.lockCompany(scope, tx, id), input.version)) return id
    await repository.updateCompany(scope, tx, id, { deletedAt: scope.now })
    await contactInfo.releaseEmailAddresses(scope, tx, entityOf(id))
    await refreshSearchIndex(scope.tenantId, tx, 'COMPANY', [id])
    return id
  })
}

/** Brings a deleted company back; a live one stays as it is. @throws FORBIDDEN */
export function restoreCompany(
  scope: Scope,
  database: Database,
  input: { readonly id: string },
): Promise<MutationResult> {
  requireRole(scope, 'MANAGER')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'restoreCompany', UNIQUE, async (tx, check) => {
    const stored = await repository.lockCompany(scope, tx, id)
    if (!stored) check.refuse('id', 'There is no such company.', 'NOT_FOUND')
    if (!stored?.deletedAt) return id
    await checkUnique(scope, tx, check, id, stored, 'id')
    await contactInfo.reclaimEmailAddresses(scope, tx, entityOf(id), check)
    refuse(check.errors)
    await repository.updateCompany(scope, tx, id, { deletedAt: null })
    await refreshSearchIndex(scope.tenantId, tx, 'COMPANY', [id])
    return id
  })
}

/**
 * Removes a company for good, with its contact info and the links of its contacts, which `unlinkContacts` clears.
 * @throws FORBIDDEN
 */
export function destroyCompany(
  scope: Scope,
  database: Database,
  unlinkContacts: (scope: Scope, tx: Transaction, companyId: string) => Promise<void>,
  input: { readonly id: string },
): Promise<MutationResult> {
  requireRole(scope, 'ADMIN')
  const { id } = input
  return changeRecord(database, scope.tenantId, 'destroyCompany', UNIQUE, async (tx, check) => {
    if (!(await repository.lockCompany(scope, tx, id))) {
      check.refuse('id', 'There is no such company.', 'NOT_FOUND')
      return id
    }
    await unlinkContacts(scope, tx, id)
    await repository.deleteCompanyRow(scope, tx, id)
    return id
  })
}

/** How contact info changes a company; see OwnerGate. */
export const companyGate = contactInfo.createOwnerGate(repository.lockCompany, (scope, tx, id) =>
  repository.updateCompany(scope, tx, id, {}),
)

async function checkReferences(
  scope: Scope,
  tx: Transaction,
  check: InputCheck,
  columns: CompanyColumns,
): Promise<void> {
  const { industryId, sizeId, assignedToId } = columns
  if (industryId && !(await hasPicklistEntry(scope, tx, 'industry', industryId))) {
    check.refuse('industryId', 'There is no such industry.', 'NOT_FOUND')
  }
  if (sizeId && !(await hasPicklistEntry(scope, tx, 'companySize', sizeId))) {
    check.refuse('sizeId', 'There is no such company size.', 'NOT_FOUND')
  }
  if (assignedToId && (await findUserIds(scope, tx, [assignedToId])).length === 0) {
    check.refuse('assignedToId', 'There is no such user.', 'NOT_FOUND')
  }
}

async function checkUnique(
  scope: Scope,
  tx: Transaction,
  check: InputCheck,
  id: string,
  { domain = null, externalId = null }: { readonly domain?: string | null; readonly externalId?: string | null },
  place?: string,
): Promise<void> {
  for (const holder of await repository.findUniqueHolders(scope, tx, { domain, externalId }, id)) {
    const conflictingId = holder.id
    if (domain !== null && holder.domain === domain) {
      check.refuse(place ?? 'domain', 'Another company has this domain.', 'ALREADY_EXISTS', { conflictingId })
    }
    if (externalId !== null && holder.externalId === externalId) {
      check.refuse(place ?? 'externalId', 'Another company has this external id.', 'ALREADY_EXISTS', { conflictingId })
    }
  }
}
