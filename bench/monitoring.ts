import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createDatabase, type DatabaseOptions } from '../src/database/database.js'
import { findTenantBySlug } from '../src/features/tenant/tenant.service.js'
import { createApolloServer } from '../src/graphql/apollo-server.js'
import { createContext } from '../src/graphql/context.js'
import type { Principal } from '../src/lib/principal.js'
import { createMetrics, type Metrics } from '../src/metrics/metrics.js'
import { createPlanSampler } from '../src/metrics/plan-sampler.js'
import type { StatementEvent } from '../src/database/statement.js'
import { createServices, readSchema } from '../src/server.js'
import { DEMO_COUNT, openDemo } from './load/demo.js'
import { THIS_CHECKOUT } from './load/server.js'
import { median } from './load/turns.js'

// What it costs that a process watches itself: the contacts page with everything that watches it, beside the same page
// with nobody who does, in turn; and what it remembers of 1,000,000 operations. Only CPU time of this process is counted, which other
// work on the machine sways little, and that little meets both of a pair, which are single pages: of 400 pairs of ten pages the interval
// was 0.94 to 1.14 on a busy machine.

const PAGE = `query Page { contacts(first: 50) { nodes { id fullName jobTitle company { id name } owner { id name }
  emailAddresses { email } phoneNumbers { number } } pageInfo { hasNextPage endCursor } } }`
const WARM_UP_PAGES = 500
const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined }
const SECRET = 'a secret for the bench, of more than 32 bytes'

/** Prints and saves CPU of a page with and without, and the memory. */
export async function run(): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { pairs: { type: 'string', default: '6000' } } })
  const memory = memoryOfAMillion()
  const demo = await openDemo(THIS_CHECKOUT, 'monitoring', DEMO_COUNT)
  const sides = [openSide(demo.urls.app, false), openSide(demo.urls.app, true)] as const
  try {
    for (let count = 0; count < WARM_UP_PAGES; count++) for (const side of sides) await cpuOf(() => side.page())
    const figures: Pair[] = []
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      // Who goes first has the caches of the other: in turn.
      const order = pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
      const cpuMs: [number, number] = [0, 0]
      for (const side of order) cpuMs[side] = await cpuOf(() => sides[side].page())
      figures.push({ off: cpuMs[0], on: cpuMs[1] })
    }
    save(figures, memory)
  } finally {
    for (const side of sides) await side.close()
    await demo.stop()
  }
}

/** CPU milliseconds a page, unwatched and watched, one after the other. */
interface Pair {
  readonly off: number
  readonly on: number
}

function openSide(connectionString: string, isWatched: boolean) {
  const metrics = isWatched ? createMetrics(SILENT, 200) : undefined
  const options: DatabaseOptions = {
    pool: { connectionString, max: 4, maxIdle: 4, lifetimeSeconds: 3600, idleSeconds: 600, acquireTimeoutMs: 5000 },
    timeouts: { statementTimeoutMs: 5000, lockTimeoutMs: 3000, idleInTransactionTimeoutMs: 10_000 },
  }
  const database = createDatabase(metrics ? watchedBy(metrics, options) : options)
  const sampler =
    metrics &&
    createPlanSampler((event: StatementEvent) => database.genericPlan(event), metrics.plans, {
      nowMs: Date.now,
      onFlip: (flip) => metrics.observeFlip(flip),
      pauseMs: 200,
    })
  if (sampler) offer = (event, isSlow) => sampler.offer(event, isSlow)
  const services = createServices(database, SECRET)
  const server = createApolloServer({
    services,
    typeDefs: readSchema(),
    isIntrospectionOpen: false,
    log: SILENT,
    metrics: metrics ?? unwatched(),
    landingPage: undefined,
  })
  let principal: Principal | undefined
  return {
    async page(): Promise<void> {
      const tenant = principal?.tenant ?? (await findTenantBySlug(database, 'demo'))
      if (!tenant) throw new Error('There is no tenant demo.')
      principal = { tenant, userId: null, role: 'ADMIN' }
      const contextValue = createContext(services, randomUUID(), principal, new Date())
      const { body } = await server.executeOperation({ query: PAGE }, { contextValue })
      if (body.kind !== 'single' || body.singleResult.errors) throw new Error(JSON.stringify(body))
      JSON.stringify(body.singleResult)
    },
    async close(): Promise<void> {
      sampler?.close()
      await server.stop()
      await database.close()
    },
  }
}

