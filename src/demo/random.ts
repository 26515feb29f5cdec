import { createHash } from 'node:crypto'

/** Chances for one row, in an order that depends on nothing but the row's own name. */
export interface RowRandom {
  /** 0 inclusive to 1 exclusive */
  next(): number
  /** a whole number, both ends included */
  int(min: number, max: number): number
  /** true with this probability */
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** an item by weights that stand beside it */
  weighted<Item>(items: readonly (readonly [Item, number])[]): Item
}

/** Random numbers of rows: the same seed, kind and index give the same sequence, whatever was drawn before. */
export interface DemoRandom {
  row(kind: string, index: number): RowRandom
  /** Bytes that belong to a row, for the random part of its id. */
  bytes(kind: string, index: number): Uint8Array
}

/** Randomness for one tenant's demo data. */
export function createDemoRandom(seed: string): DemoRandom {
  const numbers = new Map<string, number>()
  const digest = (text: string): Buffer => createHash('sha256').update(`${seed}\n${text}`).digest()
  const kindNumber = (kind: string): number => {
    const known = numbers.get(kind) ?? digest(kind).readUInt32BE()
    numbers.set(kind, known)
    return known
  }
  return {
    row(kind, index) {
      let state = (kindNumber(kind) ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0
      // One word of state, mixed at each step: a Mersenne Twister's 624 took 20 µs to seed for each row, two thirds of
      // the whole generator's time.
      const next = (): number => {
        state = (state + 0x6d2b79f5) >>> 0
        let mixed = Math.imul(state ^ (state >>> 15), state | 1)
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
      }
      const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
      const row: RowRandom = {
        next,
        int,
        chance: (probability) => next() < probability,
        pick: (items) => items[int(0, items.length - 1)] as never,
        weighted(items) {
          let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0)
          for (const [item, weight] of items) if ((left -= weight) < 0) return item
          return (items.at(-1) as readonly [never, number])[0]
        },
      }
      return row
    },
    bytes: (kind, index) => digest(`${kind}:${index}`).subarray(0, 16),
  }
}

/** The items in an order that depends on the key alone. */
export function shuffled<Item>(items: readonly Item[], key: string): Item[] {
  const rank = (item: Item): string =>
    createHash('sha256')
      .update(`${key}:${JSON.stringify(item)}`)
      .digest('hex')
  return items
    .map((item) => [rank(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item)
}
