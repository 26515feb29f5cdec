import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createConnectionPool } from '../src/database/connection-pool.js'
import { createDatabaseOver } from '../src/database/database.js'
import { createKnownTenants } from '../src/database/known-tenants.js'
import { findTenantBySlug } from '../src/features/tenant/tenant.service.js'
import { createApolloServer } from '../src/graphql/apollo-server.js'
import { createContext } from '../src/graphql/context.js'
import type { Principal } from '../src/lib/principal.js'
import { createMetrics, type RequestTiming } from '../src/metrics/metrics.js'
import { createPlanSampler } from '../src/metrics/plan-sampler.js'
import type { StatementEvent } from '../src/database/statement.js'
import type { TransactionEvent } from '../src/database/transaction-event.js'
import { readSchema } from '../src/graphql/schema-text.js'
import { createServices } from '../src/start/services.js'
import { DEMO_COUNT, openDemo } from './load/demo.js'
import { THIS_CHECKOUT } from './load/server.js'
import { median } from './load/turns.js'

// What it costs that a process watches itself: the contacts page with everything that watches it, beside the same page
// with nobody who does, in turn; and what it remembers of 1,000,000 operations. Only CPU time of this process is counted, which other
// work on the machine sways little, and that little meets both of a pair, which are single pages: of 400 pairs of ten pages the interval
// was 0.94 to 1.14 on a busy machine. Both sides have one pool and one server: two servers that do the same differ by 5 %. What is
// counted in batches falls into few pages, which a median doesn't see: it is measured beside them, and added to each.

const PAGE = `query Page { contacts(first: 50) { nodes { id fullName jobTitle company { id name } owner { id name }
  emailAddresses { email } phoneNumbers { number } } pageInfo { hasNextPage endCursor } } }`
const WARM_UP_PAGES = 500
// Fewer events than are counted by themselves.
const PAGES_PER_COUNTING = 10
const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined }
const SECRET = 'a secret for the bench, of more than 32 bytes'

/** Prints and saves CPU of a page with and without, and the memory. */
export async function run(): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { pairs: { type: 'string', default: '6000' } } })
  const memory = memoryOfAMillion()
  const demo = await openDemo(THIS_CHECKOUT, 'monitoring', DEMO_COUNT)
  const sides = openSides(demo.urls.app)
  try {
    for (let count = 0; count < WARM_UP_PAGES; count++)
      for (const isWatched of [false, true]) await sides.cpuOfPage(isWatched)
    const pages: Pair[] = []
    sides.cpuOfCounting()
    let countingMs = 0
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      // Who goes first has the caches of the other: in turn.
      const first = pair % 2 === 1
      const firstMs = await sides.cpuOfPage(first)
      const secondMs = await sides.cpuOfPage(!first)
      pages.push(first ? { off: secondMs, on: firstMs } : { off: firstMs, on: secondMs })
      if (pair % PAGES_PER_COUNTING === PAGES_PER_COUNTING - 1) countingMs += sides.cpuOfCounting()
    }
    const perPageMs = countingMs / pages.length
    const figures = pages.map(({ off, on }) => ({ off, on: on + perPageMs }))
    save(figures, memory)
  } finally {
    await sides.close()
    await demo.stop()
  }
}

/** CPU milliseconds a page, unwatched and watched, one after the other. */
interface Pair {
  readonly off: number
  readonly on: number
}

/** The page over one pool and by one server, with and without everything that watches. */
function openSides(connectionString: string) {
  const metrics = createMetrics(SILENT, 200)
  let isWatched = false
  const pool = createConnectionPool({
    ...{ connectionString, max: 4, maxIdle: 4, lifetimeSeconds: 3600, idleSeconds: 600, acquireTimeoutMs: 5000 },
    observer: {
      waits: () => isWatched && metrics.poolWaits.waits(),
      waited: (waitMs, isHad) => isWatched && metrics.poolWaits.waited(waitMs, isHad),
    },
  })
  const timeouts = { statementTimeoutMs: 5000, lockTimeoutMs: 3000, idleInTransactionTimeoutMs: 10_000 }
  const runner = { pool, timeouts, knownTenants: createKnownTenants(), observe: () => undefined }
  const unwatched = createDatabaseOver(runner)
  const sampler = createPlanSampler((event: StatementEvent) => unwatched.genericPlan(event), metrics.plans, {
    nowMs: Date.now,
    onFlip: (flip) => metrics.observeFlip(flip),
    pauseMs: 200,
  })
  const observeTransaction = (event: TransactionEvent): void => metrics.observeTransaction(event)
  const observe = (event: StatementEvent): void => sampler.offer(event, metrics.observeStatement(event))
  const watched = createDatabaseOver({ ...runner, observe, observeTransaction }, (event) =>
    metrics.observeOperation(event),
  )
  const [own, ofWatched] = [createServices(unwatched, SECRET), createServices(watched, SECRET)]
  const observeRequest = (timing: RequestTiming): void => {
    if (isWatched) metrics.observeRequest(timing)
  }
  const server = createApolloServer({
    services: own,
    typeDefs: readSchema(),
    isIntrospectionOpen: false,
    log: SILENT,
    metrics: { ...metrics, observeRequest },
    landingPage: undefined,
  })
  let principal: Principal | undefined
  const page = async (): Promise<void> => {
    const tenant = principal?.tenant ?? (await findTenantBySlug(unwatched, 'demo'))
    if (!tenant) throw new Error('There is no tenant demo.')
    principal = { tenant, userId: null, role: 'ADMIN' }
    const contextValue = createContext(isWatched ? ofWatched : own, randomUUID(), principal, new Date())
    const { body } = await server.executeOperation({ query: PAGE }, { contextValue })
    if (body.kind !== 'single' || body.singleResult.errors) throw new Error(JSON.stringify(body))
    JSON.stringify(body.singleResult)
  }
  return {
    cpuOfPage(isOn: boolean): Promise<number> {
      isWatched = isOn
      return cpuOf(page)
    },
    /** CPU milliseconds of counting what waits for that. */
    cpuOfCounting(): number {
      const before = process.cpuUsage()
      metrics.fieldUsage.unattributed()
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    },
    async close(): Promise<void> {
      sampler.close()
      await server.stop()
      await pool.close()
    },
  }
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
