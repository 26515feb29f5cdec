import { sql, type Sql } from '../lib/sql.js'
import type { TenantSettings } from '../lib/principal.js'
import { accept, type Checked } from '../lib/value/checked.js'
import { checkText } from '../lib/value/text.js'
import type { ConceptField, FieldKind } from './concept-fields.js'

/** Checks one value of an input. Null says that nothing is left of it: a text of spaces, for example. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each column takes a type of its own
type Check = (value: any, tenant: TenantSettings) => Checked<unknown>

/**
 * All that Kith knows of one column of a concept. The row of a loader, the select list, what lists filter and order by,
 * the checks of inputs and the statements that write are made from it.
 */
export interface Column extends Omit<ConceptField, 'kind'> {
  /** The kind of its values; `float` ones can't be listed by. */
  readonly kind: FieldKind | 'float'
  /**
   * Set where clients give the column in inputs: how the value is checked. Without it the column is written by Kith
   * alone.
   */
  readonly check?: Check
  /** What a new record has where the input says nothing; null unless set. */
  readonly initial?: string | number | boolean
  /** The database computes it from other columns: it is read, never written. */
  readonly isGenerated?: true
  /** Full-text search finds records by it. */
  readonly isSearched?: true
  /** Of an id: the concept whose live rows it may name. */
  readonly references?: string
  /** The unique index that keeps two live records of a tenant from one value: `contacts_external_id_key`. */
  readonly unique?: string
}

/** The columns of a concept by their names in the API. */
export type Columns = Readonly<Record<string, Column>>

interface Values {
  readonly text: string
  readonly domain: string
  readonly id: string
  readonly integer: number
  readonly decimal: string
  readonly boolean: boolean
  readonly date: string
  /** ISO 8601 in UTC with milliseconds */
  readonly datetime: string
  readonly enum: string
  readonly country: string
  readonly currency: string
  readonly phone: string
  readonly float: number
}

type ValueOf<C extends Column> = C extends { readonly values: readonly (infer Value)[] } ? Value : Values[C['kind']]

/** A row of a concept as loaders give it: `lastName: string | null`. */
export type RowOf<Table extends Columns> = {
  readonly [Name in keyof Table]: Table[Name]['isNullable'] extends false
    ? ValueOf<Table[Name]>
    : ValueOf<Table[Name]> | null
}

/** Longer ones wouldn't fit an index entry. @see docs/adr/0008-folded-columns-are-cut.md */
const FOLDED_LENGTH = 255

type With<Base, More> = Omit<Base, keyof More> & More

/** A text that may be null, with its folded column. */
export function text<const More extends Partial<Column>>(column: string, more: More) {
  const base = {
    column,
    kind: 'text',
    isNullable: true,
    folded: `${column}_folded`,
    foldedLength: FOLDED_LENGTH,
  } as const
  return { ...base, ...more } as unknown as With<typeof base, More>
}

const LONG_TEXT = { maxLength: 65_536, multiline: true } as const

/**
 * A text of several lines, of 65,536 characters at most, that clients give: filtered by what stands in it, never
 * ordered by.
 */
export function longText(column: string) {
  return {
    column,
    kind: 'text',
    isNullable: true,
    // Its folded column is as long as itself.
    folded: `${column}_folded`,
    isOrderless: true,
    check: (value: string) => checkText(value, LONG_TEXT),
  } as const
}

/** A text without a folded column: lists don't know it. */
export function plainText<const More extends Partial<Column>>(column: string, more: More) {
  const base = { column, kind: 'text', isNullable: true } as const
  return { ...base, ...more } as unknown as With<typeof base, More>
}

/** A column of another kind than text that may be null: `optional('birth_date', 'date', {})`. */
export function optional<const Kind extends Exclude<Column['kind'], 'text'>, const More extends Partial<Column>>(
  column: string,
  kind: Kind,
  more: More,
) {
  const base = { column, kind, isNullable: true } as const
  return { ...base, ...more } as unknown as With<typeof base, More>
}

/** A column of another kind than text that is never null: `required('version', 'integer', {})`. */
export function required<const Kind extends Exclude<Column['kind'], 'text'>, const More extends Partial<Column>>(
  column: string,
  kind: Kind,
  more: More,
) {
  const base = { column, kind, isNullable: false } as const
  return { ...base, ...more } as unknown as With<typeof base, More>
}

/** A check of a text of one line. */
export function line(maxLength: number) {
  return (value: string): Checked<string | null> => checkText(value, { maxLength })
}

/** The check of values that GraphQL has checked by type: booleans, enums, ids. */
export function any<Value>() {
  return (value: Value): Checked<Value> => accept(value)
}

/** What every row has. */
export const ROW_COLUMNS = {
  id: required('id', 'id', {}),
  createdAt: required('created_at', 'datetime', {}),
  updatedAt: required('updated_at', 'datetime', {}),
} as const

/** What every record has: beside, the version that optimistic locking compares, and when it was deleted. */
export const RECORD_COLUMNS = {
  ...ROW_COLUMNS,
  version: required('version', 'integer', {}),
  deletedAt: optional('deleted_at', 'datetime', {}),
} as const

// Keyed by the object of columns itself: another object is another select list.
const selectLists = new WeakMap<Columns, Map<string, string>>()

/**
 * The select list of a concept's rows: `c."id" as "id", c."first_name" as "firstName" …`. Each is written once:
 * twenty-five columns built anew for each statement were 4 % of an update of one field.
 */
export function selectList(columns: Columns, alias: string): Sql {
  return sql.raw(selectListText(columns, alias))
}

/** The same as text, for statements that are written without a builder. */
export function selectListText(columns: Columns, alias: string): string {
  const lists = selectLists.get(columns) ?? new Map<string, string>()
  selectLists.set(columns, lists)
  const known = lists.get(alias)
  if (known !== undefined) return known
  const list = Object.entries(columns)
    .map(([name, { column }]) => `"${alias}"."${column}" as "${name}"`)
    .join(', ')
  lists.set(alias, list)
  return list
}

const SQL_TYPES: Readonly<Record<Column['kind'], string>> = {
  text: 'text',
  domain: 'text',
  id: 'uuid',
  integer: 'int',
  float: 'float8',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
  enum: 'text',
  country: 'text',
  currency: 'text',
  phone: 'text',
}

/** The type of a column's values in SQL: `timestamptz`. */
export function sqlTypeOf(kind: Column['kind']): string {
  return SQL_TYPES[kind]
}
