import { setTimeout as delay } from 'node:timers/promises'
import { memoryMb } from '../load/process-use.js'
import { median } from '../load/turns.js'
import { connect } from './connection.js'
import { coresOfOthers, databaseCpuMs, readOthers, serverCpuMs, tookMs } from './machine.js'
import { openWork, TITLES, type Sender, type Side, type WorkName } from './side.js'

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

/** A side's figures beside Kith's. */
export interface Compared extends Figures {
  /** Kith's requests a second divided by this side's */
  readonly ratio: number
  /** this side's CPU a request, server and database, divided by Kith's; others on the machine sway it less */
  readonly cpuRatio: number
  /** rounds in which others used the machine: they count only where all were so */
  readonly spoiled: number
}

/** A work at a number of connections. */
export interface Result {
  readonly work: WorkName
  readonly connections: number
  /** of each side in their order; null where it can't do the work */
  readonly sides: readonly (Compared | null)[]
}

/** How long and how often. */
export interface Pace {
  readonly rounds: number
  readonly slotMs: number
  readonly warmUpMs: number
  /** how many slots of the run are repeated because others used the machine */
  readonly repeats: number
  /** whether a side whose answer is an error is left out of a work, as one that can't do it; else the bench ends */
  readonly mayFail?: boolean
}

/** How many connections send at once: one tells the time of a request alone, the most tell what a server gets done. */
export const CONNECTIONS = [1, 16] as const
const MOST_CONNECTIONS = Math.max(...CONNECTIONS)

/** Contacts of its own that a side needs. */
export const OWN_CONTACTS = MOST_CONNECTIONS * 10

// Of all cores together. What a machine does by itself is below a tenth of it.
const MAX_CORES_OF_OTHERS = 0.15
const REPEAT_AFTER_MS = 500
const MOST_REPEATS = 3

interface Slot {
  readonly figures: Figures
  readonly isSpoiled: boolean
}

/**
 * Times each work at each number of connections, the sides in turn (A B C, B C A …), so that whatever else the machine
 * does meets all of them, and none always follows the same one. Ratios are taken round by round.
 */
export async function timeWorks(sides: readonly Side[], works: readonly WorkName[], pace: Pace): Promise<Result[]> {
  const results: Result[] = []
  const budget = { repeats: pace.repeats }
  for (const work of works) {
    const opened = sides.map((side) => openWork(side, work, MOST_CONNECTIONS))
    for (const [index, side] of sides.entries())
      if (opened[index]) await unlessFailed(pace, drive(side, work, opened[index], pace.warmUpMs))
    for (const connections of CONNECTIONS) {
      const rounds: (Slot | null)[][] = []
      for (let round = 0; round < pace.rounds; round++) {
        const slots = sides.map((): Slot | null => null)
        for (let turn = 0; turn < sides.length; turn++) {
          const index = (round + turn) % sides.length
          const senders = opened[index]?.slice(0, connections)
          if (!senders) continue
          slots[index] = await unlessFailed(pace, takeSlot(sides[index] as Side, work, senders, pace.slotMs, budget))
        }
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

/** What a side did; null where it answered with an error, which is told. @throws Error where that ends the bench */
async function unlessFailed<Result>({ mayFail = false }: Pace, done: Promise<Result>): Promise<Result | null> {
  try {
    return await done
  } catch (error) {
    if (!mayFail || !(error instanceof Error)) throw error
    console.error(error.message.trim())
    return null
  }
}

function summary(rounds: readonly (readonly (Slot | null)[])[], index: number): Result['sides'][number] {
  const pairs: { kith: Slot; side: Slot }[] = []
  for (const round of rounds) {
    const [kith, side] = [round[0], round[index]]
    if (!kith || !side) return null
    pairs.push({ kith, side })
  }
  // Undisturbed slots alone count, where there are any.
  const slots = unlessNone(
    pairs.filter(({ side }) => !side.isSpoiled),
    pairs,
  )
  const both = unlessNone(
    slots.filter(({ kith }) => !kith.isSpoiled),
    slots,
  )
  const of = (figure: keyof Figures): number => median(slots.map(({ side }) => side.figures[figure]))
  const ratioOf = (read: (kith: Figures, side: Figures) => number): number =>
    median(both.map(({ kith, side }) => read(kith.figures, side.figures)))
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
    ratio: ratioOf((kith, side) => kith.perSecond / side.perSecond),
    cpuRatio: ratioOf((kith, side) => cpuMs(side) / cpuMs(kith)),
    spoiled: pairs.filter(({ side }) => side.isSpoiled).length,
  }
}

const unlessNone = <Item>(some: readonly Item[], all: readonly Item[]): readonly Item[] =>
  some.length > 0 ? some : all

const cpuMs = ({ serverCpuMs, databaseCpuMs }: Figures): number => serverCpuMs + databaseCpuMs

/**
 * Takes a slot again, a few times, while others use the machine. Where they go on, it counts all the same, and says so.
 * `budget` is what the run has left to repeat.
 */
async function takeSlot(
  side: Side,
  work: WorkName,
  senders: readonly Sender[],
  slotMs: number,
  budget: { repeats: number },
): Promise<Slot> {
  for (let repeat = 0; ; repeat++) {
    const slot = await timeSlot(side, work, senders, slotMs)
    if (!slot.isSpoiled || repeat >= MOST_REPEATS || budget.repeats <= 0) return slot
    budget.repeats -= 1
    await delay(REPEAT_AFTER_MS)
  }
}

async function timeSlot(side: Side, work: WorkName, senders: readonly Sender[], slotMs: number): Promise<Slot> {
  const statementsBefore = await side.statements()
  const othersBefore = readOthers()
  const { pid, postgresPid } = side
  const [serverBefore, databaseBefore] = [serverCpuMs(pid, postgresPid), databaseCpuMs(postgresPid)]
  const { latencies, bytes, durationMs } = await drive(side, work, senders, slotMs)
  const [serverAfter, databaseAfter] = [serverCpuMs(pid, postgresPid), databaseCpuMs(postgresPid)]
  const isSpoiled = coresOfOthers(othersBefore, readOthers()) > MAX_CORES_OF_OTHERS
  const statements = (await side.statements()) - statementsBefore
  const sorted = latencies.toSorted((one, other) => one - other)
  const count = sorted.length
  const at = (share: number): number => sorted[Math.min(count - 1, Math.floor(count * share))] ?? 0
  const figures = {
    perSecond: (count * 1000) / durationMs,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    serverCpuMs: tookMs(serverBefore, serverAfter) / count,
    databaseCpuMs: tookMs(databaseBefore, databaseAfter) / count,
    statements: statements / count,
    bytes: bytes / count,
    memoryMb: [...serverAfter.keys()].reduce((sum, each) => sum + memoryMb(each).now, 0),
  }
  return { figures, isSpoiled }
}

interface Load {
  readonly latencies: readonly number[]
  readonly bytes: number
  readonly durationMs: number
}

/** Lets each sender send over a connection of its own for some time, each waiting for its answer before it sends again. */
async function drive(side: Side, work: WorkName, senders: readonly Sender[], durationMs: number): Promise<Load> {
  const opened = await Promise.all(senders.map(async (sender) => ({ sender, ...(await connect(side.target)) })))
  const latencies: number[] = []
  let bytes = 0
  const startedAtMs = performance.now()
  const loops = opened.map(async ({ sender: { next, accept }, ask }) => {
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
