import { isUtf8 } from 'node:buffer'
import { FileError } from './file-error.js'
import type { FileEncoding } from './row-file.js'

/** UTF-16 without a BOM is told by its NUL bytes: text in Latin letters has one in nearly every pair. */
const LEAST_NUL_SHARE = 0.3
const CONTINUATION = 0b1100_0000

/** The encoding that the first bytes of a file prove, and the length of its BOM in bytes. */
export function detectEncoding(start: Buffer): { encoding: FileEncoding; bomBytes: number } {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: 'UTF-8', bomBytes: 3 }
  if (start[0] === 0xff && start[1] === 0xfe) {
    if (start.length >= 4 && start[2] === 0 && start[3] === 0) throw utf32()
    return { encoding: 'UTF-16LE', bomBytes: 2 }
  }
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'UTF-16BE', bomBytes: 2 }
  if (start.subarray(0, 4).equals(Buffer.of(0, 0, 0xfe, 0xff))) throw utf32()
  const [even, odd] = nulShares(start)
  if (odd > LEAST_NUL_SHARE && even < odd / 10) return { encoding: 'UTF-16LE', bomBytes: 0 }
  if (even > LEAST_NUL_SHARE && odd < even / 10) return { encoding: 'UTF-16BE', bomBytes: 0 }
  return { encoding: isUtf8(completeUtf8(start)) ? 'UTF-8' : 'WINDOWS-1252', bomBytes: 0 }
}

/** The bytes without the character that is cut off at their end. */
export function completeUtf8(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & CONTINUATION) === 0b1000_0000) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

function nulShares(bytes: Buffer): [even: number, odd: number] {
  const counts: [number, number] = [0, 0]
  bytes.forEach((byte, index) => {
    if (byte === 0) counts[index % 2 === 0 ? 0 : 1] += 1
  })
  const pairs = Math.max(1, bytes.length / 2)
  return [counts[0] / pairs, counts[1] / pairs]
}

function utf32(): FileError {
  return new FileError('UNSUPPORTED_ENCODING', 'The file is UTF-32, which is not read: save it as UTF-8.')
}
