import { Registry, collectDefaultMetrics } from 'prom-client'
import { rememberPairs } from '../lib/remember.js'
import type { MetricsLog } from './metrics-log.js'
import { createPlans, type PlanFlip, type Plans } from './plans.js'
import { planKeyOf } from './plan-sampler.js'
import { createOperationNames } from './operation-names.js'
import { normalizeSql } from './normalize-sql.js'
import { createApiFieldUsage, type ApiFieldUsage } from './api-field-usage.js'
import { createExposition } from './exposition.js'
import { createPoolWaits, type PoolWaits } from './pool-watch.js'
import { createSlowStatements, type SlowStatements } from './slow-statements.js'
import { createTimes, SIGNALS, type Times } from './times.js'

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

/** A GraphQL request. */
export interface RequestTiming extends Timing {
  /** of its document; empty where it could not be read */
  readonly hash: string
  /** as the client calls itself */
  readonly client: string
  readonly clientVersion: string
  readonly statements: number
  readonly rows: number
  /** whether it failed by the server's fault, and not by the client's */
  readonly isFault: boolean
}

/** The parts of a request's name in Times. */
export interface RequestName {
  readonly label: string
  readonly hash: string
  readonly client: string
  readonly clientVersion: string
}

export interface Metrics {
  /** A statement as the pool saw it; returns whether it was slow. */
  observeStatement(timing: StatementTiming): boolean
  /** An operation of the data layer, as `contact.findMany`. */
  observeOperation(timing: Timing & { readonly tenantId: string | null }): void
  observeTransaction(timing: TransactionTiming): void
  /** A GraphQL operation by its name, and whose it is; null for nobody's. */
  observeRequest(timing: RequestTiming, tenantId: string | null): void
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

const MAX_OPERATION_NAMES = 200
const MAX_NAME_LENGTH = 100
const MAX_HASH_LENGTH = 16
const MAX_SLOW_STATEMENTS = 500
const MAX_PLANS = 300
const MAX_FIELD_USES = 20_000
const UPKEEP_ROLE = 'kith_system'
const SEPARATOR = '\u0000'

/** What a request is called in Times: operations of one name are told apart by their documents and their clients. */
export function readRequestName(name: string): RequestName {
  const [label = '', hash = '', client = '', clientVersion = ''] = name.split(SEPARATOR)
  return { label, hash, client, clientVersion }
}

/** The label and the role of a statement's name in Times. */
export function readStatementName(name: string): { readonly label: string; readonly role: string } {
  const [label = '', role = ''] = name.split(SEPARATOR)
  return { label, role }
}

const statementName = rememberPairs((label, role) => `${label}${SEPARATOR}${role}`)

/**
 * Durations and pool figures of one process, in a registry of its own. What takes over `slowMs` is logged, and statements
 * of these are kept. `nowMs` is the clock, in milliseconds since 1970.
 */
export function createMetrics(log: MetricsLog, slowMs: number, nowMs: () => number = Date.now): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'kith_' })
  const exposition = createExposition(registry, nowMs())
  const times = createTimes(nowMs)
  const slowStatements = createSlowStatements(MAX_SLOW_STATEMENTS)
  const plans = createPlans(MAX_PLANS)
  const names = createOperationNames(MAX_OPERATION_NAMES, exposition.forgetRequest)
  const signal = (name: string, durationMs = 0): void =>
    times.record('signal', name, null, { durationMs, failed: false })
  const warnIfSlow = (kind: string, { label, durationMs }: Timing, more: object = {}): boolean => {
    const isSlow = durationMs > slowMs
    if (isSlow) log.warn({ [kind]: label, durationMs: Math.round(durationMs), ...more }, `slow ${kind}`)
    return isSlow
  }
  return {
    observeStatement(timing) {
      const { label, role, tenantId, text, rows, durationMs, failed, errorCode, request } = timing
      exposition.statement(timing)
      times.record('statement', statementName(label, role), tenantId, timing)
      if (durationMs <= slowMs) return false
      const sql = normalizeSql(text)
      const slow = {
        endedAtMs: nowMs(),
        ...{ label, role, sql, text, tables: timing.tables, durationMs, rows, tenantId, failed },
        planKey: planKeyOf(timing),
        request: request?.label ?? null,
        errorCode: errorCode ?? null,
      }
      slowStatements.add(slow)
      exposition.slowStatement()
      signal(SIGNALS.slow, durationMs)
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
      exposition.operation(timing)
      times.record('operation', timing.label, timing.tenantId, timing)
      warnIfSlow('operation', timing)
    },
    observeTransaction(timing) {
      exposition.transaction(timing)
      times.record('transaction', timing.label, timing.tenantId, timing)
    },
    observeRequest(timing, tenantId) {
      // Clients choose all of these: they may be as long as a body.
      const label = timing.label.slice(0, MAX_NAME_LENGTH)
      const client = timing.client.slice(0, MAX_NAME_LENGTH)
      const clientVersion = timing.clientVersion.slice(0, MAX_NAME_LENGTH)
      exposition.request(names.labelOf(label, tenantId ?? ''), timing)
      const parts = [label, timing.hash.slice(0, MAX_HASH_LENGTH), client, clientVersion]
      times.record('request', parts.map((part) => part.replaceAll(SEPARATOR, '')).join(SEPARATOR), tenantId, timing)
      if (timing.isFault) {
        exposition.fault()
        signal(SIGNALS.fault, timing.durationMs)
      }
      warnIfSlow('request', { ...timing, label })
    },
    observeFlip(flip) {
      exposition.planFlip()
      const { label, role, before, after } = flip
      // The server's own upkeep, history and alerts say, is nobody's request: it is logged, and alerts nobody.
      if (role !== UPKEEP_ROLE) signal(`${SIGNALS.flip}${label} ${role}`)
      log.warn(
        { statement: label, role, before: before.shape, after: after.shape },
        'the plan of a statement has changed',
      )
    },
    poolWaits: createPoolWaits(registry, log, nowMs, () => signal(SIGNALS.exhausted)),
    text: () => registry.metrics(),
    registry,
    contentType: registry.contentType,
    times,
    slowStatements,
    plans,
    fieldUsage: createApiFieldUsage(MAX_FIELD_USES, nowMs),
    slowMs,
  }
}
