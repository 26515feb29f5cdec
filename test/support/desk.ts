import { expect } from '@jest/globals'
import pg from 'pg'
import type { Principal } from '../../src/lib/principal.js'
import { REQUEST_LIMITS, type RequestLimits } from '../../src/graphql/limits.js'
import { CONCEPTS } from '../../src/graphql/features.js'
import { cloneDatabase } from '../setup/database.js'
import { createTestApi, type TestApi } from './api.js'
import { createTenant, type TestTenant } from './records.js'

/** Limits for tests whose requests ask for more at once than clients may. */
export const WIDE_LIMITS: RequestLimits = { ...REQUEST_LIMITS, aliases: 1000, rootFields: 1000, cost: 1_000_000 }

/** A value of an answer or a row: tests say by their assertions what it is. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any

/** What a mutation answered: its payload without the user errors, and those. */
export interface Answered {
  readonly [field: string]: Loose
  readonly userErrors: readonly Record<string, unknown>[]
}

/** A test file's place at the front door: the API over its own database, and the superuser's view of the rows. */
export interface Desk {
  readonly api: TestApi
  /** of the file's own database, as the server's login */
  readonly databaseUrl: string
  /** the same as the superuser */
  readonly adminUrl: string
  /** Runs SQL as the superuser. */
  sql(text: string, values?: unknown[]): Promise<Record<string, Loose>[]>
  /** All rows of a tenant by table, to compare before and after. */
  rowsOf(tenant: TestTenant): Promise<Record<string, unknown[]>>
  /** Runs a query that must succeed, and returns its data. */
  ask(
    principal: Principal | 'OPERATOR',
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<Record<string, Loose>>
  /**
   * Runs one mutation with an input and returns its payload; top-level errors throw. `selection` is what is wanted of
   * the payload beside the user errors.
   */
  mutate(principal: Principal, mutation: string, input: object, selection?: string, now?: Date): Promise<Answered>
  close(): Promise<void>
}

/** The tables that the API writes: those of its concepts, and of custom fields. */
const RECORD_TABLES = [...CONCEPTS.map(({ table }) => table), 'custom_field_definitions', 'custom_field_values']

/** The document of one mutation with one variable, `$input`. */
export function mutationText(mutation: string, selection = ''): string {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
  return `mutation ($input: ${type}!) {
    ${mutation}(input: $input) { ${selection} userErrors { code message field conflictingId currentVersion } }
  }`
}

/**
 * Opens the API over a database of its own, with the database floor that `open` makes where it is given, with
 * the access and the limits that `services` says.
 */
export async function openDesk(
  open?: Parameters<typeof createTestApi>[1],
  services?: Parameters<typeof createTestApi>[2],
): Promise<Desk> {
  const clone = await cloneDatabase()
  const api = createTestApi(clone.databaseUrl, open, services)
  // Apollo can't be stopped before its first request.
  await api.run(null, '{ __typename }')
  const admin = new pg.Client({ connectionString: clone.adminUrl })
  await admin.connect()
  const sql: Desk['sql'] = async (text, values = []) => (await admin.query<Record<string, Loose>>(text, values)).rows
  return {
    api,
    databaseUrl: clone.databaseUrl,
    adminUrl: clone.adminUrl,
    sql,
    async rowsOf({ settings }) {
      const parts: Record<string, unknown[]> = {}
      for (const table of RECORD_TABLES) {
        const rows = await sql(`select to_jsonb(t) as row from ${table} t where tenant_id = $1 order by id`, [
          settings.id,
        ])
        parts[table] = rows.map(({ row }) => row as unknown)
      }
      return parts
    },
    async ask(principal, query, variables = {}) {
      const { data, errors } = await api.run(principal, query, variables)
      if (errors || !data) throw new Error(`refused: ${JSON.stringify(errors)}`)
      return plain(data)
    },
    async mutate(principal, mutation, input, selection = '', now = new Date()) {
      const { data, errors } = await api.run(principal, mutationText(mutation, selection), { input }, now)
      if (errors || !data) throw new Error(`refused: ${JSON.stringify(errors)} ${JSON.stringify(api.faults)}`)
      return plain(data[mutation])
    },
    async close() {
      await admin.end()
      await api.close()
      await clone.drop()
    },
  }
}

/** The errors of a request that must be refused as a whole: with status 400, without data, before any statement. */
export async function refusedErrors(
  { api }: Desk,
  principal: Principal,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<unknown> {
  let errors: unknown
  const statements = await api.statements(async () => {
    const answer = await api.run(principal, query, variables)
    expect([answer.status, answer.data]).toEqual([400, undefined])
    errors = plain(answer.errors)
  })
  expect(statements).toEqual([])
  return errors
}

/** An answer as JSON brings it: ordinary objects, so that toEqual and toStrictEqual compare values alone. */
export function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}

/** A fresh tenant with its ADMIN. */
export async function openTenant(desk: Desk, changes: Parameters<typeof createTenant>[1] = {}) {
  const tenant = await createTenant(desk.api.database, changes)
  return { tenant, admin: tenant.principal() }
}

/** A user error with the fields that are null unless said. */
export function userError(code: string, field: (string | number)[], message: string, more: object = {}) {
  return { code, message, field: field.map(String), conflictingId: null, currentVersion: null, ...more }
}
