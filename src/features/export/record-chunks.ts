import type { Snapshot } from '../../database/snapshot.js'
import type { ExportedRecord } from './exported-record.js'
import type { RecordReader } from './record-reader.js'

/** Some records of a list. */
interface RecordChunk {
  readonly records: readonly ExportedRecord[]
  /** whether these are all records of the list */
  readonly isAll: boolean
}

// Of 1,000 contacts with what belongs to them the server sends about 1 MB, in 9 statements.
const CHUNK_ROWS = 1000
// What one chunk may hold; a second one is read while it is used. 1,000 notes of 65,536 characters would have 260 MB.
const CHUNK_BYTES = 16_777_216

/**
 * The records of a list in its order, the next chunk of which is being read while one is used. Chunks get smaller where
 * records are so large that 1,000 of them don't fit into 16 MiB: ids are taken back and read again, which gives the same
 * rows in a snapshot. No chunk is empty.
 */
export async function* recordChunks(snapshot: Snapshot, reader: RecordReader): AsyncGenerator<RecordChunk> {
  const ids = listedIds(snapshot)
  let size = CHUNK_ROWS
  const readNext = async (): Promise<readonly ExportedRecord[] | null> => {
    let wanted = await ids.take(size)
    while (wanted.length > 0) {
      const answers = await snapshot.read(reader.statements(wanted), wanted.length === 1 ? Infinity : CHUNK_BYTES)
      if (answers) {
        size = Math.min(CHUNK_ROWS, size * 2)
        return reader.records(wanted, answers)
      }
      size = wanted.length >> 1
      ids.giveBack(wanted.slice(size))
      wanted = wanted.slice(0, size)
    }
    return null
  }
  let isFirst = true
  for (let reading = readNext(); ;) {
    const records = await reading
    if (!records) return
    const isAll = isFirst && ids.isAtEnd()
    isFirst = false
    reading = readNext()
    // Met by the next turn; by nobody where the reader of the export has left.
    reading.catch(ignoreError)
    if (records.length > 0) yield { records, isAll }
  }
}

const ignoreError = (): void => undefined

interface ListedIds {
  /** The next ids, `count` at most; none at the end. */
  readonly take: (count: number) => Promise<string[]>
  /** Takes back ids that were taken last. */
  readonly giveBack: (ids: readonly string[]) => void
  readonly isAtEnd: () => boolean
}

/** The ids of a list, the next of which are asked for while others are used: they leave with the statements for these. */
function listedIds(snapshot: Snapshot): ListedIds {
  let waiting: string[] = []
  let isFetched = false
  const fetch = (): Promise<{ id: string }[]> => {
    const fetched = snapshot.fetch<{ id: string }>(CHUNK_ROWS)
    fetched.catch(ignoreError)
    return fetched
  }
  let fetching = fetch()
  return {
    async take(count) {
      if (waiting.length === 0 && !isFetched) {
        const rows = await fetching
        waiting = rows.map(({ id }) => id)
        isFetched = rows.length < CHUNK_ROWS
        if (!isFetched) fetching = fetch()
      }
      const taken = waiting.slice(0, count)
      waiting = waiting.slice(count)
      return taken
    },
    giveBack: (ids) => void (waiting = [...ids, ...waiting]),
    isAtEnd: () => isFetched && waiting.length === 0,
  }
}
