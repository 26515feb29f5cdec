import { v5 as uuidv5 } from 'uuid'
import type { Database } from '../../database/database.js'
import { isUnavailable } from '../../lib/errors.js'
import type { AlertNews } from '../../metrics/alert-groups.js'
import type { MetricsLog } from '../../metrics/metrics-log.js'
import { alertMessage } from './alert-message.js'
import { claimNotifications, settleNotification, type DueNotification } from './notification.repository.js'
import { sendWebhook, type WebhookOptions } from './webhook.js'

/** What brings notifications to who is to be told. */
export interface Deliveries {
  /** Sends what is due; never throws. */
  readonly run: (nowMs: number) => Promise<void>
  /** Takes over what can't be kept in the database, as that is away. */
  readonly tellDirectly: (news: AlertNews, nowMs: number) => void
}

const MAX_AT_ONCE = 10
// Behind the timeout of an attempt, for what is around it.
const LEASE_MS = 20_000
const PAUSES_SECONDS = [10, 30, 120, 600, 1800, 3600]
const GIVE_UP_MS = 24 * 3_600_000
const MAX_DIRECT = 20
// Processes that tell the same by themselves give it one id where they do so within these ten minutes.
const SAME_ID_MS = 600_000
const NAMESPACE = '6c0d3a57-3c33-4e0c-8d4c-9a5f2f0c5b1e'

/**
 * Sends notifications to a webhook. One that is not taken is tried again after 10 s, 30 s, 2, 10, 30 and then every 60
 * minutes, for a day. A process that ends between sending and noting that sends again, with the same id, by which the
 * receiver knows it.
 */
export function createDeliveries(database: Database, log: MetricsLog, webhook: WebhookOptions): Deliveries {
  let direct: (DueNotification & { readonly nextAttemptMs: number })[] = []

  /** Sends one; returns when to try again, null for never, and what went wrong, null for nothing. */
  const attempt = async ({ id, group, payload, attempts, createdAtMs }: DueNotification, nowMs: number) => {
    try {
      await sendWebhook(webhook, id, payload, new Date(nowMs))
      return { nextAttemptMs: null, error: null }
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause)
      const pauseMs = (PAUSES_SECONDS[attempts - 1] ?? PAUSES_SECONDS.at(-1) ?? 0) * 1000
      const nextAttemptMs = nowMs + pauseMs - createdAtMs >= GIVE_UP_MS ? null : nowMs + pauseMs
      const isOver = nextAttemptMs === null
      log.warn(
        { group, attempts, reason: error },
        isOver ? 'an alert could not be told' : 'an alert is told again later',
      )
      return { nextAttemptMs, error }
    }
  }

  const runDirect = async (nowMs: number): Promise<void> => {
    const due = direct.filter(({ nextAttemptMs }) => nextAttemptMs <= nowMs)
    const rest = direct.filter(({ nextAttemptMs }) => nextAttemptMs > nowMs)
    direct = rest
    for (const one of due) {
      const tried = { ...one, attempts: one.attempts + 1 }
      const { nextAttemptMs } = await attempt(tried, nowMs)
      if (nextAttemptMs !== null) direct.push({ ...tried, nextAttemptMs })
    }
  }

  const runKept = async (nowMs: number): Promise<void> => {
    const leaseEnd = new Date(nowMs + webhook.timeoutMs + LEASE_MS)
    const due = await claimNotifications(database, new Date(nowMs), leaseEnd, MAX_AT_ONCE)
    await Promise.all(
      due.map(async (one) => {
        const { nextAttemptMs, error } = await attempt(one, nowMs)
        const nextAttemptAt = nextAttemptMs === null ? null : new Date(nextAttemptMs)
        const deliveredAt = error === null ? new Date(nowMs) : null
        await settleNotification(database, one.id, { deliveredAt, nextAttemptAt, error })
      }),
    )
  }

  return {
    async run(nowMs) {
      try {
        await runDirect(nowMs)
        await runKept(nowMs)
      } catch (error) {
        // While the database is away, what is kept in it waits.
        if (isUnavailable(error)) return
        log.warn({ err: error }, 'notifications of alerts could not be read')
      }
    },
    tellDirectly(news, nowMs) {
      const payload = alertMessage(news)
      const slot = Math.floor(nowMs / SAME_ID_MS)
      const id = uuidv5(`${news.group} ${payload.status} ${slot}`, NAMESPACE)
      direct.push({ id, group: news.group, payload, attempts: 0, createdAtMs: nowMs, nextAttemptMs: nowMs })
      if (direct.length > MAX_DIRECT) direct.shift()
    },
  }
}
