import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { completeUtf8 } from './encoding.js'
import type { FileEncoding } from './row-file.js'

interface Decoder {
  write(bytes: Buffer): string
  end(): string
}

/** Bytes 0x80 to 0xFF that are no UTF-8 become U+DC80 to U+DCFF, which no valid text contains (as PEP 383 of Python). */
const INVALID_BYTE_BASE = 0xdc00

/**
 * The texts of the chunks, in order. A byte that is no text in the encoding becomes half of a surrogate pair, so that the
 * row it stands in is known (`!text.isWellFormed()`) and others are read.
 */
export async function* decodeChunks(chunks: AsyncIterable<Buffer>, encoding: FileEncoding): AsyncGenerator<string> {
  const decoder = createDecoder(encoding)
  for await (const chunk of chunks) {
    const text = decoder.write(chunk)
    if (text !== '') yield text
  }
  const rest = decoder.end()
  if (rest !== '') yield rest
}

/** A decoder that is fed chunk by chunk; characters may be cut by the end of one. */
function createDecoder(encoding: FileEncoding): Decoder {
  if (encoding === 'UTF-8') return utf8Decoder()
  const decoder = iconv.getDecoder(encoding, { stripBOM: false })
  const write = (bytes: Buffer): string => decoder.write(bytes)
  const end = (): string => decoder.end() ?? ''
  return encoding === 'WINDOWS-1252' ? { write: (bytes) => markUnassigned(write(bytes), bytes), end } : { write, end }
}

/** Five bytes have no character in Windows-1252, which has one for each other byte: they are marked, not replaced. */
function markUnassigned(text: string, bytes: Buffer): string {
  return text.replaceAll('\ufffd', (_, at: number) => String.fromCharCode(INVALID_BYTE_BASE + (bytes[at] ?? 0)))
}

function utf8Decoder(): Decoder {
  let rest: Buffer = Buffer.alloc(0)
  return {
    write(bytes) {
      const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes
      const complete = completeUtf8(all)
      rest = Buffer.from(all.subarray(complete.length))
      return isUtf8(complete) ? complete.toString('utf8') : markInvalidBytes(complete)
    },
    end: () => markInvalidBytes(rest),
  }
}

function markInvalidBytes(bytes: Buffer): string {
  let text = ''
  let validFrom = 0
  for (let at = 0; at < bytes.length;) {
    const length = validLength(bytes, at)
    if (length === 0) {
      text += bytes.toString('utf8', validFrom, at) + String.fromCharCode(INVALID_BYTE_BASE + (bytes[at] ?? 0))
      validFrom = at + 1
    }
    at += Math.max(1, length)
  }
  return text + bytes.toString('utf8', validFrom)
}

/** The bytes of the character that begins here; 0 where there is none. */
function validLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}
