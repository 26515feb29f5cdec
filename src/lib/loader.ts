import DataLoader from 'dataloader'

export interface LoaderOptions<Key, Id> {
  /** DataLoader's own: runs the batch when everything that a tick asks for is there */
  readonly batchScheduleFn: (dispatch: () => void) => void
  /** what tells keys apart; the keys themselves unless said */
  readonly idOf?: (key: Key) => Id
}

/** The reading of some keys; it stays in the place of their values where it fails. */
class Reading {
  readonly ended: Promise<void>

  constructor(ended: Promise<void>) {
    this.ended = ended
  }
}

interface Loaded<Key, Value, Id> {
  readonly values: Map<Id, Value | Reading>
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
    const loaded = (this.#loaded ??= this.#begin())
    const { values } = loaded
    const value = values.get(id)
    // Null is a value.
    if (value !== undefined && !(value instanceof Reading)) return value
    const reading = value instanceof Reading ? value : this.#ask(loaded, [key])
    return reading.ended.then(() => values.get(id) as Value)
  }

  /** Reads those of some keys that aren't there yet, and waits for all. @throws what reading throws */
  loadAll(keys: readonly Key[]): Promise<void> | undefined {
    const loaded = (this.#loaded ??= this.#begin())
    const missing: Key[] = []
    let readings: Set<Reading> | undefined
    const asked = new Set<Id>()
    for (const key of keys) {
      const id = this.#idOf(key)
      const value = loaded.values.get(id)
      if (value instanceof Reading) (readings ??= new Set()).add(value)
      if (value !== undefined || asked.has(id)) continue
      asked.add(id)
      missing.push(key)
    }
    const ended = missing.length > 0 ? this.#ask(loaded, missing).ended : undefined
    if (!readings) return ended
    return Promise.all([ended, ...Array.from(readings, (reading) => reading.ended)]).then(() => undefined)
  }

  /** Takes a value that was read by other means, where it isn't there yet. */
  keep(key: Key, value: Value): void {
    const { values } = (this.#loaded ??= this.#begin())
    const id = this.#idOf(key)
    if (values.get(id) === undefined) values.set(id, value)
  }

  /** Forgets what was read. */
  clearAll(): void {
    this.#loaded = undefined
  }

  #ask({ lists, values }: Loaded<Key, Value, Id>, keys: readonly Key[]): Reading {
    const reading = new Reading(lists.load(keys))
    for (const key of keys) values.set(this.#idOf(key), reading)
    return reading
  }

  #begin(): Loaded<Key, Value, Id> {
    const values = new Map<Id, Value | Reading>()
    const readBatch = async (lists: readonly (readonly Key[])[]): Promise<undefined[]> => {
      const keys = lists.length === 1 ? (lists[0] as readonly Key[]) : lists.flat()
      const read = await this.#read(keys)
      for (let index = 0; index < keys.length; index++) {
        values.set(this.#idOf(keys[index] as Key), read[index] as Value)
      }
      return lists.map(() => undefined)
    }
    const options = { cache: false, batchScheduleFn: this.#schedule }
    return { values, lists: new DataLoader<readonly Key[], void>(readBatch, options) }
  }
}
