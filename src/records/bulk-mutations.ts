import type { Scope } from '../access/scope.js'
import type { Change } from '../database/change.js'
import type { Database } from '../database/database.js'
import type { UserError } from '../lib/errors.js'
import type { Given } from '../lib/input.js'
import { runMutation, saidErrors, type MutationResult } from './mutation.js'
import type { BulkMode, RowOutcome, RowStatus } from './outcome.js'
import type { RecordKind, StoredRecord, Values } from './record-kind.js'
import { uniqueFields, type RecordWork } from './record-mutations.js'
import { upsertRecords, type OnDeleted, type UpsertOptions } from './upsert.js'

/** What became of one row of a bulk mutation; `index` is its place in the input. */
export interface RowResult<Row = unknown> extends Omit<RowOutcome, 'record'> {
  readonly index: number
  readonly record: Row | null
}

/** What a bulk mutation did. */
export interface BulkResult<Row = unknown> {
  /** one a row, in the order of the input */
  readonly results: readonly RowResult<Row>[]
  /** how many rows have each status, by its name in small letters; together they are all rows */
  readonly summary: Readonly<Record<Lowercase<RowStatus>, number>>
  /** the problems of all rows, 100 at most */
  readonly userErrors: readonly UserError[]
}

/** Rows of a bulk mutation, and whether one that is refused refuses all. */
export interface BulkInput {
  readonly rows: readonly object[]
  /** ALL_OR_NOTHING unless said */
  readonly mode?: BulkMode
}

/** Does one thing with many records, in one transaction. */
export function changeRecords(
  scope: Scope,
  database: Database,
  kind: RecordKind,
  work: RecordWork,
  { rows, mode = 'ALL_OR_NOTHING' }: BulkInput,
): Promise<BulkResult<StoredRecord>> {
  return runBulk(scope, database, kind, rows.length, (change) =>
    work(scope, change, kind, rows as readonly Values[], rowPath, { mode }),
  )
}

/** By what an upsert finds records, and what it does with deleted ones. */
export interface UpsertInput {
  readonly matchBy: string
  readonly customFieldKey?: Given<string>
  /** ERROR unless said */
  readonly onDeleted?: OnDeleted
  readonly dryRun?: boolean
}

/** What an upsert of one record did. */
export interface UpsertResult<Row = unknown> extends MutationResult<Row> {
  readonly status: RowStatus
}

/** Changes the record that has a value, or makes one; `field` is where the input has the record. */
export function upsertRecord(
  scope: Scope,
  database: Database,
  kind: RecordKind,
  field: string,
  input: UpsertInput,
): Promise<UpsertResult<StoredRecord>> {
  const row = (input as unknown as Values)[field] as Values
  return runMutation<UpsertResult<StoredRecord>>(
    database,
    scope.tenantId,
    uniqueFields(kind, field),
    (userErrors) => ({ status: 'FAILED', id: null, record: null, userErrors }),
    async (change) => {
      const options = upsertOptions(input, 'ALL_OR_NOTHING')
      const [outcome] = await upsertRecords(scope, change, kind, [row], () => [field], options)
      if (!outcome) throw new Error('a row without an outcome')
      return { ...outcome, userErrors: saidErrors(outcome.userErrors) }
    },
  )
}

/** The same for many records, in one transaction. */
export function upsertMany(
  scope: Scope,
  database: Database,
  kind: RecordKind,
  input: UpsertInput & BulkInput,
): Promise<BulkResult<StoredRecord>> {
  const { rows, mode = 'ALL_OR_NOTHING' } = input
  const options = upsertOptions(input, mode)
  return runBulk(scope, database, kind, rows.length, (change) =>
    upsertRecords(scope, change, kind, rows as readonly Values[], rowPath, options),
  )
}

function upsertOptions({ matchBy, customFieldKey, onDeleted, dryRun }: UpsertInput, mode: BulkMode): UpsertOptions {
  return {
    ...{ matchBy, mode, customFieldKey: customFieldKey ?? null },
    ...{ onDeleted: onDeleted ?? 'ERROR', isDryRun: dryRun ?? false },
  }
}

/** Where the row of an index stands in the input of a bulk mutation. */
function rowPath(index: number): string[] {
  return ['rows', String(index)]
}

/**
 * Runs the change of a bulk mutation. Where a unique index still refuses in its last run, because others write the same
 * values all the time, nothing was done: which row it was about isn't known.
 */
function runBulk(
  scope: Scope,
  database: Database,
  kind: RecordKind,
  rows: number,
  work: (change: Change) => Promise<RowOutcome[]>,
): Promise<BulkResult<StoredRecord>> {
  return runMutation(
    database,
    scope.tenantId,
    uniqueFields(kind, 'rows'),
    (userErrors) =>
      resultOf(
        Array.from({ length: rows }, () => SKIPPED),
        userErrors,
      ),
    async (change) => {
      const outcomes = await work(change)
      return resultOf(
        outcomes,
        outcomes.flatMap(({ userErrors }) => userErrors),
      )
    },
  )
}

const SKIPPED: RowOutcome = { status: 'SKIPPED', id: null, record: null, userErrors: [] }

// Of one row as many problems are said as a mutation of that row alone would say; of all rows together so many that an
// answer stays below a megabyte. Beyond, a row says its first problem and how many more it has.
const MAX_ROW_ERRORS = 100
const MAX_BULK_ERRORS = 2000
const MIN_ROW_ERRORS = 2

function resultOf(outcomes: readonly RowOutcome[], userErrors: readonly UserError[]): BulkResult<StoredRecord> {
  let left = MAX_BULK_ERRORS
  const results = outcomes.map((outcome, index) => {
    const max = Math.max(MIN_ROW_ERRORS, Math.min(MAX_ROW_ERRORS, left))
    const said = saidErrors(outcome.userErrors, max, rowPath(index))
    left -= said.length
    return { ...outcome, index, userErrors: said }
  })
  const summary = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
  for (const { status } of outcomes) summary[status.toLowerCase() as Lowercase<RowStatus>]++
  return { results, summary, userErrors: saidErrors(userErrors) }
}
