import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer as createNetServer } from 'node:net'
import closeWithGrace from 'close-with-grace'
import { pino, type LoggerOptions } from 'pino'
import { ensureLocalDemo, LoadInterrupted } from './commands/local-demo.js'
import { databaseOptions, MIGRATIONS } from './commands/open-database.js'
import { serverSecret } from './commands/server-secret.js'
import { ConfigError, environmentWith, readConfig, type Config } from './config.js'
import { deployMigrations } from './database/admin/deploy-migrations.js'
import { NoEmbeddedPostgres } from './database/embedded/binaries.js'
import { DiskFull } from './database/embedded/disk.js'
import { openEmbeddedServer } from './database/embedded/server.js'
import { poolShare } from './database/pool-share.js'
import { checkDatabase, knownMigrations, StartRefused } from './database/admin/start-checks.js'
import { REQUEST_LIMITS } from './graphql/limits.js'
import { createServer, type ServerOptions } from './server.js'
import { PAGES } from './settings.js'

// Beside the build; when the sources run as they are, in the last build.
const GRAPHIQL_PAGES = ['./public/graphiql.html', '../dist/public/graphiql.html'].map(
  (path) => new URL(path, import.meta.url),
)

const USAGE = `usage: npm start

Runs the server: on the database of DATABASE_URL, else on an embedded PostgreSQL with demo data, which is made at the first
start. All settings come from the environment or .env; README.md has them.`

// A fast shutdown, and all that follows where that hangs.
const EMBEDDED_STOP_MS = 35_000

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

async function start(config: Config): Promise<void> {
  const startedAtMs = performance.now()
  const isLocal = config.environment === 'local'
  const secret = serverSecret(config)
  // Now, and not after the 20 to 40 s that the first load takes.
  await assertPortIsFree(config.HOST, config.PORT)
  const stop = new AbortController()
  let load: Promise<string | undefined> | undefined
  const embedded = config.DATABASE_URL
    ? undefined
    : await openEmbeddedServer({ dataDir: config.KITH_DATA_DIR, log: say, isKept: true })
  let close = async (): Promise<void> => embedded?.stop()
  // From here on a stop signal ends what runs so far, in the opposite order of its start.
  const limitMs = config.KITH_DRAIN_SECONDS * 1000 + (embedded ? EMBEDDED_STOP_MS : 5000)
  closeWithGrace({ delay: limitMs, logger: false }, async ({ err, signal }) => {
    if (err) say(`kith: ${err.stack ?? err.message}`)
    if (signal) say(`${signal}: draining, then stopping.`)
    stop.abort()
    await Promise.allSettled([load])
    await close().catch((error: unknown) => say(`kith: ${reasonOf(error)}`))
  })
  try {
    const connectionString = config.DATABASE_URL ?? embedded?.urls.app ?? ''
    const migrations = knownMigrations(MIGRATIONS)
    if (embedded) await deployMigrations(embedded.urls.migration, migrations, say, environmentWith)
    const { maxConnections } = await checkDatabase(connectionString, migrations, config.KITH_POOLER)
    const options = databaseOptions(config, connectionString)
    const max = Math.min(options.pool.max, poolShare({ room: maxConnections, others: 0, pools: 1 }))
    if (max < options.pool.max) {
      say(
        `kith: the database allows ${maxConnections} connections; the pool is lowered from ${options.pool.max} to ${max}, and further while others are connected.`,
      )
    }
    const database = { ...options, pool: { ...options.pool, max } }
    load = isLocal ? ensureLocalDemo(database, embedded && config.KITH_DATA_DIR, stop.signal) : undefined
    const demoTenantId = await load
    const pages = servedPages(config)
    const server = await createServer({
      database,
      secret,
      isLocal,
      slowQueryMs: config.KITH_SLOW_QUERY_MS,
      poolLogSeconds: config.KITH_POOL_LOG_SECONDS,
      bodyLimitBytes: config.KITH_BODY_LIMIT_BYTES,
      limits: {
        ...REQUEST_LIMITS,
        cost: config.KITH_COST_LIMIT,
        answerBytes: config.KITH_ANSWER_LIMIT_BYTES,
        durationMs: config.KITH_REQUEST_TIMEOUT_MS,
      },
      customFieldLimit: config.KITH_CUSTOM_FIELD_LIMIT,
      drain: { delayMs: config.drainDelayMs, limitMs: config.KITH_DRAIN_SECONDS * 1000 },
      metricsToken: config.KITH_METRICS_TOKEN,
      ...pages,
      corsOrigins: config.KITH_CORS_ORIGINS ?? [],
      demoTenantId,
      logger: pino(logOptions(config)),
    })
    close = async () => {
      await server.close()
      await embedded?.stop()
    }
    const address = await server.listen(config.HOST, config.PORT)
    say(greeting(address, isLocal, pages, performance.now() - startedAtMs))
  } catch (error) {
    // A stop signal in the middle of the start: its handler above closes and ends the process.
    if (stop.signal.aborted) return say(`kith: ${reasonOf(error)}`)
    const trouble = embedded?.diskTrouble()
    // What failed first is the reason, whatever else fails after it.
    await close().catch((closing: unknown) => say(`kith: ${reasonOf(closing)}`))
    if (trouble === undefined) throw error
    throw new DiskFull(`${reasonOf(error)}\n${trouble}`, { cause: error })
  }
}

