import type { Database } from '../../database/database.js'
import { isUnavailable, type UserError } from '../../lib/errors.js'
import { createInputCheck } from '../../lib/input.js'
import { isUuid } from '../../lib/uuid.js'
import type { Checked } from '../../lib/value/checked.js'
import { checkLine } from '../../lib/value/text.js'
import { ALERT_RULE_NAMES, ALERT_RULES, type AlertRuleName, type AlertThresholds } from '../../metrics/alert-rules.js'
import type { Alert, AlertState } from '../../metrics/alert-state.js'
import { requireOperator, type View } from '../performance/view.js'
import * as repository from './alert.repository.js'
import { listMarks } from './mark.repository.js'

/** What a process knows of alerts without the database. */
export interface Alerting {
  readonly known: () => readonly Alert[]
  readonly thresholds: AlertThresholds
  /** why rules that are on aren't watched */
  readonly missing: Readonly<Partial<Record<AlertRuleName, string>>>
}

export interface AlertServices {
  readonly database: Database
  readonly alerting: Alerting
}

/** What a mutation did with an alert. */
export interface AlertResult {
  readonly alert: ReturnType<typeof alertView> | null
  readonly userErrors: UserError[]
}

const ALL_STATES: readonly AlertState[] = ['PENDING', 'FIRING', 'RESOLVED', 'NO_DATA']
const DAY_MS = 86_400_000
const RESOLVED_DAYS = 30
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const MAX_SILENCE_MINUTES = 43_200
const MAX_NAME_LENGTH = 100
const MAX_MARKS = 1000

/** Alerts, open ones first; what this process knows where the database is away. @throws FORBIDDEN */
export async function listAlerts(
  { database, alerting }: AlertServices,
  view: View,
  { states, first }: { readonly states?: readonly AlertState[] | null | undefined; readonly first: number },
  now: Date,
) {
  requireOperator(view)
  const asked = states ?? ALL_STATES
  const since = new Date(now.getTime() - RESOLVED_DAYS * DAY_MS)
  try {
    return (await repository.listAlerts(database, asked, since, first)).map(alertView)
  } catch (error) {
    if (!isUnavailable(error)) throw error
    const known = alerting.known().filter(({ state }) => asked.includes(state))
    return known.slice(0, first).map(alertView)
  }
}

/** What is looked at, and how. @throws FORBIDDEN */
export function listRules({ alerting: { thresholds, missing } }: AlertServices, view: View) {
  requireOperator(view)
  return ALERT_RULE_NAMES.map((name) => {
    const { severity, unit, forMs, keepFiringForMs } = ALERT_RULES[name]
    const why = thresholds[name] === null ? 'A setting has switched it off.' : (missing[name] ?? null)
    return {
      ...{ name, severity, unit, threshold: thresholds[name] },
      forSeconds: forMs / 1000,
      keepFiringForSeconds: keepFiringForMs / 1000,
      missing: why,
    }
  })
}

/** What may explain a change of the figures, the oldest first. @throws FORBIDDEN, SERVICE_UNAVAILABLE */
export function readMarks({ database }: AlertServices, view: View, hours: number, now: Date) {
  requireOperator(view)
  return listMarks(database, new Date(now.getTime() - hours * HOUR_MS), MAX_MARKS)
}

/** Tells nobody of an alert for so many minutes. @throws SERVICE_UNAVAILABLE */
export async function silenceAlert(
  { database }: AlertServices,
  { id, minutes, by }: { readonly id: string; readonly minutes: number; readonly by: string },
  now: Date,
): Promise<AlertResult> {
  const check = createInputCheck()
  if (minutes < 0 || minutes > MAX_SILENCE_MINUTES) {
    check.refuse('minutes', `A silence lasts from 0 to ${MAX_SILENCE_MINUTES.toLocaleString('en')} minutes.`)
  }
  const name = check.need('by', by, checkName)
  if (name === undefined || check.errors.length > 0) return refused(check.errors)
  const until = minutes === 0 ? null : new Date(now.getTime() + minutes * MINUTE_MS)
  return found(isUuid(id) ? await repository.silenceAlert(database, id, until, name) : undefined)
}

/** Notes who looks after an alert. @throws SERVICE_UNAVAILABLE */
export async function acknowledgeAlert(
  { database }: AlertServices,
  { id, by }: { readonly id: string; readonly by: string },
  now: Date,
): Promise<AlertResult> {
  const check = createInputCheck()
  const name = check.need('by', by, checkName)
  if (name === undefined) return refused(check.errors)
  return found(isUuid(id) ? await repository.acknowledgeAlert(database, id, now, name) : undefined)
}

/** As people call themselves: a single line, which goes into messages. */
function checkName(by: string): Checked<string> {
  return checkLine(by, { maxLength: MAX_NAME_LENGTH, what: 'name' })
}

function refused(userErrors: UserError[]): AlertResult {
  return { alert: null, userErrors }
}

function found(alert: Alert | undefined): AlertResult {
  if (alert) return { alert: alertView(alert), userErrors: [] }
  return refused([{ code: 'NOT_FOUND', message: 'There is no such open alert.', field: ['id'] }])
}

/** An alert as the API shows it. */
function alertView({ labels, ...alert }: Alert) {
  const { id, rule, summary, severity, state, value, threshold, unit, silencedBy, acknowledgedBy, inhibitedBy } = alert
  return {
    ...{ id, rule, summary, severity, state, value, threshold, unit, silencedBy, acknowledgedBy, inhibitedBy },
    labels: Object.entries(labels).map(([name, of]) => ({ name, value: of })),
    pendingSince: new Date(alert.pendingSinceMs).toISOString(),
    firingSince: moment(alert.firingSinceMs),
    resolvedAt: moment(alert.resolvedAtMs),
    silencedUntil: moment(alert.silencedUntilMs),
    acknowledgedAt: moment(alert.acknowledgedAtMs),
  }
}

function moment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
