import { createHash } from 'node:crypto'
import type { FieldUses } from '../lib/field-uses.js'

/**
 * The three roles that a flight can name: `kith_app` reads and writes rows of one tenant, `kith_keys` reads ids and
 * order keys of all, `kith_system` finds a principal before its tenant is known. The login role itself may read
 * nothing.
 */
export type DatabaseRole = 'kith_app' | 'kith_keys' | 'kith_system'

/**
 * One SQL statement. `label` is what it does, and for what where one function serves several lists: `findUserByEmail`,
 * `list.contacts`, `insertRows.emailAddresses`. It stands in metrics and in the slow log.
 */
export interface Statement {
  readonly label: string
  readonly text: string
  readonly values: readonly unknown[]
  /**
   * Set where a label has few texts: the server keeps a plan of each (see MAX_NAMES_PER_LABEL). Else it is sent
   * unnamed.
   */
  readonly prepared?: boolean
  /**
   * Of a statement of kith_keys that joins tables by values which its planner should see: those tables. A tenant that
   * their statistics don't know gets the plan of an average one (see kith_plan_unknown_tenant in the migrations).
   */
  readonly tables?: readonly string[]
  /**
   * Of a statement of kith_keys that is quick for certain: it leaves in one flight with the others of its request and
   * tick, where a slow one would hold them up.
   */
  readonly sharesFlight?: boolean
  /** custom fields that it goes by: told to observers, for whoever counts how they are used */
  readonly uses?: FieldUses | undefined
}

/** What ran, for whoever counts or times: no parameters, ever. */
export interface StatementEvent {
  readonly label: string
  readonly role: DatabaseRole
  readonly text: string
  /** whether the server keeps its plan, and what it joins (see Statement) */
  readonly prepared: boolean
  readonly tables: readonly string[] | undefined
  /** also of what a timeout, a lock or a cancel ended */
  readonly durationMs: number
  readonly failed: boolean
  readonly uses?: FieldUses | undefined
  /** rows that came back, or that a write without an answer touched */
  readonly rows: number
  /** whose rows; null before a tenant is known */
  readonly tenantId: string | null
  /** what asked for it; undefined where no request did */
  readonly request: RequestWork | undefined
  /** the server's SQLSTATE, or the system's code, of what failed */
  readonly errorCode: string | undefined
}

/** What a request has made the database do so far. */
export interface RequestWork {
  /** the name of its operation, once that is known */
  label: string
  statements: number
  rows: number
}

export type StatementObserver = (event: StatementEvent) => void

/** A row as the driver gives it: column names as keys. */
export type Row = Record<string, unknown>

/** The answer of one statement. */
export type Answer = { readonly rows: Row[] } | { readonly error: Error }

/**
 * Texts of one label that are prepared; what comes after them is sent unnamed. A few are the usual case. `updateRows`
 * has one for each set of columns that an input names: without a bound a client could fill the memory of every
 * connection.
 */
export const MAX_NAMES_PER_LABEL = 64

// By role and text: putting them together would make a new text of some 3 kB for each statement, and hash it.
const names = new Map<DatabaseRole, Map<string, string>>()
const counts = new Map<string, number>()

/**
 * The name under which a statement is prepared, or undefined for unnamed ones: label, role and a hash of the text. One
 * name with two texts is refused by the driver, and alternating roles on one name would plan it anew each time.
 */
export function preparedName(statement: Statement, role: DatabaseRole): string | undefined {
  if (!statement.prepared) return undefined
  const ofRole = names.get(role) ?? new Map<string, string>()
  const known = ofRole.get(statement.text)
  if (known) return known
  const count = counts.get(`${role} ${statement.label}`) ?? 0
  if (count >= MAX_NAMES_PER_LABEL) return undefined
  counts.set(`${role} ${statement.label}`, count + 1)
  const hash = createHash('sha256').update(statement.text).digest('hex').slice(0, 12)
  const name = `${statement.label}:${role}:${hash}`.slice(-63)
  names.set(role, ofRole.set(statement.text, name))
  return name
}
