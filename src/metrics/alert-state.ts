import { createHash } from 'node:crypto'
import type { AlertRule, AlertRuleName, AlertSeverity } from './alert-rules.js'

export type AlertState = 'PENDING' | 'FIRING' | 'RESOLVED' | 'NO_DATA'
export type AlertLabels = Readonly<Record<string, string>>

/** Something that is or was wrong, once. Moments are milliseconds since 1970. */
export interface Alert {
  /** of this time that it is wrong */
  readonly id: string
  /** the same each time: of the rule and the labels */
  readonly fingerprint: string
  readonly rule: AlertRuleName
  readonly labels: AlertLabels
  readonly severity: AlertSeverity
  readonly state: AlertState
  readonly summary: string
  /** null where there is no figure */
  readonly value: number | null
  readonly threshold: number
  readonly unit: string
  readonly pendingSinceMs: number
  readonly firingSinceMs: number | null
  /** when the figure was last beyond its threshold */
  readonly exceededAtMs: number | null
  readonly resolvedAtMs: number | null
  readonly silencedUntilMs: number | null
  readonly silencedBy: string | null
  readonly acknowledgedAtMs: number | null
  readonly acknowledgedBy: string | null
  readonly inhibitedBy: AlertRuleName | null
}

/** A figure, and what it is of. */
export interface AlertSample {
  readonly labels: AlertLabels
  readonly value: number
  readonly summary: string
}

/** What a rule found: figures (what has none is in order), why there are none, or nothing that could be judged yet. */
export type AlertReading = readonly AlertSample[] | { readonly missing: string } | undefined

/** What became of all alerts. */
export interface AlertStep {
  /** open ones, and those that were resolved now */
  readonly alerts: readonly Alert[]
  /** those that were never more than pending and are gone */
  readonly dropped: readonly Alert[]
}

/** Hexadecimal digits that are the same for the same rule and labels, whatever their order. */
export function fingerprintOf(rule: AlertRuleName, labels: AlertLabels): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([rule, sorted]))
    .digest('hex')
    .slice(0, 16)
}

/**
 * What becomes of the open alerts at a moment, by what the rules that are on found:
 *
 * | state          | figure beyond the threshold            | figure in order                     | no figure                        |
 * | -------------- | -------------------------------------- | ----------------------------------- | -------------------------------- |
 * | none           | PENDING                                | none                                | NO_DATA                          |
 * | PENDING        | FIRING once it lasts for `forMs`       | dropped                             | NO_DATA                          |
 * | FIRING         | FIRING                                 | RESOLVED after `keepFiringForMs`    | NO_DATA after `keepFiringForMs`  |
 * | NO_DATA        | FIRING if it fired before, else PENDING | as FIRING if it fired, else dropped | NO_DATA                          |
 *
 * A rule that isn't on any more resolves what fired and drops the rest. `last` holds what was resolved: an alert that comes
 * again takes over a silence that still lasts. `newId` gives the id of a new one.
 */
export function stepAlerts(
  { open, last }: { readonly open: readonly Alert[]; readonly last: readonly Alert[] },
  readings: readonly { readonly rule: AlertRule; readonly reading: AlertReading }[],
  nowMs: number,
  newId: () => string,
): AlertStep {
  const alerts: Alert[] = []
  const dropped: Alert[] = []
  const keep = (before: Alert, after: Alert | null): void => void (after ? alerts.push(after) : dropped.push(before))
  const isOn = new Set(readings.map(({ rule }) => rule.name))
  for (const alert of open.filter(({ rule }) => !isOn.has(rule))) keep(alert, ended(alert, nowMs))
  for (const { rule, reading } of readings) {
    const own = open.filter((alert) => alert.rule === rule.name)
    if (reading === undefined) {
      alerts.push(...own)
      continue
    }
    const create = (labels: AlertLabels): Alert => newAlert(rule, labels, last, nowMs, newId)
    if ('missing' in reading) {
      const { missing } = reading
      const unknown = own.length === 0 ? [create({})] : own
      alerts.push(...unknown.map((alert) => withoutFigure(alert, rule, missing, nowMs)))
      continue
    }
    const samples = new Map(reading.map((sample) => [fingerprintOf(rule.name, sample.labels), sample]))
    for (const [fingerprint, sample] of samples) {
      const known = own.find((alert) => alert.fingerprint === fingerprint)
      if (isExceeded(rule, sample.value)) alerts.push(exceeded(known ?? create(sample.labels), rule, sample, nowMs))
      else if (known) keep(known, inOrder(known, rule, sample, nowMs))
    }
    for (const alert of own) if (!samples.has(alert.fingerprint)) keep(alert, inOrder(alert, rule, undefined, nowMs))
  }
  return { alerts: inhibit(alerts), dropped }
}

