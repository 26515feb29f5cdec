import type { Database } from '../../database/database.js'
import { activeRules, DEFAULT_THRESHOLDS, type AlertRuleName, type AlertThresholds } from '../../metrics/alert-rules.js'
import type { MetricsLog } from '../../metrics/metrics-log.js'
import { createReadFigures } from './alert-figures.js'
import { createAlertWatch, type AlertWatch } from './alert-watch.js'
import type { Alerting } from './alert.service.js'
import { createDeliveries } from './deliveries.js'
import type { WebhookOptions } from './webhook.js'

/** What a server warns of, and how. */
export interface AlertOptions {
  /** how often rules are evaluated; 0 for never */
  readonly intervalSeconds: number
  readonly thresholds: AlertThresholds
  /** what the database may take on its disk, in bytes; 0 where nobody said so */
  readonly diskBytes: number
  /** the folder of the database where it is on this machine */
  readonly dataDir: string | undefined
  /** who is told beside the log; undefined for nobody */
  readonly webhook: WebhookOptions | undefined
}

/** Where nothing is evaluated: for programs that use the parts alone. */
export const NO_ALERTS: AlertOptions = {
  intervalSeconds: 0,
  thresholds: DEFAULT_THRESHOLDS,
  diskBytes: 0,
  dataDir: undefined,
  webhook: undefined,
}

export interface AlertParts {
  readonly database: Database
  readonly log: MetricsLog
  readonly hasHistory: boolean
  readonly msSinceAnswer: () => number
  readonly nowMs?: () => number
}

const OF_HISTORY: readonly AlertRuleName[] = [
  'REQUEST_P95',
  'ERROR_RATE',
  'SLOW_STATEMENTS',
  'POOL_WAITING',
  'PLAN_FLIP',
]

/** The watch over the rules of a server, and what its API knows of them. */
export function createAlerting(options: AlertOptions, parts: AlertParts): { watch: AlertWatch; alerting: Alerting } {
  const { intervalSeconds, thresholds, diskBytes, dataDir } = options
  const { database, log, hasHistory, msSinceAnswer, nowMs = Date.now } = parts
  const missing = whyMissing(options, hasHistory)
  const readFigures = createReadFigures({ database, hasHistory, diskBytes, dataDir }, nowMs())
  const rules = activeRules(thresholds).filter(({ name }) => missing[name] === undefined)
  const deliveries = options.webhook && createDeliveries(database, log, options.webhook)
  const watch = createAlertWatch({
    database,
    rules,
    readFigures,
    log,
    intervalSeconds,
    msSinceAnswer,
    deliveries,
    nowMs,
  })
  return { watch, alerting: { known: watch.known, thresholds, missing } }
}

/** Why rules can't be watched, whatever their thresholds. */
export function whyMissing(
  { intervalSeconds, diskBytes, dataDir }: AlertOptions,
  hasHistory: boolean,
): Alerting['missing'] {
  const all = (names: readonly AlertRuleName[], why: string): Alerting['missing'] =>
    Object.fromEntries(names.map((name) => [name, why]))
  if (intervalSeconds === 0) {
    return all(
      activeRules(DEFAULT_THRESHOLDS).map(({ name }) => name),
      'KITH_ALERT_SECONDS is 0: no rule is evaluated.',
    )
  }
  return {
    ...(hasHistory ? {} : all(OF_HISTORY, 'KITH_HISTORY_SECONDS is 0: there are no figures.')),
    ...(diskBytes > 0 || dataDir !== undefined
      ? {}
      : { DISK: 'The database is on another machine: KITH_ALERT_DISK_BYTES says what it may take.' }),
  }
}
