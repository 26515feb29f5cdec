import { AppError } from '../lib/errors.js'
import { roleIncludes, type Role } from '../lib/principal.js'
import type { Scope } from './scope.js'

/**
 * The role that each operation of the API needs at least, by the name of its root field. An operation that isn't here
 * is nobody's: a test compares the table with the schema.
 */
export const PERMISSIONS: Readonly<Record<string, Role>> = {
  ...forRole('VIEWER', [
    'me',
    'node',
    'nodes',
    'contact',
    'contacts',
    'company',
    'companies',
    'industries',
    'companySizes',
    'users',
    'search',
    'customFieldDefinitions',
    'customFieldDefinition',
    // Whoever reads a list may take it away.
    ...['export', 'createContactExport', 'createCompanyExport'],
  ]),
  ...forRole('MEMBER', [
    ...['job', 'jobs', 'cancelJob', 'importFile', 'importPreview', 'startImport'],
    ...['previewBulkContacts', 'previewBulkCompanies'],
    // What deletes or restores needs a MANAGER, as it does with one record.
    ...['startBulkContacts', 'startBulkCompanies'],
    ...['createContact', 'updateContact', 'createCompany', 'updateCompany'],
    ...['upsertContact', 'upsertCompany', 'bulkUpsertContacts', 'bulkUpsertCompanies'],
    ...['bulkCreateContacts', 'bulkUpdateContacts', 'bulkCreateCompanies', 'bulkUpdateCompanies'],
    ...['EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount'].flatMap((kind) => [
      `add${kind}`,
      `update${kind}`,
      `remove${kind}`,
      `make${kind}Primary`,
    ]),
  ]),
  ...forRole('MANAGER', [
    'undoJob',
    ...['deleteContact', 'restoreContact', 'deleteCompany', 'restoreCompany'],
    ...['bulkDeleteContacts', 'bulkRestoreContacts', 'bulkDeleteCompanies', 'bulkRestoreCompanies'],
  ]),
  ...forRole('ADMIN', [
    ...['destroyContact', 'destroyCompany', 'bulkDestroyContacts', 'bulkDestroyCompanies', 'createUser', 'renameUser'],
    ...['updateUser', 'deactivateUser', 'reactivateUser', 'updateTenant'],
    ...['Industry', 'CompanySize'].flatMap((list) => [`move${list}`, `merge${list}`, `delete${list}`]),
    ...['create', 'update', 'move', 'archive', 'restore', 'delete'].map((verb) => `${verb}CustomFieldDefinition`),
    'mergeCustomFieldOption',
    'customFieldUsage',
    ...['plan', 'apply', 'undo'].map((verb) => `${verb}CustomFieldChange`),
    'performance',
    ...['createIndustry', 'renameIndustry', 'createCompanySize', 'renameCompanySize'],
  ]),
}

/** What operators alone may do: it is of the whole server. */
export const OPERATORS_OPERATIONS: readonly string[] = ['silenceAlert', 'acknowledgeAlert']
/** What an operator may run. Nothing else: it belongs to no tenant. */
const OPERATORS_FIELDS = new Set(['performance', ...OPERATORS_OPERATIONS])

/** Lets an operator pass. @throws FORBIDDEN */
export function requireOperatorsField(operation: string): void {
  if (OPERATORS_FIELDS.has(operation)) return
  throw new AppError(
    'FORBIDDEN',
    "An operator's token belongs to no tenant: it reads `performance` and looks after alerts.",
  )
}

function forRole(role: Role, operations: readonly string[]): Record<string, Role> {
  return Object.fromEntries(operations.map((operation) => [operation, role]))
}

/**
 * Lets the principal pass when its role includes the one that an operation needs.
 * @throws FORBIDDEN
 */
export function requirePermission({ principal: { role } }: Scope, operation: string): void {
  if (OPERATORS_OPERATIONS.includes(operation)) {
    throw new AppError('FORBIDDEN', "This is of the whole server: it needs an operator's token.")
  }
  const needed = PERMISSIONS[operation]
  if (!needed) throw new AppError('FORBIDDEN', `No role may run ${operation}.`)
  if (!roleIncludes(role, needed)) throw new AppError('FORBIDDEN', `This needs the role ${needed}; yours is ${role}.`)
}
