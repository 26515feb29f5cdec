import type { Registry } from 'prom-client'
import { rememberPairs } from '../lib/remember.js'
import { createApiFieldUsage, type ApiFieldUsage } from './api-field-usage.js'
import { createBacklog, type Backlog } from './backlog.js'
import { createExposition, type Exposition } from './exposition.js'
import { createOperationNames } from './operation-names.js'
import type { Ended } from './series.js'
import { createTimes, type Times } from './times.js'

/** Whose something is that ended; null for nobody's. */
interface Owned extends Ended {
  readonly tenantId: string | null
}

interface EndedStatement extends Owned {
  readonly label: string
  readonly role: string
  readonly rows: number
}

interface EndedTransaction extends Owned {
  readonly label: string
  readonly attempts: number
  readonly waitMs: number
  readonly commitMs: number
}

interface EndedRequest extends Owned, RequestName {
  readonly statements: number
  readonly rows: number
  readonly fields: readonly string[]
}

/** The parts of a request's name in Times. */
export interface RequestName {
  readonly label: string
  /** of its document */
  readonly hash: string
  readonly client: string
  readonly clientVersion: string
}

/** Counts all that ends: for Prometheus, by name and minute, and by the API's fields. */
export interface Tally {
  readonly statement: (ended: EndedStatement) => void
  readonly operation: (ended: Owned & { readonly label: string }) => void
  readonly transaction: (ended: EndedTransaction) => void
  readonly request: (ended: EndedRequest) => void
  readonly signal: (name: string, durationMs: number) => void
  readonly exposition: Exposition
  readonly times: Times
  readonly fieldUsage: ApiFieldUsage
  /** what waits to be counted */
  readonly backlog: Backlog
}

const MAX_OPERATION_NAMES = 200
const MAX_FIELD_USES = 20_000
const MAX_NAME_LENGTH = 100
const MAX_HASH_LENGTH = 16
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

// Clients choose all of it, which may be as long as a body: what is put together keeps none of that in memory.
function requestName({ label, hash, client, clientVersion }: RequestName): string {
  return [namePart(label), namePart(hash, MAX_HASH_LENGTH), namePart(client), namePart(clientVersion)].join(SEPARATOR)
}

function namePart(text: string, maxLength = MAX_NAME_LENGTH): string {
  const part = text.length > maxLength ? text.slice(0, maxLength) : text
  return part.includes(SEPARATOR) ? part.replaceAll(SEPARATOR, '') : part
}

/** Registers the metrics of a process and counts nothing yet. `nowMs` is the clock, in milliseconds since 1970. */
export function createTally(registry: Registry, nowMs: () => number): Tally {
  const backlog = createBacklog(nowMs)
  const { add, settle } = backlog
  const exposition = createExposition(registry, nowMs(), settle)
  const times = createTimes(nowMs, undefined, settle)
  const labels = createOperationNames(MAX_OPERATION_NAMES, exposition.forgetRequest)
  const fieldUsage = createApiFieldUsage(MAX_FIELD_USES, nowMs(), settle)

  const countStatement = (ended: EndedStatement, atMs: number): void => {
    exposition.statement(ended)
    times.record('statement', statementName(ended.label, ended.role), ended.tenantId, ended, atMs)
  }
  const countOperation = (ended: Owned & { readonly label: string }, atMs: number): void => {
    exposition.operation(ended)
    times.record('operation', ended.label, ended.tenantId, ended, atMs)
  }
  const countTransaction = (ended: EndedTransaction, atMs: number): void => {
    exposition.transaction(ended)
    times.record('transaction', ended.label, ended.tenantId, ended, atMs)
  }
  const countRequest = (
    ended: Omit<EndedRequest, keyof RequestName> & { readonly name: string },
    atMs: number,
  ): void => {
    const { name, tenantId, fields } = ended
    const { label, client, clientVersion } = readRequestName(name)
    exposition.request(labels.labelOf(label, tenantId ?? ''), ended)
    times.record('request', name, tenantId, ended, atMs)
    fieldUsage.record(tenantId, client, clientVersion, fields, atMs)
  }
  const countSignal = (
    { name, durationMs }: { readonly name: string; readonly durationMs: number },
    atMs: number,
  ): void => times.record('signal', name, null, { durationMs, failed: false }, atMs)

  // Events have more than is counted, texts of statements among it, which the backlog would keep.
  return {
    statement: ({ label, role, tenantId, durationMs, failed, rows }) =>
      add(countStatement, { label, role, tenantId, durationMs, failed, rows }),
    operation: ({ label, tenantId, durationMs, failed }) =>
      add(countOperation, { label, tenantId, durationMs, failed }),
    transaction: ({ label, tenantId, durationMs, failed, attempts, waitMs, commitMs }) =>
      add(countTransaction, { label, tenantId, durationMs, failed, attempts, waitMs, commitMs }),
    request(ended) {
      const { tenantId, durationMs, failed, statements, rows, fields } = ended
      add(countRequest, { name: requestName(ended), tenantId, durationMs, failed, statements, rows, fields })
    },
    signal: (name, durationMs) => add(countSignal, { name, durationMs }),
    exposition,
    times,
    fieldUsage,
    backlog,
  }
}
