import { once } from 'node:events'
import { createServer as createNetServer, type AddressInfo } from 'node:net'
import closeWithGrace from 'close-with-grace'
import { checkDatabaseUrl } from '../commands/database-url.js'
import { databaseOptions, MIGRATIONS, type ConnectOptions } from '../commands/open-database.js'
import { serverSecret } from '../commands/server-secret.js'
import { ConfigError, environmentWith, type Config } from '../config.js'
import { deployMigrations } from '../database/admin/deploy-migrations.js'
import { checkDatabase, knownMigrations } from '../database/admin/start-checks.js'
import { DiskFull } from '../database/embedded/disk.js'
import { openEmbeddedServer, type EmbeddedServer } from '../database/embedded/server.js'
import { asError, codeOf } from '../database/errors.js'
import { poolShare } from '../database/pool-share.js'
import { NO_DEMO, startLocalDemo } from './demo-load.js'
import { FAULT_SIGNALS } from './fault-signals.js'
import { servedPages } from './pages.js'
import type { Ready, Serving } from './serve.js'
import { onStopSignals, STOP_SIGNALS } from './stop-signals.js'
import { greeting, reasonOf, say } from './words.js'

// A fast shutdown, and all that follows where that hangs.
const EMBEDDED_STOP_MS = 35_000
const NO_ADDRESS = ['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL']

/**
 * Makes the database ready, serves, and says so; a stop signal ends all of it from the first moment on.
 * @throws what is wrong; then everything that was started has ended
 */
export async function start(config: Config): Promise<void> {
  const startedAtMs = performance.now()
  const isLocal = config.environment === 'local'
  // What the configuration lacks is said before anything is made.
  serverSecret(config)
  const port = await findPort(config)
  const server = importServer(config)
  // Who waits for it comes once the database is ready.
  server.catch(() => undefined)
  const stop = new AbortController()
  let load: Promise<void> | undefined
  const embedded = config.DATABASE_URL
    ? undefined
    : await openEmbeddedServer({ dataDir: config.KITH_DATA_DIR, log: say, isKept: true })
  let serving: Serving | undefined
  const close = async (): Promise<void> => {
    try {
      await serving?.close()
    } finally {
      await embedded?.stop()
    }
  }
  // From here on a stop signal ends what runs so far, in the opposite order of its start.
  const limitMs = config.KITH_DRAIN_SECONDS * 1000 + (embedded ? EMBEDDED_STOP_MS : 5000)
  let isClosing = false
  const skip = [...STOP_SIGNALS, ...FAULT_SIGNALS]
  const grace = closeWithGrace({ delay: limitMs, logger: false, skip }, async ({ err }) => {
    isClosing = true
    if (err) say(`kith: ${err.stack ?? err.message}`)
    stop.abort()
    await Promise.allSettled([load])
    await close().catch((error: unknown) => say(`kith: ${reasonOf(error)}`))
  })
  onStopSignals((signal) => {
    // Whoever asks again doesn't want to wait.
    if (isClosing) process.exit(1)
    say(`${signal}: draining, then stopping.`)
    void grace.close()
  })
  try {
    const database = await prepareDatabase(config, embedded)
    const loadInto = embedded && config.KITH_DATA_DIR
    const demo = isLocal ? startLocalDemo(database, loadInto, stop.signal, say) : Promise.resolve(NO_DEMO)
    load = demo.then((started) => started.load)
    // It is waited for at the end. Without a handler until then, a load that fails would end the server.
    load.catch(() => undefined)
    const { tenantId: demoTenantId, load: rest } = await demo
    const migrationUrl = config.MIGRATION_DATABASE_URL ?? embedded?.urls.migration
    serving = await (await server)({ ...config, PORT: port }, { database, demoTenantId, migrationUrl })
    const pages = servedPages(config)
    const served = {
      hasDemo: isLocal && demoTenantId !== undefined,
      hasSandbox: pages.hasSandbox,
      hasGraphiQL: pages.graphiqlPage !== undefined,
      hasDashboard: pages.dashboardFolder !== undefined,
      hasImportPage: pages.importFolder !== undefined,
    }
    const isLoading = rest !== undefined
    const durationMs = performance.now() - startedAtMs
    say(greeting({ address: serving.address, isLocal, ...served, isLoading, durationMs }))
    rest?.catch((error: unknown) => say(`kith: ${withTrouble(error, embedded)}`))
  } catch (error) {
    // A stop signal in the middle of the start: its handler above closes and ends the process.
    if (stop.signal.aborted) return say(`kith: ${reasonOf(error)}`)
    const reason = withTrouble(error, embedded)
    stop.abort()
    await Promise.allSettled([load])
    // What failed first is the reason, whatever else fails after it.
    await close().catch((closing: unknown) => say(`kith: ${reasonOf(closing)}`))
    if (reason === reasonOf(error)) throw error
    throw new DiskFull(reason, { cause: error })
  }
}

/** What serves: this process, or several. It is read while the database starts. */
async function importServer({ KITH_WORKERS }: Config): Promise<(config: Config, ready: Ready) => Promise<Serving>> {
  if (KITH_WORKERS === 1) return (await import('./serve.js')).serve
  return (await import('./workers.js')).serveByWorkers
}

/** The reason of an error; a full disk as well where there is one. */
function withTrouble(error: unknown, embedded: EmbeddedServer | undefined): string {
  const trouble = embedded?.diskTrouble()
  return trouble === undefined ? reasonOf(error) : `${reasonOf(error)}\n${trouble}`
}

/** The database as a server uses it: migrated where it is the embedded one, and fit to serve. */
async function prepareDatabase(config: Config, embedded: EmbeddedServer | undefined): Promise<ConnectOptions> {
  const connectionString = config.DATABASE_URL ?? embedded?.appUrl ?? ''
  const migrations = knownMigrations(MIGRATIONS)
  if (embedded) await deployMigrations(embedded.urls.migration, MIGRATIONS, say, environmentWith)
  const check = config.DATABASE_URL ? checkDatabaseUrl : checkDatabase
  const { maxConnections } = await check(connectionString, migrations, config.KITH_POOLER)
  const options = databaseOptions(config, connectionString)
  const max = Math.min(options.pool.max, poolShare({ room: maxConnections, others: 0, pools: 1 }))
  if (max < options.pool.max) {
    say(
      `kith: the database allows ${maxConnections} connections; the pool is lowered from ${options.pool.max} to ${max}, and further while others are connected.`,
    )
  }
  return { ...options, pool: { ...options.pool, max } }
}

/**
 * The port to listen on: the configured one, which nobody may listen on (it is said now, and not after the database is
 * made), or for 0 a free one: all workers need the same.
 * @throws ConfigError where HOST is no address of this machine; the system's own error, EADDRINUSE where another process
 *   listens there
 */
async function findPort({ HOST, PORT }: Config): Promise<number> {
  const probe = createNetServer().listen({ host: HOST, port: PORT, exclusive: true })
  await once(probe, 'listening').catch((error: unknown) => {
    if (!NO_ADDRESS.includes(codeOf(error) ?? '')) throw error
    throw new ConfigError([
      `HOST: ${asError(error).message}; it must be an address of this machine, as 127.0.0.1, or 0.0.0.0 for all of them`,
    ])
  })
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
