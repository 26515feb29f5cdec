import type { Config } from '../config.js'
import type { AlertThresholds } from '../metrics/alert-rules.js'

/** The thresholds of alerts that the configuration says, in the units of the rules. */
export function alertThresholds(config: Config): AlertThresholds {
  const part = (percent: number | null): number | null => (percent === null ? null : percent / 100)
  return {
    DATABASE_DOWN: config.KITH_ALERT_DATABASE_DOWN_SECONDS,
    REQUEST_P95: config.KITH_ALERT_REQUEST_P95_MS,
    ERROR_RATE: part(config.KITH_ALERT_ERROR_PERCENT),
    SLOW_STATEMENTS: config.KITH_ALERT_SLOW_STATEMENTS_PER_MINUTE,
    POOL_WAITING: config.KITH_ALERT_POOL_WAITING_PER_MINUTE,
    CACHE_HIT_RATIO: part(config.KITH_ALERT_CACHE_HIT_PERCENT),
    PLAN_FLIP: config.KITH_ALERT_PLAN_FLIPS,
    DISK: part(config.KITH_ALERT_DISK_PERCENT),
    DEAD_ROWS: part(config.KITH_ALERT_DEAD_ROWS_PERCENT),
  }
}
