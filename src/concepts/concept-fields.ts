import type { CustomFieldEntityType } from './custom-fields.js'

/** What a field's values are. It says which operators a filter has on them and how they are compared and ordered. */
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

/** A column that lists can filter and order by: `{ column: 'birth_date', kind: 'date', isNullable: true }`. */
export interface ConceptField {
  readonly column: string
  readonly kind: FieldKind
  /** Whether a row may have no value. */
  readonly isNullable: boolean
  /**
   * Of a text: the column of the folded text (without case and accents), by which it is compared and ordered:
   * `last_name_folded`. Of a phone number: the column of its digits backwards, by which its end is found.
   */
  readonly folded?: string
  /** How many characters the folded column has at most; absent where it is as long as the text. */
  readonly foldedLength?: number
  /**
   * Of a text that names one record: `eq`, `ne`, `in` and `notIn` compare it as it is stored (`exact`), or apart from
   * case (`email`), whose domain may be written in ASCII or not. Parts, ranges and orders go by the folded text.
   */
  readonly identifier?: 'exact' | 'email'
  /** Of an enum: its values in the order that lists have: LOW, MEDIUM, HIGH. */
  readonly values?: readonly string[]
  /** Set where lists can be filtered, but not ordered by it: notes are too long for an index on their order. */
  readonly isOrderless?: true
}

/**
 * How the rows of a concept lead to rows of another, `to`:
 *
 * | kind | leads to                      | by                                          | example                   |
 * | ---- | ----------------------------- | ------------------------------------------- | ------------------------- |
 * | one  | at most one row               | a column of its own: `company_id`           | a contact's company       |
 * | many | rows                          | a column of theirs: `company_id`            | a company's contacts      |
 * | info | rows of contact info          | the owner that they name: `entity_type`, `entity_id` | a contact's phone numbers |
 */
export type ConceptRelation =
  | { readonly kind: 'one' | 'many'; readonly to: string; readonly column: string }
  | { readonly kind: 'info'; readonly to: string; readonly entityType: string }

/**
 * What lists know of a concept (contacts, companies, users …): plain data, exported by each `<concept>.columns.ts` and
 * collected in a registry. Fields and relations are named as in the API's filters, `lastName`; orders are called the
 * same in capitals, `LAST_NAME`.
 */
export interface ConceptFields {
  /** the name of its type in the API: `Contact` */
  readonly name: string
  /** Of contact info, whose rows belong to others: the concept of each `entity_type`, `{ CONTACT: 'Contact' }`. */
  readonly owners?: Readonly<Record<string, string>>
  /** the name of its root list in the API: `contacts`; empty without one */
  readonly list: string
  readonly table: string
  /** whether its rows can be deleted and restored (`deleted_at`): lists leave deleted ones out */
  readonly hasDeletedAt: boolean
  /** Of records with custom fields: what values call the type of record. */
  readonly entityType?: CustomFieldEntityType
  /** Of users: one of its rows is who asks, whom filters call `isMe`. */
  readonly isAsking?: true
  readonly fields: Readonly<Record<string, ConceptField>>
  readonly relations: Readonly<Record<string, ConceptRelation>>
  /** the order when none is asked for: a field and its direction */
  readonly order: { readonly field: string; readonly direction: 'ASC' | 'DESC' }
}
