import { drive, readServerWork, type Target, type Work } from './http.js'

/** What a load came to. */
export interface Figures {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** requests a second */
  readonly perSecond: number
  /** SQL statements a request */
  readonly statements: number
  /** CPU time of the server a request, without the database's; other work on the machine sways it least */
  readonly cpuMs: number
}

/** One of those that are compared: where its requests go, and what they are. */
export interface Side<Kind extends Work = Work> {
  readonly target: Target
  readonly works: readonly Kind[]
}

interface Turn {
  readonly target: Target
  readonly work: Work
}

/** Medians over all rounds: each side's figures, and how the last side compares with the first in the same round. */
interface Compared {
  readonly sides: readonly Figures[]
  /** the last side's figure divided by the first one's; both 1 where there is one side */
  readonly ratios: { readonly p50: number; readonly perSecond: number; readonly cpu: number }
}

/** One work at one number of connections. */
export interface Result extends Compared {
  readonly work: string
  readonly connections: number
}

/** How many connections send at once: one tells the time of a request alone, the most tell what a server gets done. */
const CONNECTIONS = [1, 16] as const
export const MOST_CONNECTIONS = Math.max(...CONNECTIONS)

// With all connections, until the hot functions are compiled: 139, 243, 260, 316 updates a second in the first four
// times two seconds of a server.
const WARM_UP_MS = 4000

/**
 * Each work at one and at 16 connections. All sides have the same works in the same order; they are driven in turn (A B
 * A B …), `turnMs` each a round, so that whatever else the machine does meets all of them.
 */
export async function compareWorks(sides: readonly Side[], rounds: number, turnMs: number): Promise<Result[]> {
  const results: Result[] = []
  for (const [index, { name }] of sides[0]?.works.entries() ?? []) {
    for (const connections of CONNECTIONS) {
      const turns = sides.map(({ target, works }) => ({ target, work: works[index] as Work }))
      const compared = await takeTurns(turns, connections, rounds, turnMs)
      results.push({ work: name, connections, ...compared })
      const latencies = compared.sides.map(({ p50Ms }) => p50Ms.toFixed(1)).join(' and ')
      console.error(`${name}, ${connections} at once: p50 ${latencies} ms`)
    }
  }
  return results
}

async function takeTurns(
  sides: readonly Turn[],
  connections: number,
  rounds: number,
  turnMs: number,
): Promise<Compared> {
  for (const { target, work } of sides) await drive(target, work, MOST_CONNECTIONS, WARM_UP_MS)
  const taken: Figures[][] = []
  for (let round = 0; round < rounds; round++) {
    const figures: Figures[] = []
    for (const side of sides) figures.push(await takeTurn(side, connections, turnMs))
    taken.push(figures)
  }
  const medianOf = (read: (figures: readonly Figures[]) => number): number => median(taken.map(read))
  const ratio = (figure: keyof Figures): number =>
    medianOf((figures) => (figures.at(-1)?.[figure] ?? 0) / (figures[0]?.[figure] ?? 0))
  return {
    sides: sides.map((_, index) => {
      const of = (figure: keyof Figures): number => medianOf((figures) => (figures[index] as Figures)[figure])
      return {
        p50Ms: of('p50Ms'),
        p95Ms: of('p95Ms'),
        p99Ms: of('p99Ms'),
        perSecond: of('perSecond'),
        statements: of('statements'),
        cpuMs: of('cpuMs'),
      }
    }),
    ratios: { p50: ratio('p50Ms'), perSecond: ratio('perSecond'), cpu: ratio('cpuMs') },
  }
}

async function takeTurn({ target, work }: Turn, connections: number, turnMs: number): Promise<Figures> {
  const before = await readServerWork(target)
  const { latencies, durationMs } = await drive(target, work, connections, turnMs)
  const after = await readServerWork(target)
  const sorted = [...latencies].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    perSecond: (sorted.length * 1000) / durationMs,
    statements: (after.statements - before.statements) / sorted.length,
    cpuMs: (after.cpuMs - before.cpuMs) / sorted.length,
  }
}

/** The middle value; of two in the middle their mean. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}
