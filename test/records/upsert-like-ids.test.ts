import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

test.each([['ahead of it'], ['behind it']])(
  'an external id that is the id of another record of the call, %s, is a value like others',
  async (order) => {
    const { admin } = await openTenant(desk)
    const { contact } = await desk.mutate(
      admin,
      'createContact',
      { firstName: 'Ada', externalId: 'X-1' },
      'contact { id }',
    )
    const rows = [
      { externalId: contact.id as string, firstName: 'Bob' },
      { externalId: 'X-1', firstName: 'Cy' },
    ]
    const input = { matchBy: 'EXTERNAL_ID', rows: order === 'behind it' ? rows.toReversed() : rows }
    const results = 'results { status contact { firstName externalId version } }'
    const payload = await desk.mutate(admin, 'bulkUpsertContacts', input, results)
    expect(payload.userErrors).toEqual([])
    const made = { status: 'CREATED', contact: { ...rows[0], version: 1 } }
    const changed = { status: 'UPDATED', contact: { ...rows[1], version: 2 } }
    expect(payload['results']).toEqual(order === 'behind it' ? [changed, made] : [made, changed])
  },
)
