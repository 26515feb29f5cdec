import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { AppError, ERROR_CODES, REFUSAL_CODES, type ErrorCode } from '../lib/errors.js'

/** Where faults of the server are written with all that the client must not see. */
export interface FaultLog {
  error(fields: object, message: string): void
}

// What Apollo and graphql-js refuse before execution; their messages speak of the document only.
const REFUSALS = new Set<string>([...Object.keys(REFUSAL_CODES), 'BAD_USER_INPUT'])
const FAULTS = new Set<ErrorCode>(['SERVICE_UNAVAILABLE', 'TIMEOUT', 'INTERNAL_SERVER_ERROR'])
// The last of the reported errors of variables: graphql-js gives it no code, unlike those before.
const TOO_MANY_VARIABLE_ERRORS = 'Too many errors processing variables'

const HEADERS: Record<number, readonly [string, string] | undefined> = {
  401: ['www-authenticate', 'Bearer'],
  503: ['retry-after', '1'],
}

/** The headers that an HTTP status asks for: `Retry-After` of 503. */
export function headersOfStatus(status: number): (readonly [name: string, value: string])[] {
  const header = HEADERS[status]
  return header ? [header] : []
}

/** An error of ours as GraphQL sends it, with the HTTP status where it answers for the whole request. */
export function toGraphQLError(
  error: AppError,
  options: { wholeRequest?: boolean; requestId?: string } = {},
): GraphQLError {
  const { status } = ERROR_CODES[error.code]
  const isWhole = options.wholeRequest === true || status === 503
  const headers = { headers: new Map(headersOfStatus(status)) }
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: {
      ...error.extensions,
      code: error.code,
      requestId: options.requestId,
      ...(isWhole ? { http: { status, ...headers } } : {}),
    },
  })
}

/** What a field's error makes of the whole answer: 503 with Retry-After where the database was away; else nothing. */
export function statusOfAnswer(
  errors: readonly GraphQLError[],
): { status: number; headers: readonly (readonly [string, string])[] } | undefined {
  if (!errors.some((error) => ownError(error)?.code === 'SERVICE_UNAVAILABLE')) return undefined
  const { status } = ERROR_CODES.SERVICE_UNAVAILABLE
  return { status, headers: headersOfStatus(status) }
}

/**
 * The error that leaves the server: codes and messages of our table and of refused documents; anything else becomes
 * INTERNAL_SERVER_ERROR. SQL, tables, hosts and stacks never leave.
 */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const { locations, path } = formatted
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) }
  const requestId = formatted.extensions?.['requestId']
  const request = typeof requestId === 'string' ? { requestId } : {}
  const own = ownError(thrown)
  if (own) return { message: own.message, ...place, extensions: { ...own.extensions, code: own.code, ...request } }
  const code = refusalCode(formatted) ?? (thrown instanceof GraphQLError ? refusalCode(thrown) : undefined)
  if (code) return { message: shortened(formatted.message), ...place, extensions: { code, ...request } }
  return { message: 'Internal server error.', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', ...request } }
}

// graphql-js quotes the whole value that it refuses: 60 errors of 4 MB each were an answer of 20 MB.
const MAX_MESSAGE_LENGTH = 500

function shortened(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message
  const half = MAX_MESSAGE_LENGTH / 2
  return `${message.slice(0, half).toWellFormed()} … ${message.slice(-half).toWellFormed()}`
}

/** Whether an error is no fault of the client: the server's own, the database away, or a time limit. */
export function isFault(thrown: GraphQLError): boolean {
  const own = ownError(thrown)
  return own ? FAULTS.has(own.code) : refusalCode(thrown) === undefined
}

/** Writes what the client doesn't see: faults of the server, and why the database was away. */
export function logFault(log: FaultLog, requestId: string, thrown: GraphQLError): void {
  if (!isFault(thrown)) return
  const own = ownError(thrown)
  const err = own ? (own.cause ?? own) : (unwrapResolverError(thrown) as Error)
  log.error({ err, requestId, path: thrown.path }, own?.message ?? 'a request failed')
}

function ownError(thrown: unknown): AppError | undefined {
  const cause = unwrapResolverError(thrown)
  if (cause instanceof AppError) return cause
  return thrown instanceof GraphQLError && thrown.originalError instanceof AppError ? thrown.originalError : undefined
}

function refusalCode({
  message,
  extensions,
}: Pick<GraphQLFormattedError, 'message' | 'extensions'>): string | undefined {
  if (message.startsWith(TOO_MANY_VARIABLE_ERRORS)) return 'BAD_USER_INPUT'
  const code = extensions?.['code']
  if (typeof code === 'string' && REFUSALS.has(code)) return code
  // Apollo refuses a hash that isn't the query's, and versions that it doesn't know, with a status alone.
  const http = extensions?.['http'] as { readonly status?: number } | undefined
  return http?.status === 400 ? 'BAD_REQUEST' : undefined
}
