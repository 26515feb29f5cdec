/** The record that has a value which only one may have. */
export interface UniqueHolder {
  readonly id: string
  /** whether the principal may be told which record it is */
  readonly isVisible: boolean
}

/**
 * Who has which unique values while the rows of one change take effect, one after the other. It begins with what the
 * database says. With `a` held by record 1, a change whose rows are
 *
 * | row | does                       | is refused                  |
 * | --- | -------------------------- | --------------------------- |
 * | 0   | gives record 2 the value a | yes, by record 1            |
 * | 1   | gives record 1 the value b | no                          |
 * | 2   | gives record 3 the value a | no: record 1 gave it up     |
 * | 3   | gives record 4 the value a | yes, by record 3            |
 */
export interface UniqueHolders {
  /** The record other than `id` that has a value by now; null where none has. */
  readonly otherThan: (value: string, id: string) => UniqueHolder | null
  /** Notes that a record gave some values up and took others. */
  readonly settle: (id: string, givenUp: readonly string[], taken: readonly string[]) => void
}

/** The holders of some values, as the database has them. */
export function createUniqueHolders(stored: Iterable<UniqueHolder & { readonly value: string }>): UniqueHolders {
  const holders = new Map<string, UniqueHolder[]>()
  const add = (value: string, holder: UniqueHolder): void => {
    const known = holders.get(value)
    if (known) known.push(holder)
    else holders.set(value, [holder])
  }
  for (const { value, id, isVisible } of stored) add(value, { id, isVisible })
  return {
    otherThan: (value, id) => holders.get(value)?.find((holder) => holder.id !== id) ?? null,
    settle(id, givenUp, taken) {
      for (const value of givenUp) {
        const left = holders.get(value)?.filter((holder) => holder.id !== id)
        if (left) holders.set(value, left)
      }
      // Whoever wrote the record just now may know it.
      for (const value of taken) add(value, { id, isVisible: true })
    },
  }
}
