import { parameterText } from '../database/parameter.js'
import type { Transaction } from '../database/transaction.js'

/** Inserts rows of one tenant, see createInsert. */
export type Insert = ReturnType<typeof createInsert>

/** What an item has in a column: undefined is null, and the column's default where it is undefined for all items. */
type ReadValue<Item> = (item: Item, property: string, column: string) => unknown

/**
 * A function that inserts rows in one statement and returns the ids of those that were new: a row that a unique index
 * refuses is left out. Of an item it takes the properties that are named like columns, `leadScore` for `lead_score`,
 * unless `read` says otherwise. It keeps what the columns of a table are.
 */
export function createInsert() {
  const known = new Map<string, readonly Column[]>()
  return async function insertRows<Item extends object>(
    { sql }: Transaction,
    table: string,
    tenantId: string,
    items: readonly Item[],
    read: ReadValue<Item> = propertyOf,
  ): Promise<Set<string>> {
    if (items.length === 0) return new Set()
    const columns = known.get(table) ?? (await findColumns(sql, table))
    known.set(table, columns)
    const given = columns.flatMap((column) => {
      const values = items.map((item) => read(item, column.property, column.name))
      return values.every((value) => value === undefined) ? [] : [{ ...column, values }]
    })
    const names = given.map(({ name }) => name).join(', ')
    // One array a column, as records write them: COPY is refused under row-level security, and JSON takes twice as long to read.
    const inserted = await sql<{ id: string }>({
      label: `demo.${table}`,
      text: `insert into ${table} (tenant_id, ${names})
        select $1::uuid, ${given.map(({ name, type }) => `${name}::${type}`).join(', ')}
        from unnest(${given.map(({ sent }, index) => `$${index + 2}::${sent}[]`).join(', ')}) as r (${names})
        on conflict do nothing returning id`,
      values: [tenantId, ...given.map(({ values, toText }) => parameterText(toText ? values.map(toText) : values))],
    })
    return new Set(inserted.map(({ id }) => id))
  }
}

/** The item's own property. */
export function propertyOf(item: object, property: string): unknown {
  return (item as Readonly<Record<string, unknown>>)[property]
}

interface Column {
  readonly name: string
  readonly property: string
  readonly type: string
  /** the type of an element of the array that is sent: arrays and JSON go as texts */
  readonly sent: string
  readonly toText: ((value: unknown) => string | null) | undefined
}

async function findColumns(sql: Transaction['sql'], table: string): Promise<Column[]> {
  const rows = await sql<{ name: string; type: string }>({
    label: 'demo.columns',
    text: `select attname as name, format_type(atttypid, null) as type from pg_attribute where attrelid = $1::regclass
      and attnum > 0 and not attisdropped and attgenerated = '' and attname <> 'tenant_id' order by attnum`,
    values: [table],
  })
  return rows.map(({ name, type }) => {
    const property = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    const toText = type.endsWith('[]') ? parameterText : type.startsWith('json') ? jsonText : undefined
    return { name, property, type, sent: toText ? 'text' : type, toText }
  })
}

function jsonText(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}
