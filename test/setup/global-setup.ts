import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedServer } from '../../src/database/embedded/server.js'
import { provision } from '../../src/database/provision.js'
import { dropDatabases, type TestRun } from './test-run.js'

const HOUR_MS = 3_600_000

/**
 * One server and one migrated template database for all test files: the server of ADMIN_DATABASE_URL, else an embedded
 * one of the run's own. Logins and template are named after the run, so that several runs share a server in peace.
 */
export default async function globalSetup(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kith-test-'))
  const embedded = process.env['ADMIN_DATABASE_URL'] ? undefined : await openEmbeddedServer({ dataDir })
  const adminUrl = process.env['ADMIN_DATABASE_URL'] ?? embedded?.urls.admin ?? ''
  const startedAtMs = Date.now()
  const id = `${startedAtMs.toString(36)}_${randomBytes(3).toString('hex')}`
  const password = randomBytes(16).toString('hex')
  const { migrationUrl, databaseUrl } = await provision({
    adminUrl,
    database: `kith_test_${id}_template`,
    loginName: `kith_test_${id}`,
    ownerName: `kith_test_${id}_owner`,
    loginPassword: password,
    ownerPassword: password,
  })
  // What a killed run left behind.
  await dropDatabases(adminUrl, (name) => Number.parseInt(name.split('_')[2] ?? '', 36) < startedAtMs - HOUR_MS)
  const prisma = join(process.cwd(), 'node_modules/prisma/build/index.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, 'migrate', 'deploy'], {
    encoding: 'utf8',
    env: { ...process.env, MIGRATION_DATABASE_URL: migrationUrl },
  })
  if (status !== 0) throw new Error(`prisma migrate deploy failed:\n${stdout}${stderr}`)
  const run: TestRun = { id, adminUrl, migrationUrl, databaseUrl, dataDir }
  // Environment variables reach the workers; objects don't.
  process.env['KITH_TEST_RUN'] = JSON.stringify(run)
  process.env['KITH_TEST_ADMIN_URL'] = adminUrl
  Object.assign(globalThis, { kithTestServer: embedded })
}
