import pg from 'pg'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

// In a database that is being filled no statistics tell the indexes of a table apart, and a plan that was made meanwhile
// is used until there are some.

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const MANY = 2000

test.each([
  ['contact', 'bulkCreateContacts', { lastName: 'Listed' }],
  ['company', 'bulkCreateCompanies', { name: 'Listed' }],
])(
  'the words of a %s are read by few blocks also where they were planned over empty tables',
  async (noun, mutation, row) => {
    const { tenant, admin } = await openTenant(desk)
    const client = new pg.Client({ connectionString: desk.adminUrl })
    await client.connect()
    const readWords = (ids: readonly string[]) => `execute words('${tenant.settings.id}', '{${ids.join()}}')`
    const ids: string[] = []
    try {
      await client.query(`set plan_cache_mode = force_generic_plan; set app.tenant_id = '${tenant.settings.id}'`)
      await client.query(`prepare words (uuid, uuid[]) as select * from kith_${noun}_texts($1, $2)`)
      await client.query(readWords(ids))
      for (let from = 0; from < MANY; from += 1000) {
        const rows = Array.from({ length: 1000 }, (_, index) => ({
          ...row,
          emailAddresses: [{ type: 'WORK', email: `a@x${from + index}.example` }],
        }))
        const made = await desk.mutate(admin, mutation, { rows }, 'results { id }')
        expect(made.userErrors).toEqual([])
        ids.push(...(made['results'] as { id: string }[]).map(({ id }) => id))
      }
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
        `explain (analyze, buffers, format json) ${readWords(ids)}`,
      )
      const plan = rows[0]?.['QUERY PLAN'][0].Plan
      expect(plan?.['Actual Rows']).toBe(MANY)
      // A record, its addresses, numbers and custom fields: some blocks of an index each.
      expect(Number(plan?.['Shared Hit Blocks']) / MANY).toBeLessThan(16)
    } finally {
      await client.end()
    }
  },
)
