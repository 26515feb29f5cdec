import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { loadDemo } from '../../src/demo/load.js'
import { findTenantBySlug } from '../../src/features/tenant/tenant.service.js'
import { openDesk } from '../support/desk.js'

test("the README's search, which misspells a name, finds the one that is meant in the demo data", async () => {
  const [, query] = /search\(query: "([^"]*)"/.exec(readFileSync('README.md', 'utf8')) ?? []
  expect(query).toBe('jonh smith')
  const desk = await openDesk()
  try {
    const { database } = desk.api
    await loadDemo(database, {
      tenantSlug: 'demo',
      contacts: 300,
      companies: 50,
      now: new Date('2026-11-28T12:00:00.000Z'),
    })
    const tenant = await findTenantBySlug(database, 'demo')
    if (!tenant) throw new Error('there is no demo tenant')
    const text = `query ($query: String!) { search(query: $query, first: 5) {
      nodes { record { ... on Contact { fullName } ... on Company { name } } matches { field text } } } }`
    const { search } = await desk.ask({ tenant, userId: null, role: 'ADMIN' }, text, { query })
    expect(search).toEqual({
      nodes: [
        {
          record: { fullName: 'John Smith' },
          matches: [
            { field: 'NAME', text: 'John Smith' },
            { field: 'EMAIL', text: 'john.smith@sauersoftware.com' },
          ],
        },
      ],
    })
  } finally {
    await desk.close()
  }
})
