import { availableParallelism } from 'node:os'
import { environmentWith, readCommandConfig, type Config } from '../config.js'
import { checkDatabaseUrl, NoDatabase } from './database-url.js'
import { createDatabase, type Database, type DatabaseOptions } from '../database/database.js'
import { deployMigrations } from '../database/admin/deploy-migrations.js'
import { hasCluster } from '../database/embedded/cluster.js'
import { readConnectionFile } from '../database/embedded/connection-file.js'
import { openEmbeddedServer } from '../database/embedded/server.js'
import { connectionError } from '../database/errors.js'
import { knownMigrations, StartRefused } from '../database/admin/start-checks.js'

export interface OpenedDatabase {
  readonly config: Config
  readonly database: Database
  /** The same database as its owner, where it is known. */
  readonly migrationUrl: string | undefined
  readonly close: () => Promise<void>
}

/** Where a database is, and how long its pool, statements and locks are waited for. */
export type ConnectOptions = Pick<DatabaseOptions, 'pool' | 'timeouts' | 'readsPerTenant'>

/** The folder of the migrations, as seen from the sources and from the build. */
export const MIGRATIONS = new URL('../../prisma/migrations/', import.meta.url)

/**
 * The configured database for a command: the server of DATABASE_URL, else the embedded one, which is used where it runs
 * and otherwise started for the time of the command. Where there is none yet, it is made, unless it must be there.
 * @throws ConfigError; Error where it must be there and isn't
 */
export async function openDatabase({ mustExist = false } = {}): Promise<OpenedDatabase> {
  const config = readCommandConfig()
  if (mustExist && !config.DATABASE_URL && !isMade(config.KITH_DATA_DIR)) {
    throw new Error(
      `There is no database in ${config.KITH_DATA_DIR}. Run npm start first, which makes one, or set DATABASE_URL.`,
    )
  }
  const embedded = config.DATABASE_URL
    ? undefined
    : await openEmbeddedServer({ dataDir: config.KITH_DATA_DIR, log: (line) => console.error(line) })
  if (config.DATABASE_URL) {
    // What the server would refuse to serve, a command refuses to change, in the same words.
    await checkDatabaseUrl(config.DATABASE_URL, knownMigrations(MIGRATIONS), config.KITH_POOLER).catch(
      (error: unknown) => {
        throw error instanceof StartRefused || error instanceof NoDatabase ? error : connectionError(error)
      },
    )
  }
  if (embedded) {
    await deployMigrations(embedded.urls.migration, MIGRATIONS, (line) => console.error(line), environmentWith)
  }
  const database = createDatabase({
    ...patientOptions(databaseOptions(config, config.DATABASE_URL ?? embedded?.urls.app ?? '')),
  })
  return {
    config,
    database,
    migrationUrl: config.MIGRATION_DATABASE_URL ?? embedded?.urls.migration,
    async close() {
      await database.close()
      await embedded?.stop()
    },
  }
}

function isMade(dataDir: string): boolean {
  const file = readConnectionFile(dataDir)
  return file !== undefined && hasCluster(file.pgData)
}

/** The pool and limits that the configuration asks for: those of a server, whose clients wait for an answer. */
export function databaseOptions(config: Config, connectionString: string): ConnectOptions {
  return {
    pool: {
      connectionString,
      max: config.KITH_POOL_MAX,
      maxIdle: config.KITH_POOL_MAX_IDLE,
      lifetimeSeconds: config.KITH_POOL_LIFETIME_SECONDS,
      idleSeconds: config.KITH_POOL_IDLE_SECONDS,
      acquireTimeoutMs: config.KITH_POOL_ACQUIRE_TIMEOUT_MS,
      pooler: config.KITH_POOLER,
    },
    readsPerTenant: config.KITH_READS_PER_TENANT ?? Math.max(2, availableParallelism()),
    timeouts: {
      statementTimeoutMs: config.KITH_STATEMENT_TIMEOUT_MS,
      lockTimeoutMs: config.KITH_LOCK_TIMEOUT_MS,
      idleInTransactionTimeoutMs: config.KITH_IDLE_IN_TRANSACTION_TIMEOUT_MS,
    },
  }
}

/**
 * The same pool with the limits of a command. Nobody waits for its answer, and a batch of demo data may take longer on
 * a busy machine than a request ever may: statements of the load were seen to run into the server's 5 s.
 */
export function patientOptions({ pool }: ConnectOptions): ConnectOptions {
  return {
    pool: { ...pool, acquireTimeoutMs: 60_000 },
    timeouts: { statementTimeoutMs: 600_000, lockTimeoutMs: 60_000, idleInTransactionTimeoutMs: 600_000 },
  }
}
