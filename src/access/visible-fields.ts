import { AppError } from '../lib/errors.js'
import type { Access } from './scope.js'

/**
 * Throws where an argument names a field that the principal may not see; `path` is its place:
 * `contacts.filter.company.name`.
 * @throws FORBIDDEN with the place in `extensions.field`
 */
export function requireVisible(
  access: Access,
  concept: string,
  field: string,
  path: readonly (string | number)[],
): void {
  if (access.maySee(concept, field)) return
  throw new AppError('FORBIDDEN', hiddenMessage(concept, field), { extensions: { field: path.join('.') } })
}

/** What is said of a field that the principal may not see. */
export function hiddenMessage(concept: string, field: string): string {
  return `You may not see ${concept}.${field}.`
}
