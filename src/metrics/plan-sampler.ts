import { createHash } from 'node:crypto'
import { normalizeSql } from './normalize-sql.js'
import type { PlanFlip, PlanNode, Plans } from './plans.js'

/** A statement whose plan may be asked for. */
export interface PlannedStatement {
  readonly label: string
  readonly role: string
  readonly text: string
  readonly tenantId: string | null
  /** whether its text doesn't depend on its arguments: others are looked at when they are slow alone */
  readonly prepared: boolean
}

/** Gives a statement's generic plan without running it, or says why there is none. */
export type Explain<Planned extends PlannedStatement> = (
  statement: Planned,
) => Promise<PlanNode | { readonly why: string }>

/** Looks at plans, beside the work of requests. */
export interface PlanSampler<Planned extends PlannedStatement> {
  /** Offers a statement that ran; a slow one is looked at once a minute, another one every ten minutes. */
  readonly offer: (statement: Planned, isSlow: boolean) => void
  /** Why there are no plans at all; undefined while there may be. */
  readonly why: () => string | undefined
  /** Waits for the plans that were asked for so far. */
  readonly settled: () => Promise<void>
  readonly close: () => void
}

export interface SamplerOptions {
  readonly nowMs: () => number
  readonly onFlip: (flip: PlanFlip) => void
  /** between two looks */
  readonly pauseMs: number
}

const SLOW_MS = 60_000
const USUAL_MS = 600_000
const MAX_WAITING = 100
// Of each role. Texts have up to 6 kB.
const MAX_SEEN = 500

/** The key under which the plans of a text are kept: its label, role and a hash. */
export function planKeyOf({ label, role, text }: Pick<PlannedStatement, 'label' | 'role' | 'text'>): string {
  return `${label}:${role}:${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
}

/**
 * Samples plans one after the other, with a pause after each: EXPLAIN (GENERIC_PLAN), for which no parameters are kept.
 * A statement that can't be explained is left out until its time comes again.
 */
export function createPlanSampler<Planned extends PlannedStatement>(
  explain: Explain<Planned>,
  plans: Plans,
  { nowMs, onFlip, pauseMs }: SamplerOptions,
): PlanSampler<Planned> {
  // By role and text, which most statements have in common as one string: looking it up costs no hash. The oldest look first.
  const lookedAtMs = new Map<string, Map<string, number>>()
  const waiting: Planned[] = []
  let why: string | undefined
  let isClosed = false
  let running: Promise<void> | undefined

  const look = async (statement: Planned): Promise<void> => {
    const answer = await explain(statement).catch((error: unknown) => ({ why: String(error) }))
    if ('why' in answer) {
      if (answer.why === NOT_SUPPORTED) why = answer.why
      return
    }
    const { label, role, text } = statement
    const flip = plans.keep(planKeyOf(statement), { label, role, sql: normalizeSql(text) }, answer, nowMs())
    if (flip) onFlip(flip)
  }

  const lookAtAll = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !isClosed && why === undefined; next = waiting.shift()) {
      await look(next)
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs).unref())
    }
    running = undefined
  }

  const noteLook = (role: string, text: string): void => {
    const ofRole = lookedAtMs.get(role) ?? new Map<string, number>()
    lookedAtMs.set(role, ofRole)
    ofRole.delete(text)
    ofRole.set(text, nowMs())
    const [oldest] = ofRole.keys()
    if (ofRole.size > MAX_SEEN && oldest !== undefined) ofRole.delete(oldest)
  }

  return {
    offer(statement, isSlow) {
      const { role, text } = statement
      if (!isSlow && !statement.prepared) return
      const ofRole = lookedAtMs.get(role)
      const lastMs = ofRole?.get(text)
      if (lastMs !== undefined && nowMs() - lastMs < (isSlow ? SLOW_MS : USUAL_MS)) return
      if (isClosed || why !== undefined || waiting.length >= MAX_WAITING || /^\s*explain\b/i.test(text)) return
      noteLook(role, text)
      waiting.push(statement)
      running ??= lookAtAll()
    },
    why: () => why,
    settled: async () => running,
    close() {
      isClosed = true
      waiting.length = 0
    },
  }
}

/** What is said where the server is too old for generic plans. */
export const NOT_SUPPORTED = 'EXPLAIN (GENERIC_PLAN) needs PostgreSQL 16 or newer.'
