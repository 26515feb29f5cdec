import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { nextErrand, TRAFFIC_RECORDS, type Errand, type TrafficRecords } from '../demo/traffic.js'
import { tokenKeys } from '../features/identity/principal.service.js'
import { signToken } from '../features/identity/token.js'
import { DEMO_SLUG } from '../lib/demo-slug.js'
import { createHistogram, percentileMs, recordDuration } from '../metrics/histogram.js'
import { findClaims } from './claims.js'
import { openDatabase } from './open-database.js'
import { runCommand, UsageError } from './run-command.js'
import { serverSecret } from './server-secret.js'

const USAGE = `usage: npm run -s demo:traffic [-- --rate <1-500>] [--minutes <0.01-1440>] [--tenant <slug>] [--url <address>]

Sends a running server a mix of requests, as its clients do: pages, single records, searches, writes, some that are slow, some
that are refused. Ten a second for five minutes unless said, to tenant demo at http://127.0.0.1:4000. It writes to that tenant.`
const MAX_UNDERWAY = 50

type Token = Errand['as']

interface Tally {
  sent: number
  answered: number
  refused: number
  failed: number
  /** not sent, because too many were under way */
  skipped: number
}

await runCommand(async (args) => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { rate: text, minutes: text, tenant: text, url: text } })
  const [rate, minutes] = [Number(values.rate ?? 10), Number(values.minutes ?? 5)]
  const { tenant = DEMO_SLUG, url = 'http://127.0.0.1:4000' } = values
  const isFit = rate >= 1 && rate <= 500 && minutes >= 0.01 && minutes <= 1440 && URL.canParse('/graphql', url)
  if (!isFit) throw new UsageError(USAGE)
  const endpoint = new URL('/graphql', url).href
  const tokens = await signTokens(tenant, minutes)
  const records = await findRecords(endpoint, tokens)
  const tally: Tally = { sent: 0, answered: 0, refused: 0, failed: 0, skipped: 0 }
  const durations = createHistogram()
  const underway = new Set<Promise<void>>()
  const endMs = performance.now() + minutes * 60_000
  const show = (): void => {
    const p95 = `p95 ${percentileMs(durations, 0.95).toFixed(0)} ms`
    const leftSeconds = Math.max(0, Math.round((endMs - performance.now()) / 1000))
    const line = `${tally.sent} sent, ${tally.answered} answered, ${tally.refused} refused as they should be, ${tally.failed} failed, ${p95}, ${leftSeconds} s left`
    process.stderr.write(process.stderr.isTTY ? `\r${line}   ` : `${line}\n`)
  }
  const progress = setInterval(show, process.stderr.isTTY ? 1000 : 10_000)
  while (performance.now() < endMs) {
    if (underway.size >= MAX_UNDERWAY) tally.skipped++
    else {
      const sent = run(endpoint, nextErrand(records, Math.random), tokens, tally, (ms) => recordDuration(durations, ms))
      underway.add(sent)
      void sent.finally(() => underway.delete(sent))
    }
    // As clients come: by themselves, not in a row.
    await sleep((-Math.log(1 - Math.random()) * 1000) / rate)
  }
  await Promise.all(underway)
  clearInterval(progress)
  show()
  if (process.stderr.isTTY) process.stderr.write('\n')
  process.stdout.write(`${JSON.stringify(tally)}\n`)
  if (tally.failed > 0) throw new Error(`${tally.failed} requests were not answered as they should be.`)
}, USAGE)

/** Tokens of the tenant's users, by the role that they are of. @throws Error where there is no such tenant */
async function signTokens(slug: string, minutes: number): Promise<Record<Token, string>> {
  const { config, database, close } = await openDatabase({ mustExist: true })
  try {
    const sign = async (role: 'ADMIN' | 'VIEWER'): Promise<string> => {
      const { claims } = await findClaims(database, slug, { role })
      const { tenants } = tokenKeys(serverSecret(config))
      return signToken(tenants, claims, new Date(), Math.ceil(minutes * 60) + 60)
    }
    return { ADMIN: await sign('ADMIN'), VIEWER: await sign('VIEWER'), NOBODY: '' }
  } finally {
    await close()
  }
}

interface GraphQLAnswer {
  readonly data?: Record<string, { readonly nodes: readonly never[] }>
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

async function post(
  endpoint: string,
  { query, variables, as, client }: Errand,
  tokens: Record<Token, string>,
): Promise<GraphQLAnswer> {
  const token = tokens[as]
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'apollographql-client-name': client,
      'apollographql-client-version': 'demo',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as GraphQLAnswer
}

/** @throws Error where no server answers, or the tenant has no records */
async function findRecords(endpoint: string, tokens: Record<Token, string>): Promise<TrafficRecords> {
  const errand = { query: TRAFFIC_RECORDS, variables: {}, as: 'ADMIN', client: 'demo-traffic' } as Errand
  const { data, errors } = await post(endpoint, errand, tokens).catch((error: unknown) => {
    throw new Error(`No server answers at ${endpoint}. Run: npm start`, { cause: error })
  })
  if (!data) throw new Error(errors?.[0]?.message ?? 'The server gave no answer.')
  const [contacts = [], companies = []] = [data['contacts']?.nodes, data['companies']?.nodes]
  if (contacts.length === 0 || companies.length === 0)
    throw new Error('The tenant has no records: run npm run db:seed first.')
  return { contacts, companies }
}

async function run(
  endpoint: string,
  errand: Errand,
  tokens: Record<Token, string>,
  tally: Tally,
  tellDuration: (durationMs: number) => void,
): Promise<void> {
  tally.sent++
  const startMs = performance.now()
  const outcome = await post(endpoint, errand, tokens).then(
    ({ errors }) => errors?.[0]?.extensions.code ?? 'OK',
    () => 'NO_ANSWER',
  )
  tellDuration(performance.now() - startMs)
  if (outcome !== errand.outcome) tally.failed++
  else if (outcome === 'OK') tally.answered++
  else tally.refused++
}
