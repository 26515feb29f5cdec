import { createHash } from 'node:crypto'
import type { Change } from '../database/change.js'
import { createInputCheck } from '../lib/input.js'
import { words } from '../lib/words.js'
import { readAliases } from './record-checks.js'
import type { AskMatcher, StoredRecord } from './record-kind.js'
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
      noun: words(name),
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

// Few locks, however many values: the server has room for some thousands in all.
const BUCKETS = 64

/**
 * Lets changes by the same values take turns until they end: of two that find no record, the second waits, and finds the
 * one that the first made, also where no unique index would tell them apart. The values of a group share 64 locks, which
 * are taken in one order, so that no two changes wait for each other.
 */
export function lockValues(change: Change, group: string, values: readonly string[]): Promise<unknown> {
  const buckets = [...new Set(values.map((value) => hashOf(value) & (BUCKETS - 1)))].sort((a, b) => a - b)
  return change.ask(lockMatchKeys(hashOf(group), buckets))
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readInt32BE()
}
