import type { RecordInput } from '../../files/record-input.js'
import type { FileRow } from '../../files/row-file.js'
import type { UserError } from '../../lib/errors.js'
import { groupByKey } from '../../lib/batch.js'
import { isUuid } from '../../lib/uuid.js'
import { createRecords } from '../../records/lifecycle.js'
import { takeTurns } from '../../records/match.js'
import type { RowOutcome, RowStatus } from '../../records/outcome.js'
import type { Matcher, RecordKind, Values } from '../../records/record-kind.js'
import { upsertRecords } from '../../records/upsert.js'
import type { JobRun } from '../job/job.js'
import type { ImportOptions, ImportRowError } from './import.js'
import { resolveLookups, type LookingRow } from './lookups.js'
import { sharedValuesOf } from './shared-values.js'

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
  const matcher = await kind.matchers[matchBy]?.(scope, change, kind, options.customFieldKey)
  if (!matcher) throw new Error(`no way to match by ${matchBy}`)
  const valuesOf = sharedValuesOf(scope, kind, options)
  const keyed = readings.map((reading): Keyed => ({
    reading,
    keys: matcher.keysOf(reading.input),
    values: valuesOf(reading.input),
  }))
  const found = await findMatches(
    run,
    kind,
    matcher,
    keyed.flatMap(({ keys }) => keys),
  )
  for (const wave of wavesOf(keyed, found)) {
    await runWave(
      run,
      kind,
      options,
      matchBy,
      matcher,
      wave.filter(({ keys }) => keys.length > 0),
    )
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

/** The records that have some values: live ones, and all. */
interface FoundMatches {
  readonly idsOf: ReadonlyMap<string, readonly string[]>
  readonly live: ReadonlySet<string>
}

async function findMatches(
  { scope, change }: Run,
  kind: RecordKind,
  matcher: Matcher,
  given: readonly string[],
): Promise<FoundMatches> {
  const keys = [...new Set(given)]
  if (keys.length === 0) return { idsOf: new Map(), live: new Set() }
  const [, { rows, matches }] = await Promise.all([
    takeTurns(scope, change, kind, matcher, keys),
    matcher.find(change, keys),
  ])
  const byKey = groupByKey(matches, ({ key }) => key)
  const idsOf = new Map([...byKey].map(([key, found]) => [key, found.map(({ id }) => id)]))
  return { idsOf, live: new Set(rows.filter(({ deletedAt }) => deletedAt === null).map(({ id }) => id)) }
}

/**
 * Rows of one record never stand in one wave, and keep their order: each comes behind all earlier ones that lead to it, by a
 * value, or by a row between: of `a@x`, `a@x and b@x`, `b@x` the third has no value of the first, but may be of its record.
 */
function wavesOf(rows: readonly Keyed[], { idsOf }: FoundMatches): Keyed[][] {
  const waves: Keyed[][] = []
  /** what values and records that may be of one record have in common: the wave for the next row of it */
  const groups = new Map<string, { next: number; readonly marks: string[] }>()
  for (const row of rows) {
    const marks = [...row.values, ...row.keys, ...row.keys.flatMap((key) => idsOf.get(key) ?? [])]
    const met = [...new Set(marks.map((mark) => groups.get(mark)))].filter((group) => group !== undefined)
    const wave = Math.max(0, ...met.map(({ next }) => next))
    const group = { next: wave + 1, marks: [...new Set([...met.flatMap((one) => one.marks), ...marks])] }
    for (const mark of group.marks) groups.set(mark, group)
    ;(waves[wave] ??= []).push(row)
  }
  return waves
}

async function runWave(
  run: Run,
  kind: RecordKind,
  { duplicates, customFieldKey, onDeleted }: ImportOptions,
  matchBy: string,
  matcher: Matcher,
  wave: readonly Keyed[],
): Promise<void> {
  if (wave.length === 0) return
  let due = wave
  if (duplicates === 'SKIP') {
    const { idsOf, live } = await findMatches(
      run,
      kind,
      matcher,
      wave.flatMap(({ keys }) => keys),
    )
    const isThere = ({ keys }: Keyed): boolean => keys.some((key) => (idsOf.get(key) ?? []).some((id) => live.has(id)))
    due = wave.filter((row) => !isThere(row))
    for (const { reading } of wave.filter(isThere)) reading.outcome = SKIPPED
  }
  if (due.length === 0) return
  const inputs = due.map(({ reading: { input } }) => (matchBy === 'ID' ? input : withoutId(input)))
  const options = { matchBy, customFieldKey, onDeleted, mode: 'PARTIAL' } as const
  const outcomes = await upsertRecords(run.scope, run.change, kind, inputs, NOWHERE, options)
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
