import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from './error-code.js'
import { isRunning, processMark, type ProcessMark } from './process-mark.js'

const RETRY_MS = 25
const NOTICE_MS = 2000
// Longer than a server may take to start: it may have to repair itself first.
const TIMEOUT_MS = 330_000
// A lock is written within microseconds: what is still empty after this was left by a process that was killed.
const HALF_WRITTEN_MS = 5000

/**
 * Runs `work` while no other process does anything to the data folder. A lock whose process is gone is taken away.
 * @throws Error when the folder can't be written, or after some minutes
 */
export async function withFolderLock<Result>(
  dataDir: string,
  log: (line: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const path = join(dataDir, 'lock')
  const startedAtMs = performance.now()
  let isNoticed = false
  while (!tryLock(path)) {
    const waitedMs = performance.now() - startedAtMs
    if (waitedMs > TIMEOUT_MS) throw new Error(`${path} is held by process ${holder(path)?.pid ?? 'unknown'}.`)
    if (waitedMs > NOTICE_MS && !isNoticed) {
      log(`Waiting for process ${holder(path)?.pid ?? 'unknown'}, which starts or stops the database of ${dataDir} …`)
      isNoticed = true
    }
    await sleep(RETRY_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** The same at the end of a process, where nothing can be awaited; undefined when the lock isn't free in time. */
export function withFolderLockSync<Result>(dataDir: string, timeoutMs: number, work: () => Result): Result | undefined {
  const path = join(dataDir, 'lock')
  const deadlineMs = performance.now() + timeoutMs
  const never = new Int32Array(new SharedArrayBuffer(4))
  while (!tryLock(path)) {
    if (performance.now() > deadlineMs) return undefined
    Atomics.wait(never, 0, 0, RETRY_MS)
  }
  try {
    return work()
  } finally {
    rmSync(path, { force: true })
  }
}

function tryLock(path: string): boolean {
  if (create(path)) return true
  if (!isStale(path)) return false
  // One process at a time looks again and removes, or the second would remove the first one's new lock. Nothing is
  // awaited meanwhile, so that this inner lock lives for microseconds.
  const inner = `${path}.stale`
  if (!create(inner)) {
    if (ageMs(inner) > HALF_WRITTEN_MS) rmSync(inner, { force: true })
    return false
  }
  try {
    if (isStale(path)) rmSync(path, { force: true })
    return create(path)
  } finally {
    rmSync(inner, { force: true })
  }
}

function create(path: string): boolean {
  let file: number
  try {
    file = openSync(path, 'wx')
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
  try {
    writeFileSync(file, JSON.stringify(processMark(process.pid)))
    return true
  } catch (error) {
    // A full disk has room for its name, and an empty lock would keep others out for seconds.
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

function isStale(path: string): boolean {
  const mark = holder(path)
  return mark ? !isRunning(mark) : ageMs(path) > HALF_WRITTEN_MS
}

function holder(path: string): ProcessMark | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessMark
  } catch {
    return undefined
  }
}

function ageMs(path: string): number {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return mtimeMs === undefined ? 0 : Date.now() - mtimeMs
}
