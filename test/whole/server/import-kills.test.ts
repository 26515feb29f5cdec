import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createDatabase } from '../../../src/database/database.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { testKills, testSeed } from '../../setup/test-run.js'
import { TEST_SECRET, testDatabaseOptions } from '../../support/api.js'
import { importWithKills } from '../../support/import-kills.js'
import { createTenant } from '../../support/records.js'

const SEED = testSeed()
// Each takes some 2 s, most of it the start of a process: KITH_TEST_KILLS=20 kills more.
const KILLS = testKills()
const ROWS = KILLS * 1000

let clone: ClonedDatabase
let folder: string

beforeAll(async () => {
  clone = await cloneDatabase()
  folder = mkdtempSync(join(tmpdir(), 'kith-import-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await clone.drop()
})

test(`an import that is killed at random points has every row once (KITH_TEST_SEED=${SEED})`, async () => {
  const database = createDatabase(testDatabaseOptions(clone.databaseUrl, 1))
  const tenant = await createTenant(database)
  await database.close()
  const [killAt = []] = fc.sample(
    fc.array(fc.integer({ min: 1, max: ROWS - 500 }), { minLength: KILLS, maxLength: KILLS }),
    { seed: SEED, numRuns: 1 },
  )
  const environment = { DATABASE_URL: clone.databaseUrl, KITH_SECRET: TEST_SECRET }
  const survived = await importWithKills({
    ...{ folder, adminUrl: clone.adminUrl, environment, tenantSlug: tenant.settings.slug, rows: ROWS },
    killAt: killAt.toSorted((a, b) => a - b),
  })
  expect(survived).toEqual({
    kills: expect.any(Number),
    code: 0,
    job: { status: 'SUCCEEDED', read: ROWS, created: ROWS, failed: 0 },
    contacts: ROWS,
    doubled: 0,
    emails: ROWS,
  })
  expect(survived.kills).toBeGreaterThan(0)
}, 600_000)
