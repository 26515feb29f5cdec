/** Numbers from 0 inclusive to 1 exclusive that depend on nothing but the text. */
export function chanceOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** Choices of one operation, each different from the one before, the same for the same name. */
export interface Choices {
  /** true with this probability */
  readonly chance: (probability: number) => boolean
  readonly pick: <Item>(items: readonly Item[]) => Item
  /** a whole number, both ends included */
  readonly int: (min: number, max: number) => number
}

/** The choices of a name. */
export function choicesOf(name: string): Choices {
  let drawn = 0
  const next = (): number => chanceOf(`${name} ${drawn++}`)
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(0, items.length - 1)] as never,
  }
}
