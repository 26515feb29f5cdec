import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, processMark, type ProcessMark } from './connection-file.js'

const RETRY_MS = 50
const TIMEOUT_MS = 60_000

/**
 * Runs `work` while no other process does anything to the data folder. A lock whose process is gone is taken away.
 * @throws Error after a minute
 */
export async function withFolderLock<Result>(dataDir: string, work: () => Promise<Result>): Promise<Result> {
  const path = join(dataDir, 'lock')
  const deadlineMs = performance.now() + TIMEOUT_MS
  while (!tryLock(path)) {
    if (performance.now() > deadlineMs) throw new Error(`Another process holds ${path}.`)
    await sleep(RETRY_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function tryLock(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify(processMark(process.pid)), { flag: 'wx' })
    return true
  } catch {
    try {
      if (!isRunning(JSON.parse(readFileSync(path, 'utf8')) as ProcessMark)) rmSync(path, { force: true })
    } catch {
      // Half written, or gone by now: look again.
    }
    return false
  }
}
