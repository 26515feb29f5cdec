import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Scope } from '../../access/scope.js'
import { AppError } from '../../lib/errors.js'
import { once } from '../../lib/once.js'
import type { Turns } from '../../lib/turns.js'
import type { ExportRow } from './export.columns.js'
import { finishExport, startExport, type ExportOutcome } from './export.repository.js'
import type { ExportLimits } from './export-places.js'
import { planOfExport, type ExportServices } from './export-request.service.js'
import { runExport } from './export.service.js'

/** What was sent, for whoever checks that it arrived. */
export interface DownloadSum {
  readonly rowCount: number
  readonly sizeBytes: number
  /** hexadecimal digits */
  readonly sha256: string
}

/** An export that is being read: its first bytes are there. */
export interface OpenExport {
  /** as `contacts-2026-11-30.csv` */
  readonly fileName: string
  readonly contentType: string
  /** Ends with an error where the export breaks. Destroying it frees the connection of the database at once. */
  readonly stream: Readable
  /** What was read; to be called once the stream has ended. */
  readonly sum: () => DownloadSum
  /** Gives its place to others; to be called when it is over, however that was. */
  readonly leave: () => void
}

/** A download that has begun. */
export interface Download extends Omit<OpenExport, 'leave'> {
  /** Is to be called when all bytes were sent, or when they weren't. */
  readonly end: (isSent: boolean) => Promise<void>
}

/** The level of gzip for exports: twice as fast as the usual 6, for a tenth more bytes. */
export const GZIP_LEVEL = 3

const TYPES = {
  CSV: { extension: 'csv', contentType: 'text/csv; charset=utf-8; header=present' },
  NDJSON: { extension: 'ndjson', contentType: 'application/x-ndjson; charset=utf-8' },
  VCARD: { extension: 'vcf', contentType: 'text/vcard; charset=utf-8; version=4.0' },
} as const

const FAILED: ExportOutcome = { status: 'FAILED', rowCount: null, sizeBytes: null, sha256: null }
const AHEAD_BYTES = 262_144
// Of one statement: the first one may have to sort the whole list.
const STATEMENT_TIMEOUT_MS = 300_000

/**
 * Begins to read an export, and notes in it that it is being read. What is wrong shows here, before anything is sent.
 * `onRows` is told how many records were read so far.
 * @throws FORBIDDEN, BAD_USER_INPUT, SERVICE_UNAVAILABLE (too many at once, too), TIMEOUT
 */
export async function openDownload(
  scope: Scope,
  services: ExportServices & { readonly turns: Turns },
  row: ExportRow,
  limits: ExportLimits,
  onRows: (count: number) => void = () => undefined,
): Promise<Download> {
  const { database } = services
  let isNoted = false
  const note = async (outcome: ExportOutcome): Promise<void> => {
    await database.change(scope.tenantId, (change) => change.commit([finishExport(scope, row.id, new Date(), outcome)]))
  }
  const begin = async (): Promise<void> => {
    await database.change(scope.tenantId, (change) => change.commit([startExport(scope, row.id)]))
    isNoted = true
  }
  try {
    const { leave, ...open } = await openExport(scope, services, row, limits, onRows, begin)
    const end = async (isSent: boolean): Promise<void> => {
      leave()
      await note(isSent ? { status: 'COMPLETED', ...open.sum() } : FAILED)
    }
    return { ...open, end }
  } catch (error) {
    // What went wrong is thrown; where the database is away, it can't be noted either.
    if (isNoted) await note(FAILED).catch(() => undefined)
    throw error
  }
}

/**
 * Begins to read an export. `begin` is awaited once there is a place for it, `onRows` is told how many records were read so far.
 * @throws FORBIDDEN, BAD_USER_INPUT, SERVICE_UNAVAILABLE (too many at once, too), TIMEOUT
 */
export async function openExport(
  scope: Scope,
  services: ExportServices & { readonly turns: Turns },
  row: ExportRow,
  { totalMs, idleMs }: ExportLimits,
  onRows: (count: number) => void,
  begin: () => Promise<void> = () => Promise.resolve(),
): Promise<OpenExport> {
  const { database, turns, exportPlaces } = services
  const leave = exportPlaces.enter(scope.tenantId)
  try {
    await begin()
    const plan = await planOfExport(scope, services, row)
    const stopping = new AbortController()
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(totalMs)])
    const { stream, give, end } = createFlow(idleMs, (error) => stopping.abort(error))
    const hash = createHash('sha256')
    let [rowCount, sizeBytes] = [0, 0]
    // Longer than its reader may be idle: who waits for whom is told here, not by the server.
    const options = { database, turns, statementTimeoutMs: STATEMENT_TIMEOUT_MS, idleTimeoutMs: 2 * idleMs, signal }
    await new Promise<void>((begun, refused) => {
      runExport(plan, options, (piece) => {
        const bytes = Buffer.from(piece.text)
        hash.update(bytes)
        rowCount += piece.rows
        onRows(rowCount)
        sizeBytes += bytes.length
        begun()
        return give(bytes)
      }).then(
        () => {
          end(null)
          begun()
        },
        (thrown: unknown) => {
          const error = isTimeout(signal) ? tookTooLong() : (thrown as Error)
          end(error)
          refused(error)
        },
      )
    })
    const sum = once((): DownloadSum => ({ rowCount, sizeBytes, sha256: hash.digest('hex') }))
    const { extension, contentType } = TYPES[row.format]
    const fileName = `${plan.kind.concept.list}-${scope.now.toISOString().slice(0, 10)}.${extension}`
    return { fileName, contentType, stream, sum, leave }
  } catch (error) {
    leave()
    throw error
  }
}

function isTimeout(signal: AbortSignal): boolean {
  return signal.aborted && (signal.reason as Error).name === 'TimeoutError'
}

function tookTooLong(): AppError {
  return new AppError('TIMEOUT', 'The export took longer than it may; ask for less at once.')
}

interface Flow {
  readonly stream: Readable
  /** Gives bytes to the stream, and waits until it wants more. */
  readonly give: (bytes: Buffer) => Promise<void> | void
  readonly end: (error: Error | null) => void
}

/** A stream that is written to; `stop` is called where it is destroyed, or its reader takes nothing for too long. */
function createFlow(idleMs: number, stop: (error: Error) => void): Flow {
  let goOn: (() => void) | undefined
  const stream = new Readable({
    highWaterMark: AHEAD_BYTES,
    read: () => goOn?.(),
    destroy(error, done) {
      stop(error ?? new Error('the reader of the export has left'))
      goOn?.()
      done(error)
    },
  })
  // Who reads it is told by its end; before anybody does, by what throws.
  stream.on('error', () => undefined)
  return {
    stream,
    give(bytes) {
      if (stream.destroyed || stream.push(bytes)) return undefined
      return new Promise((resolve) => {
        const idle = setTimeout(
          () => stream.destroy(new Error('the reader of the export took nothing for too long')),
          idleMs,
        )
        goOn = () => {
          clearTimeout(idle)
          goOn = undefined
          resolve()
        }
      })
    },
    end(error) {
      if (error) stream.destroy(error)
      else stream.push(null)
    },
  }
}
