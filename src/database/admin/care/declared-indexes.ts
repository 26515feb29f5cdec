import { readdirSync, readFileSync } from 'node:fs'

/** An index that a migration makes. */
export interface DeclaredIndex {
  readonly name: string
  readonly table: string
  /** what follows the table's name: `(tenant_id, id) WHERE deleted_at IS NULL` */
  readonly definition: string
  readonly isUnique: boolean
}

/** Extended statistics that Kith wants of columns which depend on each other. */
export interface DeclaredStatistics {
  readonly name: string
  readonly table: string
  readonly columns: readonly string[]
}

/**
 * A field belongs to one tenant. Without knowing it the planner takes a condition on both for one on a part of a part of
 * the rows, and expects too few by the number of tenants.
 */
export const DECLARED_STATISTICS: readonly DeclaredStatistics[] = [
  { name: 'kith_custom_field_values_field', table: 'custom_field_values', columns: ['tenant_id', 'definition_id'] },
]

const MADE = /\bCREATE\s+(UNIQUE\s+)?INDEX\s+(\w+)\s+ON\s+(\w+)\s+([^;]+);|\bDROP\s+INDEX\s+(\w+)\s*;/g
const COMMENT = /--[^\n]*/g

/**
 * The indexes that stand after all migrations of a folder have run, in the order in which they are made; those of primary
 * keys and of UNIQUE constraints aside, which no table can lose alone.
 */
export function declaredIndexes(migrations: URL): DeclaredIndex[] {
  const indexes = new Map<string, DeclaredIndex>()
  const folders = readdirSync(migrations, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  for (const folder of folders) {
    const text = readFileSync(new URL(`${folder}/migration.sql`, migrations), 'utf8').replaceAll(COMMENT, '')
    for (const [, unique, name, table, definition, dropped] of text.matchAll(MADE)) {
      if (dropped !== undefined) indexes.delete(dropped)
      if (name === undefined || table === undefined || definition === undefined) continue
      const plain = definition.replaceAll(/\s+/g, ' ').trim()
      indexes.set(name, { name, table, definition: plain, isUnique: unique !== undefined })
    }
  }
  return [...indexes.values()]
}
