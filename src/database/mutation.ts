import { UserErrors, type UserError } from '../lib/errors.js'
import { UniqueViolation } from './transaction.js'

/** What a mutation did: the id of its record, or the reasons why nothing happened. */
export interface MutationResult {
  readonly id: string | null
  readonly userErrors: readonly UserError[]
}

/** Where in the input a unique index' column stands, for races that the check before the write can't see. */
export type UniqueFields = Readonly<Record<string, { readonly field: readonly string[]; readonly message: string }>>

/** Ends the mutation when there are errors; the transaction around rolls back. @throws UserErrors */
export function refuse(errors: readonly UserError[]): void {
  if (errors.length > 0) throw new UserErrors(errors)
}

/**
 * Runs a write and turns refusals into a payload. A unique index that refuses (two writers at once, each of which saw a
 * free value) reads as ALREADY_EXISTS, at the field that `uniqueFields` names for it.
 */
export async function runMutation(
  write: () => Promise<string>,
  uniqueFields: UniqueFields = {},
): Promise<MutationResult> {
  try {
    return { id: await write(), userErrors: [] }
  } catch (error) {
    if (error instanceof UserErrors) return { id: null, userErrors: error.userErrors }
    const unique = error instanceof UniqueViolation ? uniqueFields[error.constraint] : undefined
    if (!unique) throw error
    return { id: null, userErrors: [{ code: 'ALREADY_EXISTS', message: unique.message, field: [...unique.field] }] }
  }
}
