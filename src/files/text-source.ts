import { detectEncoding } from './encoding.js'
import { decodeChunks } from './decode.js'
import { FileError } from './file-error.js'
import { readFirst, withRest } from './first-chunks.js'
import type { FileEncoding, FileLimits } from './row-file.js'
import { unpack } from './unpack.js'

const SAMPLE_BYTES = 2 ** 16
/** Small chunks are put together: a long record is looked at again with each. */
const CHUNK_LENGTH = 2 ** 16

/** The text of a file. */
export interface TextSource {
  readonly encoding: FileEncoding
  /** its first 64 KiB */
  readonly sample: string
  /** whether that is all of it */
  readonly isWhole: boolean
  /** The whole text, from its beginning, in chunks of about 64 Ki characters; once only. Leaving the loop ends the bytes. */
  chunks(): AsyncGenerator<string>
  /** Ends the bytes. */
  close(): Promise<void>
}

/**
 * The text of a file in the encoding that is given, or that its beginning shows, without BOM.
 * @throws FileError what `unpack` says, and EMPTY_FILE, UNSUPPORTED_ENCODING
 */
export async function openText(
  bytes: AsyncIterable<Uint8Array>,
  given: FileEncoding | undefined,
  limits: FileLimits,
): Promise<TextSource> {
  const content = unpack(bytes, limits)
  try {
    const { start, isWhole } = await readFirst(content, SAMPLE_BYTES)
    if (start.length === 0) throw new FileError('EMPTY_FILE', 'The file is empty.')
    const detected = detectEncoding(start)
    const encoding = given ?? detected.encoding
    const bomBytes = detected.encoding === encoding ? detected.bomBytes : 0
    refuseBinary(start, encoding)
    const withoutBom = start.subarray(bomBytes)
    const sample = await firstText(withoutBom, encoding)
    return {
      encoding,
      sample,
      isWhole,
      chunks: () => merged(decodeChunks(withRest(withoutBom, content), encoding)),
      close: async () => void (await content.return(undefined)),
    }
  } catch (error) {
    await content.return(undefined)
    throw error
  }
}

async function firstText(start: Buffer, encoding: FileEncoding): Promise<string> {
  async function* one(): AsyncGenerator<Buffer> {
    yield start.subarray(0, SAMPLE_BYTES)
  }
  for await (const text of decodeChunks(one(), encoding)) return text
  return ''
}

async function* merged(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const next of texts) {
    text += next
    if (text.length < CHUNK_LENGTH) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

const LEAST_CONTROLS = 8

/** A tenth of control characters other than tabs and line breaks is no text; UTF-16 is told before. */
function refuseBinary(start: Buffer, encoding: FileEncoding): void {
  if (encoding === 'UTF-16LE' || encoding === 'UTF-16BE') return
  const controls = start.reduce((count, byte) => count + (byte < 0x09 || (byte > 0x0d && byte < 0x1b) ? 1 : 0), 0)
  if (controls >= LEAST_CONTROLS && controls > start.length / 10) {
    throw new FileError('UNSUPPORTED_FILE', 'The file is no text: send CSV, NDJSON or vCard.')
  }
}
