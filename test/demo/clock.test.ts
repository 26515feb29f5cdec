import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hashOf, load, openPlace, type Place } from './place.js'

let here: Place
let there: Place

beforeAll(async () => {
  here = await openPlace()
  there = await openPlace()
})

afterAll(async () => {
  await here.close()
  await there.close()
})

describe('the clock of a load', () => {
  const clocks = ['2024-02-29T23:59:59.999Z', '2026-11-28T00:00:00.000Z', '2031-07-06T12:00:00.000Z']

  test.each(clocks)('%s: there are records of the last days, and none of later', async (clock) => {
    const now = new Date(clock)
    const { tenantId } = await load(here, { tenantSlug: `clock-${now.getUTCFullYear()}`, contacts: 3000, now })
    const { rows } = await here.admin.query(
      `select
        (select max(created_at) between $2::timestamptz - interval '5 days' and $2 from contacts where tenant_id = $1) as contacts,
        (select count(*) > 5 from contacts where tenant_id = $1 and created_at > $2::timestamptz - interval '8 days') as several,
        (select max(updated_at) between $2::timestamptz - interval '2 days' and $2 from contacts where tenant_id = $1) as edited,
        (select max(last_contacted_at) <= $2 and min(next_follow_up_at) >= $2::timestamptz - interval '1 day'
          from companies where tenant_id = $1) as dated,
        (select bool_and(created_at <= updated_at) from contacts where tenant_id = $1) as in_order`,
      [tenantId, now],
    )
    expect(rows).toEqual([{ contacts: true, several: true, edited: true, dated: true, in_order: true }])
  })

  test('a load that goes on days later brings the rows of one load at the first clock', async () => {
    const later = { tenantSlug: 'later', now: new Date('2026-10-09T15:00:00.000Z') }
    await load(here, { tenantSlug: 'later', contacts: 100 })
    const { tenantId } = await load(here, { ...later, contacts: 200 })
    const once = await load(there, { tenantSlug: 'later', contacts: 200 })
    expect(await hashOf(here, tenantId)).toBe(await hashOf(there, once.tenantId))
    const other = await load(there, { ...later, tenantSlug: 'anew', contacts: 200 })
    expect(await hashOf(there, other.tenantId)).not.toBe(await hashOf(there, once.tenantId))
  })

  test('of one day, whatever the hour, brings the same rows', async () => {
    const [early, late] = ['2026-10-01T00:00:00.000Z', '2026-10-01T23:59:59.999Z'].map((text) => new Date(text))
    const a = await load(here, { tenantSlug: 'hour', contacts: 100, now: early as Date })
    const b = await load(there, { tenantSlug: 'hour', contacts: 100, now: late as Date })
    expect(await hashOf(here, a.tenantId)).toBe(await hashOf(there, b.tenantId))
  })
})
