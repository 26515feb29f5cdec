import type { Database } from '../../database/database.js'

/** A notification that is to be sent now. */
export interface DueNotification {
  readonly id: string
  readonly group: string
  readonly payload: object
  /** with this one */
  readonly attempts: number
  /** milliseconds since 1970 */
  readonly createdAtMs: number
}

/**
 * Takes notifications that are due, `first` at most, so that no other process takes them before `leaseEnd`; of each group
 * the oldest alone, as the news of a group must come in their order. Forgets what is a day old.
 */
export function claimNotifications(
  database: Database,
  now: Date,
  leaseEnd: Date,
  first: number,
): Promise<DueNotification[]> {
  return database.systemChange<DueNotification>({
    label: 'claimNotifications',
    prepared: true,
    text: `with old as (
        delete from kith_alert.notifications as o
        where o.next_attempt_at is null and coalesce(o.delivered_at, o.created_at) < $1::timestamptz - interval '1 day'
      )
      update kith_alert.notifications as n set attempts = n.attempts + 1, next_attempt_at = $2
      where n.id in (
        select d.id from kith_alert.notifications as d
        where d.next_attempt_at <= $1 and not exists (
          select from kith_alert.notifications as e
          where e.group_name = d.group_name and e.next_attempt_at is not null and (e.created_at, e.id) < (d.created_at, d.id))
        order by d.created_at limit $3 for update skip locked
      )
      returning n.id, n.group_name as "group", n.payload, n.attempts,
        round(extract(epoch from n.created_at) * 1000)::float8 as "createdAtMs"`,
    values: [now, leaseEnd, first],
  })
}

/** Notes what became of an attempt: delivered, to be tried again at a moment, or given up where neither is given. */
export async function settleNotification(
  database: Database,
  id: string,
  outcome: { readonly deliveredAt: Date | null; readonly nextAttemptAt: Date | null; readonly error: string | null },
): Promise<void> {
  await database.systemChange({
    label: 'settleNotification',
    prepared: true,
    text: `update kith_alert.notifications set delivered_at = $2, next_attempt_at = $3, last_error = $4 where id = $1`,
    values: [id, outcome.deliveredAt, outcome.nextAttemptAt, outcome.error],
  })
}
