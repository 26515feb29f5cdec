import { readdirSync, readFileSync, rmSync, appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { DiskFull, diskTrouble, logLength } from '../../../src/database/embedded/disk.js'
import { findPostmaster } from '../../../src/database/embedded/find-postmaster.js'
import { openEmbeddedServer, type EmbeddedServer } from '../../../src/database/embedded/server.js'
import { makeOpenFolder, openInProcess, queryOnce } from '../../support/embedded-process.js'

const LIMITS = { fastMs: 400, immediateMs: 400, killMs: 10_000, silenceMs: 1000 }

let folder: string
let dataDir: string
let lines: string[]

function open(limits = LIMITS): Promise<EmbeddedServer> {
  lines = []
  return openEmbeddedServer({ dataDir, limits, log: (line) => lines.push(line) })
}

function pgData(): string {
  return readConnectionFile(dataDir)?.pgData ?? ''
}

function running(): number | undefined {
  return findPostmaster(pgData())?.pid
}

/** The process of the server that calls itself so, as `checkpointer`. */
function childOf(postmaster: number, name: string): number {
  const child = readdirSync('/proc').find((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`postgres: ${name}`))
        return false
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(postmaster)
    } catch {
      return false
    }
  })
  return Number(child)
}

// One cluster for all: initdb takes seconds, and each test ends with its data found and the server stopped.
beforeAll(async () => {
  folder = makeOpenFolder()
  dataDir = join(folder, 'data')
  const server = await open()
  await queryOnce(server.urls.migration, 'create table kept as select 1 as row')
  await server.stop()
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** The next start finds what was committed. */
async function expectData(): Promise<void> {
  const server = await open()
  expect(await queryOnce(server.urls.migration, 'select row from kept')).toEqual([{ row: 1 }])
  await server.stop()
  expect(running()).toBeUndefined()
}

describe('a server that does not stop', () => {
  test('is stopped by SIGKILL where it hears nothing, after SIGQUIT', async () => {
    const server = await open()
    const pid = running() as number
    process.kill(pid, 'SIGSTOP')
    await server.stop()
    expect(running()).toBeUndefined()
    expect(lines).toEqual([
      `PostgreSQL (process ${pid}) did not stop within 0.4 s: it is sent SIGQUIT.`,
      `PostgreSQL (process ${pid}) did not stop within 0.4 s: it is sent SIGKILL.`,
    ])
    await expectData()
  })

  test('is stopped by SIGQUIT where it hangs in its fast shutdown', async () => {
    const server = await open({ ...LIMITS, immediateMs: 20_000 })
    const pid = running() as number
    // It waits for its checkpointer, as the one whose disk was full.
    process.kill(childOf(pid, 'checkpointer'), 'SIGSTOP')
    await server.stop()
    expect(running()).toBeUndefined()
    expect(lines).toEqual([`PostgreSQL (process ${pid}) did not stop within 0.4 s: it is sent SIGQUIT.`])
    await expectData()
  }, 60_000)

  test('is stopped by the next start where the last one gave up', async () => {
    const server = await open()
    const pid = running() as number
    process.kill(childOf(pid, 'checkpointer'), 'SIGSTOP')
    server.stopSync()
    expect(readConnectionFile(dataDir)).toMatchObject({ isStopping: true, users: [] })
    const next = await open({ ...LIMITS, immediateMs: 20_000 })
    expect(lines).toEqual([`PostgreSQL (process ${pid}) did not stop within 0.4 s: it is sent SIGQUIT.`])
    expect(next.startedHere).toBe(true)
    expect(running()).not.toBe(pid)
    await next.stop()
    await expectData()
  }, 60_000)
})

describe('a server that was left and hangs', () => {
  test('is stopped by the next start, whether it is silent', async () => {
    const other = await openInProcess(dataDir)
    const pid = running() as number
    await other.kill('SIGKILL')
    process.kill(pid, 'SIGSTOP')
    const next = await open()
    expect(lines).toEqual([
      `PostgreSQL (process ${pid}) in ${pgData()} does not answer: it is stopped and started again.`,
      `PostgreSQL (process ${pid}) did not stop within 0.4 s: it is sent SIGQUIT.`,
      `PostgreSQL (process ${pid}) did not stop within 0.4 s: it is sent SIGKILL.`,
    ])
    await next.stop()
    await expectData()
  }, 60_000)

  test('or was told to stop by somebody else', async () => {
    const other = await openInProcess(dataDir)
    const pid = running() as number
    await other.kill('SIGKILL')
    process.kill(childOf(pid, 'checkpointer'), 'SIGSTOP')
    process.kill(pid, 'SIGINT')
    const next = await open({ ...LIMITS, immediateMs: 20_000 })
    expect(running()).not.toBe(pid)
    expect(lines.at(-1)).toBe(`PostgreSQL (process ${pid}) did not stop within 0.4 s: it is sent SIGQUIT.`)
    await next.stop()
    await expectData()
  }, 60_000)

  test('but not where another process uses it', async () => {
    const other = await openInProcess(dataDir)
    const pid = running() as number
    process.kill(pid, 'SIGSTOP')
    await expect(open()).rejects.toThrow(`PostgreSQL (process ${pid}) in ${pgData()} does not answer.`)
    expect(running()).toBe(pid)
    process.kill(pid, 'SIGCONT')
    await other.leave()
    await expectData()
  }, 60_000)
})

describe('a full disk', () => {
  const FULL =
    '2026-11-28 12:00:00.000 UTC [7] PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device'

  test('is named with the free space and what to do, where the log says it since then', () => {
    const data = join(folder, 'some')
    writeFileSync(`${data}.log`, `${FULL}\n`)
    const start = logLength(data)
    expect(diskTrouble(data, start)).toBeUndefined()
    appendFileSync(`${data}.log`, `2026-11-28 12:00:01.000 UTC [7] LOG:  shutting down\n${FULL}\n`)
    const message = diskTrouble(data, start) ?? ''
    expect(message.replace(/\d+ MB/, 'N MB')).toBe(
      `The disk of ${folder} was full, N MB are free now. Make room (the demo data takes 0.6 GB), or let KITH_DATA_DIR name a ` +
        `folder on another disk, then start again.\nPostgreSQL said: ${FULL}`,
    )
  })

  test('is said of a start that fails', async () => {
    // Stands for the server: it says what PostgreSQL says, and ends.
    const version = join(pgData(), 'PG_VERSION')
    const before = readFileSync(version, 'utf8')
    writeFileSync(version, '1')
    const failure = open().catch((error: unknown) => error)
    await sleep(0)
    appendFileSync(`${pgData()}.log`, `${FULL}\n`)
    expect(await failure).toBeInstanceOf(DiskFull)
    expect(String(await failure)).toMatch(
      /PostgreSQL did not start[^]*The disk of .* was full, \d+ MB are free now\.[^]*PANIC/,
    )
    writeFileSync(version, before)
    await expectData()
  })
})
