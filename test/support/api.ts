import { randomUUID } from 'node:crypto'
import type { ApolloServer } from '@apollo/server'
import type { FormattedExecutionResult } from 'graphql'
import type { Registry } from '../../src/concepts/registry.js'
import type { Database, DatabaseOptions } from '../../src/database/database.js'
import { createDatabase } from '../../src/database/database.js'
import type { StatementEvent } from '../../src/database/statement.js'
import { createFieldUsage, type FieldUsage } from '../../src/features/custom-field/field-usage.js'
import { createApolloServer } from '../../src/graphql/apollo-server.js'
import { createContext, type GraphQLContext } from '../../src/graphql/context.js'
import type { Services } from '../../src/graphql/services.js'
import type { Principal } from '../../src/lib/principal.js'
import { createMetrics } from '../../src/metrics/metrics.js'
import { readSchema } from '../../src/graphql/schema-text.js'
import { createMonitoring, createServices } from '../../src/start/services.js'

export const TEST_SECRET = 'a secret for tests, of more than 32 bytes'

// Tests reach into answers freely; what they find there is asserted, not typed.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = FormattedExecutionResult<Record<string, any>, Record<string, any>>

/** The API in process: the whole of GraphQL without HTTP, over a database of the test's own. */
export interface TestApi {
  readonly database: Database
  /** how custom fields are used, as the process counts it */
  readonly fieldUsage: FieldUsage
  /** what every scope of the process knows */
  readonly registry: Registry
  /** what resolvers hand on, for what runs beside them */
  readonly services: Services
  /** every fault that the server logged, with its fields */
  readonly faults: { fields: Record<string, unknown>; message: string }[]
  /** Runs a document as a principal, or as an operator. `http` is the status that HTTP would have. */
  run(
    principal: Principal | 'OPERATOR' | null,
    query: string,
    variables?: Record<string, unknown>,
    now?: Date,
  ): Promise<Answer & { status: number }>
  /** Runs `work` and returns the statements that ran for it; statistics are made beside it, whenever 50 rows were written. */
  statements(work: () => Promise<unknown>): Promise<StatementEvent[]>
  close(): Promise<void>
}

const TEST_TIMEOUTS = { statementTimeoutMs: 5000, lockTimeoutMs: 3000, idleInTransactionTimeoutMs: 10_000 }

/** Pool and limits as in production, smaller. */
export function testDatabaseOptions(connectionString: string, max = 10): Pick<DatabaseOptions, 'pool' | 'timeouts'> {
  return {
    pool: { connectionString, max, maxIdle: max, lifetimeSeconds: 3600, idleSeconds: 60, acquireTimeoutMs: 10_000 },
    timeouts: TEST_TIMEOUTS,
  }
}

/**
 * Opens the API over the database of `connectionString`, or over one that `open` makes from the observers with the
 * access and the limits that `services` says.
 */
export function createTestApi(
  connectionString: string,
  open: (options: DatabaseOptions) => Database = createDatabase,
  services: Parameters<typeof createServices>[2] = {},
): TestApi {
  const events: StatementEvent[] = []
  const faults: TestApi['faults'] = []
  const log = {
    error: (fields: object, message: string) => void faults.push({ fields: { ...fields }, message }),
    warn: () => undefined,
    info: () => undefined,
  }
  const fieldUsage = createFieldUsage()
  const database = open({
    ...testDatabaseOptions(connectionString),
    observeStatement: (event) => {
      if (event.label !== 'analyzeNewTable') events.push(event)
      fieldUsage.note(event)
    },
    observeOperation: () => undefined,
  })
  // What a process knows for a second it knows here until it is forgotten: no test depends on how long it takes.
  const metrics = createMetrics(log, 60_000)
  const monitoring = createMonitoring(metrics, undefined, () => undefined)
  const wired = createServices(database, TEST_SECRET, { nowMs: () => 0, fieldUsage, monitoring, ...services })
  const server: ApolloServer<GraphQLContext> = createApolloServer({
    typeDefs: readSchema(),
    services: wired,
    isIntrospectionOpen: false,
    log,
    metrics,
    landingPage: undefined,
  })
  const contextOf = (caller: Principal | 'OPERATOR' | null, now: Date): GraphQLContext =>
    caller === 'OPERATOR'
      ? createContext(wired, randomUUID(), null, now, true)
      : createContext(wired, randomUUID(), caller, now)
  return {
    database,
    fieldUsage,
    registry: wired.registry,
    services: wired,
    faults,
    async run(principal, query, variables = {}, now = new Date()) {
      const response = await server.executeOperation({ query, variables }, { contextValue: contextOf(principal, now) })
      if (response.body.kind !== 'single') throw new Error('not a single answer')
      return { ...(response.body.singleResult as Answer), status: response.http.status ?? 200 }
    },
    async statements(work) {
      const from = events.length
      await work()
      return events.slice(from)
    },
    async close() {
      await server.stop()
      await database.close()
    },
  }
}
