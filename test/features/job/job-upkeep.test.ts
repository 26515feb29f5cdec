import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createJobUpkeep } from '../../../src/features/job/job-upkeep.js'
import { changeContacts, makeContacts, startContacts } from '../bulk/bulk-desk.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

test('what is kept of jobs goes after 30 days', async () => {
  const { tenant, admin } = await openTenant(desk)
  await makeContacts(desk, admin, 2)
  const change = { action: 'UPDATE', filter: {}, update: { jobTitle: 'Ops' } }
  await changeContacts(desk, admin, change)
  const waiting = await startContacts(desk, admin, change)
  await desk.mutate(admin, 'cancelJob', { id: waiting })
  const kept = () =>
    desk.sql(
      `select (select count(*)::int from job_changes where tenant_id = $1) as changes,
        (select count(*)::int from job_targets where tenant_id = $1) as targets`,
      [tenant.settings.id],
    )
  const tidy = async (days: number) => {
    const report = (error: Error): never => {
      throw error
    }
    const nowMs = (): number => Date.now() + days * 86_400_000
    await createJobUpkeep({ database: desk.api.database, report, nowMs, everySeconds: 0 }).tick()
  }
  await tidy(29.9)
  expect(await kept()).toEqual([{ changes: 2, targets: 1 }])
  await tidy(30.1)
  expect(await kept()).toEqual([{ changes: 0, targets: 0 }])
})
