/** What is looked at to warn. */
export const ALERT_RULE_NAMES = [
  'DATABASE_DOWN',
  'REQUEST_P95',
  'ERROR_RATE',
  'SLOW_STATEMENTS',
  'POOL_WAITING',
  'CACHE_HIT_RATIO',
  'PLAN_FLIP',
  'DISK',
  'DEAD_ROWS',
] as const
export type AlertRuleName = (typeof ALERT_RULE_NAMES)[number]
export type AlertSeverity = 'WARNING' | 'CRITICAL'
export type AlertUnit = 's' | 'ms' | 'per minute' | 'part' | 'count'

/** How a figure is judged. */
export interface AlertRule {
  readonly name: AlertRuleName
  readonly severity: AlertSeverity
  readonly unit: AlertUnit
  readonly threshold: number
  /** whether a figure is wrong below the threshold; above it otherwise */
  readonly isBelow: boolean
  /** how long it must be wrong before the alert fires */
  readonly forMs: number
  /** how long it must be in order again before the alert is resolved */
  readonly keepFiringForMs: number
}

/** The threshold of each rule, in the rule's unit; null where the rule is off. */
export type AlertThresholds = Readonly<Record<AlertRuleName, number | null>>

const MINUTE_MS = 60_000

type RuleBase = Omit<AlertRule, 'name' | 'threshold'>

const rule = (
  severity: AlertSeverity,
  unit: AlertUnit,
  [forMinutes, keepMinutes]: readonly [forMinutes: number, keepMinutes: number],
  isBelow = false,
): RuleBase => ({ severity, unit, isBelow, forMs: forMinutes * MINUTE_MS, keepFiringForMs: keepMinutes * MINUTE_MS })

/**
 * The rules without their thresholds. What users feel is critical, what will be felt is a warning. A window of five minutes
 * smooths a figure already, so that `for` is as long again: a load that lasts shorter than that tells nobody.
 */
export const ALERT_RULES: Readonly<Record<AlertRuleName, RuleBase>> = {
  DATABASE_DOWN: rule('CRITICAL', 's', [0, 1]),
  REQUEST_P95: rule('CRITICAL', 'ms', [5, 5]),
  ERROR_RATE: rule('CRITICAL', 'part', [5, 5]),
  SLOW_STATEMENTS: rule('WARNING', 'per minute', [5, 5]),
  POOL_WAITING: rule('WARNING', 'per minute', [5, 5]),
  CACHE_HIT_RATIO: rule('WARNING', 'part', [15, 5], true),
  PLAN_FLIP: rule('WARNING', 'count', [0, 30]),
  DISK: rule('CRITICAL', 'part', [5, 5]),
  DEAD_ROWS: rule('WARNING', 'part', [30, 5]),
}

/** The thresholds unless settings say others. */
export const DEFAULT_THRESHOLDS: AlertThresholds = {
  DATABASE_DOWN: 30,
  REQUEST_P95: 200,
  ERROR_RATE: 0.05,
  SLOW_STATEMENTS: 10,
  POOL_WAITING: 60,
  CACHE_HIT_RATIO: 0.9,
  PLAN_FLIP: 0,
  DISK: 0.9,
  DEAD_ROWS: 0.2,
}

/** The rules that are on. */
export function activeRules(thresholds: AlertThresholds): AlertRule[] {
  return ALERT_RULE_NAMES.flatMap((name) => {
    const threshold = thresholds[name]
    return threshold === null ? [] : [{ name, threshold, ...ALERT_RULES[name] }]
  })
}
