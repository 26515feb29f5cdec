import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { checkDatabase } from '../../../src/database/admin/start-checks.js'
import { initializeCluster } from '../../../src/database/embedded/cluster.js'
import { makeUrls } from '../../../src/database/embedded/connection-file.js'
import type { Placement } from '../../../src/database/embedded/placement.js'
import { startPostmaster } from '../../../src/database/embedded/postmaster.js'
import { openEmbeddedServer } from '../../../src/database/embedded/server.js'
import { findServerUser } from '../../../src/database/embedded/server-user.js'
import { stopPostmaster } from '../../../src/database/embedded/stop.js'
import { processEnvironment } from '../../setup/test-run.js'
import { runNode } from '../../support/command-process.js'
import { makeOpenFolder, queryOnce } from '../../support/embedded-process.js'

const NATIVE_15 = '/usr/lib/postgresql/15'
const silent = (): void => undefined

interface TestServer {
  /** as its superuser */
  readonly superUrl: string
  readonly stop: () => Promise<void>
}

/** The embedded server without what Kith has made in it. */
async function startEmbedded(folder: string): Promise<TestServer> {
  const server = await openEmbeddedServer({ dataDir: join(folder, 'data') })
  const superUrl = server.urls.admin
  await queryOnce(superUrl, 'drop database kith with (force)')
  for (const role of ['kith', 'kith_owner', 'kith_app', 'kith_keys', 'kith_system']) {
    await queryOnce(superUrl, `drop role ${role}`)
  }
  return { superUrl, stop: () => server.stop() }
}

/** The machine's own PostgreSQL 15. */
async function start15(folder: string): Promise<TestServer> {
  const user = findServerUser(silent)
  if (user) chownSync(folder, user.uid, user.gid)
  const placement: Placement = { native: NATIVE_15, pgData: join(folder, 'postgres'), user }
  initializeCluster(placement, 'super')()
  const urls = makeUrls({ admin: 'super', migration: '', app: '' })
  const { pid, port } = await startPostmaster(placement, urls, 0)
  const superUrl = Object.assign(new URL(urls.admin), { port: String(port) }).href
  return { superUrl, stop: () => stopPostmaster(pid, placement, silent) }
}

const SERVERS = [
  { version: 18, start: startEmbedded },
  ...(existsSync(join(NATIVE_15, 'bin/postgres')) ? [{ version: 15, start: start15 }] : []),
]

function provision(env: Record<string, string>) {
  return runNode(['--import', 'tsx', 'src/commands/provision.ts'], env)
}