/** Whether a figure is wrong. */
function isExceeded({ isBelow, threshold }: Pick<AlertRule, 'isBelow' | 'threshold'>, value: number): boolean {
  return isBelow ? value < threshold : value > threshold
}

/** The same alerts, those marked that a database which is down explains. */
export function inhibit(alerts: readonly Alert[]): Alert[] {
  const isDown = alerts.some(({ rule, state }) => rule === 'DATABASE_DOWN' && state === 'FIRING')
  return alerts.map((alert) => {
    const isExplained = isDown && alert.rule !== 'DATABASE_DOWN' && alert.state !== 'RESOLVED'
    return { ...alert, inhibitedBy: isExplained ? 'DATABASE_DOWN' : null }
  })
}

function newAlert(
  { name, severity, threshold, unit }: AlertRule,
  labels: AlertLabels,
  last: readonly Alert[],
  nowMs: number,
  newId: () => string,
): Alert {
  const fingerprint = fingerprintOf(name, labels)
  const silenced = last.find(
    (alert) => alert.fingerprint === fingerprint && alert.silencedUntilMs !== null && alert.silencedUntilMs > nowMs,
  )
  return {
    ...{ id: newId(), fingerprint, rule: name, labels, severity, state: 'PENDING', summary: '', value: null },
    ...{ threshold, unit, pendingSinceMs: nowMs, firingSinceMs: null, exceededAtMs: null, resolvedAtMs: null },
    silencedUntilMs: silenced?.silencedUntilMs ?? null,
    silencedBy: silenced?.silencedBy ?? null,
    ...{ acknowledgedAtMs: null, acknowledgedBy: null, inhibitedBy: null },
  }
}

function exceeded(alert: Alert, rule: AlertRule, { value, summary }: AlertSample, nowMs: number): Alert {
  const { threshold } = rule
  const now = { ...alert, value, summary, threshold, exceededAtMs: nowMs }
  if (alert.firingSinceMs !== null) return { ...now, state: 'FIRING' }
  const pendingSinceMs = alert.state === 'NO_DATA' ? nowMs : alert.pendingSinceMs
  const isFiring = nowMs - pendingSinceMs >= rule.forMs
  return { ...now, pendingSinceMs, state: isFiring ? 'FIRING' : 'PENDING', firingSinceMs: isFiring ? nowMs : null }
}

function inOrder(alert: Alert, rule: AlertRule, sample: AlertSample | undefined, nowMs: number): Alert | null {
  const value = sample?.value ?? null
  const now = { ...alert, value, summary: sample?.summary ?? alert.summary, threshold: rule.threshold }
  if (alert.firingSinceMs === null) return null
  return isKept(alert, rule, nowMs) ? { ...now, state: 'FIRING' } : ended(now, nowMs)
}

function withoutFigure(alert: Alert, rule: AlertRule, missing: string, nowMs: number): Alert {
  if (alert.state === 'FIRING' && isKept(alert, rule, nowMs)) return { ...alert, value: null }
  const pendingSinceMs = alert.state === 'PENDING' ? nowMs : alert.pendingSinceMs
  return { ...alert, pendingSinceMs, state: 'NO_DATA', value: null, summary: missing, threshold: rule.threshold }
}

/** Whether what fired stays so, as its figure was wrong a short while ago. */
function isKept({ exceededAtMs }: Alert, { keepFiringForMs }: AlertRule, nowMs: number): boolean {
  return exceededAtMs !== null && nowMs - exceededAtMs < keepFiringForMs
}

function ended(alert: Alert, nowMs: number): Alert | null {
  return alert.firingSinceMs === null ? null : { ...alert, state: 'RESOLVED', resolvedAtMs: nowMs, inhibitedBy: null }
}
