import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { withFolderLock, withFolderLockSync } from '../../../src/database/embedded/folder-lock.js'
import { processMark } from '../../../src/database/embedded/process-mark.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const silent = (): void => undefined

test('one at a time, and nothing stays behind', async () => {
  let inside = 0
  let most = 0
  const work = async (): Promise<number> => {
    most = Math.max(most, (inside += 1))
    await new Promise(setImmediate)
    inside -= 1
    return most
  }
  expect(await Promise.all([1, 2, 3, 4].map(() => withFolderLock(folder, silent, work)))).toEqual([1, 1, 1, 1])
  await expect(withFolderLock(folder, silent, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(existsSync(path)).toBe(false)
})

test('at the end of a process it is not waited for long', async () => {
  await withFolderLock(folder, silent, async () => {
    expect(withFolderLockSync(folder, 50, () => 'done')).toBeUndefined()
    expect(existsSync(path)).toBe(true)
  })
  expect(withFolderLockSync(folder, 50, () => 'done')).toBe('done')
  expect(existsSync(path)).toBe(false)
})

test('a lock is kept while its process lives, and taken away after', () => {
  writeFileSync(path, JSON.stringify(processMark(process.ppid)))
  expect(withFolderLockSync(folder, 50, () => 'done')).toBeUndefined()
  // The same number, but another process.
  writeFileSync(path, JSON.stringify({ pid: process.ppid, startedAt: '1' }))
  expect(withFolderLockSync(folder, 50, () => 'done')).toBe('done')
})

test('a lock that was never finished is taken away after some seconds', () => {
  writeFileSync(path, '')
  expect(withFolderLockSync(folder, 50, () => 'done')).toBeUndefined()
  const longAgo = Date.now() / 1000 - 60
  utimesSync(path, longAgo, longAgo)
  writeFileSync(`${path}.stale`, '')
  utimesSync(`${path}.stale`, longAgo, longAgo)
  expect(withFolderLockSync(folder, 1000, () => 'done')).toBe('done')
  expect(existsSync(`${path}.stale`)).toBe(false)
})

test('a folder that is not there is an error, not a wait', async () => {
  await expect(withFolderLock(join(folder, 'missing'), silent, async () => undefined)).rejects.toMatchObject({
    code: 'ENOENT',
  })
})
