import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { provision } from '../../src/database/admin/provision.js'
import { endRunServer, startRunServer } from './run-server.js'
import { dropLeftovers, dropRun, namePrefix, runAsAdmin, type TestRun } from './test-run.js'

/**
 * One server and one migrated template database for all test files: the server of ADMIN_DATABASE_URL, else an embedded
 * one of the run's own. Logins and template are named after the run, so that several runs share a server in peace.
 */
export default async function globalSetup(): Promise<void> {
  const server = process.env['ADMIN_DATABASE_URL'] ? undefined : await startRunServer()
  const adminUrl = process.env['ADMIN_DATABASE_URL'] || (server?.urls.admin ?? '')
  const nowMs = Date.now()
  const id = `${nowMs.toString(36)}_${randomBytes(3).toString('hex')}`
  try {
    await dropLeftovers(adminUrl, nowMs)
    const urls = await makeTemplate(adminUrl, id)
    const run: TestRun = { id, adminUrl, ...urls, dataDir: server?.dataDir ?? null }
    // Environment variables reach the workers; objects don't.
    process.env['KITH_TEST_RUN'] = JSON.stringify(run)
    process.env['KITH_TEST_ADMIN_URL'] = adminUrl
    Object.assign(globalThis, { kithTestServer: server })
  } catch (error) {
    // Jest runs no teardown after a failed setup.
    if (server) await endRunServer(server)
    else await dropRun(adminUrl, id)
    throw error
  }
}

async function makeTemplate(adminUrl: string, id: string): Promise<{ migrationUrl: string; databaseUrl: string }> {
  const database = `${namePrefix(id)}_template`
  const [ownerPassword, loginPassword] = [0, 1].map(() => randomBytes(16).toString('hex'))
  const names = { database, loginName: namePrefix(id), ownerName: `${namePrefix(id)}_owner` }
  const { migrationUrl, databaseUrl } = await provision({ adminUrl, ...names, loginPassword, ownerPassword })
  const prisma = join(process.cwd(), 'node_modules/prisma/build/index.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, 'migrate', 'deploy'], {
    encoding: 'utf8',
    env: { ...process.env, MIGRATION_DATABASE_URL: migrationUrl },
  })
  if (status !== 0) throw new Error(`prisma migrate deploy failed:\n${stdout}${stderr}`)
  // A database that somebody is connected to can't be copied.
  await runAsAdmin(adminUrl, `ALTER DATABASE ${pg.escapeIdentifier(database)} ALLOW_CONNECTIONS false`)
  return { migrationUrl, databaseUrl }
}
