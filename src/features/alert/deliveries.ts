import type { AlertNews } from '../../metrics/alert-groups.js'

/** What brings notifications to who is to be told. */
export interface Deliveries {
  /** Sends what is due; never throws. */
  readonly run: (nowMs: number) => Promise<void>
  /** Takes over what can't be kept in the database, as that is away. */
  readonly tellDirectly: (news: AlertNews, nowMs: number) => void
}
