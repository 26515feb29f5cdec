import type { Scope } from '../access/scope.js'
import type { Columns } from '../concepts/columns.js'
import type { ConceptFields } from '../concepts/concept-fields.js'
import type { Change } from '../database/change.js'
import type { Statement } from '../database/statement.js'
import type { InputCheck } from '../lib/input.js'

/** A row of a record as its lock finds it, deleted or not: all its columns by their names in the API. */
export interface StoredRecord {
  readonly id: string
  readonly version: number
  readonly updatedAt: string
  readonly deletedAt: string | null
  readonly [column: string]: unknown
}

/** Columns of a record by their names in the API. */
export type Values = Readonly<Record<string, unknown>>

/**
 * What a record was before a job changed it, of that alone which the job changed:
 *
 * | name               | value                                                                        |
 * | ------------------ | ---------------------------------------------------------------------------- |
 * | `jobTitle`         | the column's                                                                 |
 * | `emailAddresses`   | all rows of that kind of contact info, with their ids                        |
 * | `customFields.<id>` | the value of the field that the definition defines; null where it had none   |
 */
export type Before = Readonly<Record<string, unknown>>

/** One record on its way through a change. */
export interface Draft {
  readonly id: string
  /** whether it is being created */
  readonly isNew: boolean
  /** whether it was deleted and comes back by this change */
  readonly isRestored?: boolean
  /** of a record that gets former values back: these; then `input` says nothing of them */
  readonly before?: Before
  /** what the client gave, contact info included */
  readonly input: Values
  /** collects what is wrong with it */
  readonly check: InputCheck
  /** the locked row; null for a new record */
  stored: StoredRecord | null
  /** the columns that were given, checked */
  values: Values
}

/**
 * How a type of record is created, updated, deleted, restored and destroyed: mostly its columns. A new type is one
 * value of this.
 */
export interface RecordKind {
  /** its name in rows of its parts, and in full-text search where that knows it: `CONTACT` */
  readonly type: string
  readonly concept: ConceptFields
  readonly columns: Columns
  /** Other names that inputs may call a column by: `{ ownerId: 'assignedToId' }`. */
  readonly aliases?: Readonly<Record<string, string>>
  /** what people call it: `contact` */
  readonly noun: string
  /** rows that belong to each record and change with it */
  readonly parts: readonly RecordPart[]
  /** By what an upsert may find its record, by the names of the API: `EXTERNAL_ID`. */
  readonly matchers: Readonly<Record<string, AskMatcher>>
  /** Completes the given columns by stored ones and the tenant's settings, or refuses what doesn't go together. */
  readonly complete?: (scope: Scope, draft: Draft) => void
  /** Refuses a record that the change would leave without what it needs; `plans` are those of its parts. */
  readonly checkOutcome?: (draft: Draft, plans: readonly PartPlan[], place?: InputCheck) => void
  /** Whether `checkOutcome` has to know all rows of the parts, though the input says nothing of them. */
  readonly needsParts?: (values: Values) => boolean
}

/** The kind of a type of record. @throws Error where there is none */
export function kindOf(kinds: readonly RecordKind[], type: string): RecordKind {
  const kind = kinds.find((one) => one.type === type)
  if (!kind) throw new Error(`There are no records of the type ${type}.`)
  return kind
}

/** What is to happen to the rows of one part, for one record. */
export interface PartPlan {
  readonly recordId: string
  /** how many rows of each kind the record will have, where they were read */
  readonly counts: Readonly<Record<string, number>>
  /** whether any row is written or removed */
  readonly isChanged: boolean
  /** whether full-text search may find the record by other words */
  readonly isSearchedChanged: boolean
  /** what the journal of a job keeps of the rows as they are before the change */
  readonly before?: () => Before
}

/** What happened to one record. */
export interface RecordChange {
  readonly kind: RecordKind
  readonly id: string
  /** null for a new record */
  readonly before: StoredRecord | null
  /** null for one that is gone for good */
  readonly after: StoredRecord | null
  readonly parts: readonly PartPlan[]
}

/** Rows that belong to a record: contact info, later custom values. All of it takes many records at once. */
export interface RecordPart<Plan extends PartPlan = PartPlan> {
  /**
   * Unique indexes of its rows: name, where in the input of the record they stand, what is said when another has the
   * value.
   */
  readonly unique: readonly (readonly [index: string, field: string, message: string])[]
  /** Reads what its checks need. What it gives is asked for one draft after the other, once they are locked. */
  plan(scope: Scope, change: Change, kind: RecordKind, drafts: readonly Draft[]): Promise<PartPlanner<Plan>>
  /** The same for drafts that get former values back, of which `before` says what this part had. */
  revert(scope: Scope, change: Change, kind: RecordKind, drafts: readonly Draft[]): Promise<PartPlanner<Plan>>
  /** The writes of some plans: a fixed number of statements, however many records and rows. */
  write(scope: Scope, kind: RecordKind, plans: readonly Plan[]): Statement[]
  /** What deleted records give up: their unique values. */
  release(scope: Scope, kind: RecordKind, ids: readonly string[]): Statement[]
  /** What restored records take again; values that others hold by now are problems at `id`. */
  reclaim(scope: Scope, change: Change, kind: RecordKind, drafts: readonly Draft[]): Promise<PartPlanner<Plan>>
}

/** What a part makes of the drafts of a change, in their order. */
export interface PartPlanner<Plan extends PartPlan = PartPlan> {
  /** Checks a draft and plans its rows; null where the part has nothing to do with it. */
  planOf(draft: Draft): Plan | null
  /** Notes that a planned draft takes place: drafts behind it find its unique values taken. */
  settle(plan: Plan): void
}

/** A record that has a value by which rows are matched. */
export interface Match {
  readonly key: string
  readonly id: string
}

/** How the rows of one upsert find their records. */
export interface Matcher {
  /** where in a row its value stands, for problems: `['externalId']` */
  readonly place: readonly string[]
  /** what people call the value: `external id` */
  readonly noun: string
  /** The values of a row in the form in which they are compared; none where it gives none, or gives it badly. */
  readonly keysOf: (input: Values) => readonly string[]
  /** Undefined where the next row may be asked for at once, else a promise of the turn in which it may. */
  readonly next?: () => Promise<void> | undefined
  /**
   * Locks the records that have some of these values, live or deleted, in id order, and gives their whole rows, and which
   * record has which value. All of it is asked for in one tick.
   */
  readonly find: (
    change: Change,
    keys: readonly string[],
  ) => Promise<{ readonly rows: readonly StoredRecord[]; readonly matches: readonly Match[] }>
}

/** Makes a matcher; it may read what that takes. @throws UserErrors where `customFieldKey` names no unique field */
export type AskMatcher = (
  scope: Scope,
  change: Change,
  kind: RecordKind,
  customFieldKey: string | null,
) => Promise<Matcher>
