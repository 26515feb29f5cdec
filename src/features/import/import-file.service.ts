import type { Scope } from '../../access/scope.js'
import type { Database } from '../../database/database.js'
import { asError } from '../../database/errors.js'
import { AppError } from '../../lib/errors.js'
import { newId } from '../../lib/new-id.js'
import { repeat, type Repeated } from '../../lib/repeat.js'
import { formatCount } from '../../lib/value/checked.js'
import * as repository from './import-file.repository.js'
import type { ExpiredFile, ImportFileRow } from './import-file.repository.js'

/** What uploads run on. */
export interface ImportFileServices {
  readonly database: Database
  /** of one file */
  readonly uploadLimitBytes: number
}

/** Who uploads, in whose name statements run. */
export type Uploader = Pick<Scope, 'tenantId' | 'principal' | 'now'>

/** Bytes of a part: a row of 1 MB is written in 55 ms and read in 32 on two busy cores. */
const PART_BYTES = 2 ** 20

const MAX_NAME_LENGTH = 255
const KEPT_DAYS = 7
const DAY_MS = 86_400_000
const HOUR_SECONDS = 3600

/** Adds a file, whose bytes come later. @throws BAD_USER_INPUT for what is larger than a file may be */
export async function createFile(
  uploader: Uploader,
  services: ImportFileServices,
  name: string,
  sizeBytes: number | null,
  id: string = newId(uploader.now),
): Promise<ImportFileRow> {
  refuseTooLarge(sizeBytes ?? 0, services)
  const { tenantId, now } = uploader
  const file = {
    id,
    // A name is shown, never opened: no path is needed.
    name: plainName(name),
    sizeBytes,
    expiresAt: new Date(now.getTime() + KEPT_DAYS * DAY_MS),
  }
  const [[row] = []] = await services.database.change(tenantId, (change) =>
    change.commit([repository.insertFile(uploader, file)]),
  )
  return row as unknown as ImportFileRow
}

/** A file by its id; undefined where the tenant has none such. */
export async function findFile(
  { tenantId }: Pick<Scope, 'tenantId'>,
  { database }: Pick<ImportFileServices, 'database'>,
  id: string,
): Promise<ImportFileRow | undefined> {
  const [row] = await database.reader(tenantId).read<ImportFileRow>(repository.findFile({ tenantId }, id))
  return row
}

/**
 * Adds bytes to a file, from an offset on, in parts that are each written as they come: what came before a stream broke stays.
 * Gives how many bytes the file has then.
 * @throws CONFLICT where the file has another number of bytes; BAD_USER_INPUT where it becomes too large
 */
export async function appendBytes(
  { tenantId }: Uploader,
  services: ImportFileServices,
  file: ImportFileRow,
  offsetBytes: number,
  stream: AsyncIterable<Buffer>,
): Promise<number> {
  let { receivedBytes, parts } = file
  if (receivedBytes !== offsetBytes) throw moved(receivedBytes)
  let pending: Buffer[] = []
  let pendingBytes = 0
  const flush = async (): Promise<void> => {
    if (pendingBytes === 0) return
    const bytes = Buffer.concat(pending)
    const [number, offset] = [parts, receivedBytes]
    pending = []
    pendingBytes = 0
    const note = { id: file.id, offsetBytes: offset, bytes: bytes.length, now: new Date() }
    await services.database.change(tenantId, async (change) => {
      const [noted] = await change.ask<ImportFileRow>(repository.noteReceived({ tenantId }, note))
      if (!noted) throw moved(null)
      await change.commit([repository.insertPart({ tenantId }, file.id, number, bytes)])
    })
    parts += 1
    receivedBytes += bytes.length
  }
  try {
    for await (const bytes of stream) {
      refuseTooLarge(receivedBytes + pendingBytes + bytes.length, services, file.sizeBytes)
      for (let from = 0; from < bytes.length; from += PART_BYTES) {
        const piece = bytes.subarray(from, from + PART_BYTES)
        if (pendingBytes + piece.length > PART_BYTES) await flush()
        pending.push(piece)
        pendingBytes += piece.length
      }
    }
  } finally {
    // Of a stream that broke, what came is kept: its client asks how far it came, and goes on from there.
    await flush()
  }
  return receivedBytes
}

