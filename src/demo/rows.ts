import { stringify, v7 as uuidv7 } from 'uuid'
import type { DemoRandom, RowRandom } from './random.js'

/** The day on which the demo data ends, whatever today is: the same rows on every day. */
export const DEMO_NOW_MS = Date.parse('2026-10-01T09:00:00.000Z')
const DAY_MS = 86_400_000
const SPAN_DAYS = 3 * 365

/** A moment of the three years before the demo's end, at a working hour, later ones more often. */
export function createdAt(random: RowRandom): Date {
  const daysAgo = Math.floor(SPAN_DAYS * (1 - Math.sqrt(random.next())))
  return new Date(DEMO_NOW_MS - daysAgo * DAY_MS + random.int(-2 * 3600_000, 8 * 3600_000) - 8 * 3600_000)
}

/** A UUID version 7 that belongs to a row: its time is the row's creation, its random part comes from the seed. */
export function rowId(random: DemoRandom, kind: string, index: number, moment: Date): string {
  const bytes = new Uint8Array(16)
  uuidv7({ msecs: moment.getTime(), random: random.bytes(kind, index), seq: 0 }, bytes)
  return stringify(bytes)
}

/** Roughly the first of many: `exponent` above 1 favours small numbers. */
export function unevenIndex(random: RowRandom, count: number, exponent: number): number {
  return Math.min(count - 1, Math.floor(count * random.next() ** exponent))
}
