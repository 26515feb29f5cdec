import { setTimeout as delay } from 'node:timers/promises'
import { memoryMb } from '../load/process-use.js'
import { median } from '../load/turns.js'
import { connect } from './connection.js'
import { backendsCpuMs, backendsTookMs, coresOfOthers, cpuMsOf, readMachine } from './machine.js'
import { openWork, TITLES, type Side, type WorkName } from './side.js'

/** What a side did in a slot, or the medians of its slots. */
export interface Figures {
  /** requests a second */
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** CPU of the server a request */
  readonly serverCpuMs: number
  /** CPU of PostgreSQL's processes a request */
  readonly databaseCpuMs: number
  /** SQL statements a request */
  readonly statements: number
  /** of an answer, with its headers */
  readonly bytes: number
  /** resident, of the server, at the end */
  readonly memoryMb: number
}

/** A work at a number of connections. */
export interface Result {
  readonly work: WorkName
  readonly connections: number
  /** of each side in their order; null where it can't do the work */
  readonly sides: readonly ((Figures & { readonly ratio: number; readonly spoiled: number }) | null)[]
}

/** How long and how often. */
export interface Pace {
  readonly rounds: number
  readonly slotMs: number
  readonly warmUpMs: number
  /** how often a slot is repeated while others use the machine */
  readonly repeats: number
}

/** How many connections send at once: one tells the time of a request alone, the most tell what a server gets done. */
export const CONNECTIONS = [1, 16] as const
const MOST_CONNECTIONS = Math.max(...CONNECTIONS)

/** Contacts of its own that a side needs. */
export const OWN_CONTACTS = MOST_CONNECTIONS * 10

// Of both cores together. The bench's own clockwork, which no process is charged with, is below 0.05.
const MAX_CORES_OF_OTHERS = 0.15
const REPEAT_AFTER_MS = 500

interface Slot {
  readonly figures: Figures
  readonly isSpoiled: boolean
}

/**
 * Times each work at each number of connections, the sides in turn (A B C, A B C …), so that whatever else the machine
 * does meets all of them. Ratios are of the first side's requests a second to each side's, round by round.
 */
export async function timeWorks(sides: readonly Side[], works: readonly WorkName[], pace: Pace): Promise<Result[]> {
  const results: Result[] = []
  for (const work of works) {
    const able = sides.map((side) => openWork(side, work) !== null)
    for (const [index, side] of sides.entries())
      if (able[index]) await drive(side, work, MOST_CONNECTIONS, pace.warmUpMs)
    for (const connections of CONNECTIONS) {
      const rounds: (Slot | null)[][] = []
      for (let round = 0; round < pace.rounds; round++) {
        const slots: (Slot | null)[] = []
        for (const [index, side] of sides.entries())
          slots.push(able[index] ? await takeSlot(side, work, connections, pace) : null)
        rounds.push(slots)
      }
      const result = { work, connections, sides: sides.map((_, index) => summary(rounds, index)) }
      results.push(result)
      const rates = result.sides.map((side) => side?.perSecond.toFixed(0) ?? '–').join(' · ')
      console.error(`${TITLES[work]}, ${connections} at once: ${rates} a second`)
    }
  }
  return results
}

function summary(rounds: readonly (readonly (Slot | null)[])[], index: number): Result['sides'][number] {
  const slots = rounds.map((round) => round[index] ?? null)
  if (slots.some((slot) => slot === null)) return null
  const of = (figure: keyof Figures): number => median(slots.map((slot) => slot?.figures[figure] ?? 0))
  const ratios = rounds.map((round) => (round[0]?.figures.perSecond ?? 0) / (round[index]?.figures.perSecond ?? 0))
  return {
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p95Ms: of('p95Ms'),
    p99Ms: of('p99Ms'),
    serverCpuMs: of('serverCpuMs'),
    databaseCpuMs: of('databaseCpuMs'),
    statements: of('statements'),
    bytes: of('bytes'),
    memoryMb: of('memoryMb'),
    ratio: median(ratios),
    spoiled: slots.filter((slot) => slot?.isSpoiled).length,
  }
}

/** Takes a slot again while others use the machine; after the last repeat it counts all the same, and says so. */
async function takeSlot(side: Side, work: WorkName, connections: number, pace: Pace): Promise<Slot> {
  for (let repeat = 0; ; repeat++) {
    const slot = await timeSlot(side, work, connections, pace.slotMs)
    if (!slot.isSpoiled || repeat >= pace.repeats) return slot
    await delay(REPEAT_AFTER_MS)
  }
}

async function timeSlot(side: Side, work: WorkName, connections: number, slotMs: number): Promise<Slot> {
  const statementsBefore = await side.statements()
  const machineBefore = readMachine()
  const [serverBefore, backendsBefore] = [cpuMsOf(side.pid), backendsCpuMs(side.postgresPid)]
  const { latencies, bytes, durationMs } = await drive(side, work, connections, slotMs)
  const serverCpuMs = cpuMsOf(side.pid) - serverBefore
  const databaseCpuMs = backendsTookMs(backendsBefore, backendsCpuMs(side.postgresPid))
  const isSpoiled = coresOfOthers(machineBefore, readMachine()) > MAX_CORES_OF_OTHERS
  const statements = (await side.statements()) - statementsBefore
  const sorted = latencies.toSorted((one, other) => one - other)
  const count = sorted.length
  const at = (share: number): number => sorted[Math.min(count - 1, Math.floor(count * share))] ?? 0
  const figures = {
    perSecond: (count * 1000) / durationMs,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    serverCpuMs: serverCpuMs / count,
    databaseCpuMs: databaseCpuMs / count,
    statements: statements / count,
    bytes: bytes / count,
    memoryMb: memoryMb(side.pid).now,
  }
  return { figures, isSpoiled }
}

interface Load {
  readonly latencies: readonly number[]
  readonly bytes: number
  readonly durationMs: number
}

/** Sends a work over so many connections for some time, each waiting for its answer before it sends again. */
async function drive(side: Side, work: WorkName, connections: number, durationMs: number): Promise<Load> {
  const open = openWork(side, work)
  if (!open) throw new Error(`${side.name} can't ${work}`)
  const opened = await Promise.all(Array.from({ length: connections }, () => connect(side.target)))
  const latencies: number[] = []
  let bytes = 0
  const startedAtMs = performance.now()
  const loops = opened.map(async ({ ask }, connection) => {
    const { next, accept } = open(connection, connections)
    while (performance.now() - startedAtMs < durationMs) {
      const body = next()
      const sentAtMs = performance.now()
      const answer = await ask(body)
      latencies.push(performance.now() - sentAtMs)
      bytes += answer.bytes
      accept(answer.text)
    }
  })
  try {
    await Promise.all(loops)
    return { latencies, bytes, durationMs: performance.now() - startedAtMs }
  } catch (error) {
    throw new Error(`${TITLES[work]}: ${side.name}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    for (const { close } of opened) close()
  }
}