// Set when the sampler stands, which needs the database that tells it.
let offer: (event: StatementEvent, isSlow: boolean) => void = () => undefined

function watchedBy(metrics: Metrics, options: DatabaseOptions): DatabaseOptions {
  return {
    ...options,
    pool: { ...options.pool, observer: metrics.poolWaits },
    observeStatement: (event) => offer(event, metrics.observeStatement(event)),
    observeOperation: (event) => metrics.observeOperation(event),
    observeTransaction: (event) => metrics.observeTransaction(event),
  }
}

/** Metrics that nobody tells anything. */
function unwatched(): Pick<Metrics, 'observeRequest' | 'fieldUsage'> & Metrics {
  const metrics = createMetrics(SILENT, 200)
  return { ...metrics, observeRequest: () => undefined, fieldUsage: { ...metrics.fieldUsage, record: () => undefined } }
}

async function cpuOf(page: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await page()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Megabytes that 1,000,000 requests and statements of 10,000 texts and 499 tenants leave, over 67 hours of a clock. */
function memoryOfAMillion(): number {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  let nowMs = Date.now()
  const metrics = createMetrics(SILENT, 60_000, () => nowMs)
  gc()
  const before = process.memoryUsage()
  const failed = false
  for (let index = 0; index < 1_000_000; index++) {
    const [text, tenantId, durationMs] = [`Text${index % 10_000}`, `tenant ${index % 499}`, (index % 997) / 10]
    const common = { label: text, durationMs, failed, rows: 1 }
    const name = { hash: text, client: 'c', clientVersion: '1' }
    metrics.observeRequest({ ...common, ...name, tenantId, statements: 1, fields: [], isFault: false })
    if (index % 250 === 0) nowMs += 60_000
  }
  gc()
  const after = process.memoryUsage()
  const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers
  if (metrics.times.size() === 0) throw new Error('nothing was counted')
  return bytes / 1024 / 1024
}

/**
 * The median of some ratios with bounds between which the true one lies in 95 of 100 measurements: the values so far from the middle
 * that fewer than 2.5 % of coin tosses are as uneven. They suppose nothing about how the ratios spread.
 */
function medianWithBounds(ratios: readonly number[]): { median: number; low: number; high: number } {
  const sorted = [...ratios].sort((a, b) => a - b)
  const reach = 1.96 * Math.sqrt(sorted.length / 4)
  const at = (place: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, place))] ?? 0
  const middle = (sorted.length - 1) / 2
  return { median: median(sorted), low: at(Math.floor(middle - reach)), high: at(Math.ceil(middle + reach)) }
}

function save(figures: readonly Pair[], memoryMb: number): void {
  const [off, on] = [figures.map((pair) => pair.off), figures.map((pair) => pair.on)]
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const ratio = medianWithBounds(figures.map((pair) => pair.on / pair.off))
  const table = [
    `CPU of a page of 50 contacts, in process: ${figures.length} pairs of pages, in turn.`,
    '',
    '| figure | value | limit |',
    '| --- | ---: | ---: |',
    `| unwatched, CPU ms a page | ${median(off).toFixed(3)} | – |`,
    `| watched, CPU ms a page | ${median(on).toFixed(3)} | – |`,
    `| watched / unwatched, median of the pairs | ${ratio.median.toFixed(3)} | 1.03 |`,
    `| its 95 % interval | ${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)} | – |`,
    `| watched / unwatched, all pairs together (with collections of garbage, which few pages have) | ${(sum(on) / sum(off)).toFixed(3)} | – |`,
    `| after 1,000,000 operations of 10,000 texts, MB | ${memoryMb.toFixed(1)} | 30 |`,
    '',
  ].join('\n')
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
  writeFileSync(new URL('./results/monitoring.md', import.meta.url), table)
  writeFileSync(new URL('./results/monitoring.json', import.meta.url), JSON.stringify({ figures, memoryMb }, null, 2))
  console.log(table)
}
