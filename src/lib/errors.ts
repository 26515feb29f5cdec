/**
 * Every code that a client can meet, in one table; `docs/errors.md` has the same rows and a test keeps them equal.
 * `status` is the HTTP status when the error answers for the whole request, `userError` marks the codes of payloads.
 */
export const ERROR_CODES = {
  BAD_USER_INPUT: { status: 400, userError: true, meaning: 'A value is not acceptable; `field` says which.' },
  NOT_FOUND: { status: 200, userError: true, meaning: 'The tenant has no such record; another tenant may or may not.' },
  CONFLICT: {
    status: 200,
    userError: true,
    meaning: 'The record changed since its `version` was read; read it again.',
  },
  ALREADY_EXISTS: { status: 200, userError: true, meaning: 'The value is taken by `conflictingId`.' },
  AMBIGUOUS: { status: 200, userError: true, meaning: 'Several records fit; `candidateIds` names them.' },
  INVALID_CURSOR: { status: 400, userError: false, meaning: 'The cursor is of another list, or was altered.' },
  UNAUTHENTICATED: { status: 401, userError: false, meaning: 'No valid token came with the request.' },
  FORBIDDEN: { status: 200, userError: false, meaning: 'The role may not do this, or the field is hidden.' },
  LIMIT_DEPTH: { status: 400, userError: false, meaning: 'Selections are nested deeper than `limit` levels.' },
  LIMIT_ALIASES: { status: 400, userError: false, meaning: 'There are more than `limit` aliases.' },
  LIMIT_ROOT_FIELDS: { status: 400, userError: false, meaning: 'There are more than `limit` fields at the root.' },
  LIMIT_MUTATIONS: { status: 400, userError: false, meaning: 'There are more than `limit` mutations.' },
  LIMIT_COST: {
    status: 400,
    userError: false,
    meaning: 'The request may return too much; with `first: maxFirst` of `field` it fits.',
  },
  LIMIT_ANSWER: {
    status: 400,
    userError: false,
    meaning: 'The answer is larger than `limit` bytes. What mutations changed stays changed.',
  },
  TIMEOUT: {
    status: 200,
    userError: false,
    meaning: 'A statement or the request ran longer than it may; ask for less.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    userError: false,
    meaning: 'The database is busy or away; try again after `Retry-After`.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 200,
    userError: false,
    meaning: 'A fault of the server; its log has the `requestId`.',
  },
} as const satisfies Record<string, { status: number; userError: boolean; meaning: string }>

/**
 * What is refused before it is understood, by Apollo, graphql-js or the HTTP server; the second table of
 * `docs/errors.md`. Their messages speak of the request alone and are sent as they are.
 */
export const REFUSAL_CODES = {
  GRAPHQL_PARSE_FAILED: { status: 400, meaning: 'The document is not GraphQL, or has more than 2,000 tokens.' },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    meaning: 'The document does not fit the schema; five errors are reported at most.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    meaning: '`operationName` names no operation, or is missing where there are several.',
  },
  MAX_RECURSIVE_SELECTIONS_EXCEEDED: {
    status: 400,
    meaning: 'The selections of all fragments, written out, are too many.',
  },
  BAD_REQUEST: {
    status: 400,
    meaning: 'The body is no GraphQL request, or its content type is not `application/json`.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    meaning: 'The server does not know the hash; send it together with the document.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 200, meaning: 'Documents are not stored here; send the document.' },
  LIMIT_BODY: { status: 413, meaning: 'The body is larger than the server reads.' },
} as const satisfies Record<string, { status: number; meaning: string }>

export type ErrorCode = keyof typeof ERROR_CODES
export type UserErrorCode = 'BAD_USER_INPUT' | 'NOT_FOUND' | 'CONFLICT' | 'ALREADY_EXISTS' | 'AMBIGUOUS'

/** Whether something is the code of one of our errors, not of a document that was refused. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)
}

/** An error that the client may read: its message and extensions are sent as they are. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    options: { extensions?: Record<string, unknown> | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.extensions = options.extensions ?? {}
  }
}

/** Whether the database is away, or too busy: what asks it may go on without an answer. */
export function isUnavailable(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE'
}

/** What a mutation was refused for: `field` is the path into its input, list positions as decimal text. */
export interface UserError {
  code: UserErrorCode
  message: string
  field: string[]
  conflictingId?: string | null
  candidateIds?: string[] | null
  currentVersion?: number | null
}

/** Ends a mutation whose input was refused; the transaction around it rolls back. The payload carries `userErrors`. */
export class UserErrors extends Error {
  readonly userErrors: readonly UserError[]

  constructor(userErrors: readonly UserError[]) {
    super(userErrors.map((error) => `${error.field.join('.')}: ${error.message}`).join('; '))
    this.name = 'UserErrors'
    this.userErrors = userErrors
  }
}
