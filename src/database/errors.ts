import { isNativeError } from 'node:util/types'
import { AppError } from '../lib/errors.js'

/** What an error of the server carries, beside its message. Prisma wraps it; the pool sees it as it is. */
export interface ServerError extends Error {
  readonly code: string
  readonly severity: string
  readonly constraint?: string
  readonly table?: string
}

/** Whether an error came from PostgreSQL itself, with an SQLSTATE. */
export function isServerError(error: unknown): error is ServerError {
  return isNativeError(error) && 'code' in error && 'severity' in error && typeof error.code === 'string'
}

// Bare errors of driver and pool, without a code.
const LOST =
  /Connection terminated|Client has encountered a connection error|Client was closed|write EPIPE|read ECONNRESET|timeout exceeded when trying to connect|Cannot use a pool after calling end/
const LOST_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENETUNREACH',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
])
// Class 08 (connection), 57P0x (the server goes or comes), 25P03 (a transaction that waited too long for us), class 53
// (too many connections, the disk is full, out of memory), 25006 (read-only server), 26000 and 42P05 (see isNameLost).
const AWAY_STATES = /^(08...|57P0[1235]|25P03|53...|25006|26000|42P05)$/
const LOST_NAME_STATES = new Set(['26000', '42P05', '08P01'])
/** Deadlock, serialization failure, lock timeout: the transaction may be run again as a whole. */
const REPEATABLE_STATES = new Set(['40P01', '40001', '55P03'])

/** Whether the connection is gone, so that a read may be sent again on a fresh one. */
export function isConnectionLost(error: unknown): boolean {
  if (isServerError(error)) return /^(08...|57P0[123]|25P03)$/.test(error.code)
  // instanceof misses the errors of sockets where code runs in a context of its own.
  if (!isNativeError(error)) return false
  return LOST.test(error.message) || ('code' in error && LOST_CODES.has(String(error.code)))
}

/**
 * Whether a statement failed because its prepared name isn't its own any more, as a pooler in transaction mode makes
 * it: the connection doesn't know the name (26000), has it already (42P05), or has another statement under it, with
 * other parameters (08P01). The statement did nothing, and a fresh connection may heal it. With 08P01 and FATAL a
 * pooler ends the connection instead, for whatever reason.
 */
export function isNameLost(error: unknown): boolean {
  return isServerError(error) && LOST_NAME_STATES.has(error.code) && error.severity !== 'FATAL'
}

/** Whether the server has no place for another connection: of this login, of the database, or at all. */
export function isTooManyConnections(error: unknown): boolean {
  return isServerError(error) && error.code === '53300'
}

/** Whether running the whole transaction again may succeed. */
export function isRepeatable(error: unknown): boolean {
  return isServerError(error) && REPEATABLE_STATES.has(error.code)
}

/**
 * The error that a client may see for what the database said: SERVICE_UNAVAILABLE when it is busy, away or could not
 * finish for others' locks, TIMEOUT when a statement ran too long. Everything else comes back as it was and is masked
 * at the edge.
 */
export function databaseError(thrown: unknown): Error {
  const error = asError(thrown)
  if (error instanceof AppError) return error
  if (isServerError(error)) {
    if (error.code === '57014') return new AppError('TIMEOUT', 'A statement ran longer than it may.', { cause: error })
    if (AWAY_STATES.test(error.code) || REPEATABLE_STATES.has(error.code)) return unavailable(error)
    return error
  }
  return isConnectionLost(error) ? unavailable(error) : error
}

/** The error that a client may see where no connection could be made, whatever the server refused it for. */
export function connectionError(thrown: unknown): AppError {
  return unavailable(asError(thrown))
}

/**
 * The error for a COMMIT without an answer: the server may have carried it out before the connection was lost, so
 * nobody can say whether the change was saved. A refusal by the server itself is certain and comes back as it was. One
 * by a pooler that has lost the server isn't: PgBouncer answers FATAL 08P01, "server conn crashed?", be the COMMIT
 * carried out or not.
 */
export function commitError(thrown: unknown): Error {
  const error = asError(thrown)
  const isPooler = isServerError(error) && error.code.startsWith('08') && error.severity === 'FATAL'
  if (!isPooler && (isServerError(error) || !isConnectionLost(error))) return error
  const message = 'The database went away while the change was saved: read the record before you try again.'
  return new AppError('SERVICE_UNAVAILABLE', message, { extensions: { outcome: 'UNKNOWN' }, cause: error })
}

/** The SQLSTATE of an error of the server, or the code of one of the system; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** What was thrown, as an error: JavaScript allows to throw anything. */
export function asError(thrown: unknown): Error {
  return isNativeError(thrown) ? thrown : new Error(String(thrown))
}

function unavailable(cause: unknown): AppError {
  return new AppError('SERVICE_UNAVAILABLE', 'The database is busy or away; try again.', { cause })
}
