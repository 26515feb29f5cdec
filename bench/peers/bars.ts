import type { Result } from './slots.js'
import { TITLES, type WorkName } from './side.js'

/** How many times a peer's requests a second Kith's must and should be, at 1 and at 16 connections. */
interface Bar {
  readonly works: readonly WorkName[]
  readonly peer: string
  readonly bars: Readonly<Partial<Record<number, { readonly must: number; readonly aim: number }>>>
}

/** A bar and what was measured. */
export interface Judged {
  readonly work: string
  readonly peer: string
  readonly connections: number
  readonly must: number
  readonly aim: number
  readonly ratio: number
}

const bar = (must: number, aim: number): { must: number; aim: number } => ({ must, aim })

const ALL_READS: readonly WorkName[] = ['page50', 'page200', 'contact', 'companies', 'filter', 'search', 'aliases']

const BARS: readonly Bar[] = [
  { works: ['page50', 'page200', 'contact'], peer: 'PostGraphile', bars: { 1: bar(1.2, 1.5), 16: bar(1.5, 2) } },
  { works: ['page50', 'page200'], peer: 'ceiling', bars: { 16: bar(0.5, 0.65) } },
  { works: ['filter'], peer: 'PostGraphile', bars: { 1: bar(1.2, 1.5), 16: bar(1.3, 1.5) } },
  { works: ['companies'], peer: 'PostGraphile', bars: { 1: bar(0.9, 1.2), 16: bar(1, 1.5) } },
  { works: ['search'], peer: 'PostGraphile', bars: { 1: bar(0.8, 1), 16: bar(0.8, 1) } },
  { works: ['update', 'create'], peer: 'plain', bars: { 1: bar(1.1, 1.5), 16: bar(1.3, 1.8) } },
  { works: ['update', 'create'], peer: 'PostGraphile', bars: { 1: bar(0.65, 1), 16: bar(0.7, 1) } },
  { works: ALL_READS, peer: 'plain', bars: { 1: bar(1.5, 3), 16: bar(3, 4) } },
  { works: ALL_READS, peer: 'Keystone', bars: { 1: bar(10, 10) } },
  { works: ['typename'], peer: 'PostGraphile', bars: { 16: bar(0.55, 0.7) } },
]

/** Every bar that these results say something about. `sides` are their sides' names. */
export function judge(results: readonly Result[], sides: readonly string[]): Judged[] {
  return BARS.flatMap(({ works, peer, bars }) =>
    works.flatMap((work) =>
      Object.entries(bars).flatMap(([connections, limits]) => {
        const result = results.find((one) => one.work === work && one.connections === Number(connections))
        const ratio = result?.sides[sides.indexOf(peer)]?.ratio
        if (ratio === undefined || !limits) return []
        return [{ work: TITLES[work], peer, connections: Number(connections), ...limits, ratio }]
      }),
    ),
  )
}
