import { rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readConnectionFile } from '../src/database/embedded/connection-file.js'
import { findPostmaster } from '../src/database/embedded/find-postmaster.js'
import { makeOpenFolder } from '../test/support/embedded-process.js'
import { ask, dataOf, drive, type Target, type Work } from './load/http.js'
import { memoryMb } from './load/process-use.js'
import { saveResult } from './load/report.js'
import { startServer, THIS_CHECKOUT, type RunningServer } from './load/server.js'

// What a start takes, what memory a server has, what a second process brings, and how long a killed PostgreSQL is away.
// The first start makes the database.

const PAGE: Work = {
  name: 'page of 50 contacts',
  query:
    '{ contacts(first: 50) { nodes { id fullName company { name } owner { name } emailAddresses { email } phoneNumbers { number } } } }',
  open: () => ({ variables: () => ({}), accept: (answer) => void dataOf(answer) }),
}
const CONNECTIONS = 16
const LOAD_MS = 10_000
const SLOT_MS = 5000
const QUIET_MS = 5000
// What a start leaves is collected when nothing has happened for some twenty seconds.
const IDLE_MS = 40_000
const LOOK_MS = 10
const BETWEEN_MS = 100

/** Prints and saves the figures, each with its limit. */
export async function run(): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { rounds: { type: 'string', default: '3' } } })
  const dataDir = makeOpenFolder()
  const rows: [string, string, string][] = []
  try {
    const first = await startServer(THIS_CHECKOUT, dataDir)
    const firstMs = await firstAnswerMs(first)
    const target = await targetOf(first)
    const meanwhile = await latenciesUntil(first.loaded(), target)
    rows.push(['first start: first answer', seconds(firstMs), '10 s'])
    rows.push([
      'first start: demo data whole, from the first answer on',
      seconds(performance.now() - first.startedAtMs - firstMs),
      '15 s',
    ])
    rows.push(['page of 50 while it loads, p50, p95', meanwhile.map((ms) => `${ms.toFixed(0)} ms`).join(', '), '–'])
    await first.stop()

    const startsMs: number[] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      const server = await startServer(THIS_CHECKOUT, dataDir)
      startsMs.push(await firstAnswerMs(server))
      await server.stop()
    }
    rows.push(['later start: first answer', seconds(median(startsMs)), '2 s'])

    const server = await startServer(THIS_CHECKOUT, dataDir)
    await sleep(IDLE_MS)
    rows.push(['memory, idle', megabytes(memoryMb(server.pid).now), '150 MB'])
    await drive(await targetOf(server), PAGE, CONNECTIONS, LOAD_MS)
    rows.push([`memory, most at ${CONNECTIONS} connections`, megabytes(memoryMb(server.pid).peak), '300 MB'])
    rows.push(...(await compareWorkers(server, dataDir, Number(values.rounds))))
    const awayMs: number[] = []
    for (let round = 0; round < Number(values.rounds); round++) awayMs.push(await killedAwayMs(server, dataDir))
    rows.push([
      `PostgreSQL killed at ${CONNECTIONS} connections: last failed answer, the latest of ${awayMs.length}`,
      seconds(Math.max(...awayMs)),
      '5 s',
    ])
    await server.stop()
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
  save(rows)
}

/** One process against two over the same database, in turn. */
async function compareWorkers(
  one: RunningServer,
  dataDir: string,
  rounds: number,
): Promise<[string, string, string][]> {
  const two = await startServer(THIS_CHECKOUT, dataDir, { KITH_WORKERS: '2' })
  const [ofOne, ofTwo] = [await targetOf(one), await targetOf(two)]
  await drive(ofTwo, PAGE, CONNECTIONS, SLOT_MS)
  const ratios: number[] = []
  const [rateOfOne, rateOfTwo]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const [target, rates] of [
      [ofOne, rateOfOne],
      [ofTwo, rateOfTwo],
    ] as const) {
      const { latencies, durationMs } = await drive(target, PAGE, CONNECTIONS, SLOT_MS)
      rates.push((latencies.length / durationMs) * 1000)
    }
    ratios.push((rateOfTwo[round] ?? 0) / (rateOfOne[round] ?? 1))
  }
  await two.stop()
  return [
    [`${PAGE.name} at ${CONNECTIONS} connections, one process`, `${median(rateOfOne).toFixed(0)} a second`, '–'],
    ['the same, KITH_WORKERS=2', `${median(rateOfTwo).toFixed(0)} a second; ratio ${median(ratios).toFixed(2)}`, '–'],
  ]
}

/** From the `kill -9` of the database's server, while pages are asked for, to the last answer that failed of it. */
async function killedAwayMs(server: RunningServer, dataDir: string): Promise<number> {
  const { address, token } = await targetOf(server)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ query: PAGE.query })
  let [isOver, failedAtMs] = [false, Infinity]
  const lanes = Array.from({ length: CONNECTIONS }, async () => {
    while (!isOver) {
      const answer = await fetch(`${address}/graphql`, { method: 'POST', headers, body })
      await answer.arrayBuffer()
      if (answer.ok) continue
      failedAtMs = performance.now()
      await sleep(LOOK_MS)
    }
  })
  await sleep(LOAD_MS / 10)
  const postmaster = findPostmaster(readConnectionFile(dataDir)?.pgData ?? '')
  if (!postmaster) throw new Error('No PostgreSQL runs in the data folder.')
  process.kill(postmaster.pid, 'SIGKILL')
  const killedAtMs = performance.now()
  while (performance.now() - Math.min(failedAtMs, killedAtMs + LOAD_MS) < QUIET_MS) await sleep(LOOK_MS)
  isOver = true
  await Promise.all(lanes)
  return failedAtMs === Infinity ? 0 : failedAtMs - killedAtMs
}

/** From the start of the process to the answer of a first question. */
async function firstAnswerMs(server: RunningServer): Promise<number> {
  await ask(await targetOf(server), '{ contacts(first: 3) { totalCount nodes { fullName company { name } } } }')
  return performance.now() - server.startedAtMs
}

/** As GraphiQL is signed in, which takes milliseconds and no other process. */
async function targetOf({ address }: RunningServer): Promise<Target> {
  const options = (await (await fetch(`${address}/graphiql/options.json`)).json()) as { headers: string }
  const { authorization } = JSON.parse(options.headers) as { authorization: string }
  return { address, token: authorization.replace('Bearer ', '') }
}

/** p50 and p95 in milliseconds of requests of somebody who looks around, ten a second at most, until something ends. */
async function latenciesUntil(end: Promise<void>, target: Target): Promise<number[]> {
  let isOver = false
  void end.finally(() => (isOver = true))
  const latencies: number[] = []
  while (!isOver) {
    const startMs = performance.now()
    await ask(target, PAGE.query)
    latencies.push(performance.now() - startMs)
    await sleep(BETWEEN_MS)
  }
  await end
  const sorted = latencies.sort((a, b) => a - b)
  return [0.5, 0.95].map((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
}

function save(rows: readonly (readonly [string, string, string])[]): void {
  const cpu = cpus()
  const text = [
    `Node ${process.version}, ${cpu.length} cores (${cpu[0]?.model ?? ''}), for databases, servers and load.`,
    '',
    '| what | measured | at most |',
    '| --- | ---: | ---: |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n')
  saveResult('start', text)
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const megabytes = (mb: number): string => `${mb.toFixed(0)} MB`