/** Notes how large a file will be. */
export async function declareSize(
  { tenantId }: Uploader,
  services: ImportFileServices,
  id: string,
  sizeBytes: number,
): Promise<void> {
  refuseTooLarge(sizeBytes, services)
  await services.database.change(tenantId, (change) =>
    change.commit([repository.declareSize({ tenantId }, id, sizeBytes)]),
  )
}

/** Notes that all bytes of a file are there. @throws CONFLICT where some of those that were said are missing */
export async function completeFile(
  { tenantId, now }: Uploader,
  { database }: ImportFileServices,
  id: string,
): Promise<ImportFileRow> {
  const [[row] = []] = await database.change(tenantId, (change) =>
    change.commit([repository.completeFile({ tenantId }, id, now)]),
  )
  if (!row) throw new AppError('CONFLICT', 'Not all bytes of the file are there.')
  return row as unknown as ImportFileRow
}

/** The bytes of a file, one part after the other as they are asked for. */
export async function* readFile(
  { tenantId }: Pick<Scope, 'tenantId'>,
  { database }: Pick<ImportFileServices, 'database'>,
  { id, parts }: Pick<ImportFileRow, 'id' | 'parts'>,
): AsyncGenerator<Buffer> {
  for (let number = 0; number < parts; number++) {
    const statement = repository.findPart({ tenantId }, id, number)
    const [part] = await database.reader(tenantId).read<{ bytes: Buffer }>(statement)
    if (!part) throw new AppError('NOT_FOUND', 'The uploaded file is gone: upload it again.')
    yield part.bytes
  }
}

/** Removes a file with its bytes, some at a time: a statement that removes gigabytes would run into its time limit. */
export async function removeFile(database: Database, { tenantId, id }: ExpiredFile): Promise<void> {
  for (;;) {
    const [[gone] = []] = await database.change(tenantId, (change) =>
      change.commit([repository.deleteParts({ tenantId }, id, PARTS_AT_ONCE)]),
    )
    if (Number(gone?.['deleted'] ?? 0) < PARTS_AT_ONCE) break
  }
  await database.change(tenantId, (change) => change.commit([repository.deleteFile({ tenantId }, id)]))
}

const PARTS_AT_ONCE = 64

/** Removes every hour the files that have expired. Several processes may do so at once. */
export function createUploadUpkeep({
  database,
  report,
  now = () => new Date(),
  everySeconds = HOUR_SECONDS,
}: {
  readonly database: Database
  readonly report: (error: Error) => void
  readonly now?: () => Date
  /** 0 for never by itself */
  readonly everySeconds?: number
}): Repeated {
  return repeat(async () => {
    try {
      const expired = await database.system<ExpiredFile>(repository.findExpiredFiles(now()))
      for (const file of expired) await removeFile(database, file)
    } catch (error) {
      report(asError(error))
    }
  }, everySeconds)
}

function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const shown = last
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .trim()
  return [...shown].slice(0, MAX_NAME_LENGTH).join('') || 'file'
}

function refuseTooLarge(
  bytes: number,
  { uploadLimitBytes }: ImportFileServices,
  sizeBytes: number | null = null,
): void {
  if (bytes > uploadLimitBytes) {
    const message = `A file may have ${formatCount(uploadLimitBytes)} bytes at most.`
    throw new AppError('BAD_USER_INPUT', message, { extensions: { limit: uploadLimitBytes } })
  }
  if (sizeBytes !== null && bytes > sizeBytes) {
    throw new AppError('BAD_USER_INPUT', `There are more bytes than the ${formatCount(sizeBytes)} that were said.`)
  }
}

function moved(receivedBytes: number | null): AppError {
  const has = receivedBytes === null ? 'another number of' : formatCount(receivedBytes)
  return new AppError('CONFLICT', `The file has ${has} bytes by now: ask how many, and go on from there.`, {
    extensions: receivedBytes === null ? {} : { receivedBytes },
  })
}
