import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { DiskFull, withDiskTrouble } from '../../../src/database/embedded/disk.js'
import { findPostmaster } from '../../../src/database/embedded/find-postmaster.js'
import { openEmbeddedServer } from '../../../src/database/embedded/server.js'
import { makeOpenFolder } from '../../support/embedded-process.js'

let dataDir: string

beforeEach(() => {
  dataDir = join(makeOpenFolder(), 'data')
})

afterEach(() => rmSync(join(dataDir, '..'), { recursive: true }))

/** The next write of connection.json finds no room: /dev/full answers ENOSPC. */
function fillDisk(): void {
  symlinkSync('/dev/full', join(dataDir, 'connection.json.new'))
}

const describeWhereFull = existsSync('/dev/full') ? describe : describe.skip

describeWhereFull('a full disk', () => {
  test('ends a start with its folder and the way out, and leaves nothing half done', async () => {
    mkdirSync(dataDir)
    fillDisk()
    const opened = openEmbeddedServer({ dataDir })
    await expect(opened).rejects.toBeInstanceOf(DiskFull)
    await expect(opened).rejects.toThrow(
      /^ENOSPC: no space left on device, write\nThe disk of .*\/data was full, \d+ MB are free now\. Make room .*, or let KITH_DATA_DIR name a folder on another disk, then start again\.$/,
    )
    expect(readdirSync(dataDir)).not.toContain('connection.json')
    expect(readdirSync(dataDir)).not.toContain('lock')
  })

  test.each(['stop', 'stopSync'] as const)('does not keep the last one from stopping the server: %s', async (how) => {
    const lines: string[] = []
    const server = await openEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
    const { pgData } = readConnectionFile(dataDir) ?? { pgData: '' }
    fillDisk()
    await server[how]()
    while (how === 'stopSync' && findPostmaster(pgData)) await new Promise(setImmediate)
    expect(findPostmaster(pgData)).toBeUndefined()
    expect(lines.slice(1)).toEqual([
      `${join(dataDir, 'connection.json')} can't be written: ENOSPC: no space left on device, write`,
    ])
  })
})

test('what failed for another reason is thrown as it is', () => {
  const error = new Error('something else')
  expect(withDiskTrouble(error, join(dataDir, 'postgres'), 0)).toBe(error)
})
