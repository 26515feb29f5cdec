import { hash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'

/** Random numbers of one tenant's rows: each row has its own, whatever was drawn for others before. */
export type DemoRandom = ReturnType<typeof createDemoRandom>
/** Chances for one row, in an order that depends on nothing but the row's own name. */
export type RowRandom = ReturnType<typeof rowRandom>

/**
 * Randomness for one tenant's demo data: the same seed, kind and index give the same sequence. `endMs` is the moment at
 * which the data ends; all its times are counted back from there.
 */
export function createDemoRandom(seed: string, endMs: number) {
  const digest = (text: string): Buffer => hash('sha256', `${seed}\n${text}`, 'buffer')
  return {
    endMs,
    row: (kind: string, index: number) => rowRandom(digest(`${kind}:${index}`).readUInt32BE()),
    /** A UUID version 7 that belongs to a row: its time is the row's creation, its random part comes from the seed. */
    id: (kind: string, index: number, created: Date): string =>
      uuidv7({ msecs: created.getTime(), random: digest(`id:${kind}:${index}`).subarray(0, 16) }),
  }
}

function rowRandom(seed: number) {
  let state = seed
  // One word of state, mixed at each step: a Mersenne Twister's 624 took 20 µs to seed for each row, two thirds of the
  // whole generator's time.
  /** 0 inclusive to 1 exclusive */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  /** a whole number, both ends included */
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  /** true with this probability */
  const chance = (probability: number): boolean => next() < probability
  const pick = <Item>(items: readonly Item[]): Item => items[int(0, items.length - 1)] as Item
  /** an item, as often as its weight says among all weights, which stand in the order of the items */
  const weighted = <Item>(items: readonly Item[], weights: readonly number[]): Item => {
    let left = next() * weights.reduce((sum, weight) => sum + weight, 0)
    return items.at(weights.findIndex((weight) => (left -= weight) < 0)) as Item
  }
  return { next, int, chance, pick, weighted }
}

/** Each item as often as its share says: what a row gets by its place, and how many of the same stand before it. */
export function cycleOf<Item extends { readonly share: number }>(items: readonly Item[]) {
  return items.flatMap((item) => Array.from({ length: item.share }, (_, rank) => ({ item, rank })))
}

/** The item at a place of a list that begins anew after its end. */
export function itemAt<Item>(items: readonly Item[], place: number): Item {
  return items[place % items.length] as Item
}
