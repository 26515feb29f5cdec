import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { DEMO_COUNT, openDemo, type Demo } from './load/demo.js'
import { ask } from './load/http.js'
import { cpuMsOfProcess } from './load/process-use.js'
import { saveResult } from './load/report.js'
import { THIS_CHECKOUT } from './load/server.js'
import { median } from './load/turns.js'

// What viewers of the dashboard cost a server that works: its CPU time with and without them, in turn. Meanwhile a page of
// contacts is asked for ten times a second, so that there is something to see.

const PAGE =
  '{ contacts(first: 50) { nodes { id fullName company { name } emailAddresses { email } phoneNumbers { number } } } }'
const PAGE_EVERY_MS = 100
const LIMIT_PERCENT = 1

/** Prints and saves the part of a core that the viewers take. Linux alone. */
export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      viewers: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '30' },
      rounds: { type: 'string', default: '5' },
    },
  })
  const [viewers, seconds, rounds] = [Number(values.viewers), Number(values.seconds), Number(values.rounds)]
  const demo = await openDemo(THIS_CHECKOUT, 'monitoring', DEMO_COUNT)
  const traffic = new AbortController()
  const asking = askAgainAndAgain(demo, traffic.signal)
  try {
    // Of the start.
    await sleep(5000)
    const percents: number[] = []
    for (let round = 0; round < rounds; round++) {
      const alone = await percentOfCore(demo, seconds)
      const watching = new AbortController()
      const streams = await Promise.all(Array.from({ length: viewers }, () => watch(demo, watching.signal)))
      const watched = await percentOfCore(demo, seconds)
      watching.abort()
      const events = await Promise.all(streams.map(({ ended }) => ended))
      if (events.some((count) => count < 2))
        throw new Error(`a viewer was told too little: ${events.join(', ')} events`)
      percents.push(watched - alone)
      console.error(`${alone.toFixed(2)} % alone, ${watched.toFixed(2)} % watched, ${events[0] ?? 0} events each`)
    }
    save({ viewers, seconds, percents })
  } finally {
    traffic.abort()
    await asking
    await demo.stop()
  }
}

async function askAgainAndAgain({ target }: Demo, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await ask(target, PAGE)
    await sleep(PAGE_EVERY_MS)
  }
}

async function percentOfCore({ pid }: Demo, seconds: number): Promise<number> {
  const [startMs, cpuMs] = [performance.now(), cpuMsOfProcess(pid)]
  await sleep(seconds * 1000)
  return ((cpuMsOfProcess(pid) - cpuMs) / (performance.now() - startMs)) * 100
}

/** An operator who watches from now on; `ended` tells how many events came. */
async function watch({ target }: Demo, signal: AbortSignal): Promise<{ ended: Promise<number> }> {
  const options = (await (await fetch(`${target.address}/dashboard/options.json`)).json()) as { token: string }
  const headers = { authorization: `Bearer ${options.token}` }
  const { ok, status, body } = await fetch(`${target.address}/dashboard/events`, { headers, signal })
  if (!ok || !body) throw new Error(`the dashboard's events were answered with ${status}`)
  return { ended: countEvents(body) }
}

async function countEvents(body: ReadableStream<Uint8Array>): Promise<number> {
  const decoder = new TextDecoder()
  let events = 0
  try {
    for await (const chunk of body) events += decoder.decode(chunk, { stream: true }).split('\ndata: ').length - 1
  } catch {
    // It is ended by whoever watches.
  }
  return events
}

function save({ viewers, seconds, percents }: { viewers: number; seconds: number; percents: number[] }): void {
  const text = [
    `${viewers} viewers of the dashboard, an operator each, beside ten pages of contacts a second; ${percents.length} rounds of ${seconds} s with and as many without them.`,
    '',
    '| what | measured | at most |',
    '| --- | ---: | ---: |',
    `| of a core, median | ${median(percents).toFixed(2)} % | ${LIMIT_PERCENT} % |`,
    `| least, most | ${Math.min(...percents).toFixed(2)} %, ${Math.max(...percents).toFixed(2)} % | – |`,
    '',
  ].join('\n')
  saveResult('viewers', text)
}
