import { closeSync, openSync, readSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { asError } from '../errors.js'
import { errorCode } from './error-code.js'

// The server writes its log onto the same disk, and its last lines may have found no room. It keeps 16 MB a piece of
// its WAL, so that with less nothing can be changed any more.
const LEAST_FREE_BYTES = 16 * 1024 * 1024
const LOOK_BACK_BYTES = 1024 * 1024
const FULL_CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT']
const FULL = /^.*(no space left on device|disk quota exceeded).*$/im

/** What failed where the disk is full; its message says both. */
export class DiskFull extends Error {}

/** Whether a system call failed for want of room. */
export function isNoRoom(error: unknown): boolean {
  return FULL_CODES.includes(errorCode(error))
}

/** Runs `work`; where it fails, its error says also that the disk is full. @throws DiskFull; what `work` throws */
export async function sayDisk<Result>(pgData: string, logStart: number, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw withDiskTrouble(error, pgData, logStart)
  }
}

/** What to throw for what was caught: where the disk is full, an error that says both. */
export function withDiskTrouble(error: unknown, pgData: string, logStart: number): unknown {
  if (error instanceof DiskFull) return error
  const trouble = diskTrouble(pgData, logStart, isNoRoom(error))
  if (trouble === undefined) return error
  return new DiskFull(`${asError(error).message}\n${trouble}`, { cause: error })
}

/**
 * What there is to know and to do where the disk of the data is full: the free space, and what the server's log says of
 * it behind `logStart`, a length in bytes. Undefined where the disk has room and neither the log nor the caller says that it
 * was full.
 */
export function diskTrouble(pgData: string, logStart: number, wasFull = false): string | undefined {
  const line = FULL.exec(logSince(`${pgData}.log`, logStart))?.[0].trim()
  const free = freeBytes(dirname(pgData))
  if (!wasFull && line === undefined && (free === undefined || free >= LEAST_FREE_BYTES)) return undefined
  const room = free === undefined ? '' : `, ${Math.floor(free / 1024 / 1024)} MB are free now`
  const said = line === undefined ? '' : `\nPostgreSQL said: ${line}`
  return (
    `The disk of ${dirname(pgData)} was full${room}. Make room (the demo data takes 0.6 GB), or let KITH_DATA_DIR name a folder ` +
    `on another disk, then start again.${said}`
  )
}

/** The length of the server's log in bytes. */
export function logLength(pgData: string): number {
  return sizeOf(`${pgData}.log`)
}

/** In bytes; 0 where there is nothing, or no folder that it could be in. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

/** The log behind a position, its last megabyte at most. A log that is shorter than that was begun anew. */
function logSince(path: string, start: number): string {
  const size = sizeOf(path)
  const from = Math.max(start > size ? 0 : start, size - LOOK_BACK_BYTES)
  if (size === from) return ''
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(size - from)
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from)).toString()
  } finally {
    closeSync(file)
  }
}

/** The free space of a folder, or where it isn't made yet, of the one that it is to be in. */
function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch (error) {
    const parent = dirname(folder)
    return errorCode(error) === 'ENOENT' && parent !== folder ? freeBytes(parent) : undefined
  }
}
