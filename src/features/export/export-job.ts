import { pipeline } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Scope } from '../../access/scope.js'
import type { Database } from '../../database/database.js'
import { AppError } from '../../lib/errors.js'
import type { Turns } from '../../lib/turns.js'
import {
  createFile,
  PART_BYTES,
  removeFile,
  writePart,
  type ImportFileServices,
} from '../import/import-file.service.js'
import type { JobHandler, JobRow, JobSession } from '../job/job.js'
import { GZIP_LEVEL, openExport } from './download.service.js'
import type { ExportResult } from './export.columns.js'
import { readExport, type ExportServices } from './export-request.service.js'

/** What exports in the background run on. */
export interface ExportJobServices extends ExportServices, ImportFileServices {
  readonly database: Database
  readonly turns: Turns
}

/** A part of the packed file. */
interface Part {
  readonly number: number
  readonly bytes: Buffer
  /** records that were read since the part before */
  readonly read: number
  /** records of the whole export, once that is known */
  readonly total: number | undefined
}

interface Cursor {
  /** the file that this attempt writes */
  readonly fileId: string
}

const KEPT_DAYS = 1

/**
 * Writes an export into a file that lies where uploads do, for a day. It is of one snapshot, which ends with its process: each
 * attempt begins anew, and the file of the one before goes. Who asked for it learns of the file once it is whole.
 */
export function exportHandler(services: ExportJobServices): JobHandler<Part> {
  return { isBalanced: false, open: (scope, job) => openJob(scope, services, job).catch(throwFinally) }
}

async function openJob(scope: Scope, services: ExportJobServices, job: JobRow): Promise<JobSession<Part>> {
  const { database } = services
  const { tenantId } = scope
  const row = await readExport(scope, services, job.id)
  if (!row) throw new AppError('NOT_FOUND', 'The export is older than a day: ask for it again.')
  const before = job.cursor as Cursor | null
  if (before) await removeFile(database, { tenantId, id: before.fileId })
  let rowCount = 0
  const onRows = (count: number): void => void (rowCount = count)
  const { stream, sum, leave, ...open } = await openExport(scope, services, row, services.exportLimits, onRows)
  const fileName = `${open.fileName}.gz`
  let isKept = false
  let sizeBytes = 0
  const packed = createGzip({ level: GZIP_LEVEL })
  // Who reads the packed bytes is told of what breaks.
  pipeline(stream, packed, () => undefined)
  const stop = (): void => {
    packed.destroy()
    stream.destroy()
    leave()
  }
  try {
    const file = await createFile(scope, services, fileName, null, { keptDays: KEPT_DAYS })
    const parts = readParts(packed, () => rowCount)
    return {
      async next() {
        const { value } = await parts.next().catch(throwFinally)
        return value ?? null
      },
      run({ scope: at, job: { read: readBefore } }, { number, bytes, read, total }) {
        sizeBytes = number * PART_BYTES + bytes.length
        return Promise.resolve({
          cursor: { fileId: file.id } satisfies Cursor,
          counts: { read },
          takenBack: number === 0 ? { read: readBefore } : {},
          total,
          statements: writePart(at, services, file.id, number, bytes),
        })
      },
      finish(_run, status) {
        isKept = status === 'SUCCEEDED'
        return Promise.resolve(
          isKept
            ? { result: { ...sum(), fileId: file.id, fileName, fileBytes: sizeBytes } satisfies ExportResult }
            : {},
        )
      },
      async close() {
        stop()
        if (!isKept) await removeFile(database, { tenantId, id: file.id })
      },
    }
  } catch (error) {
    stop()
    throw error
  }
}

/** Bytes in parts that are all of one size but the last, so that any of them is found by its place. */
async function* readParts(bytes: AsyncIterable<Buffer>, rowCount: () => number): AsyncGenerator<Part, undefined> {
  let pending: Buffer[] = []
  let pendingBytes = 0
  let number = 0
  let known = 0
  const take = (size: number, isLast: boolean): Part => {
    const all = Buffer.concat(pending)
    const rest = all.subarray(size)
    pending = [rest]
    pendingBytes = rest.length
    const count = rowCount()
    const read = count - known
    known = count
    return { number: number++, bytes: all.subarray(0, size), read, total: isLast ? count : undefined }
  }
  for await (const piece of bytes) {
    pending.push(piece)
    pendingBytes += piece.length
    // A byte more than a part, so that the last part is never empty.
    while (pendingBytes > PART_BYTES) yield take(PART_BYTES, false)
  }
  yield take(pendingBytes, true)
  return undefined
}

/** Other work is tried again where it took too long; this would take as long once more. */
function throwFinally(error: unknown): never {
  if (error instanceof AppError && error.code === 'TIMEOUT') throw new AppError('BAD_USER_INPUT', error.message)
  throw error
}
