/**
 * Shares the process's one thread among requests: work is let through in portions, with a turn of the event loop
 * between.
 */
export interface Turns {
  /**
   * Takes a portion of `units` in this turn; undefined where it may go on at once, else a promise of the turn in which
   * it may. Whoever waits goes on in the order of the calls. A portion that is larger than a turn has one of its own.
   */
  readonly take: (units: number) => Promise<void> | undefined
  /** Waits for a later turn, which it has for itself. */
  readonly pause: () => Promise<void>
}

interface Waiting {
  readonly units: number
  readonly goOn: () => void
}

/** Turns of `unitsPerTurn` each, for all requests of a process together. */
export function createTurns(unitsPerTurn: number): Turns {
  let taken = 0
  let waiting: Waiting[] = []
  let isScheduled = false

  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    // Behind all that came from the network meanwhile.
    setImmediate(() => {
      isScheduled = false
      taken = 0
      while (waiting.length > 0 && fits(waiting[0]?.units ?? 0)) {
        const [next, ...rest] = waiting as [Waiting, ...Waiting[]]
        waiting = rest
        taken += next.units
        next.goOn()
      }
      if (taken > 0) schedule()
    })
  }

  const fits = (units: number): boolean => taken === 0 || taken + units <= unitsPerTurn

  const wait = (units: number): Promise<void> =>
    new Promise((goOn) => {
      waiting.push({ units, goOn })
      schedule()
    })

  return {
    take(units) {
      if (waiting.length > 0 || !fits(units)) return wait(units)
      taken += units
      schedule()
      return undefined
    },
    pause: () => wait(Infinity),
  }
}
