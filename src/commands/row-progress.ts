import type { ProgressStream } from './progress.js'

/** Shows how far work on rows is: how many, how many a second, and how long it still takes. */
export interface RowProgress {
  /** `share` is the part that is done, 0 to 1 */
  readonly update: (rows: number, share: number) => void
  readonly end: () => void
}

const WIDTH = 30

/**
 * A bar that moves in a terminal; in a log, one line at each tenth. Rate and time left are of all that was done so far.
 *
 *     people.csv ███████░░░ 70 % 14,000 rows, 1,400/s, 4 s left
 */
export function createRowProgress(
  stream: ProgressStream,
  title: string,
  nowMs: () => number = () => performance.now(),
): RowProgress {
  const startMs = nowMs()
  let shownTenth = 0
  let isOpen = false
  return {
    update(rows, share) {
      const seconds = (nowMs() - startMs) / 1000
      const done = Math.min(1, share)
      const rate = seconds > 0 ? `, ${Math.round(rows / seconds).toLocaleString('en-US')}/s` : ''
      const left = done > 0 && done < 1 ? `, ${timeText((seconds / done) * (1 - done))} left` : ''
      const text = `${Math.round(done * 100)} % ${rows.toLocaleString('en-US')} rows${rate}${left}`
      if (stream.isTTY) {
        const bar = '█'.repeat(Math.round(done * WIDTH)).padEnd(WIDTH, '░')
        // What was longer before is written over.
        stream.write(`\r${title} ${bar} ${text}\u001b[K`)
        isOpen = true
      } else if (Math.floor(done * 10) > shownTenth) {
        shownTenth = Math.floor(done * 10)
        stream.write(`${title}: ${text}\n`)
      }
    },
    end() {
      if (isOpen) stream.write('\n')
    },
  }
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
