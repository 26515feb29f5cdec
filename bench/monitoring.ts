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

// What it costs that a process watches itself: the contacts page with everything that watches it, beside the same page
// with nobody who does, in turn; and what it remembers of 1,000,000 operations.

const PAGE = `query Page { contacts(first: 50) { nodes { id fullName jobTitle company { id name } owner { id name }
  emailAddresses { email } phoneNumbers { number } } pageInfo { hasNextPage endCursor } } }`
const PER_TURN = 60
const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined }
const SECRET = 'a secret for the bench, of more than 32 bytes'

/** Prints and saves CPU of a page with and without, and the memory. */
export async function run(): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { rounds: { type: 'string', default: '15' } } })
  const memory = memoryOfAMillion()
  const demo = await openDemo(THIS_CHECKOUT, 'monitoring', DEMO_COUNT)
  const sides = [openSide(demo.urls.app, false), openSide(demo.urls.app, true)] as const
  try {
    for (const side of sides) for (let count = 0; count < PER_TURN; count++) await side.page()
    const figures: { off: number; on: number }[] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      // Who goes first has the caches of the other: in turn.
      const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
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
  for (let count = 0; count < PER_TURN; count++) await page()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / PER_TURN
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
    metrics.observeRequest(
      { ...common, hash: text, client: 'c', clientVersion: '1', statements: 1, isFault: false },
      tenantId,
    )
    if (index % 250 === 0) nowMs += 60_000
  }
  gc()
  const after = process.memoryUsage()
  const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers
  if (metrics.times.size() === 0) throw new Error('nothing was counted')
  return bytes / 1024 / 1024
}

function save(figures: readonly { off: number; on: number }[], memoryMb: number): void {
  const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  const off = median(figures.map((round) => round.off))
  const on = median(figures.map((round) => round.on))
  const ratio = median(figures.map((round) => round.on / round.off))
  const table = [
    `CPU of a page of 50 contacts, in process, ${figures.length} rounds of ${PER_TURN} in turn.`,
    '',
    '| figure | value | limit |',
    '| --- | ---: | ---: |',
    `| unwatched, CPU ms a page | ${off.toFixed(3)} | – |`,
    `| watched, CPU ms a page | ${on.toFixed(3)} | – |`,
    `| watched / unwatched, median of the rounds | ${ratio.toFixed(3)} | 1.03 |`,
    `| after 1,000,000 operations of 10,000 texts, MB | ${memoryMb.toFixed(1)} | 30 |`,
    '',
  ].join('\n')
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
  writeFileSync(new URL('./results/monitoring.md', import.meta.url), table)
  writeFileSync(new URL('./results/monitoring.json', import.meta.url), JSON.stringify({ figures, memoryMb }, null, 2))
  console.log(table)
}
