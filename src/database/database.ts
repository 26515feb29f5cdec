import { AppError } from '../lib/errors.js'
import { analyzeNewTable, createFirstStatistics } from './first-statistics.js'
import { createFairQueue, type FairQueue, type Visitor } from '../lib/fair-queue.js'
import { runChange, type Change } from './change.js'
import { runSystemChange } from './system-change.js'
import { createConnectionPool, type ConnectionPool, type PoolFigures, type PoolOptions } from './connection-pool.js'
import { fairPool } from './fair-pool.js'
import { runReadFlight } from './flight.js'
import { runnerWith, type QueryRunner } from './pipeline.js'
import type { FlightTimeouts } from './prelude.js'
import { createPrismaClient, type KithPrisma, type OperationObserver } from './prisma-client.js'
import { assertOwnTenant } from './keys-wall.js'
import { createKnownTenants } from './known-tenants.js'
import type { PlanNode } from '../metrics/plans.js'
import { explainGenerically } from './generic-plan.js'
import { planHypothetically } from './hypothetical-plan.js'
import type { PlannedAgain } from './planning.js'
import type { RequestWork, Row, Statement, StatementEvent, StatementObserver } from './statement.js'
import { runSnapshot, type Snapshot, type SnapshotOptions } from './snapshot.js'
import { createTickFlight, type TickFlight } from './tick-flight.js'
import type { TransactionObserver } from './transaction-event.js'
import { runTransaction, type Transaction, type TransactionOptions } from './transaction.js'

export interface DatabaseOptions {
  readonly pool: PoolOptions
  readonly timeouts: FlightTimeouts
  /** reads of one tenant that are in the database at once, for requests with a deadline; 2 unless said */
  readonly readsPerTenant?: number
  /** snapshots that are read at once; 2 unless said */
  readonly snapshots?: number
  /** is told of each statement and of each operation of Prisma; nobody unless said */
  readonly observeStatement?: StatementObserver
  readonly observeOperation?: OperationObserver
  /** is told of each transaction, flights of reads included */
  readonly observeTransaction?: TransactionObserver
}

/** The database floor: four ways in, each with its role, tenant and limits, over one pool. */
export interface Database {
  /** What reads for one request, as kith_app. */
  readonly reader: (tenantId: string) => TickFlight
  /**
   * Ids, order keys or a count as kith_keys, in a flight of its own unless the statement shares one. Each row must carry `tenant_id`, a count
   * `foreign_rows`; what isn't the tenant's own throws.
   */
  readonly keys: <Result extends object = Row>(tenantId: string, statement: Statement) => Promise<Result[]>
  /** How many rows the planner expects a statement of kith_keys to return. It is planned, never run. */
  readonly estimate: (tenantId: string, statement: Statement) => Promise<number>
  /**
   * The generic plan of a statement that ran, by its role and for its tenant, or why there is none. It is planned, never
   * run, and told to no observer.
   */
  readonly genericPlan: (statement: StatementEvent) => Promise<PlanNode | { readonly why: string }>
  /** A statement's generic plan as if an index were there, by hypopg; null where it can't be planned. */
  readonly hypotheticalPlan: (planned: PlannedAgain, index: string | null) => Promise<PlanNode | null>
  /** What must be known before a tenant is, as kith_system. */
  readonly system: <Result extends object = Row>(statement: Statement) => Promise<Result[]>
  /**
   * One statement of kith_system that writes, in a transaction of its own: that role may call some functions of the owner,
   * for history, alerts and statistics, and write nothing else.
   */
  readonly systemChange: <Result extends object = Row>(statement: Statement) => Promise<Result[]>
  /** Two round trips that lock, check and write, as kith_app; see Change. */
  readonly change: <Result>(tenantId: string, work: (change: Change) => Promise<Result>) => Promise<Result>
  /** A transaction of the tenant for Prisma, as kith_app: for what is no record. */
  readonly transaction: <Result>(
    tenantId: string,
    label: string,
    work: (transaction: Transaction) => Promise<Result>,
    options?: TransactionOptions,
  ) => Promise<Result>
  /**
   * A whole list of the tenant and what belongs to its rows, as of one moment. It has a connection beside those of the
   * pool, so that exports take no place of requests; its limits are its own.
   */
  readonly snapshot: <Result>(
    tenantId: string,
    options: SnapshotOptions,
    work: (snapshot: Snapshot) => Promise<Result>,
  ) => Promise<Result>
  /**
   * The same for one request, which ends at a moment of `performance.now()`: its statements are cancelled then. Its
   * reads wait for their turn among those of the tenant (see FairQueue). What it makes the database do is added to
   * `work`.
   */
  readonly until: (deadlineMs: number, visitor?: Visitor, work?: RequestWork) => Database
  readonly figures: () => PoolFigures
  /** how many connections the pool may have open now */
  readonly connectionLimit: () => number
  readonly close: () => Promise<void>
}

interface PlannedRows {
  readonly Plan: { readonly 'Plan Rows': number }
}

