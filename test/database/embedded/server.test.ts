import { mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { findPostmaster } from '../../../src/database/embedded/find-postmaster.js'
import { openEmbeddedServer, type EmbeddedServer } from '../../../src/database/embedded/server.js'
import { makeOpenFolder, openInProcess, queryOnce } from '../../support/embedded-process.js'

let dataDir: string
let lines: string[]

/** The server's process; undefined where none runs. */
function running(folder = dataDir): number | undefined {
  return findPostmaster(readConnectionFile(folder)?.pgData ?? '')?.pid
}

function open(): Promise<EmbeddedServer> {
  lines = []
  return openEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
}

beforeAll(() => {
  dataDir = join(makeOpenFolder(), 'data')
})

afterAll(async () => {
  await (await open()).stop()
  rmSync(join(dataDir, '..'), { recursive: true })
})

describe('the first start', () => {
  let server: EmbeddedServer
  beforeAll(async () => {
    server = await open()
  })
  afterAll(() => server.stop())

  test('makes a cluster in UTF-8 with its roles and settings', async () => {
    expect(server.startedHere).toBe(true)
    expect(lines).toEqual(['Making the local database …'])
    const settings = [
      'max_connections',
      'listen_addresses',
      'unix_socket_directories',
      'fsync',
      'jit',
      'server_encoding',
    ]
    const columns = settings.map((name) => `current_setting('${name}') as ${name}`).join(', ')
    expect(await queryOnce(server.urls.admin, `select ${columns}`)).toEqual([
      {
        max_connections: '250',
        listen_addresses: '127.0.0.1',
        unix_socket_directories: `"${realpathSync(dataDir)}/postgres"`,
        fsync: 'on',
        jit: 'off',
        server_encoding: 'UTF8',
      },
    ])
    const who = `select current_user::text as role, lower('É') as letter`
    expect(await queryOnce(server.urls.app, who)).toEqual([{ role: 'kith', letter: 'é' }])
    expect(await queryOnce(server.urls.migration, who)).toEqual([{ role: 'kith_owner', letter: 'é' }])
    const statistics = `select current_setting('pg_stat_statements.track_utility') as utility,
      (select count(*)::int from pg_extension where extname = 'pg_stat_statements') as extensions`
    expect(await queryOnce(server.urls.migration, statistics)).toEqual([{ utility: 'off', extensions: 1 }])
  })

  test('keeps 256 MB of its WAL at most, whatever was written', async () => {
    const { admin } = server.urls
    const names = ['max_wal_size', 'min_wal_size', 'wal_level', 'max_wal_senders']
    const columns = names.map((name) => `current_setting('${name}') as ${name}`).join(', ')
    expect(await queryOnce(admin, `select ${columns}`)).toEqual([
      { max_wal_size: '256MB', min_wal_size: '32MB', wal_level: 'minimal', max_wal_senders: '0' },
    ])
    // A message of 1 MB leaves nothing but its entry in the WAL.
    const written = `select count(pg_logical_emit_message(false, 'filler', repeat('x', 1024 * 1024)))::int as messages
      from generate_series(1, 500)`
    expect(await queryOnce(admin, written)).toEqual([{ messages: 500 }])
    await queryOnce(admin, 'checkpoint')
    const [row] = await queryOnce(admin, 'select sum(size)::int / 1024 / 1024 as megabytes from pg_ls_waldir()')
    expect(row?.['megabytes']).toBeLessThanOrEqual(256)
  })

  test('asks everybody for a password', async () => {
    const wrong = Object.assign(new URL(server.urls.admin), { password: 'wrong' }).href
    await expect(queryOnce(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('leaves connection.json, for its owner alone, and nothing half done', () => {
    expect(statSync(join(dataDir, 'connection.json')).mode & 0o777).toBe(0o600)
    const { port, pid, urls, users } = readConnectionFile(dataDir) ?? {}
    expect({ port: String(port), pid, urls }).toEqual({
      port: new URL(server.urls.app).port,
      pid: running(),
      urls: server.urls,
    })
    expect(users?.map((user) => user.pid)).toEqual([process.pid])
    expect(readdirSync(dataDir).sort()).toEqual(['connection.json', 'postgres', 'postgres.log'])
  })
})

describe('a later start', () => {
  test('finds port, passwords and data again', async () => {
    const before = await open()
    await queryOnce(before.urls.migration, 'create table kept as select 1 as row')
    await before.stop()
    expect(running()).toBeUndefined()
    const after = await open()
    expect(lines).toEqual([])
    expect(after.urls).toEqual(before.urls)
    expect(await queryOnce(after.urls.migration, 'select row from kept')).toEqual([{ row: 1 }])
    await after.stop()
  })

  test('takes another port where somebody listens on the old one', async () => {
    const old = readConnectionFile(dataDir)?.port
    const other = createServer().listen(old, '127.0.0.1')
    await once(other, 'listening')
    const server = await open()
    expect(new URL(server.urls.app).port).not.toBe(String(old))
    expect(await queryOnce(server.urls.app, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
    other.close()
  })

  test('waits for a server that was only told to stop, and starts it again', async () => {
    const before = await open()
    const pid = running()
    before.stopSync()
    const after = await open()
    expect(after.startedHere).toBe(true)
    expect(running()).not.toBe(pid)
    expect(await queryOnce(after.urls.app, 'select 1 as one')).toEqual([{ one: 1 }])
    await after.stop()
  })

  test('stopping twice is stopping once', async () => {
    const first = await open()
    const second = await open()
    expect([first.startedHere, second.startedHere]).toEqual([true, false])
    await first.stop()
    await first.stop()
    first.stopSync()
    expect(running()).toBe(readConnectionFile(dataDir)?.pid)
    await second.stop()
    expect(running()).toBeUndefined()
  })

  test('refuses data whose passwords are lost, and says where they were', async () => {
    const path = join(dataDir, 'connection.json')
    renameSync(path, `${path}.aside`)
    await expect(open()).rejects.toThrow('connection.json is missing')
    writeFileSync(path, '{')
    await expect(open()).rejects.toThrow("connection.json can't be read")
    renameSync(`${path}.aside`, path)
    const server = await open()
    expect(await queryOnce(server.urls.migration, 'select row from kept')).toEqual([{ row: 1 }])
    await server.stop()
  })
})

describe('several processes', () => {
  test('share one server, and whoever leaves last stops it', async () => {
    const other = await openInProcess(dataDir)
    const pid = running()
    const server = await open()
    expect([other.startedHere, server.startedHere]).toEqual([true, false])
    expect(server.urls).toEqual(other.urls)
    await server.stop()
    expect(running()).toBe(pid)
    const again = await open()
    await other.leave()
    expect(running()).toBe(pid)
    expect(await queryOnce(again.urls.app, 'select 1 as one')).toEqual([{ one: 1 }])
    await again.stop()
    expect(running()).toBeUndefined()
  })

  test.each(['SIGKILL', 'SIGINT'] as const)(
    'a server outlives %s to its process group, and is taken over',
    async (signal) => {
      const other = await openInProcess(dataDir)
      const pid = running()
      await other.kill(signal)
      expect(running()).toBe(pid)
      const server = await open()
      expect(server.startedHere).toBe(true)
      expect(running()).toBe(pid)
      expect(server.urls).toEqual(other.urls)
      expect(lines).toEqual(['The database was left running by a process that was killed: it is used again.'])
      await server.stop()
      expect(running()).toBeUndefined()
    },
  )

  test('a server that crashed is started again, and its data is there', async () => {
    const other = await openInProcess(dataDir)
    await queryOnce(other.urls.migration, 'create table survived as select 2 as row')
    const pid = running() as number
    process.kill(pid, 'SIGKILL')
    const server = await open()
    expect(running()).not.toBe(pid)
    expect(await queryOnce(server.urls.migration, 'select row from survived')).toEqual([{ row: 2 }])
    await server.stop()
    expect(await queryOnce(other.urls.app, 'select 1 as one')).toEqual([{ one: 1 }])
    await other.leave()
    expect(running()).toBeUndefined()
  })

  test('open a new folder at once, over the remains of a start that was killed', async () => {
    const folder = join(makeOpenFolder(), 'data')
    mkdirSync(join(folder, 'postgres.new/base'), { recursive: true })
    writeFileSync(join(folder, 'postgres.new/PG_VERSION'), '18')
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, startedAt: '1' }))
    const opened = await Promise.all([openInProcess(folder), openInProcess(folder), openInProcess(folder)])
    expect(opened.filter(({ startedHere }) => startedHere)).toHaveLength(1)
    for (const { urls } of opened) {
      expect(urls).toEqual(opened[0]?.urls)
      expect(await queryOnce(urls.app, 'select current_user::text as role')).toEqual([{ role: 'kith' }])
    }
    await Promise.all(opened.map((one) => one.leave()))
    expect(running(folder)).toBeUndefined()
    expect(readdirSync(folder).sort()).toEqual(['connection.json', 'postgres', 'postgres.log'])
    rmSync(join(folder, '..'), { recursive: true })
  })
})