describe.each(SERVERS)('a managed PostgreSQL $version', ({ version, start }) => {
  let folder: string
  let server: TestServer
  let adminUrl: string

  beforeAll(async () => {
    folder = makeOpenFolder()
    server = await start(folder)
    const [found] = await queryOnce(
      server.superUrl,
      `select current_setting('server_version_num')::int / 10000 as version`,
    )
    expect(found).toEqual({ version })
    await queryOnce(server.superUrl, `create role manager login createrole createdb password 'managed'`)
    adminUrl = Object.assign(new URL(server.superUrl), { username: 'manager', password: 'managed' }).href
  }, 60_000)

  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  const NOT_STATISTICS =
    /^Statistics of statements stay off: permission denied to create extension "pg_stat_statements"\. Set shared_preload_libraries/
  const NOT_OTHERS =
    /^kith_system reads no statistics of others \(.*permission denied.*\)\. A superuser may say: GRANT pg_read_all_stats TO kith_system WITH INHERIT true, SET TRUE$/
  // Before 16, CREATEROLE grants every role that is no superuser.
  const LINES = version >= 16 ? [NOT_OTHERS, NOT_STATISTICS] : [NOT_STATISTICS]

  let printed: Record<string, string>

  test('that stops half way has printed the URLs, whose passwords count', async () => {
    await queryOnce(server.superUrl, 'create database kith')
    const { stdout, stderr, code } = await provision({ ADMIN_DATABASE_URL: adminUrl })
    expect(stderr).toMatch(/must be owner of database kith\n$/)
    expect(code).toBe(1)
    printed = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    expect(Object.keys(printed)).toEqual(['MIGRATION_DATABASE_URL', 'DATABASE_URL'])
    for (const [name, role] of [
      ['MIGRATION_DATABASE_URL', 'kith_owner'],
      ['DATABASE_URL', 'kith'],
    ] as const) {
      expect(await queryOnce(printed[name] ?? '', 'select current_user::text as role')).toEqual([{ role }])
    }
    await queryOnce(server.superUrl, 'drop database kith with (force)')
  })

  test('is provisioned by its admin when that is mended, with the URLs of before', async () => {
    const { stdout, stderr, code } = await provision({ ADMIN_DATABASE_URL: adminUrl, ...printed })
    expect(stdout).toBe(
      `MIGRATION_DATABASE_URL=${printed['MIGRATION_DATABASE_URL']}\nDATABASE_URL=${printed['DATABASE_URL']}\n`,
    )
    expect(stderr.trim().split('\n')).toEqual(LINES.map((line) => expect.stringMatching(line)))
    expect(code).toBe(0)
  })

  const rights = () =>
    queryOnce(
      Object.assign(new URL(server.superUrl), { pathname: '/kith' }).href,
      `select (select datdba::regrole::text from pg_database where datname = 'kith') as owner,
        array(select r || ' ' || p from unnest('{public,kith,kith_owner}'::text[]) r, unnest('{CONNECT,TEMP,CREATE}'::text[]) p
          where has_database_privilege(r, 'kith', p) order by 1) as database_rights,
        array(select r from unnest('{public,kith,kith_owner}'::text[]) r where has_schema_privilege(r, 'public', 'CREATE') order by 1) as may_create,
        array(select distinct roleid::regrole::text from pg_auth_members where member = 'kith'::regrole order by 1) as memberships,
        pg_has_role('kith', 'kith_app', 'USAGE') as inherits`,
    )

  const RIGHTS = [
    {
      owner: 'kith_owner',
      database_rights: ['kith CONNECT', 'kith_owner CONNECT', 'kith_owner CREATE', 'kith_owner TEMP'],
      may_create: ['kith_owner'],
      memberships: ['kith_app', 'kith_keys', 'kith_system'],
      inherits: false,
    },
  ]

  test('has exactly the rights that a superuser gives it, also after a second run', async () => {
    expect(await rights()).toEqual(RIGHTS)
    const { stdout, code } = await provision({ ADMIN_DATABASE_URL: adminUrl })
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^MIGRATION_DATABASE_URL=postgresql:\/\/kith_owner@.*\nDATABASE_URL=postgresql:\/\/kith@.*\n$/,
    )
    expect(await rights()).toEqual(RIGHTS)
  })

  test('takes the migrations, and passes the checks of a start', async () => {
    const prisma = join(process.cwd(), 'node_modules/prisma/build/index.js')
    const { status, stderr } = spawnSync(process.execPath, [prisma, 'migrate', 'deploy'], {
      env: { ...processEnvironment(), ...printed },
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, expect.any(String)])
    const checked = await checkDatabase(printed['DATABASE_URL'] ?? '', [])
    expect(checked.maxConnections).toBeGreaterThan(0)
  }, 60_000)

  test('gets its statistics when a superuser runs it later', async () => {
    const { stderr, code } = await provision({ ADMIN_DATABASE_URL: server.superUrl, ...printed })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    const [found] = await queryOnce(
      Object.assign(new URL(server.superUrl), { pathname: '/kith' }).href,
      `select pg_has_role('kith_system', 'pg_read_all_stats', 'USAGE') as reads,
        (select count(*)::int from pg_extension where extname = 'pg_stat_statements') as extensions`,
    )
    expect(found).toEqual({ reads: true, extensions: 1 })
    expect(await rights()).toEqual(RIGHTS)
  })
})
