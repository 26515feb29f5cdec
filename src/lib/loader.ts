import DataLoader from 'dataloader'

export interface LoaderOptions<Key, Id> {
  /** DataLoader's own: runs the batch when everything that a tick asks for is there */
  readonly batchScheduleFn: (dispatch: () => void) => void
  /** what tells keys apart; the keys themselves unless said */
  readonly idOf?: (key: Key) => Id
}

interface Loaded<Key, Value, Id> {
  readonly values: Map<Id, Value>
  /** what is being read, and what couldn't be */
  readonly waiting: Map<Id, Promise<void>>
  readonly lists: DataLoader<readonly Key[], void>
}

/**
 * What one request loads by keys: a DataLoader whose unit is a list of keys, so that a page of 200 rows asks once, with
 * one promise, and not 200 times (of such a page with four relations that was a fifth of the CPU). Each key is read once.
 *
 *   await loader.loadAll(['a', 'b'])   reads a and b, together with what else is asked for in this tick
 *   loader.get('a')                    the value of a itself: no promise, as it is there
 *   loader.get('c')                    a promise: reads c
 */
export class Loader<Key, Value, Id = Key> {
  readonly #read: (keys: readonly Key[]) => Promise<readonly Value[]>
  readonly #idOf: (key: Key) => Id
  readonly #schedule: (dispatch: () => void) => void
  // Made at the first use: a request has forty loaders and uses a few.
  #loaded: Loaded<Key, Value, Id> | undefined

  /** `read` gives a value for each key, in their order; none of the values is undefined. */
  constructor(
    read: (keys: readonly Key[]) => Promise<readonly Value[]>,
    { batchScheduleFn, idOf = (key) => key as unknown as Id }: LoaderOptions<Key, Id>,
  ) {
    this.#read = read
    this.#idOf = idOf
    this.#schedule = batchScheduleFn
  }

  /** The value of a key; it is read where it isn't there yet. @throws what reading throws */
  async load(key: Key): Promise<Value> {
    return this.get(key)
  }

  /** The value of a key at once, where it is there; else a promise. */
  get(key: Key): Value | Promise<Value> {
    const id = this.#idOf(key)
    const { values, waiting } = (this.#loaded ??= this.#begin())
    const value = values.get(id)
    // Null is a value.
    if (value !== undefined) return value
    return (waiting.get(id) ?? this.#ask([key])).then(() => values.get(id) as Value)
  }

  /** Reads those of some keys that aren't there yet, and waits for all. @throws what reading throws */
  loadAll(keys: readonly Key[]): Promise<void> | undefined {
    const { values, waiting } = (this.#loaded ??= this.#begin())
    const missing: Key[] = []
    const others = new Set<Promise<void>>()
    const asked = new Set<Id>()
    for (const key of keys) {
      const id = this.#idOf(key)
      if (asked.has(id) || values.has(id)) continue
      const reading = waiting.get(id)
      if (reading) others.add(reading)
      else {
        asked.add(id)
        missing.push(key)
      }
    }
    if (missing.length === 0 && others.size === 0) return undefined
    if (missing.length > 0) others.add(this.#ask(missing))
    const [one] = others
    return others.size === 1 ? one : Promise.all(others).then(() => undefined)
  }

  /** Forgets what was read. */
  clearAll(): void {
    this.#loaded = undefined
  }

  #ask(keys: readonly Key[]): Promise<void> {
    const { lists, waiting } = (this.#loaded ??= this.#begin())
    const reading = lists.load(keys)
    for (const key of keys) waiting.set(this.#idOf(key), reading)
    return reading
  }

  #begin(): Loaded<Key, Value, Id> {
    const values = new Map<Id, Value>()
    const waiting = new Map<Id, Promise<void>>()
    const readBatch = async (lists: readonly (readonly Key[])[]): Promise<undefined[]> => {
      const keys = lists.length === 1 ? (lists[0] as readonly Key[]) : lists.flat()
      const read = await this.#read(keys)
      for (let index = 0; index < keys.length; index++) {
        const id = this.#idOf(keys[index] as Key)
        values.set(id, read[index] as Value)
        waiting.delete(id)
      }
      return lists.map(() => undefined)
    }
    const options = { cache: false, batchScheduleFn: this.#schedule }
    return { values, waiting, lists: new DataLoader<readonly Key[], void>(readBatch, options) }
  }
}
