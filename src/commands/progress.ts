/** Shows how far a long command is. */
export interface Progress {
  readonly update: (done: number, total: number) => void
  readonly end: () => void
}

/** How far a load is, in records, as a process of its own says it. */
export interface LoadProgress {
  readonly done: number
  readonly total: number
}

/** Where it is shown: a terminal, or a log. */
export interface ProgressStream {
  readonly isTTY: boolean
  readonly write: (text: string) => unknown
}

const WIDTH = 30

/**
 * A bar that moves in a terminal, with the rate and the time that is left; in a log, one line at each tenth. `nowMs` is a clock
 * that never goes back, of no fixed beginning.
 */
export function createProgress(
  stream: ProgressStream,
  title: string,
  nowMs: () => number = () => performance.now(),
): Progress {
  let shownTenth = 0
  let isOpen = false
  const startedAtMs = nowMs()
  return {
    update(done, total) {
      if (total === 0) return
      const share = Math.min(1, done / total)
      if (stream.isTTY) {
        const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')
        const perSecond = (done * 1000) / Math.max(1, nowMs() - startedAtMs)
        const left =
          perSecond > 0 ? `, ${Math.round(perSecond)} a second, ${Math.ceil((total - done) / perSecond)} s left` : ''
        // What a longer line before left behind it is cleared.
        stream.write(`\r${title} ${bar} ${Math.round(share * 100)} % (${done} of ${total}${left})\u001b[K`)
        isOpen = true
      } else if (Math.floor(share * 10) > shownTenth) {
        shownTenth = Math.floor(share * 10)
        stream.write(`${title}: ${done} of ${total}\n`)
      }
    },
    end() {
      if (isOpen) stream.write('\n')
    },
  }
}
