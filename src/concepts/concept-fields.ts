/** What a field's values are: which operators it has and how they are compared. */
export type FieldKind =
  | 'text'
  | 'domain'
  | 'id'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'enum'
  | 'country'
  | 'currency'
  | 'phone'

/** A column that lists filter and order by. */
export interface ConceptField {
  readonly column: string
  readonly kind: FieldKind
  /** Whether a row may have no value. */
  readonly isNullable: boolean
  /** Column of the folded text, which text is compared and ordered by; of a phone number: its digits backwards. */
  readonly folded?: string
  /** Where the folded column is cut, in characters; absent: nowhere. */
  readonly foldedLength?: number
  /** Of an enum: its values in their order, small first. */
  readonly values?: readonly string[]
  /** Set where lists can't be ordered by it. */
  readonly isOrderless?: true
}

/**
 * How a concept reaches another: `one` by a link column of its own, `many` by a link column of theirs, `info` by the
 * owner that each row of contact info names.
 */
export type ConceptRelation =
  | { readonly kind: 'one' | 'many'; readonly to: string; readonly column: string }
  | { readonly kind: 'info'; readonly to: string; readonly entityType: string }

/**
 * What lists know of a concept: pure data, exported by each `<concept>.fields.ts` and collected in a registry. Names of
 * fields and relations are those of the API's filter; orders are called the same in capitals.
 */
export interface ConceptFields {
  /** name of its type in the API */
  readonly name: string
  /** Of rows that belong to others, as contact info does: the concept behind each `entity_type`. */
  readonly owners?: Readonly<Record<string, string>>
  /** name of its root list in the API; empty without one */
  readonly list: string
  readonly table: string
  /** whether deleted rows are left out */
  readonly isLive: boolean
  readonly fields: Readonly<Record<string, ConceptField>>
  readonly relations: Readonly<Record<string, ConceptRelation>>
  /** the order when none is asked for: a field and its direction */
  readonly order: { readonly field: string; readonly direction: 'ASC' | 'DESC' }
}

const TWIN_LENGTH = 255

/** A text with its folded column. */
export function textField(column: string, more: Partial<ConceptField> = {}): ConceptField {
  return { column, kind: 'text', isNullable: true, folded: `${column}_folded`, foldedLength: TWIN_LENGTH, ...more }
}

/** A column of another kind, which may be null unless said. */
export function columnField(
  column: string,
  kind: Exclude<FieldKind, 'text'>,
  more: Partial<ConceptField> = {},
): ConceptField {
  return { column, kind, isNullable: true, ...more }
}

/** A column that is never null. */
export function requiredField(
  column: string,
  kind: Exclude<FieldKind, 'text'>,
  more: Partial<ConceptField> = {},
): ConceptField {
  return { column, kind, isNullable: false, ...more }
}

/** What every row has: its id and the moments of its first and last change. */
export const ROW_FIELDS = {
  id: requiredField('id', 'id'),
  createdAt: requiredField('created_at', 'datetime'),
  updatedAt: requiredField('updated_at', 'datetime'),
} as const
