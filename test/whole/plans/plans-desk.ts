import pg from 'pg'
import { createDatabase, type Database, type DatabaseOptions } from '../../../src/database/database.js'
import { findTenantBySlug } from '../../../src/features/tenant/tenant.service.js'
import { REQUEST_LIMITS } from '../../../src/graphql/limits.js'
import type { Principal } from '../../../src/lib/principal.js'
import { createTestApi } from '../../support/api.js'
import { plansUrls } from '../../setup/plans-run.js'
import { explain, PLANS_TIMEOUTS, type Sent } from './explain.js'
import type { PlanNode } from './plan.js'

/** A value of an answer or a row: tests say by their assertions what it is. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any

/** The API over the database for plans, in process, with what it sent. */
export interface PlansDesk {
  readonly large: Principal
  readonly middle: Principal
  readonly small: Principal
  /** whose rows came after the statistics */
  readonly fresh: Principal
  /** tables of more than 10,000 rows, over all tenants */
  readonly largeTables: ReadonlySet<string>
  /** Runs a query that must succeed; returns its data and the statements it took, in their order. */
  ask(principal: Principal, query: string, variables?: object): Promise<{ data: Record<string, Loose>; sent: Sent[] }>
  /** Runs a statement once more as it was sent, in the same role and settings, and returns its plan. */
  explain(sent: Sent): Promise<PlanNode>
  /** Runs SQL as the superuser. */
  sql(text: string, values?: unknown[]): Promise<Record<string, Loose>[]>
  close(): Promise<void>
}

const LARGE_TABLE_ROWS = 10_000

/** Opens it over the server that the global setup started. */
export async function openPlansDesk(): Promise<PlansDesk> {
  const urls = plansUrls()
  const log: Sent[] = []
  const open = (options: DatabaseOptions) => recorded(createDatabase({ ...options, timeouts: PLANS_TIMEOUTS }), log)
  const limits = { ...REQUEST_LIMITS, durationMs: PLANS_TIMEOUTS.statementTimeoutMs }
  const api = createTestApi(urls.app, open, { limits })
  const [client, admin] = await Promise.all(
    [urls.app, Object.assign(new URL(urls.admin), { pathname: '/kith' }).href].map(async (connectionString) => {
      const connected = new pg.Client({ connectionString })
      await connected.connect()
      return connected
    }),
  )
  if (!client || !admin) throw new Error('two connections are needed')
  // Apollo can't be stopped before its first request.
  await api.run(null, '{ __typename }')
  const principalOf = async (slug: string): Promise<Principal> => {
    const tenant = await findTenantBySlug(api.database, slug)
    if (!tenant) throw new Error(`no tenant ${slug}`)
    return { tenant, userId: null, role: 'ADMIN' }
  }
  const { rows } = await admin.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples > $1`,
    [LARGE_TABLE_ROWS],
  )
  return {
    largeTables: new Set(rows.map(({ name }) => name)),
    large: await principalOf('large'),
    middle: await principalOf('middle'),
    small: await principalOf('small-1'),
    fresh: await principalOf('fresh'),
    async ask(principal, query, variables = {}) {
      const from = log.length
      const { data, errors } = await api.run(principal, query, { ...variables })
      if (errors || !data) {
        const faults = api.faults.map((fault) =>
          JSON.stringify(fault.fields, (_, value: unknown) => (value instanceof Error ? value.stack : value)),
        )
        throw new Error(`refused: ${JSON.stringify(errors)} for ${JSON.stringify(variables)} ${faults.at(-1) ?? ''}`)
      }
      return { data, sent: log.splice(from) }
    },
    explain: (sent) => explain(client, sent),
    sql: async (text, values = []) => (await admin.query<Record<string, Loose>>(text, values)).rows,
    async close() {
      await Promise.all([client.end(), admin.end()])
      await api.close()
    },
  }
}

/** The same floor, which also notes what is read of a tenant. */
function recorded(database: Database, log: Sent[]): Database {
  const noting: Database = {
    ...database,
    until: () => noting,
    keys(tenantId, statement) {
      log.push({ statement, role: 'kith_keys', tenantId })
      return database.keys(tenantId, statement)
    },
    reader(tenantId) {
      const flight = database.reader(tenantId)
      return {
        ...flight,
        read(statement) {
          log.push({ statement, role: 'kith_app', tenantId })
          return flight.read(statement)
        },
      }
    },
  }
  return noting
}
