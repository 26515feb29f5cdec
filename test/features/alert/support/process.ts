import type { Database } from '../../../../src/database/database.js'
import { createAlerting, NO_ALERTS, type AlertOptions } from '../../../../src/features/alert/alerting.js'
import { listAlerts } from '../../../../src/features/alert/alert.service.js'
import { createHistoryWriter } from '../../../../src/features/performance/history-writer.js'
import { createTimes } from '../../../../src/metrics/times.js'
import { runAsAdmin } from '../../../setup/test-run.js'

export const START_MS = Date.UTC(2026, 8, 1, 10, 0, 0)
export const MINUTE_MS = 60_000
export const OPERATOR = { tenantId: undefined, minutes: undefined }
export const OPTIONS: AlertOptions = {
  ...NO_ALERTS,
  intervalSeconds: 30,
  thresholds: { ...NO_ALERTS.thresholds, REQUEST_P95: 100, DISK: null, CACHE_HIT_RATIO: null },
}

/** Takes away all alerts and what they look at. */
export async function forgetAlerts(adminUrl: string): Promise<void> {
  await runAsAdmin(
    adminUrl,
    `delete from kith_alert.alerts; delete from kith_alert.groups; delete from kith_alert.notifications;
    update kith_alert.turns set evaluated_at = 'epoch'; delete from kith_history.minutes; delete from kith_history.starts`,
  )
}

export interface Told {
  readonly status: string
  readonly groupLabels: { readonly alertname: string }
  readonly alerts: {
    readonly status: string
    readonly labels: object
    readonly annotations: { readonly summary: string }
  }[]
}

/** A process of its own, by a clock that tests set; several have one clock. */
export function openProcess(database: Database, clock = { nowMs: START_MS }, options: AlertOptions = OPTIONS) {
  const told: Told[] = []
  const faults: string[] = []
  const log = {
    warn: (fields: object, message: string) =>
      void ('alert' in fields ? told.push(fields.alert as Told) : faults.push(message)),
    info: () => undefined,
  }
  const nowMs = (): number => clock.nowMs
  const times = createTimes(nowMs)
  const writer = createHistoryWriter({ database, times, log, intervalSeconds: 0, version: '1.2.3', nowMs })
  const { watch, alerting } = createAlerting(options, {
    ...{ database, log, hasHistory: true, nowMs },
    msSinceAnswer: () => 60_000,
  })
  // Its own timer would look at the rules once more in a test that takes longer than the interval: tests alone do.
  void watch.stop()
  /** What every minute of some brings, and the look at the rules behind it. */
  const run = async (minutes: number, each: () => void = () => undefined): Promise<void> => {
    for (let minute = 0; minute < minutes; minute++) {
      each()
      clock.nowMs += MINUTE_MS
      await writer.write()
      await watch.tick()
    }
  }
  const requests =
    (durationMs: number, count = 30) =>
    (): void => {
      for (let index = 0; index < count; index++) times.record('request', 'Page', null, { durationMs, failed: false })
    }
  const services = { database, alerting }
  const now = (): Date => new Date(clock.nowMs)
  const alerts = (states?: Parameters<typeof listAlerts>[2]['states']) =>
    listAlerts(services, OPERATOR, { states, first: 50 }, now())
  return { clock, times, writer, watch, alerting, services, run, requests, told, faults, alerts, now }
}

/** What was told, in short. */
export const about = (told: readonly Told[]): string[] =>
  told.map(({ status, groupLabels, alerts }) => `${groupLabels.alertname} ${status} ${alerts.length}`)
