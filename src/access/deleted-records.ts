import { AppError } from '../lib/errors.js'
import { roleIncludes, type Role } from '../lib/principal.js'
import type { RowState } from './row-condition.js'
import type { Scope } from './scope.js'

/** Whether deleted records are shown, as the API calls it. */
export type DeletedRecords = 'EXCLUDE' | 'INCLUDE' | 'ONLY'

/** Those who may delete and restore records find deleted ones. */
const DELETED_ROLE: Role = 'MANAGER'

const STATES: Readonly<Record<DeletedRecords, readonly RowState[]>> = {
  EXCLUDE: ['live'],
  INCLUDE: ['live', 'deleted'],
  ONLY: ['deleted'],
}

/**
 * Lets a role pass that may find deleted records, and every role that doesn't ask for them.
 * @throws FORBIDDEN with the place of the argument in `extensions.field`
 */
export function requireDeletedRole(
  role: Role,
  deleted: DeletedRecords | null | undefined,
  path: readonly (string | number)[],
): void {
  if ((deleted ?? 'EXCLUDE') === 'EXCLUDE' || roleIncludes(role, DELETED_ROLE)) return
  const message = `Deleted records are for the role ${DELETED_ROLE}; yours is ${role}.`
  throw new AppError('FORBIDDEN', message, { extensions: { field: path.join('.') } })
}

/** The states of the records that are asked for: live ones where nothing is said. @throws FORBIDDEN */
export function statesOf({ principal }: Scope, deleted: DeletedRecords | null | undefined): readonly RowState[] {
  requireDeletedRole(principal.role, deleted, ['deleted'])
  return STATES[deleted ?? 'EXCLUDE']
}
