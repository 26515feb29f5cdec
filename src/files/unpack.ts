import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { formatCount } from '../lib/value/checked.js'
import { FileError } from './file-error.js'
import { readFirst, withRest } from './first-chunks.js'
import type { FileLimits } from './row-file.js'

const GZIP = [0x1f, 0x8b]
/** A file that is much smaller than its content is looked at once it has come to this. */
const RATIO_FROM_BYTES = 16 * 2 ** 20

const REFUSED: readonly { readonly starts: readonly number[]; readonly message: string }[] = [
  {
    starts: [0x50, 0x4b, 0x03, 0x04],
    message:
      'The file is a ZIP archive or an Excel workbook (.xlsx), whatever its name: unpack it, or save the sheet as “CSV UTF-8” and send that.',
  },
  { starts: [0x50, 0x4b, 0x05, 0x06], message: 'The file is an empty ZIP archive: send the CSV file itself.' },
  { starts: [0xd0, 0xcf, 0x11, 0xe0], message: 'The file is an old Excel workbook (.xls): save the sheet as CSV.' },
  { starts: [0x25, 0x50, 0x44, 0x46], message: 'The file is a PDF document: send CSV, NDJSON or vCard.' },
  { starts: [0x42, 0x5a, 0x68], message: 'The file is compressed by bzip2: unpack it, or compress it by gzip.' },
  {
    starts: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    message: 'The file is compressed by xz: unpack it, or compress it by gzip.',
  },
  { starts: [0x28, 0xb5, 0x2f, 0xfd], message: 'The file is compressed by zstd: unpack it, or compress it by gzip.' },
  { starts: [0x37, 0x7a, 0xbc, 0xaf], message: 'The file is a 7z archive: unpack it, or compress it by gzip.' },
]

/**
 * The file's content: a gzip file, told by its first bytes, comes decompressed.
 * @throws FileError while it is read: UNSUPPORTED_FILE for archives, workbooks and the like, TOO_LARGE, TOO_COMPRESSED
 * and DAMAGED_FILE for gzip
 */
export async function* unpack(bytes: AsyncIterable<Uint8Array>, limits: FileLimits): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]()
  try {
    const { start } = await readFirst(source, 8)
    const content = withRest(start, source)
    if (!startsWith(start, GZIP)) {
      refuseArchives(start)
      yield* bounded(content, limits)
      return
    }
    let isFirst = true
    for await (const chunk of bounded(gunzip(content, limits), limits)) {
      if (isFirst) refuseArchives(chunk)
      isFirst = false
      yield chunk
    }
  } finally {
    await source.return?.()
  }
}

async function* bounded(chunks: AsyncIterable<Buffer>, { maxBytes }: FileLimits): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      throw new FileError(
        'TOO_LARGE',
        `The file has more than ${formatCount(maxBytes)} bytes: split it and send the parts.`,
      )
    }
    yield chunk
  }
}

async function* gunzip(content: AsyncIterable<Buffer>, { maxGzipRatio }: FileLimits): AsyncGenerator<Buffer> {
  const unzip = createGunzip()
  // Where the source fails or the loop below is left, `pipeline` ends the other side too; both see the error there.
  pipeline(Readable.from(content), unzip, () => undefined)
  let bytes = 0
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > RATIO_FROM_BYTES && bytes > unzip.bytesWritten * maxGzipRatio) {
        throw new FileError(
          'TOO_COMPRESSED',
          `The gzip file unpacks to more than ${formatCount(maxGzipRatio)} times its size and was given up: send it unpacked.`,
        )
      }
      yield chunk
    }
  } catch (error) {
    if (isZlibError(error)) {
      throw new FileError('DAMAGED_FILE', 'The gzip file is damaged or cut off: compress and send it again.')
    }
    throw error
  }
}

function refuseArchives(start: Buffer): void {
  const refused = REFUSED.find(({ starts }) => startsWith(start, starts))
  if (refused) throw new FileError('UNSUPPORTED_FILE', refused.message)
}

function startsWith(bytes: Buffer, starts: readonly number[]): boolean {
  return starts.every((byte, index) => bytes[index] === byte)
}

function isZlibError(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code
  return typeof code === 'string' && code.startsWith('Z_')
}
