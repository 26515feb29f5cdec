import { AppError } from './errors.js'

/** Lets a few at a time through: large requests, each of which may fill a hundred megabytes. */
export interface Lane {
  /**
   * Waits for a place, in the order of the calls, and gives what frees it; that may be called more than once.
   * @throws SERVICE_UNAVAILABLE where none is free at `deadlineMs`, a moment of `performance.now()`
   */
  readonly enter: (deadlineMs: number) => Promise<() => void>
}

/** A lane with so many places. */
export function createLane(places: number): Lane {
  let free = places
  const waiting = new Set<() => void>()

  const leaver = (): (() => void) => {
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      const [next] = waiting
      if (next) next()
      else free += 1
    }
  }

  return {
    enter(deadlineMs) {
      if (free > 0) {
        free -= 1
        return Promise.resolve(leaver())
      }
      return new Promise((resolve, reject) => {
        const giveUp = setTimeout(() => {
          waiting.delete(goOn)
          reject(new AppError('SERVICE_UNAVAILABLE', 'The server is busy with large requests; try again.'))
        }, deadlineMs - performance.now())
        const goOn = (): void => {
          clearTimeout(giveUp)
          waiting.delete(goOn)
          resolve(leaver())
        }
        waiting.add(goOn)
      })
    },
  }
}
