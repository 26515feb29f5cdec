import { OperationTypeNode, type OperationDefinitionNode } from 'graphql'
import { utf8Bytes } from '../lib/utf8.js'
import { AppError, type ErrorCode } from '../lib/errors.js'
import { formatCount } from '../lib/value/checked.js'
import type { RequestSize } from './request-cost.js'

/** What one request may ask for and take. */
export interface RequestLimits {
  /** levels of selections, without introspection fields */
  readonly depth: number
  readonly introspectionDepth: number
  readonly aliases: number
  readonly rootFields: number
  readonly mutations: number
  /** see request-cost.ts */
  readonly cost: number
  readonly answerBytes: number
  readonly durationMs: number
}

/** The limits unless the configuration says otherwise. */
export const REQUEST_LIMITS: RequestLimits = {
  depth: 12,
  introspectionDepth: 20,
  aliases: 50,
  rootFields: 10,
  mutations: 5,
  cost: 20_000,
  answerBytes: 16 * 1024 * 1024,
  durationMs: 8000,
}

/**
 * Refuses a request that asks for more than it may, before any of it runs.
 * @throws LIMIT_DEPTH, LIMIT_ALIASES, LIMIT_ROOT_FIELDS, LIMIT_MUTATIONS, LIMIT_COST, each with `limit` and `requested`;
 *   LIMIT_COST also with the costliest page as `field`, and the largest `first` of it that fits as `maxFirst`
 */
export function checkLimits(size: RequestSize, { operation }: OperationDefinitionNode, limits: RequestLimits): void {
  refuseAbove('LIMIT_DEPTH', size.depth, limits.depth, 'levels of selections')
  refuseAbove('LIMIT_DEPTH', size.introspectionDepth, limits.introspectionDepth, 'levels of introspection')
  refuseAbove('LIMIT_ALIASES', size.aliases, limits.aliases, 'aliases')
  if (operation === OperationTypeNode.MUTATION)
    refuseAbove('LIMIT_MUTATIONS', size.rootFields, limits.mutations, 'mutations')
  refuseAbove('LIMIT_ROOT_FIELDS', size.rootFields, limits.rootFields, 'fields at the root')
  if (size.cost > limits.cost) refuseCost(size, limits.cost)
}

function refuseAbove(code: ErrorCode, requested: number, limit: number, what: string): void {
  if (requested <= limit) return
  const message = `The request has ${formatCount(requested)} ${what}; ${formatCount(limit)} are allowed.`
  throw new AppError(code, message, { extensions: { limit, requested } })
}

function refuseCost({ cost, page }: RequestSize, limit: number): never {
  const requested = Math.round(cost)
  const maxFirst = page && Math.floor(page.size - (cost - limit) / page.rowCost)
  const fits = maxFirst !== null && maxFirst > 0
  const advice = fits ? `\`${page?.field ?? ''}\` fits with \`first: ${maxFirst}\`.` : 'Select less of it.'
  throw new AppError(
    'LIMIT_COST',
    `The request costs ${formatCount(requested)}, about one for each object of its answer; ${formatCount(limit)} are allowed. ${advice}`,
    { extensions: { limit, requested, ...(page ? { field: page.field } : {}), ...(fits ? { maxFirst } : {}) } },
  )
}

// A page of 50 contacts with company, owner and all contact info costs 751.
const LARGE_SHARE = 0.1

/**
 * Whether a request of a cost has to wait for its place among large ones: it costs more than a tenth of what it may.
 */
export function isLarge(cost: number, limits: RequestLimits): boolean {
  return cost > limits.cost * LARGE_SHARE
}

/** What is left of a request's time and of the bytes that it may answer. */
export interface RequestBudget {
  /** the moment at which it ends, by `performance.now()` */
  readonly deadlineMs: number
  /**
   * Takes the bytes of one field from what is left. Now and then it looks at the time as well.
   * @throws LIMIT_ANSWER, TIMEOUT
   */
  readonly spend: (key: string, value: unknown) => void
  /** Counts rows that are about to be resolved, and says whether they have to wait for their turn. */
  readonly needsTurn: (rows: number) => boolean
  /** From now on rows are resolved in turns, so that other requests get theirs in between. */
  readonly setLarge: () => void
  /** why the request ends early; null while it doesn't */
  readonly failure: () => AppError | null
}

// Of quotes, colon and comma around a field, and of a number or a moment.
const FIELD_BYTES = 4
const VALUE_BYTES = 8
const CALLS_PER_LOOK = 64
// Up to so many rows are resolved at once, so that what they load leaves in one statement for all of them.
const ROWS_AT_ONCE = 1000

/** The budget of a request that began at `startMs`, by `performance.now()`. */
export function createBudget({ answerBytes, durationMs }: RequestLimits, startMs: number): RequestBudget {
  const deadlineMs = startMs + durationMs
  let left = answerBytes
  let calls = 0
  let failure: AppError | null = null
  let isLargeRequest = false
  let rowsResolved = 0
  const fail = (error: AppError): never => {
    failure ??= error
    throw failure
  }
  return {
    deadlineMs,
    spend(key, value) {
      if (failure) throw failure
      left -= key.length + FIELD_BYTES + (typeof value === 'string' ? utf8Bytes(value) : VALUE_BYTES)
      if (left < 0) {
        const message = `The answer has more than ${formatCount(answerBytes)} bytes. Ask for fewer rows, or fewer long texts.`
        fail(new AppError('LIMIT_ANSWER', message, { extensions: { limit: answerBytes } }))
      }
      if (++calls % CALLS_PER_LOOK === 0 && performance.now() > deadlineMs) fail(tooLong(durationMs))
    },
    needsTurn(rows) {
      rowsResolved += rows
      return isLargeRequest && rowsResolved > ROWS_AT_ONCE
    },
    setLarge: () => {
      isLargeRequest = true
    },
    failure: () => failure,
  }
}

function tooLong(durationMs: number): AppError {
  return new AppError('TIMEOUT', `The request took longer than ${durationMs / 1000} s. Ask for less at once.`)
}