const ignore = (): void => undefined
const READS_PER_TENANT = 2
const SNAPSHOTS = 2
const NOBODY: Visitor = { client: '', cost: 0 }

/** Opens the floor over a pool of its own. No connection is made before the first use. */
export function createDatabase(options: DatabaseOptions): Database {
  const statistics = createFirstStatistics(async (done) => {
    const [row] = await runSystemChange<{ name: string | null }>(runner, analyzeNewTable(done))
    return row?.name ?? null
  })
  const runner: QueryRunner = {
    pool: createConnectionPool(options.pool),
    timeouts: options.timeouts,
    knownTenants: createKnownTenants(),
    observe: options.observeStatement ?? ignore,
    observeTransaction: options.observeTransaction,
    noteWritten: statistics.noteWritten,
  }
  // Other pools see its connections as those of other applications: they leave room for them.
  const snapshots = { ...options.pool, max: options.snapshots ?? SNAPSHOTS, maxIdle: 0, name: 'kith-export' }
  const snapshotRunner = runnerWith(runner, { pool: createConnectionPool(snapshots) })
  return createDatabaseOver(runner, options.observeOperation, options.readsPerTenant, snapshotRunner)
}

/** The same over flight runners that stand already; snapshots are read over the pool of the first unless a second is given. */
export function createDatabaseOver(
  runner: QueryRunner,
  observeOperation: OperationObserver = ignore,
  readsPerTenant = READS_PER_TENANT,
  snapshotRunner: QueryRunner = runner,
): Database {
  const prisma = createPrismaClient(observeOperation)
  const ofTenant = (tenantId: string): QueryRunner => runnerWith(runner, { tenantId })
  return databaseOver(runner, snapshotRunner, prisma, createFairQueue(readsPerTenant), ofTenant)
}

/** `readerOf` gives the runner by which a tenant is read, and which tells whose its statements are. */
function databaseOver(
  runner: QueryRunner,
  snapshotRunner: QueryRunner,
  prisma: KithPrisma,
  queue: FairQueue,
  readerOf: (tenantId: string) => QueryRunner,
): Database {
  const single = async <Result extends object>(
    role: 'kith_keys' | 'kith_system',
    tenantId: string | null,
    statement: Statement,
  ): Promise<Result[]> => {
    const reader = tenantId === null ? runner : readerOf(tenantId)
    const [answer] = await runReadFlight(reader, role, tenantId, [statement])
    if (!answer) throw new AppError('INTERNAL_SERVER_ERROR', 'A flight came back empty.')
    if ('error' in answer) throw answer.error
    return answer.rows as Result[]
  }
  // Made at the first use: each request has a floor of its own.
  let sharedFlights: Map<string, TickFlight> | undefined
  const sharedFlight = (tenantId: string): TickFlight => {
    sharedFlights ??= new Map()
    const flight = sharedFlights.get(tenantId) ?? createTickFlight(readerOf(tenantId), tenantId, 'kith_keys')
    sharedFlights.set(tenantId, flight)
    return flight
  }
  return {
    reader: (tenantId) => createTickFlight(readerOf(tenantId), tenantId),
    keys: async <Result extends object>(tenantId: string, statement: Statement) => {
      const rows = statement.sharesFlight
        ? await sharedFlight(tenantId).read<Result>(statement)
        : await single<Result>('kith_keys', tenantId, statement)
      assertOwnTenant(tenantId, statement.label, rows)
      return rows
    },
    estimate: async (tenantId, statement) => {
      const explain = { ...statement, text: `explain (format json) ${statement.text}` }
      const [row] = await single<{ 'QUERY PLAN': readonly PlannedRows[] }>('kith_keys', tenantId, explain)
      return Math.round(row?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0)
    },
    genericPlan: (event) => explainGenerically(runner, event),
    hypotheticalPlan: (planned, index) => planHypothetically(runner, planned, index),
    system: (statement) => single('kith_system', null, statement),
    systemChange: (statement) => runSystemChange(runner, statement),
    change: (tenantId, work) => runChange(runnerWith(runner, { tenantId }), tenantId, work),
    transaction: (tenantId, label, work, transactionOptions) =>
      runTransaction(runner, prisma, tenantId, label, work, transactionOptions),
    until(deadlineMs, visitor = NOBODY, work) {
      const limited = runnerWith(runner, { deadlineMs, request: work })
      const pool = (tenantId: string): ConnectionPool => fairPool(runner.pool, queue, tenantId, visitor, deadlineMs)
      return databaseOver(limited, snapshotRunner, prisma, queue, (tenantId) =>
        runnerWith(limited, { tenantId, pool: pool(tenantId) }),
      )
    },
    snapshot: (tenantId, snapshotOptions, work) =>
      runSnapshot(runnerWith(snapshotRunner, { tenantId }), tenantId, snapshotOptions, work),
    figures: () => runner.pool.figures(),
    connectionLimit: () => runner.pool.limit(),
    close: async () => {
      await prisma.$disconnect()
      await runner.pool.close()
      if (snapshotRunner.pool !== runner.pool) await snapshotRunner.pool.close()
    },
  }
}
