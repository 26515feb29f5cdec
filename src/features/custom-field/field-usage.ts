import type { Database } from '../../database/database.js'
import type { StatementEvent } from '../../database/statement.js'
import { addUsage, type UsageCounts, type UsedField } from './field-usage.repository.js'

/** Counts in memory how custom fields are used. */
export interface FieldUsage {
  /** Counts a statement that ran. */
  readonly note: (event: Pick<StatementEvent, 'uses' | 'durationMs'>) => void
  /** What was counted of a tenant and isn't written down yet. */
  readonly pendingOf: (tenantId: string) => readonly UsedField[]
  /** Writes down what was counted, tenant by tenant, in transactions of its own; what fails is kept for the next time. */
  readonly flush: (database: Database) => Promise<void>
}

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] }
type Entry = Mutable<UsedField>

// Of 1,000 tenants ten fields each. Beyond them nothing is counted until the next time that they are written down.
const MAX_FIELDS = 10_000

/** Has counted nothing yet. */
export function createFieldUsage(maxFields = MAX_FIELDS): FieldUsage {
  let counted = new Map<string, Map<string, Entry>>()
  let size = 0
  const entryOf = (
    tenantId: string,
    id: string | null,
    entityType: string | null,
    key: string | null,
  ): Entry | null => {
    const fields = counted.get(tenantId) ?? new Map<string, Entry>()
    const name = id ?? `${entityType} ${key}`
    const known = fields.get(name)
    if (known) return known
    if (size >= maxFields) return null
    size++
    const entry: Entry = { id, entityType, key, ...NOTHING }
    counted.set(tenantId, fields.set(name, entry))
    return entry
  }
  return {
    note({ uses, durationMs }) {
      if (!uses) return
      const now = new Date()
      const { tenantId, filtered = [], ordered = [], written = [], read } = uses
      const went = new Set<Entry>()
      const each = (ids: readonly string[], count: (entry: Entry) => void): void => {
        for (const id of ids) {
          const entry = entryOf(tenantId, id, null, null)
          if (!entry) continue
          count(entry)
          went.add(entry)
        }
      }
      each(filtered, (entry) => Object.assign(entry, { filters: entry.filters + 1, filteredAt: now }))
      each(ordered, (entry) => Object.assign(entry, { orders: entry.orders + 1, orderedAt: now }))
      for (const key of read?.keys ?? []) {
        const entry = entryOf(tenantId, null, read?.entityType ?? null, key)
        if (!entry) continue
        Object.assign(entry, { reads: entry.reads + 1, readAt: now })
        went.add(entry)
      }
      for (const entry of went) {
        entry.statements++
        entry.ms += durationMs
      }
      for (const id of new Set(written)) {
        const entry = entryOf(tenantId, id, null, null)
        if (entry) entry.writtenAt = now
      }
    },
    pendingOf: (tenantId) => [...(counted.get(tenantId)?.values() ?? [])],
    async flush(database) {
      const leaving = counted
      counted = new Map()
      size = 0
      for (const [tenantId, fields] of leaving) {
        try {
          await database.change(tenantId, (change) => change.commit([addUsage(tenantId, [...fields.values()])]))
        } catch (error) {
          for (const field of fields.values()) {
            const entry = entryOf(tenantId, field.id, field.entityType, field.key)
            if (entry) Object.assign(entry, sumOf(field, entry))
          }
          throw error
        }
        leaving.delete(tenantId)
      }
    },
  }
}

export const NOTHING: UsageCounts = {
  ...{ filters: 0, filteredAt: null, orders: 0, orderedAt: null },
  ...{ reads: 0, readAt: null, writtenAt: null, statements: 0, ms: 0 },
}

/** Two counts as one. */
export function sumOf(a: UsageCounts, b: UsageCounts): UsageCounts {
  return {
    filters: a.filters + b.filters,
    filteredAt: later(a.filteredAt, b.filteredAt),
    orders: a.orders + b.orders,
    orderedAt: later(a.orderedAt, b.orderedAt),
    reads: a.reads + b.reads,
    readAt: later(a.readAt, b.readAt),
    writtenAt: later(a.writtenAt, b.writtenAt),
    statements: a.statements + b.statements,
    ms: a.ms + b.ms,
  }
}

function later(a: Date | null, b: Date | null): Date | null {
  return a === null || (b !== null && b > a) ? b : a
}