/**
 * The pages of KITH_PAGES. Where it says nothing, both locally, GraphiQL if it is built.
 * @throws ConfigError where GraphiQL is asked for and not built
 */
function servedPages({ KITH_PAGES, environment }: Config): Pick<ServerOptions, 'graphiqlPage' | 'hasSandbox'> {
  const names = KITH_PAGES ?? (environment === 'local' ? PAGES : [])
  const built = GRAPHIQL_PAGES.find((page) => existsSync(page))
  if (KITH_PAGES?.includes('graphiql') && !built) {
    throw new ConfigError(['KITH_PAGES: GraphiQL is not built. Run: npm run build'])
  }
  return { graphiqlPage: names.includes('graphiql') ? built : undefined, hasSandbox: names.includes('sandbox') }
}

/** @throws the system's own error, EADDRINUSE where another process listens there */
async function assertPortIsFree(host: string, port: number): Promise<void> {
  const probe = createNetServer().listen({ host, port, exclusive: true })
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

function logOptions(config: Config): LoggerOptions {
  const redact = ['req.headers.authorization', 'authorization']
  const common = { level: config.LOG_LEVEL, redact, formatters: { level: (label: string) => ({ level: label }) } }
  if (!process.stdout.isTTY) return { ...common, timestamp: pino.stdTimeFunctions.isoTime }
  return { level: config.LOG_LEVEL, redact, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }
}

function greeting(
  address: string,
  isLocal: boolean,
  { hasSandbox, graphiqlPage }: ReturnType<typeof servedPages>,
  durationMs: number,
): string {
  const base = address.replace('[::1]', 'localhost').replace('0.0.0.0', 'localhost')
  const body = JSON.stringify({
    query: '{ contacts(first: 3) { totalCount totalCountIsExact nodes { fullName company { name } } } }',
  })
  const token = isLocal ? '$(npm run -s token -- --tenant demo --role ADMIN)' : '$TOKEN'
  const lines = [
    `Kith is ready after ${(durationMs / 1000).toFixed(1)} s.`,
    '',
    `  ${hasSandbox ? 'Apollo Sandbox' : 'GraphQL       '}  ${base}/graphql`,
    ...(graphiqlPage ? [`  GraphiQL        ${base}/graphiql   (works offline)`] : []),
    `  a token         npm run -s token -- --tenant ${isLocal ? 'demo' : '<slug>'} --role ADMIN`,
    '  a first query',
    '',
    `curl -s ${base}/graphql -H "authorization: Bearer ${token}" -H 'content-type: application/json' -d '${body}'`,
    '',
  ]
  return lines.join('\n')
}

/** The reason for people: known refusals and the system's own errors without a stack, faults of ours with it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (
    [ConfigError, StartRefused, NoEmbeddedPostgres, LoadInterrupted, DiskFull].some((known) => error instanceof known)
  )
    return error.message
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') return `${error.message}. Another server listens there; PORT names another port.`
  return code === '' ? (error.stack ?? error.message) : `${error.message || code} (${code})`
}

try {
  const [argument] = process.argv.slice(2)
  if (argument === '--help' || argument === '-h') process.stdout.write(`${USAGE}\n`)
  else if (argument !== undefined) {
    say(`Unknown argument '${argument}'\n${USAGE}`)
    process.exit(2)
  } else await start(readConfig())
} catch (error) {
  say(`kith: ${reasonOf(error)}`)
  process.exit(1)
}
