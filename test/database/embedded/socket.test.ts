import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { findPostmaster } from '../../../src/database/embedded/find-postmaster.js'
import { openEmbeddedServer, type EmbeddedServer } from '../../../src/database/embedded/server.js'
import { waitForEnd } from '../../../src/database/embedded/stop.js'
import { makeOpenFolder, queryOnce } from '../../support/embedded-process.js'

let parent: string
let opened: EmbeddedServer[]

beforeEach(() => {
  parent = makeOpenFolder()
  opened = []
})

afterEach(async () => {
  for (const server of opened) await server.stop()
  rmSync(parent, { recursive: true })
})

async function open(dataDir: string, lines: string[] = []): Promise<EmbeddedServer> {
  const server = await openEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
  opened.push(server)
  return server
}

function pgDataOf(dataDir: string): string {
  return readConnectionFile(dataDir)?.pgData ?? ''
}

/** Where a URL leads: the folder of a socket, null for TCP. */
function socketFolderOf(url: string): string | null {
  return new URL(url).searchParams.get('host')
}

/** How the server sees a connection of a URL: the client's address, null where it came over a socket. */
async function addressSeen(url: string): Promise<unknown> {
  const [row] = await queryOnce(url, `select host(inet_client_addr()) as address, current_user::text as role`)
  expect(row?.['role']).toBe('kith')
  return row?.['address']
}

test('is in the data directory, for its user alone, and asks for the password; TCP stays', async () => {
  const dataDir = join(parent, 'data')
  const server = await open(dataDir)
  const pgData = pgDataOf(dataDir)
  expect(socketFolderOf(server.appUrl)).toBe(pgData)
  expect(await addressSeen(server.appUrl)).toBeNull()
  expect(await addressSeen(server.urls.app)).toBe('127.0.0.1')
  const socket = join(pgData, `.s.PGSQL.${new URL(server.urls.app).port}`)
  expect([statSync(pgData).mode & 0o777, statSync(socket).mode & 0o777]).toEqual([0o700, 0o700])
  const wrong = Object.assign(new URL(server.appUrl), { password: 'wrong' }).href
  await expect(queryOnce(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  await server.stop()
  expect(readdirSync(pgData).filter((name) => name.startsWith('.s.'))).toEqual([])
})

test('what a killed server left is no hindrance, nor is it in a copy, nor in a folder that was moved', async () => {
  const dataDir = join(parent, 'data')
  const first = await open(dataDir)
  const { port } = new URL(first.urls.app)
  const pgData = pgDataOf(dataDir)
  const killed = findPostmaster(pgData)?.pid ?? 0
  process.kill(killed, 'SIGKILL')
  expect(await waitForEnd(killed, pgData, 10_000)).toBe(true)
  expect(readdirSync(pgData).filter((name) => name.startsWith('.s.'))).toEqual([
    `.s.PGSQL.${port}`,
    `.s.PGSQL.${port}.lock`,
  ])
  const [copy, moved] = [join(parent, 'copy'), join(parent, 'moved')]
  // With its owner and its sockets, which cpSync refuses.
  expect(spawnSync('cp', ['-a', dataDir, copy]).status).toBe(0)
  renameSync(dataDir, moved)
  for (const folder of [moved, copy]) {
    const server = await open(folder)
    expect(socketFolderOf(server.appUrl)).toBe(join(folder, 'postgres'))
    expect(await addressSeen(server.appUrl)).toBeNull()
  }
})

test('where the path is too long for a socket, is in a private folder of /var/tmp', async () => {
  const dataDir = join(parent, 'long'.repeat(25), 'data')
  const lines: string[] = []
  const server = await open(dataDir, lines)
  const folder = socketFolderOf(server.appUrl) ?? ''
  expect(folder).toMatch(/^\/var\/tmp\/kith-socket-[0-9a-f]{12}\/socket$/)
  const { mode, uid } = statSync(folder)
  expect([mode & 0o777, uid]).toEqual([0o700, statSync(pgDataOf(dataDir)).uid])
  expect(await addressSeen(server.appUrl)).toBeNull()
  await server.stop()
  rmSync(dirname(folder), { recursive: true })

  // What somebody else may write to is not used.
  mkdirSync(dirname(folder))
  chmodSync(dirname(folder), 0o777)
  lines.length = 0
  const other = await open(dataDir, lines)
  expect(lines).toEqual([
    `PostgreSQL gets no Unix socket: ${dirname(folder)} exists and is not this user's own folder: remove it.`,
  ])
  expect(other.appUrl).toBe(other.urls.app)
  expect(await addressSeen(other.appUrl)).toBe('127.0.0.1')
  await other.stop()
  rmSync(dirname(folder), { recursive: true })
})

test('where no socket can be made, TCP serves', async () => {
  const dataDir = join(parent, 'data')
  const before = await open(dataDir)
  await before.stop()
  const { urls } = before
  // As on a file system without sockets, binding fails.
  mkdirSync(join(pgDataOf(dataDir), `.s.PGSQL.${new URL(urls.app).port}`))
  const server = await open(dataDir)
  expect(server.appUrl).toBe(urls.app)
  expect(server.urls).toEqual(urls)
  expect(await addressSeen(server.appUrl)).toBe('127.0.0.1')
})
