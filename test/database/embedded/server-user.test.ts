import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findBinaries, linkLibraries, program } from '../../../src/database/embedded/binaries.js'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { choosePlacement } from '../../../src/database/embedded/placement.js'
import { findPostmaster } from '../../../src/database/embedded/find-postmaster.js'
import { openEmbeddedServer } from '../../../src/database/embedded/server.js'
import { canEnter, findServerUser } from '../../../src/database/embedded/server-user.js'
import { makeOpenFolder, openInProcess, queryOnce } from '../../support/embedded-process.js'

const NOBODY = { uid: 65534, gid: 65534 }
const isRoot = process.getuid?.() === 0

let folder: string
beforeEach(() => {
  folder = makeOpenFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a user enters a folder when every folder above it lets him pass', () => {
  const below = join(folder, 'above', 'below')
  mkdirSync(below, { recursive: true, mode: 0o755 })
  const self = { name: 'self', uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 }
  const stranger = { name: 'stranger', uid: 54321, gid: 54321 }
  expect([self, stranger, undefined].map((user) => canEnter(user, below))).toEqual([true, true, true])
  chmodSync(join(folder, 'above'), 0o700)
  expect([self, stranger, undefined].map((user) => canEnter(user, below))).toEqual([true, false, true])
  chmodSync(join(folder, 'above'), 0o070)
  const friend = { ...stranger, gid: self.gid }
  expect([self, stranger, friend].map((user) => canEnter(user, below))).toEqual([false, false, true])
  chmodSync(join(folder, 'above'), 0o700)
})

test('library links that an install without scripts leaves out are made', () => {
  const { native } = findBinaries()
  const copy = join(folder, 'native')
  cpSync(native, copy, {
    recursive: true,
    filter: (source) => !/\.so(\.\d+)?$/.test(source) || source.includes('postgresql'),
  })
  expect(existsSync(join(copy, 'lib/libpq.so.5'))).toBe(false)
  expect(spawnSync(program(copy, 'initdb'), ['--version'], { env: {} }).status).not.toBe(0)
  expect([linkLibraries(copy), linkLibraries(copy)]).toEqual([true, true])
  expect(spawnSync(program(copy, 'initdb'), ['--version'], { env: {}, encoding: 'utf8' }).stdout).toMatch(
    /^initdb \(PostgreSQL\) 18/,
  )
})

// Everybody else runs PostgreSQL as himself, wherever he may write.
if (isRoot) {
  describe('as root', () => {
    test('data below a folder that is closed to the server goes to /var/tmp, and is found again', async () => {
      chmodSync(folder, 0o700)
      const dataDir = join(folder, 'data')
      const lines: string[] = []
      const server = await openEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
      const { pgData = '' } = readConnectionFile(dataDir) ?? {}
      const user = findServerUser(() => undefined)
      expect(pgData).toMatch(/^\/var\/tmp\/kith-[^/]+-[0-9a-f]{12}\/postgres$/)
      expect(lines).toEqual([
        `PostgreSQL runs as ${user?.name}, who can't enter ${dataDir}: its data goes to ${pgData}.`,
        'Making the local database …',
      ])
      expect(statSync(pgData)).toMatchObject({ uid: user?.uid, mode: 0o40700 })
      expect(statSync(dirname(pgData))).toMatchObject({ uid: 0, mode: 0o40755 })
      expect(statSync(join(dataDir, 'connection.json'))).toMatchObject({ uid: 0, mode: 0o100600 })
      await queryOnce(server.urls.migration, 'create table kept as select 1 as row')
      await server.stop()
      const again = await openEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
      expect(lines).toHaveLength(2)
      expect(await queryOnce(again.urls.migration, 'select row from kept')).toEqual([{ row: 1 }])
      await again.stop()
      rmSync(dirname(pgData), { recursive: true })
    })

    test('programs below such a folder are copied once, for the server to read', () => {
      const binaries = { ...findBinaries(), native: join(folder, 'closed', 'native') }
      // As npm leaves it under umask 077, and without its scripts.
      cpSync(findBinaries().native, binaries.native, {
        recursive: true,
        filter: (source) => !/\.so(\.\d+)?$/.test(source) || source.includes('postgresql'),
      })
      spawnSync('chmod', ['-R', 'go=', join(folder, 'closed')])
      const dataDir = join(folder, 'data')
      mkdirSync(dataDir)
      const lines: string[] = []
      const place = choosePlacement(dataDir, undefined, binaries, (line) => lines.push(line))
      expect(lines).toEqual([
        `PostgreSQL can't run from ${binaries.native} as ${place.user?.name}: its programs are copied to ${place.native}.`,
      ])
      expect(place).toMatchObject({
        pgData: join(dataDir, 'postgres'),
        native: expect.stringMatching(/^\/var\/tmp\/kith-/),
      })
      const asUser = {
        ...(place.user && { uid: place.user.uid, gid: place.user.gid }),
        env: {},
        encoding: 'utf8',
      } as const
      expect(spawnSync(program(place.native, 'postgres'), ['--version'], asUser).stdout).toMatch(
        /^postgres \(PostgreSQL\) 18/,
      )
      expect(choosePlacement(dataDir, undefined, binaries, (line) => lines.push(line))).toEqual(place)
      expect(lines).toHaveLength(1)
      // Somebody who got there first could have us run his programs.
      chownSync(dirname(place.native), NOBODY.uid, NOBODY.gid)
      expect(() => choosePlacement(dataDir, undefined, binaries, () => undefined)).toThrow(
        "is not this user's own folder",
      )
      rmSync(dirname(place.native), { recursive: true })
    })

    test('data that exists and was closed since is refused by name', () => {
      const dataDir = join(folder, 'data')
      mkdirSync(join(dataDir, 'postgres'), { recursive: true })
      chmodSync(dataDir, 0o700)
      expect(() => choosePlacement(dataDir, undefined, findBinaries(), () => undefined)).toThrow(
        `can't enter ${dataDir}/postgres`,
      )
    })

    test('another user runs it as himself', async () => {
      chownSync(folder, NOBODY.uid, NOBODY.gid)
      const dataDir = join(folder, 'data')
      const opened = await openInProcess(dataDir, NOBODY)
      const { pid = 0 } = findPostmaster(join(dataDir, 'postgres')) ?? {}
      expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY.uid)
      expect(await queryOnce(opened.urls.app, 'select current_user::text as role')).toEqual([{ role: 'kith' }])
      await opened.leave()
      expect(findPostmaster(join(dataDir, 'postgres'))).toBeUndefined()
    })
  })
}
