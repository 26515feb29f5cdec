import { UserErrors, type UserError } from '../lib/errors.js'
import { createInputCheck, type InputCheck } from '../lib/input.js'
import type { Database } from './database.js'
import { UniqueViolation, type Transaction } from './transaction.js'

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
 * Runs a change in one transaction and turns what `check` collected into a payload: then nothing happened. A unique index
 * that refuses (two writers at once, each of which saw a free value) reads as ALREADY_EXISTS, at the field that
 * `uniqueFields` names for it. `work` returns the id of the record; it may refuse early by itself.
 */
export async function changeRecord(
  database: Database,
  tenantId: string,
  label: string,
  uniqueFields: UniqueFields,
  work: (tx: Transaction, check: InputCheck) => Promise<string>,
): Promise<MutationResult> {
  try {
    const id = await database.transaction(tenantId, label, async (tx) => {
      const check = createInputCheck()
      const changed = await work(tx, check)
      refuse(check.errors)
      return changed
    })
    return { id, userErrors: [] }
  } catch (error) {
    if (error instanceof UserErrors) return { id: null, userErrors: error.userErrors }
    const unique = error instanceof UniqueViolation ? uniqueFields[error.constraint] : undefined
    if (!unique) throw error
    return { id: null, userErrors: [{ code: 'ALREADY_EXISTS', message: unique.message, field: [...unique.field] }] }
  }
}

/**
 * Whether a locked record may be changed: it lives and has the version that was read. Otherwise `check` says why not.
 * `noun` is the record's name for people.
 */
export function mayChange<Stored extends { readonly version: number; readonly deletedAt: Date | null }>(
  check: InputCheck,
  noun: string,
  stored: Stored | null,
  version: number,
): stored is Stored {
  if (!stored || stored.deletedAt) {
    check.refuse('id', `There is no such ${noun}.`, 'NOT_FOUND')
    return false
  }
  if (stored.version === version) return true
  const currentVersion = stored.version
  check.refuse('version', `The ${noun} changed since it was read.`, 'CONFLICT', { currentVersion })
  return false
}
