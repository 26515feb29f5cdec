import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { scheduleCare } from '../../src/start/scheduled-care.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { runAsAdmin } from '../setup/test-run.js'
import { testDatabaseOptions } from '../support/api.js'

const HOUR_MS = 3_600_000
const INDEX = 'idx_contacts_full_name'

let clone: ClonedDatabase

beforeAll(async () => {
  clone = await cloneDatabase()
})

afterAll(() => clone.drop())

/** The care of one process, by a clock that several may have. */
function openCare(clock: { nowMs: number }, migrationUrl = clone.migrationUrl) {
  const lines: string[] = []
  const faults: string[] = []
  const log = {
    info: (fields: object) => void lines.push((fields as { care: string }).care),
    warn: (fields: object) => void faults.push((fields as { err: Error }).err.message),
  }
  const connect = testDatabaseOptions(clone.databaseUrl)
  const care = scheduleCare({ connect, migrationUrl, everyHours: 24, log, tickSeconds: 0, nowMs: () => clock.nowMs })
  return { ...care, lines, faults }
}

const hasIndex = async (): Promise<boolean> =>
  (await runAsAdmin(clone.adminUrl, `select from pg_indexes where indexname = '${INDEX}'`)).rowCount === 1

test('one of two processes makes what is missing, says so, and not again before its time', async () => {
  await runAsAdmin(clone.adminUrl, `drop index ${INDEX}`)
  const clock = { nowMs: Date.UTC(2026, 8, 1) }
  const cares = [openCare(clock), openCare(clock)]
  const tick = (): Promise<unknown> => Promise.all(cares.map((care) => care.tick()))
  const said = (): string[] => cares.flatMap(({ lines }) => lines).filter((line) => line.includes(INDEX))
  await tick()
  expect([await hasIndex(), said(), cares.flatMap(({ faults }) => faults)]).toEqual([
    true,
    [`index ${INDEX} on contacts: missing, is being made (1 of 1) …`],
    [],
  ])
  expect(cares.map(({ lines }) => lines.length === 0).toSorted()).toEqual([false, true])
  await runAsAdmin(clone.adminUrl, `drop index ${INDEX}`)
  clock.nowMs += 24 * HOUR_MS - 1
  await tick()
  expect([await hasIndex(), said().length]).toEqual([false, 1])
  clock.nowMs += 1
  await tick()
  expect([await hasIndex(), said().length]).toEqual([true, 2])
  await Promise.all(cares.map((care) => care.stop()))
})

test('who may not make indexes says so, and tries again at the next time alone', async () => {
  const clock = { nowMs: Date.UTC(2027, 8, 1) }
  const care = openCare(clock, clone.databaseUrl)
  await runAsAdmin(clone.adminUrl, `drop index ${INDEX}`)
  await care.tick()
  await care.tick()
  expect(care.faults).toHaveLength(1)
  expect(await hasIndex()).toBe(false)
})
