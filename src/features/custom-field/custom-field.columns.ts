import type { CustomFieldEntityType, CustomFieldOption, CustomFieldType } from '../../concepts/custom-fields.js'
import type { TenantSettings } from '../../lib/principal.js'
import type { CustomValueInput } from './custom-value.input.js'

/** What values of a field must fulfil beside its type; what is absent is no constraint. */
export interface CustomFieldConstraints {
  readonly minLength?: number
  readonly maxLength?: number
  /** in the syntax of RE2; the whole text must match */
  readonly pattern?: string
  /** a decimal number, a date or a moment, by the type */
  readonly min?: string
  readonly max?: string
  /** days from today, in the tenant's time zone */
  readonly minDaysFromToday?: number
  readonly maxDaysFromToday?: number
  readonly precision?: number
  readonly scale?: number
  readonly currencies?: readonly string[]
}

/** A change of type as the row of a field has it: of the one that is copied from, later of the one that took over. */
export interface FieldChange {
  /** the other of the two fields: the one that is filled, later the one that was replaced */
  readonly otherId: string
  /** values when the change began */
  readonly total: number
  /** values that were copied so far, and those that stay behind */
  readonly converted: number
  readonly failed: number
  /** the last record whose value was copied; null before the first, BEHIND_ALL_IDS when all are */
  readonly cursor: string | null
  readonly mapping: readonly (readonly [from: string, to: string])[]
  /** by whose rules, and as of when, values are read: the same for all batches */
  readonly tenant: TenantSettings
  readonly startedAt: string
  readonly finishedAt: string | null
  /** the earlier change by which the field came to be as it is; null without one */
  readonly before: { readonly state: FieldChangeState; readonly change: FieldChange } | null
}

export type FieldChangeState = 'RUNNING' | 'DONE' | 'UNDONE'

/** A custom field as its row has it. */
export type CustomFieldDefinitionRow = {
  readonly id: string
  readonly entityType: CustomFieldEntityType
  readonly key: string
  readonly label: string
  readonly description: string | null
  readonly type: CustomFieldType
  readonly group: string | null
  readonly position: number
  readonly isRequired: boolean
  readonly isUnique: boolean
  /** whether full-text search finds records by its values */
  readonly isSearchable: boolean
  readonly constraints: CustomFieldConstraints
  readonly options: readonly CustomFieldOption[]
  /** as an input would give it: `{ text: 'new' }` */
  readonly defaultValue: CustomValueInput | null
  readonly archivedAt: string | null
  readonly changeState: FieldChangeState | null
  readonly change: FieldChange | null
  /** nobody sees it: it is being filled, or its values are being removed */
  readonly isHidden: boolean
  /** from when on it is gone with its values */
  readonly expiresAt: string | null
  /** the last record whose search row was brought up to date, where all with a value need it; null where none does */
  readonly searchCursor: string | null
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

/** The select list of definitions under the alias `d`. */
export const DEFINITION_COLUMNS = `d.id, d.entity_type as "entityType", d.key, d.label, d.description, d.type, d.field_group as "group",
  d.position, d.is_required as "isRequired", d.is_unique as "isUnique", d.is_searchable as "isSearchable", coalesce(d.constraints, '{}') as constraints,
  coalesce(d.options, '[]') as options, d.default_value as "defaultValue", d.archived_at as "archivedAt",
  d.change_state as "changeState", d.change, d.is_hidden as "isHidden", d.expires_at as "expiresAt",
  d.search_cursor as "searchCursor", d.version,
  d.created_at as "createdAt", d.updated_at as "updatedAt"`

/** Behind the ids of all records: all values are copied. */
export const BEHIND_ALL_IDS = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
/** Before the ids of all records. */
export const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000'

/** How the key of a field is written. */
export const FIELD_KEY = /^[a-z][a-z0-9_]{0,62}$/

/** The records that a field may belong to: their concept, and their table, which is called as their list. */
export const OWNERS = {
  CONTACT: { concept: 'Contact', table: 'contacts' },
  COMPANY: { concept: 'Company', table: 'companies' },
} as const satisfies Record<CustomFieldEntityType, object>
