import type { FileRow } from '../../files/row-file.js'
import { fileProblem } from './import-reader.js'

/** Reads records some at a time. */
export interface ChunkReader {
  /** The next records; null where nothing is left. @throws AppError where the file can't be read further */
  readonly next: () => Promise<readonly FileRow[] | null>
}

// What a chunk holds in memory, where rows are long.
const CHUNK_LENGTH = 4 * 2 ** 20

/** Records in chunks of so many, or of fewer where they are long; the same chunks each time from the same record on. */
export function readChunks(rows: AsyncIterator<FileRow>, rowsAChunk: number): ChunkReader {
  let problem: unknown
  return {
    async next() {
      if (problem) throw fileProblem(problem)
      const chunk: FileRow[] = []
      for (let length = 0; chunk.length < rowsAChunk && length < CHUNK_LENGTH;) {
        try {
          const next = await rows.next()
          if (next.done === true) break
          chunk.push(next.value)
          length += next.value.text.length
        } catch (error) {
          // What was read before is imported first.
          if (chunk.length === 0) throw fileProblem(error)
          problem = error
          break
        }
      }
      return chunk.length === 0 ? null : chunk
    },
  }
}
