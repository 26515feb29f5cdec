import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { createDatabase } from '../src/database/database.js'
import { openEmbeddedServer } from '../src/database/embedded/server.js'
import { claimsForRole } from '../src/features/identity/principal.service.js'
import { signToken } from '../src/features/identity/token.js'
import { findTenantBySlug } from '../src/features/tenant/tenant.service.js'
import { deriveKey } from '../src/lib/derive-key.js'
import { preparePlansDatabase } from '../test/whole/plans/plans-database.js'
import { plansSpec } from '../test/whole/plans/plans-spec.js'
import { drive, type Target } from './load/http.js'
import { listWorks, type ListWork } from './load/list-works.js'
import { startServer, type LoadedServer } from './load/server.js'

const CONNECTIONS = [1, 16] as const
const TENANTS = ['middle', 'large'] as const
const ROUNDS = 3
const ROUND_MS = 1000
const WARM_UP_MS = 300
const DEFAULT_CONTACTS = 1_000_000

type Tenant = (typeof TENANTS)[number]

interface Figures {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly perSecond: number
}

interface Result {
  readonly work: string
  readonly promiseMs: number
  readonly connections: number
  readonly middle: Figures
  readonly large: Figures
}

/**
 * Lists and searches over HTTP in a tenant of 20,000 contacts and in a large one, side by side: latencies at one and at
 * 16 connections, the ratio of the two tenants, and whether the promised times hold at one connection.
 */
export async function run(): Promise<void> {
  const contacts = readContacts(process.argv.slice(3))
  const dataDir = await preparePlansDatabase(plansSpec(contacts), (line) => console.error(line))
  const embedded = await openEmbeddedServer({ dataDir })
  const server = await startServer(embedded.urls.app)
  try {
    const results = await measure(embedded.urls, server)
    const text = report(results, contacts)
    mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
    writeFileSync(new URL('./results/lists.md', import.meta.url), text)
    writeFileSync(new URL('./results/lists.json', import.meta.url), JSON.stringify({ contacts, results }, null, 2))
    console.log(text)
  } finally {
    await server.stop()
    await embedded.stop()
  }
}

function readContacts(args: string[]): number {
  const { values } = parseArgs({ args, options: { contacts: { type: 'string' } } })
  const contacts = Number((values.contacts ?? String(DEFAULT_CONTACTS)).replaceAll(/[_,]/g, ''))
  if (!Number.isInteger(contacts) || contacts < 20_000) throw new Error('--contacts: 20,000 or more')
  return contacts
}

interface Side {
  readonly target: Target
  readonly works: readonly ListWork[]
}

async function measure(urls: { app: string; admin: string }, server: LoadedServer): Promise<Result[]> {
  const sides = { middle: await openSide('middle', urls, server), large: await openSide('large', urls, server) }
  const results: Result[] = []
  for (const [index, { name, promiseMs }] of sides.middle.works.entries()) {
    for (const connections of CONNECTIONS) {
      const figures = await sideBySide(sides, index, connections)
      results.push({ work: name, promiseMs, connections, ...figures })
      console.error(
        `${name}, ${connections} connections: p95 ${figures.middle.p95Ms.toFixed(1)} and ${figures.large.p95Ms.toFixed(1)} ms`,
      )
    }
  }
  return results
}

async function openSide(slug: Tenant, urls: { app: string; admin: string }, server: LoadedServer): Promise<Side> {
  const database = createDatabase({
    pool: {
      connectionString: urls.app,
      max: 2,
      maxIdle: 2,
      lifetimeSeconds: 3600,
      idleSeconds: 60,
      acquireTimeoutMs: 2000,
    },
    timeouts: { statementTimeoutMs: 60_000, lockTimeoutMs: 3000, idleInTransactionTimeoutMs: 10_000 },
    observeStatement: () => undefined,
    observeOperation: () => undefined,
  })
  try {
    const tenant = await findTenantBySlug(database, slug)
    const claims = tenant && (await claimsForRole(database, tenant.id, 'ADMIN'))
    if (!claims) throw new Error(`no tenant ${slug}`)
    const token = await signToken(deriveKey(server.secret, 'tokens'), claims, new Date(), 24 * 3600)
    const target = { url: `${server.address}/graphql`, token }
    const adminUrl = Object.assign(new URL(urls.admin), { pathname: '/kith' }).href
    return { target, works: await listWorks(adminUrl, claims.tenantId, target) }
  } finally {
    await database.close()
  }
}

/** Both tenants in turn, some times, so that whatever else the machine does meets both. */
async function sideBySide(
  sides: Record<Tenant, Side>,
  index: number,
  connections: number,
): Promise<Record<Tenant, Figures>> {
  const all: Record<Tenant, { latencies: number[]; durationMs: number }> = {
    middle: { latencies: [], durationMs: 0 },
    large: { latencies: [], durationMs: 0 },
  }
  for (let round = -1; round < ROUNDS; round++) {
    for (const tenant of TENANTS) {
      const { target, works } = sides[tenant]
      const load = await drive(target, works[index] as ListWork, connections, round < 0 ? WARM_UP_MS : ROUND_MS)
      if (round < 0) continue
      all[tenant].latencies.push(...load.latencies)
      all[tenant].durationMs += load.durationMs
    }
  }
  return { middle: figuresOf(all.middle), large: figuresOf(all.large) }
}

function figuresOf({ latencies, durationMs }: { latencies: number[]; durationMs: number }): Figures {
  const sorted = latencies.sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50Ms: at(0.5), p95Ms: at(0.95), perSecond: (sorted.length * 1000) / durationMs }
}

function report(results: readonly Result[], contacts: number): string {
  const size = contacts.toLocaleString('en-US')
  const lines = results.map(({ work, promiseMs, connections, middle, large }) => {
    const figures = [middle, large].flatMap(({ p50Ms, p95Ms, perSecond }) => [
      p50Ms.toFixed(1),
      p95Ms.toFixed(1),
      perSecond.toFixed(0),
    ])
    const isMet = Math.max(middle.p95Ms, large.p95Ms) < promiseMs
    const promise = connections === 1 ? `p95 < ${promiseMs} ms: ${isMet ? 'met' : 'NOT MET'}` : ''
    return `| ${[work, connections, ...figures, (large.p50Ms / middle.p50Ms).toFixed(2), promise].join(' | ')} |`
  })
  return [
    `Lists over HTTP: 20,000 contacts (and 20,000 companies) beside ${size}; milliseconds, requests a second; ${cpus().length} cores for database, server and load.`,
    '',
    `| work | connections | 20,000: p50 | p95 | per second | ${size}: p50 | p95 | per second | ratio of p50 | promise |`,
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...lines,
    '',
  ].join('\n')
}
