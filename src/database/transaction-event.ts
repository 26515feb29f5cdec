import type { RequestWork } from './statement.js'

/** A transaction that ended, for whoever counts or times. */
export interface TransactionEvent {
  /** `read`, `keys` or `system` for reads by these roles, `change.` and what a change first writes, a label of Prisma's */
  readonly label: string
  readonly tenantId: string | null
  /** what asked for it; undefined where no request did */
  readonly request: RequestWork | undefined
  /** from the first request for a connection to the last answer */
  readonly durationMs: number
  /** how often it was begun; 0 where no connection was had */
  readonly attempts: number
  /** how long connections were waited for, a tenant's turn among its own reads included */
  readonly waitMs: number
  /** how long the server took for COMMIT */
  readonly commitMs: number
  readonly failed: boolean
}

export type TransactionObserver = (event: TransactionEvent) => void

/** What a transaction took so far; whoever runs a part of it adds to it. */
export interface TransactionClock {
  readonly startMs: number
  /** what is done; named better where that is known only later */
  label: string
  attempts: number
  waitMs: number
  commitMs: number
}
