import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { parseArgs } from 'node:util'
import { buildSchema, parse, validate } from 'graphql'
import { createDemoRandom } from '../src/demo/random.js'
import { DEMO_COUNT, openDemo } from './load/demo.js'
import { drive, send, type Target, type Work } from './load/http.js'
import { cpuMsOfTree, forgetPeak, memoryMb } from './load/process-use.js'
import { randomQuery } from './load/random-requests.js'
import { THIS_CHECKOUT } from './load/server.js'

/** What one request took of the server, its database included. */
interface Taken {
  readonly query: string
  readonly cpuMs: number
  readonly peakMb: number
  readonly durationMs: number
  /** the codes of its errors; empty where it was answered */
  readonly refused: string
}

const DEFAULT_REQUESTS = 2000
const MAX_CPU_MS = 1000
const MAX_PEAK_MB = 100
const WORST_AT_ONCE = 20
const SMALL: Work = {
  name: 'a small list',
  query: '{ contacts(first: 10) { nodes { id fullName company { name } } } }',
  open: () => ({ variables: () => ({}), accept: () => undefined }),
}

/**
 * A walk over random requests of at most 2 KB, each alone on a server with 20,000 + 20,000 records: what CPU (server
 * and database) and memory (server) each takes, and how long others wait while the worst 20 run. Of 2,000 none may take
 * more than 1 s and 100 MB, and the p95 of a small list stays under 5 times its idle value for another user of the
 * tenant.
 */
export async function run(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: process.argv.slice(3), options: { requests: text, seed: text } })
  const [count, seed] = [Number(values.requests ?? DEFAULT_REQUESTS), Number(values.seed ?? 1)]
  const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'))
  const random = createDemoRandom('walk', 0).row('requests', seed)
  const { target, otherTarget, pid, stop } = await openDemo(THIS_CHECKOUT, 'walk', DEMO_COUNT)
  try {
    const taken: Taken[] = []
    for (let index = 0; taken.length < count; index += 1) {
      const query = randomQuery(schema, random, (index % 10) / 9)
      if (validate(schema, parse(query)).length > 0) continue
      taken.push(await takeOne(target, pid, query))
      if (taken.length % 200 === 0) console.error(`${taken.length} of ${count} requests`)
    }
    // What took most is asked once more, so that neither a cold cache nor the collector of garbage speaks for it.
    const worst: Taken[] = []
    for (const { query } of worstOf(taken, 100)) {
      const again = await takeOne(target, pid, query)
      const first = taken.find((one) => one.query === query)
      worst.push(again.cpuMs < (first?.cpuMs ?? 0) ? again : (first ?? again))
    }
    report(seed, taken, worstOf(worst, WORST_AT_ONCE))
    const greedy = worstOf(worst, WORST_AT_ONCE)
    await reportNeighbour('another user', otherTarget, target, greedy)
    await reportNeighbour('the same user', target, target, greedy)
  } finally {
    await stop()
  }
}

async function takeOne(target: Target, pid: number, query: string): Promise<Taken> {
  const agent = new Agent()
  forgetPeak(pid)
  const [cpuBefore, before, startMs] = [cpuMsOfTree(pid), memoryMb(pid).now, performance.now()]
  const answer = await send(agent, target, '/graphql', JSON.stringify({ query }))
  const durationMs = performance.now() - startMs
  agent.destroy()
  const { errors = [] } = JSON.parse(answer) as { errors?: { extensions: { code: string } }[] }
  const refused = [...new Set(errors.map(({ extensions }) => extensions.code))].join(' ')
  return { query, cpuMs: cpuMsOfTree(pid) - cpuBefore, peakMb: memoryMb(pid).peak - before, durationMs, refused }
}

function worstOf(taken: readonly Taken[], count: number): Taken[] {
  return taken.toSorted((one, other) => other.cpuMs - one.cpuMs).slice(0, count)
}

function report(seed: number, taken: readonly Taken[], worst: readonly Taken[]): void {
  const most = (of: (one: Taken) => number): number => Math.max(...taken.map(of))
  const over = taken.filter(({ cpuMs, peakMb }) => cpuMs > MAX_CPU_MS || peakMb > MAX_PEAK_MB)
  const codes = new Map<string, number>()
  for (const { refused } of taken) codes.set(refused || 'answered', (codes.get(refused || 'answered') ?? 0) + 1)
  console.log(`${taken.length} requests, seed ${seed}: ${[...codes].map(([code, n]) => `${code} ${n}`).join(', ')}`)
  console.log(
    `most CPU ${most((one) => one.cpuMs).toFixed(0)} ms, most memory ${most((one) => one.peakMb).toFixed(0)} MB,`,
  )
  console.log(
    `longest ${most((one) => one.durationMs).toFixed(0)} ms; over ${MAX_CPU_MS} ms or ${MAX_PEAK_MB} MB: ${over.length}`,
  )
  for (const one of [...new Set([...over, ...worst.slice(0, 5)])]) {
    console.log(
      `\n${one.cpuMs.toFixed(0)} ms CPU, ${one.peakMb.toFixed(0)} MB, ${one.durationMs.toFixed(0)} ms ${one.refused}\n${one.query}`,
    )
  }
}

async function reportNeighbour(
  name: string,
  neighbour: Target,
  target: Target,
  worst: readonly Taken[],
): Promise<void> {
  const p95 = async (): Promise<number> => {
    const { latencies } = await drive(neighbour, SMALL, 1, 5000)
    return latencies.toSorted((one, other) => one - other)[Math.floor(latencies.length * 0.95)] ?? 0
  }
  const idleMs = await p95()
  const agent = new Agent({ keepAlive: true })
  let isOver = false
  const busy = worst.map(async ({ query }) => {
    while (!isOver) await send(agent, target, '/graphql', JSON.stringify({ query }))
  })
  const busyMs = await p95()
  isOver = true
  await Promise.all(busy)
  agent.destroy()
  const ratio = (busyMs / idleMs).toFixed(1)
  console.log(
    `\np95 of a small list for ${name}: ${idleMs.toFixed(1)} ms idle, ${busyMs.toFixed(1)} beside the worst ${worst.length}: ${ratio} times`,
  )
}
