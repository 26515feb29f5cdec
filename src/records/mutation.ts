import type { Change } from '../database/change.js'
import type { Database } from '../database/database.js'
import { UniqueViolation } from '../database/transaction.js'
import { UserErrors, type UserError } from '../lib/errors.js'

/** What a mutation did: its record, or the reasons why nothing happened. */
export interface MutationResult<Row = unknown> {
  readonly id: string | null
  /** the row as it is now, for the answer; null where the record is gone, or was refused */
  readonly record: Row | null
  /** whether anything changed; given by mutations that may find everything as it is to be */
  readonly isChanged?: boolean
  readonly userErrors: readonly UserError[]
}

/** Where in the input a unique index' column stands, for races that the checks before the write can't see. */
export type UniqueFields = Readonly<Record<string, { readonly field: readonly string[]; readonly message: string }>>

const MAX_USER_ERRORS = 100

/**
 * Ends the mutation when there are errors; the transaction around rolls back. Of more than 100 the first 99 are said,
 * and how many more there are. @throws UserErrors
 */
export function refuse(errors: readonly UserError[]): void {
  if (errors.length > 0) throw new UserErrors(saidErrors(errors))
}

/** Problems as a payload says them: of more than `max` the first, and how many more there are, at `place`. */
export function saidErrors(
  errors: readonly UserError[],
  max: number = MAX_USER_ERRORS,
  place: readonly string[] = [],
): readonly UserError[] {
  if (errors.length <= max) return errors
  const said = errors.slice(0, max - 1)
  const left = errors.length - said.length
  return [...said, { code: 'BAD_USER_INPUT', message: `There are ${left} more problems.`, field: [...place] }]
}

/**
 * Runs a change and turns what it refused into a payload: then nothing happened. A unique index that still refuses in
 * the last run of the change reads as ALREADY_EXISTS, at the field that `uniqueFields` names for it.
 */
export async function runMutation<Result>(
  database: Database,
  tenantId: string,
  uniqueFields: UniqueFields,
  refused: (userErrors: readonly UserError[]) => Result,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  try {
    return await database.change(tenantId, work)
  } catch (error) {
    if (error instanceof UserErrors) return refused(error.userErrors)
    const unique = error instanceof UniqueViolation ? uniqueFields[error.constraint] : undefined
    if (!unique) throw error
    return refused([{ code: 'ALREADY_EXISTS', message: unique.message, field: [...unique.field] }])
  }
}

/** A result that says why nothing happened. */
export function refusedResult(userErrors: readonly UserError[]): MutationResult<never> {
  return { id: null, record: null, isChanged: false, userErrors }
}
