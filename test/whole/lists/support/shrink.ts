import type { DataSet, Row, Value } from './model.js'
import { RECORD_NAMES, type RecordName } from './schema.js'

const SEARCH_MS = 60_000

/**
 * Fewer rows, with fewer values, that still fail: rows go in ever smaller pieces, then values one by one. After a
 * minute the fewest so far are good enough.
 */
export async function shrinkDataSet(
  data: DataSet,
  isFailure: (smaller: DataSet) => Promise<boolean>,
): Promise<DataSet> {
  let best = data
  const end = Date.now() + SEARCH_MS
  const attempt = async (smaller: DataSet): Promise<boolean> => {
    if (Date.now() > end || !(await isFailure(smaller))) return false
    best = smaller
    return true
  }
  for (const kind of [...RECORD_NAMES].reverse()) {
    for (let size = best.rows[kind].length; size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < best.rows[kind].length;) {
        const rows = best.rows[kind]
        if (!(await attempt(withRows(best, kind, rows.toSpliced(from, size))))) from += size
      }
    }
  }
  for (const kind of RECORD_NAMES) {
    for (const [index, row] of best.rows[kind].entries()) {
      for (const name of Object.keys(row).filter((field) => row[field] !== null && !REQUIRED.has(field))) {
        const rows = best.rows[kind]
        await attempt(withRows(best, kind, rows.with(index, { ...(rows[index] as Row), [name]: null })))
      }
    }
  }
  return best
}

// What no row can be without, or what hangs together with another value.
const REQUIRED = new Set(
  [
    'id',
    'createdAt',
    'updatedAt',
    'name',
    'email',
    'domain',
    'role',
    'status',
    'priority',
    'type',
    'platform',
    'version',
  ].concat(
    [
      'position',
      'ownerType',
      'isPrimary',
      'emailOptIn',
      'smsOptIn',
      'callOptIn',
      'fullName',
      'firstName',
      'middleName',
    ],
    ['lastName', 'annualRevenueCurrency', 'minEmployees', 'maxEmployees'],
  ),
)

/** The data set with other rows of a kind; links to rows that aren't there are cut. */
function withRows(data: DataSet, kind: RecordName, rows: readonly Row[]): DataSet {
  const changed: DataSet['rows'] = { ...data.rows, [kind]: rows }
  const ids = new Set<Value>(RECORD_NAMES.flatMap((name) => changed[name].map((row) => row['id'] ?? null)))
  const kept = RECORD_NAMES.map((name): [RecordName, Row[]] => [
    name,
    changed[name]
      .map((row) => Object.fromEntries(Object.entries(row).map(([field, value]) => [field, cut(ids, field, value)])))
      .filter((row) => !('ownerType' in row) || row['ownerId'] !== null),
  ])
  return { ...data, rows: Object.fromEntries(kept) as unknown as DataSet['rows'] }
}

const LINKS = new Set(['companyId', 'ownerId', 'industryId', 'sizeId', 'assignedToId'])

function cut(ids: ReadonlySet<Value>, field: string, value: Value): Value {
  return LINKS.has(field) && !ids.has(value) ? null : value
}

/** A data set for people: rows by kind, without the values that are null. */
export function textOfDataSet({ now, zone, rows }: DataSet): string {
  const lines = RECORD_NAMES.flatMap((kind) =>
    rows[kind].map((row) => {
      const given = Object.entries(row).filter(([, value]) => value !== null && value !== false)
      return `${kind} ${JSON.stringify(Object.fromEntries(given))}`
    }),
  )
  return [`${now.toISOString()} in ${zone ?? 'UTC'}`, ...lines].join('\n  ')
}
