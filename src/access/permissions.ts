import { AppError } from '../lib/errors.js'
import { roleIncludes, type Role } from '../lib/principal.js'
import { type Scope } from './scope.js'

/**
 * Lets the principal pass when its role includes the needed one.
 * @throws FORBIDDEN
 */
export function requireRole(scope: Scope, needed: Role): void {
  const { role } = scope.principal
  if (!roleIncludes(role, needed)) throw new AppError('FORBIDDEN', `This needs the role ${needed}; yours is ${role}.`)
}
