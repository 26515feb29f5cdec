import { asError } from './errors.js'
import { runReadFlight } from './flight.js'
import type { QueryRunner } from './pipeline.js'
import type { Answer, Row, Statement } from './statement.js'

/** Reads of one request: rows of its tenant as kith_app, under row-level security, or keys as kith_keys. */
export interface TickFlight {
  /**
   * Queues a read; it leaves with all other reads of the same tick in one flight.
   * @throws SERVICE_UNAVAILABLE, TIMEOUT
   */
  readonly read: <Result extends object = Row>(statement: Statement) => Promise<Result[]>
  /** DataLoader's `batchScheduleFn`: dispatches all loaders of a tick together, then lets the flight leave. */
  readonly schedule: (dispatch: () => void) => void
}

interface Queued {
  readonly statement: Statement
  readonly settle: (answer: Answer) => void
}

/**
 * Collects the reads of each tick into one flight. Its promises resolve together, after the last answer: otherwise the
 * loads of the next level would split over ticks, and the number of statements would depend on timing.
 */
export function createTickFlight(
  runner: QueryRunner,
  tenantId: string,
  role: 'kith_app' | 'kith_keys' = 'kith_app',
): TickFlight {
  let queue: Queued[] = []
  let dispatches: (() => void)[] = []

  const depart = (): void => {
    const leaving = queue
    queue = []
    if (leaving.length === 0) return
    void runReadFlight(
      runner,
      role,
      tenantId,
      leaving.map((queued) => queued.statement),
    ).then(
      (answers) => leaving.forEach((queued, index) => queued.settle(answers[index] as Answer)),
      (error: unknown) => leaving.forEach((queued) => queued.settle({ error: asError(error) })),
    )
  }

  // After all promise jobs of this turn, as DataLoader does it: resolvers that wait on settled promises still leave
  // with the others.
  const afterPromiseJobs = (task: () => void): void => {
    void Promise.resolve().then(() => process.nextTick(task))
  }

  const dispatchAll = (): void => {
    const due = dispatches
    dispatches = []
    for (const dispatch of due) dispatch()
    depart()
  }

  return {
    read<Result extends object>(statement: Statement): Promise<Result[]> {
      return new Promise<Result[]>((resolve, reject) => {
        const settle = (answer: Answer): void => {
          if ('rows' in answer) resolve(answer.rows as Result[])
          else reject(answer.error)
        }
        if (queue.push({ statement, settle }) === 1) afterPromiseJobs(depart)
      })
    },
    schedule(dispatch) {
      if (dispatches.push(dispatch) === 1) afterPromiseJobs(dispatchAll)
    },
  }
}
