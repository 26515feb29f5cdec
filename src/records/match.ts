import { createHash } from 'node:crypto'
import type { Scope } from '../access/scope.js'
import type { Change } from '../database/change.js'
import { createInputCheck } from '../lib/input.js'
import { readAliases } from './record-checks.js'
import type { AskMatcher, Matcher, RecordKind, StoredRecord } from './record-kind.js'
import { lockMatchKeys, lockRecords, lockRecordsByValues } from './record-statements.js'

/** Matches by the id of the record. */
export const matchById: AskMatcher = (scope, _change, kind) =>
  Promise.resolve({
    place: ['id'],
    noun: 'id',
    keysOf: ({ id }) => (typeof id === 'string' ? [id] : []),
    find: async (change, keys) => {
      const rows = await change.ask<StoredRecord>(lockRecords(scope, kind, keys))
      return { rows, matches: rows.map(({ id }) => ({ key: id, id })) }
    },
  })

/** Matches by a column that two live records can't have alike: `externalId`, or `domain` of companies. */
export function matchByColumn(name: string): AskMatcher {
  return (scope, _change, kind) => {
    const column = kind.columns[name]
    const { tenant } = scope.principal
    if (!column?.check) throw new Error(`no column ${name} to match by`)
    const { check } = column
    return Promise.resolve({
      place: [name],
      noun: name.replace(/[A-Z]/g, ' $&').toLowerCase(),
      keysOf(input) {
        const given = readAliases(kind, createInputCheck(), input)[name]
        const checked = typeof given === 'string' ? check(given, tenant) : null
        return checked?.ok && typeof checked.value === 'string' ? [checked.value] : []
      },
      async find(change, keys) {
        const rows = await change.ask<StoredRecord>(lockRecordsByValues(scope, kind, column.column, keys))
        return { rows, matches: rows.map(({ id, [name]: key }) => ({ key: String(key), id })) }
      },
    })
  }
}

// Few locks, however many rows: the server has room for some thousands in all.
const BUCKETS = 64

/**
 * Lets upserts by the same values take turns until their changes end: of two that find no record, the second waits, and
 * finds the one that the first made, also where no unique index would tell them apart. Values share 64 locks by tenant,
 * type of record and kind of value, which are taken in one order, so that no two upserts wait for each other.
 */
export function takeTurns(
  scope: Scope,
  change: Change,
  { type }: RecordKind,
  { place }: Matcher,
  keys: readonly string[],
): Promise<unknown> {
  const group = hashOf([scope.tenantId, type, ...place].join(' '))
  const buckets = [...new Set(keys.map((key) => hashOf(key) & (BUCKETS - 1)))].sort((a, b) => a - b)
  return change.ask(lockMatchKeys(group, buckets))
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readInt32BE()
}
