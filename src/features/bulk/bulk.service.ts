import { createHash } from 'node:crypto'
import type { Scope } from '../../access/scope.js'
import type { Registry } from '../../concepts/registry.js'
import { AppError, type UserError } from '../../lib/errors.js'
import { createInputCheck } from '../../lib/input.js'
import { readListQuery, type ListQuery } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { hashWholeList, readWholeList, type WholeList } from '../../list/whole-list.js'
import { emptyDraft } from '../../records/draft.js'
import { askReferences, readAliases } from '../../records/record-checks.js'
import { refusedResult, type MutationResult } from '../../records/mutation.js'
import type { RecordKind } from '../../records/record-kind.js'
import type { CustomFieldServices } from '../custom-field/definition.service.js'
import { withTenantFields } from '../custom-field/scope-registry.js'
import type { JobRow } from '../job/job.js'
import { createJob, type JobServices } from '../job/job.service.js'
import { checkChange, columnsOf, requireActionRole, type BulkChange } from './bulk-change.js'
import { insertTargets } from './bulk.repository.js'

/** What changes by a filter run on. */
export interface BulkServices extends Lister, JobServices, CustomFieldServices {
  readonly registry: Registry
}

/** What a job of kind BULK does, as its row has it. */
export interface BulkOptions {
  /** the type of the records: `CONTACT` */
  readonly type: string
  readonly change: BulkChange
}

/** What a change would be about. */
export interface BulkPreview {
  readonly total: number
  /** what the change is confirmed with */
  readonly hash: string
  /** ids of records that it is about, those that were made first, 5 at most */
  readonly exampleIds: readonly string[]
}

/** Records that one job changes at most. Their ids stand in memory while it is confirmed, 100 bytes each. */
const MAX_BULK_RECORDS = 1_000_000
/** Records of a block, which is a chunk of the job. */
const BLOCK_SIZE = 500
const EXAMPLES = 5

/**
 * How many records a change is about, some of them, and the hash that confirms it.
 * @throws BAD_USER_INPUT where the change is refused as such; FORBIDDEN; TIMEOUT
 */
export async function previewBulk(
  scope: Scope,
  services: BulkServices,
  kind: RecordKind,
  change: BulkChange,
): Promise<BulkPreview> {
  const { query, errors } = await readChange(scope, services, kind, change)
  const [error] = errors
  if (error) {
    throw new AppError('BAD_USER_INPUT', error.message, { extensions: { field: ['input', ...error.field].join('.') } })
  }
  const { firstIds, ...found } = await hashWholeList(scope, services, query, EXAMPLES)
  return { total: found.total, hash: hashOf(kind, change, found), exampleIds: firstIds }
}

/** A change with the hash of its preview. */
export interface StartBulkInput {
  readonly change: BulkChange
  readonly hash: string
}

/**
 * Adds the job that does a change with all records that it finds now. CONFLICT where those aren't the records of the
 * preview, or the change isn't the one that was previewed; BAD_USER_INPUT where there are none, or more than 1,000,000.
 * @throws FORBIDDEN, TIMEOUT
 */
export async function startBulk(
  scope: Scope,
  services: BulkServices,
  kind: RecordKind,
  { change, hash }: StartBulkInput,
): Promise<MutationResult<JobRow>> {
  const { query, errors } = await readChange(scope, services, kind, change)
  if (errors.length > 0) return refusedResult(errors.map((error) => ({ ...error, field: ['change', ...error.field] })))
  const { blocks, ...found } = await readWholeList(scope, services, query, BLOCK_SIZE)
  const check = createInputCheck()
  if (hashOf(kind, change, found) !== hash) {
    const message = `It finds other records than the preview did, ${found.total} now, or isn't what was previewed: preview it again.`
    check.refuse('hash', message, 'CONFLICT')
  } else if (found.total === 0) {
    check.refuse('change', 'It finds no records.')
  } else if (found.total > MAX_BULK_RECORDS) {
    check.refuse(
      'change',
      `It finds ${found.total} records; a job changes ${MAX_BULK_RECORDS} at most: filter further.`,
    )
  }
  if (check.errors.length > 0) return refusedResult(check.errors)
  const options: BulkOptions = { type: kind.type, change }
  const { job } = await createJob(scope, services, { kind: 'BULK', options, total: found.total }, (id) => [
    insertTargets(scope, id, blocks),
  ])
  return { id: job.id, record: job, userErrors: [] }
}

interface ReadChange {
  readonly query: ListQuery
  readonly errors: readonly UserError[]
}

async function readChange(
  scope: Scope,
  services: BulkServices,
  kind: RecordKind,
  change: BulkChange,
): Promise<ReadChange> {
  requireActionRole(scope, change.action)
  const query = bulkQuery(await withTenantFields(scope, services), services, kind, change)
  const errors = checkChange(scope, kind, change)
  return { query, errors: errors.length > 0 ? errors : await missingLinks(scope, services, kind, change) }
}

/** What a change would link records to that isn't there. */
async function missingLinks(
  scope: Scope,
  { database }: BulkServices,
  kind: RecordKind,
  change: BulkChange,
): Promise<readonly UserError[]> {
  const given = columnsOf(kind, change)
  const place = change.action === 'UPDATE' ? ['update'] : []
  const draft = emptyDraft('', change.action === 'UPDATE' ? given : { ownerId: change.ownerId }, place)
  draft.values = readAliases(kind, draft.check, given)
  await database.change(scope.tenantId, async (reading) => {
    const checkReferences = await askReferences(scope, reading, kind, [draft])
    checkReferences(draft)
  })
  return draft.check.errors
}

/** The list of the records that a change is about: deleted ones where it restores them. `scope` knows the custom fields. */
export function bulkQuery(
  scope: Scope,
  lister: Lister,
  { concept }: RecordKind,
  { action, filter, search }: BulkChange,
): ListQuery {
  return readListQuery(scope, lister, concept, {
    filter,
    search,
    deleted: action === 'RESTORE' ? 'ONLY' : 'EXCLUDE',
  })
}

/** Of the change and of the records that it finds: the same for both alone. */
function hashOf({ type }: RecordKind, change: BulkChange, { total, hash }: WholeList): string {
  return createHash('sha256')
    .update(JSON.stringify([type, sorted(change), total, hash]))
    .digest('base64url')
}

/** A value without what isn't there, its names in one order: a client may write them in any. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, sorted(item)]))
}
