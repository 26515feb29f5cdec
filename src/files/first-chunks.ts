/** The beginning of bytes that are read on from there. */
export interface FirstChunks {
  readonly start: Buffer
  /** whether that is all of them */
  readonly isWhole: boolean
}

/** The first chunks of a source, with so many bytes at least, or all there are. */
export async function readFirst(source: AsyncIterator<Uint8Array>, leastBytes: number): Promise<FirstChunks> {
  const parts: Buffer[] = []
  for (let bytes = 0; bytes < leastBytes;) {
    const next = await source.next()
    if (next.done === true) return { start: Buffer.concat(parts), isWhole: true }
    parts.push(toBuffer(next.value))
    bytes += next.value.length
  }
  return { start: Buffer.concat(parts), isWhole: false }
}

/** What was read first, and the rest behind it. */
export async function* withRest(start: Buffer, source: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield toBuffer(next.value)
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
