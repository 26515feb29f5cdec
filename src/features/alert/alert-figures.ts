import { statfsSync } from 'node:fs'
import type { Database } from '../../database/database.js'
import { isUnavailable } from '../../lib/errors.js'
import { readServerFigures, readWindow, type ServerFigures } from '../performance/figures.service.js'
import type { AlertFigures } from './readings.js'

/** Where the figures come from. */
export interface FigureSources {
  readonly database: Database
  /** whether minutes are kept in the history */
  readonly hasHistory: boolean
  /** what the database may take; 0 where nobody said so */
  readonly diskBytes: number
  /** the folder of the database where it is on this machine */
  readonly dataDir: string | undefined
}

/** Reads all figures at a moment, by its own clock of milliseconds since 1970. */
export type ReadFigures = (nowMs: number) => Promise<Omit<AlertFigures, 'secondsSinceAnswer'>>

interface Blocks {
  readonly atMs: number
  readonly hit: number
  readonly read: number
}

const MINUTE_MS = 60_000
// A minute is over before it can be kept, and is kept once a minute.
const LATE_MINUTES = 1
const BLOCKS_MS = 10 * MINUTE_MS
const MIN_BLOCKS_MS = MINUTE_MS

/**
 * What reads the figures of all rules. It remembers how many blocks were asked for, so that the part that was in memory is
 * of the last ten minutes, and not of all times. Before it has run for as long as a window, a history without any minute
 * says nothing. What can't be read is an error in its place; where the database is away, the whole throws.
 * @throws SERVICE_UNAVAILABLE
 */
export function createReadFigures(sources: FigureSources, startedAtMs: number): ReadFigures {
  const { database, hasHistory } = sources
  let samples: Blocks[] = []
  return async (nowMs) => {
    const window = async (minutes: number) => {
      if (!hasHistory) return undefined
      const spanMs = (minutes + LATE_MINUTES) * MINUTE_MS
      const found = await orError(readWindow(database, new Date(nowMs - (nowMs % MINUTE_MS) - spanMs)))
      const isYoung = nowMs - startedAtMs < spanMs
      return isYoung && !(found instanceof Error) && found.minutes === 0 ? undefined : found
    }
    const [five, ten, server] = await Promise.all([window(5), window(10), orError(readServerFigures(database))])
    if (!(server instanceof Error)) {
      samples = [...samples, { atMs: nowMs, hit: server.blocksHit, read: server.blocksRead }].filter(
        ({ atMs }) => nowMs - atMs <= BLOCKS_MS,
      )
    }
    return { five, ten, server, blocks: blocksOf(samples), diskPart: diskPartOf(sources, server) }
  }
}

function blocksOf(samples: readonly Blocks[]): AlertFigures['blocks'] {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.atMs - first.atMs < MIN_BLOCKS_MS) return undefined
  const [hit, read] = [last.hit - first.hit, last.read - first.read]
  // The server's counters were reset.
  if (hit < 0 || read < 0) return undefined
  return { asked: hit + read, hitRatio: hit + read === 0 ? 1 : hit / (hit + read) }
}

function diskPartOf({ diskBytes, dataDir }: FigureSources, server: ServerFigures | Error): number | undefined {
  if (diskBytes > 0) return server instanceof Error ? undefined : server.databaseBytes / diskBytes
  if (dataDir === undefined) return undefined
  try {
    const { bavail, blocks } = statfsSync(dataDir)
    return blocks === 0 ? undefined : 1 - bavail / blocks
  } catch {
    return undefined
  }
}

async function orError<Result>(reading: Promise<Result>): Promise<Result | Error> {
  try {
    return await reading
  } catch (error) {
    if (isUnavailable(error)) throw error
    return error instanceof Error ? error : new Error(String(error))
  }
}
