import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries, program } from '../../src/database/embedded/binaries.js'
import { processOptions } from '../../src/database/embedded/cluster.js'
import { readConnectionFile, withPort, type ServerUrls } from '../../src/database/embedded/connection-file.js'
import { choosePlacement } from '../../src/database/embedded/placement.js'
import { askState } from '../../src/database/embedded/postmaster.js'
import { openEmbeddedServer } from '../../src/database/embedded/server.js'
import { processEnvironment } from '../setup/test-run.js'
import { makeOpenFolder } from './embedded-process.js'
import { freePort } from './free-port.js'

/** A PostgreSQL of a test's own, with roles and an empty database, under settings that the test chooses. */
export interface SmallServer {
  readonly urls: ServerUrls
  /** Runs all migrations; takes some seconds. */
  migrate(): void
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

/** Starts one, as `startSmallServer({ max_connections: '100' })`; what isn't said is PostgreSQL's own default. */
export async function startSmallServer(settings: Readonly<Record<string, string>>): Promise<SmallServer> {
  const folder = makeOpenFolder()
  const dataDir = join(folder, 'data')
  // Made by the embedded server, which has fixed settings: it is stopped, and its data is served by a process of our
  // own.
  await (await openEmbeddedServer({ dataDir })).stop()
  const file = readConnectionFile(dataDir)
  if (!file) throw new Error(`${dataDir} holds no connection.json`)
  const { native, pgData, user } = choosePlacement(dataDir, file.pgData, findBinaries(), () => undefined)
  const port = await freePort()
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    fsync: 'off',
    ...settings,
  }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(program(native, 'postgres'), ['-D', pgData, ...options], {
    stdio: 'ignore',
    cwd: folder,
    ...processOptions(user),
  })
  const ended = once(child, 'close')
  const urls = withPort(file.urls, port)
  while ((await askState(urls.admin)) !== 'answers') {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`)
    await sleep(20)
  }
  return {
    urls,
    migrate() {
      const prisma = join(process.cwd(), 'node_modules/prisma/build/index.js')
      const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, 'migrate', 'deploy'], {
        encoding: 'utf8',
        env: { ...processEnvironment(), MIGRATION_DATABASE_URL: urls.migration },
      })
      if (status !== 0) throw new Error(`prisma migrate deploy failed:\n${stdout}${stderr}`)
    },
    async remove() {
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
