import { Registry, collectDefaultMetrics } from 'prom-client'
import type { MetricsLog } from './metrics-log.js'
import { createPlans, type PlanFlip, type Plans } from './plans.js'
import { planKeyOf } from './plan-sampler.js'
import { normalizeSql } from './normalize-sql.js'
import type { ApiFieldUsage } from './api-field-usage.js'
import { createPoolWaits, type PoolWaits } from './pool-watch.js'
import { createSlowStatements, type SlowStatements } from './slow-statements.js'
import { createTally, type RequestName } from './tally.js'
import { SIGNALS, type Times } from './times.js'

/** What took time, by name; parameters never come here. */
export interface Timing {
  readonly label: string
  readonly durationMs: number
  readonly failed: boolean
}

/** A statement as the pool saw it. */
export interface StatementTiming extends Timing {
  /** the database role */
  readonly role: string
  readonly text: string
  /** what it joins (see Statement) */
  readonly tables?: readonly string[] | undefined
  readonly rows: number
  readonly tenantId: string | null
  /** the request that asked for it */
  readonly request: { readonly label: string } | undefined
  /** SQLSTATE of what failed */
  readonly errorCode: string | undefined
}

/** A transaction as the database floor saw it. */
export interface TransactionTiming extends Timing {
  readonly tenantId: string | null
  readonly attempts: number
  readonly waitMs: number
  readonly commitMs: number
}

/** A GraphQL request; the hash is empty where its document could not be read, and a client has the names that it says. */
export interface RequestTiming extends Timing, RequestName {
  /** whose it is; null for nobody's */
  readonly tenantId: string | null
  readonly statements: number
  readonly rows: number
  /** what it asks for, as `Contact.fullName`, each once */
  readonly fields: readonly string[]
  /** whether it failed by the server's fault, and not by the client's */
  readonly isFault: boolean
}

export interface Metrics {
  /** A statement as the pool saw it; returns whether it was slow. */
  observeStatement(timing: StatementTiming): boolean
  /** An operation of the data layer, as `contact.findMany`. */
  observeOperation(timing: Timing & { readonly tenantId: string | null }): void
  observeTransaction(timing: TransactionTiming): void
  observeRequest(timing: RequestTiming): void
  /** A statement's plan has another shape. */
  observeFlip(flip: PlanFlip): void
  /** What the pool tells of its connections. */
  readonly poolWaits: PoolWaits
  /** All metrics in the Prometheus text format. */
  readonly text: () => Promise<string>
  readonly registry: Registry
  readonly contentType: string
  readonly times: Times
  readonly slowStatements: SlowStatements
  readonly plans: Plans
  readonly fieldUsage: ApiFieldUsage
  /** from this duration on a statement is slow */
  readonly slowMs: number
}

const MAX_LABEL_LENGTH = 100
const MAX_SLOW_STATEMENTS = 500
const MAX_PLANS = 300
const UPKEEP_ROLE = 'kith_system'

/**
 * Durations and pool figures of one process, in a registry of its own. What takes over `slowMs` is logged, and statements
 * of these are kept. `nowMs` is the clock, in milliseconds since 1970.
 */
export function createMetrics(log: MetricsLog, slowMs: number, nowMs: () => number = Date.now): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'kith_' })
  const tally = createTally(registry, nowMs)
  const { exposition } = tally
  const slowStatements = createSlowStatements(MAX_SLOW_STATEMENTS)
  const plans = createPlans(MAX_PLANS)
  const warnIfSlow = (kind: string, { label, durationMs }: Timing, more: object = {}): boolean => {
    const isSlow = durationMs > slowMs
    // Clients choose the names of their operations, which may be as long as a body.
    const name = label.slice(0, MAX_LABEL_LENGTH)
    if (isSlow) log.warn({ [kind]: name, durationMs: Math.round(durationMs), ...more }, `slow ${kind}`)
    return isSlow
  }
  return {
    observeStatement(timing) {
      tally.statement(timing)
      const { durationMs } = timing
      if (durationMs <= slowMs) return false
      const { label, role, tenantId, text, tables, rows, failed, errorCode, request } = timing
      const sql = normalizeSql(text)
      const slow = {
        endedAtMs: nowMs(),
        ...{ label, role, sql, text, tables, durationMs, rows, tenantId, failed },
        planKey: planKeyOf(timing),
        request: request?.label ?? null,
        errorCode: errorCode ?? null,
      }
      slowStatements.add(slow)
      exposition.slowStatement()
      tally.signal(SIGNALS.slow, durationMs)
      return warnIfSlow('statement', timing, {
        role,
        rows,
        ...(tenantId === null ? {} : { tenantId }),
        ...(request === undefined ? {} : { request: request.label }),
        ...(errorCode === undefined ? {} : { errorCode }),
        sql,
      })
    },
    observeOperation(timing) {
      tally.operation(timing)
      warnIfSlow('operation', timing)
    },
    observeTransaction: tally.transaction,
    observeRequest(timing) {
      tally.request(timing)
      if (timing.isFault) {
        exposition.fault()
        tally.signal(SIGNALS.fault, timing.durationMs)
      }
      warnIfSlow('request', timing)
    },
    observeFlip(flip) {
      exposition.planFlip()
      const { label, role, before, after } = flip
      // The server's own upkeep, history and alerts say, is nobody's request: it is logged, and alerts nobody.
      if (role !== UPKEEP_ROLE) tally.signal(`${SIGNALS.flip}${label} ${role}`, 0)
      log.warn(
        { statement: label, role, before: before.shape, after: after.shape },
        'the plan of a statement has changed',
      )
    },
    poolWaits: createPoolWaits(registry, log, nowMs, tally.backlog, () => tally.signal(SIGNALS.exhausted, 0)),
    text: () => registry.metrics(),
    registry,
    contentType: registry.contentType,
    times: tally.times,
    slowStatements,
    plans,
    fieldUsage: tally.fieldUsage,
    slowMs,
  }
}
