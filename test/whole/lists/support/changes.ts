import fc, { type Arbitrary } from 'fast-check'
import { anyContact, fullNameOf, resolveRow } from './arbitrary-data.js'
import { anyOffset, momentAt, oneOf } from './arbitrary-values.js'
import { changeRow, destroyRow, insertRows, type Sql } from './data.js'
import type { DataSet, Row } from './model.js'
import type { RecordName } from './schema.js'
import { TEXTS } from './values.js'

/** What happens to a list between two of its pages. `pick` chooses the row. */
export type Change =
  | { readonly what: 'insert'; readonly contact: Readonly<Record<string, unknown>> }
  | { readonly what: 'delete' | 'destroy'; readonly pick: number }
  | {
      readonly what: 'change'
      readonly pick: number
      readonly contact: Readonly<Record<string, unknown>>
      readonly fields: readonly string[]
    }
  | { readonly what: 'company'; readonly pick: number; readonly changes: Readonly<Record<string, unknown>> }

const FIELDS = [
  'firstName',
  'lastName',
  'middleName',
  'jobTitle',
  'department',
  'companyId',
  'ownerId',
  'createdAt',
  'updatedAt',
]
const MORE_FIELDS = ['emailOptIn', 'birthDate', 'version', 'deletedAt']
const pick = fc.nat(1000)

/** Anything that may happen to contacts and their companies. */
export const anyChange: Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('insert' as const), contact: anyContact }) },
  { weight: 3, arbitrary: fc.record({ what: oneOf(['delete', 'destroy'] as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('change' as const),
      pick,
      contact: anyContact,
      fields: fc.subarray([...FIELDS, ...MORE_FIELDS], { minLength: 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('company' as const),
      pick,
      changes: fc.record(
        {
          name: oneOf(TEXTS),
          leadScore: fc.nat(2),
          status: oneOf(['LEAD', 'PARTNER']),
          deletedAt: fc.option(anyOffset),
        },
        { requiredKeys: [] },
      ),
    }),
  },
)

const FIRST_NEW = 2000

/**
 * Makes a change in the database, and returns the data set as it is afterwards. `number` is another one for each
 * change.
 */
export async function makeChange(
  sql: Sql,
  tenantId: string,
  data: DataSet,
  change: Change,
  number: number,
): Promise<DataSet> {
  const now = data.now.toISOString()
  const drawn = (contact: Readonly<Record<string, unknown>>): Row =>
    resolveRow(now, 'Contact', contact, FIRST_NEW + number, (kind) => data.rows[kind].length)
  if (change.what === 'insert') {
    const row = drawn(change.contact)
    await insertRows(sql, tenantId, 'Contact', [row])
    return withRows(data, 'Contact', [...data.rows.Contact, row])
  }
  const kind = change.what === 'company' ? 'Company' : 'Contact'
  const row = data.rows[kind][change.pick % Math.max(data.rows[kind].length, 1)]
  if (!row) return data
  const id = row['id'] as string
  const others = data.rows[kind].filter((other) => other !== row)
  if (change.what === 'destroy') {
    await destroyRow(sql, tenantId, kind, id)
    return withRows(data, kind, others)
  }
  const changes = changesOf(change, now, drawn)
  await changeRow(sql, tenantId, kind, id, changes)
  const changed = { ...row, ...changes }
  return withRows(data, kind, [...others, kind === 'Contact' ? { ...changed, fullName: fullNameOf(changed) } : changed])
}

function changesOf(
  change: Exclude<Change, { what: 'insert' }>,
  now: string,
  drawn: (contact: Readonly<Record<string, unknown>>) => Row,
): Row {
  if (change.what === 'change') {
    const row = drawn(change.contact)
    return Object.fromEntries(change.fields.map((field) => [field, row[field] ?? null]))
  }
  if (change.what !== 'company') return { deletedAt: now }
  const { deletedAt, ...rest } = change.changes
  if (deletedAt === undefined) return rest as Row
  return { ...(rest as Row), deletedAt: deletedAt === null ? null : momentAt(now, deletedAt as number) }
}

function withRows(data: DataSet, kind: RecordName, rows: readonly Row[]): DataSet {
  return { ...data, rows: { ...data.rows, [kind]: rows } }
}
