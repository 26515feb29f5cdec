import type { Scope } from '../access/scope.js'
import type { Change } from '../database/change.js'
import { emptyDraft, type RowPath } from './draft.js'
import type { BulkOptions, RowOutcome } from './outcome.js'
import type { Before, Draft, RecordKind, Values } from './record-kind.js'
import { saveStored } from './save.js'

/**
 * Gives records values back that they had before: columns, contact info with its ids, custom values. Each input has the
 * `id`, the `version` that the record must still have, and `before` as the journal kept it. A record is refused
 *
 * - with CONFLICT where it has another version, with NOT_FOUND where it is deleted or gone;
 * - with ALREADY_EXISTS where another record has one of its unique values by now, with `field` naming the value;
 * - with NOT_FOUND where what it was linked to is deleted or gone;
 * - with BAD_USER_INPUT where one of its custom fields isn't there any more, or changed its type.
 *
 * What was accepted then isn't checked again: a record may have a value back that would be refused as a new one.
 */
export function revertRecords(
  scope: Scope,
  change: Change,
  kind: RecordKind,
  inputs: readonly Values[],
  path: RowPath,
  options: BulkOptions,
): Promise<RowOutcome[]> {
  const drafts = inputs.map((input, index): Draft => {
    const draft = emptyDraft(String(input['id']), input, path(index))
    const before = (input['before'] ?? {}) as Before
    draft.values = Object.fromEntries(Object.entries(before).filter(([name]) => kind.columns[name]?.check))
    return { ...draft, before }
  })
  return saveStored(scope, change, kind, drafts, options)
}
