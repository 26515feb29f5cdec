/** What of a statement or a transaction stands in its span; no parameters, ever. */
export interface TracedWork {
  readonly label: string
  readonly durationMs: number
  readonly failed: boolean
  /** for which request it ran; what belongs to none isn't traced */
  readonly request: object | undefined
}

export interface TracedStatement extends TracedWork {
  readonly role: string
  readonly rows: number
  /** SQLSTATE of what failed */
  readonly errorCode: string | undefined
}

export interface TracedTransaction extends TracedWork {
  readonly attempts: number
  readonly waitMs: number
  readonly commitMs: number
}

export interface TracedRequest {
  readonly label: string
  readonly failed: boolean
  readonly tenantId: string | null
  readonly client: string
  readonly clientVersion: string
  readonly statements: number
  readonly rows: number
}

/**
 * Tells a collector of requests and of what they make the database do. A request is known by the object that counts its
 * work, which its statements and transactions carry.
 */
export interface Tracing {
  /** A request begins; `traceparent` is what the caller said of its own trace (W3C Trace Context). */
  readonly begin: (request: object, traceparent: string | undefined) => void
  readonly end: (request: object, traced: TracedRequest) => void
  readonly statement: (statement: TracedStatement) => void
  readonly transaction: (transaction: TracedTransaction) => void
  /** Sends what is left, for some seconds at most. */
  readonly close: () => Promise<void>
}

/** Where traces are sent. */
export interface TraceOptions {
  /** the base of OTLP over HTTP, to which `/v1/traces` is added */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** which part of the requests is traced, 1 for all */
  readonly part: number
}
