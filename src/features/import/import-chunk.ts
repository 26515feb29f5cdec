import type { RecordInput } from '../../files/record-input.js'
import type { FileRow } from '../../files/row-file.js'
import type { UserError } from '../../lib/errors.js'
import { isUuid } from '../../lib/uuid.js'
import { createRecords } from '../../records/lifecycle.js'
import type { RowOutcome, RowStatus } from '../../records/outcome.js'
import type { RecordKind, Values } from '../../records/record-kind.js'
import {
  askMatcher,
  keysOfRows,
  findRecords,
  upsertFound,
  type FoundRecords,
  type UpsertOptions,
} from '../../records/upsert.js'
import type { JobRun } from '../job/job.js'
import type { ImportOptions, ImportRowError } from './import.js'
import { resolveLookups } from './lookups.js'
import type { LookingRow } from './named.js'
import { sharedValuesOf } from './shared-values.js'
import { wavesOf } from './waves.js'

/** What became of one row of a file. */
export interface RowResult {
  readonly row: FileRow
  readonly status: RowStatus
  /** empty unless FAILED */
  readonly errors: readonly ImportRowError[]
}

/** A row on its way. */
interface Reading {
  readonly row: FileRow
  readonly input: Record<string, unknown>
  readonly lookups: RecordInput['lookups']
  readonly errors: ImportRowError[]
  readonly columnOf: RecordInput['columnOf']
  outcome: RowOutcome | undefined
}

type Run = Pick<JobRun, 'scope' | 'change'>

/**
 * Creates and changes records by rows of a file, in one transaction, as if each row were a mutation of its own: a row of a
 * record that an earlier one made or changed finds it so. A fixed number of statements, and as many again where a row repeats
 * an earlier one.
 */
export async function importRows(
  run: Run,
  kind: RecordKind,
  options: ImportOptions,
  rows: readonly FileRow[],
  read: (row: FileRow) => RecordInput,
): Promise<RowResult[]> {
  const readings = rows.map((row) => readingOf(row, read))
  const looking = readings.filter(({ errors }) => errors.length === 0).map(lookingRow)
  await resolveLookups(run, kind, looking, options.createsCompanies)
  const good = readings.filter(({ errors }) => errors.length === 0)
  if (options.matchBy === null || options.duplicates === 'CREATE') await create(run, kind, good)
  else await matchAll(run, kind, options, options.matchBy, good)
  return readings.map(resultOf)
}

function readingOf(row: FileRow, read: (row: FileRow) => RecordInput): Reading {
  const nothing = { input: {}, lookups: {}, columnOf: () => null, outcome: undefined }
  if (row.error) {
    const { code, message, column = null } = row.error
    return { ...nothing, row, errors: [{ code, message, column }] }
  }
  const { input, lookups, errors, columnOf } = read(row)
  const own: Record<string, unknown> = { ...input }
  const reading: Reading = { row, input: own, lookups, columnOf, errors: errors.map(plainError), outcome: undefined }
  const { id } = reading.input
  if (typeof id === 'string') {
    if (isUuid(id)) own['id'] = id.toLowerCase()
    else reading.errors.push({ code: 'BAD_USER_INPUT', message: 'An id is a UUID.', column: columnOf(['id']) })
  }
  return reading
}

function plainError({ column, code, message }: ImportRowError): ImportRowError {
  return { column, code, message }
}

function lookingRow({ input, lookups, errors, columnOf }: Reading): LookingRow {
  return {
    input,
    lookups,
    refuse: (relation, by, code, message) => void errors.push({ column: columnOf([relation, by]), code, message }),
  }
}

const NOWHERE = (): string[] => []

async function create({ scope, change }: Run, kind: RecordKind, readings: readonly Reading[]): Promise<void> {
  if (readings.length === 0) return
  const inputs = readings.map(({ input }) => withoutId(input))
  const outcomes = await createRecords(scope, change, kind, inputs, NOWHERE, { mode: 'PARTIAL' })
  readings.forEach((reading, index) => (reading.outcome = outcomes[index]))
}

/**
 * Finds the records of rows. Those that give no value to match by can't be found, and are made. Rows that share a value keep
 * their order, as the second may be refused by what the first took.
 */
async function matchAll(
  run: Run,
  kind: RecordKind,
  options: ImportOptions,
  matchBy: string,
  readings: readonly Reading[],
): Promise<void> {
  const { scope, change } = run
  const { customFieldKey, onDeleted } = options
  const upsert = { matchBy, customFieldKey, onDeleted, mode: 'PARTIAL' } as const
  const matcher = await askMatcher(scope, change, kind, upsert)
  const valuesOf = sharedValuesOf(scope, kind, options)
  const keysOf = await keysOfRows(
    matcher,
    readings.map(({ input }) => input),
  )
  const keyed = readings.map((reading, index): Keyed => ({
    reading,
    keys: keysOf[index] ?? [],
    values: valuesOf(reading.input),
  }))
  const find = (rows: readonly Keyed[]): Promise<FoundRecords> =>
    findRecords(
      scope,
      change,
      kind,
      matcher,
      rows.flatMap(({ keys }) => keys),
    )
  const found = await find(keyed)
  // Rows of one record never stand in one wave.
  const waves = wavesOf(keyed, ({ keys, values }) => [
    ...values,
    ...keys,
    ...keys.flatMap((key) => found.idsOf.get(key) ?? []),
  ])
  for (const [index, wave] of waves.entries()) {
    const matched = wave.filter(({ keys }) => keys.length > 0)
    // What earlier waves wrote is found anew.
    const now = index === 0 ? found : await find(matched)
    await runWave(run, kind, options.duplicates === 'SKIP', upsert, now, matched)
    await create(
      run,
      kind,
      wave.filter(({ keys }) => keys.length === 0).map(({ reading }) => reading),
    )
  }
}

interface Keyed {
  readonly reading: Reading
  /** by what its record is found */
  readonly keys: readonly string[]
  /** by what it may depend on other rows */
  readonly values: readonly string[]
}

async function runWave(
  run: Run,
  kind: RecordKind,
  skipsFound: boolean,
  upsert: UpsertOptions,
  found: FoundRecords,
  wave: readonly Keyed[],
): Promise<void> {
  const isSkipped = ({ keys }: Keyed): boolean =>
    skipsFound && keys.some((key) => found.idsOf.get(key)?.some((id) => found.rows.get(id)?.deletedAt === null))
  for (const { reading } of wave.filter(isSkipped)) reading.outcome = SKIPPED
  const due = wave.filter((row) => !isSkipped(row))
  if (due.length === 0) return
  const inputs = due.map(({ reading: { input } }) => (upsert.matchBy === 'ID' ? input : withoutId(input)))
  const outcomes = await upsertFound(run.scope, run.change, kind, found, inputs, NOWHERE, upsert)
  due.forEach(({ reading }, index) => (reading.outcome = outcomes[index]))
}

const SKIPPED: RowOutcome = { status: 'SKIPPED', id: null, record: null, userErrors: [] }

function withoutId({ id: _, ...input }: Values): Values {
  return input
}

function resultOf({ row, errors, outcome, columnOf }: Reading): RowResult {
  if (errors.length > 0) return { row, status: 'FAILED', errors }
  if (!outcome) throw new Error('a row without an outcome')
  return { row, status: outcome.status, errors: outcome.userErrors.map((error) => errorOf(error, columnOf)) }
}

function errorOf({ field, code, message }: UserError, columnOf: RecordInput['columnOf']): ImportRowError {
  return { column: columnOf(field), code, message }
}
