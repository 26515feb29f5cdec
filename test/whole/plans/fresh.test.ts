import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isRelatedOrder, listQuery, LISTS, orderFields, orderName, type ListName } from './list-queries.js'
import { listPlans, planFault, totalBuffers } from './plan-checks.js'
import { openPlansDesk, type PlansDesk } from './plans-desk.js'
import { PLANS_SPEC } from './plans-spec.js'

/*
 * The tenant whose rows came after the last ANALYZE: the planner believes that it has one row. What a list and its count
 * take grows with the tenant there, never with its square, which is 12,500,000 pairs of a contact and a company.
 */

const BUFFERS_PER_RECORD = 12
const RECORDS = PLANS_SPEC.fresh.contacts + PLANS_SPEC.fresh.companies
const MAX_BUFFERS = BUFFERS_PER_RECORD * RECORDS
const INFO: readonly (readonly [string, object])[] = [
  ['the end of a number', { phoneNumbers: { some: { number: { endsWith: '2043' } } } }],
  ['a kind of number', { phoneNumbers: { some: { type: { eq: 'MOBILE' } } } }],
  ['no such number', { phoneNumbers: { none: { type: { eq: 'MOBILE' } } } }],
  ['a part of an address', { emailAddresses: { some: { email: { contains: 'anna' } } } }],
  ['a domain', { emailAddresses: { some: { domain: { eq: 'gmail.com' } } } }],
  ['a city', { addresses: { some: { city: { eq: 'Boston' } } } }],
]
const FILTERS: Record<ListName, readonly (readonly [string, object])[]> = {
  contacts: [
    ...INFO,
    ['a status of the company', { company: { status: { eq: 'PARTNER' } } }],
    ['a part of the company', { company: { name: { contains: 'software' } } }],
    ['the industry of the company', { company: { industry: { name: { eq: 'Retail' } } } }],
    ['the role of the owner', { owner: { role: { eq: 'MANAGER' } } }],
    ['either', { or: [{ owner: { role: { eq: 'ADMIN' } } }, { company: { status: { eq: 'CHURNED' } } }] }],
  ],
  companies: [
    ...INFO,
    ['an industry', { industry: { name: { eq: 'Retail' } } }],
    ['a size', { size: { name: { eq: '11-50' } } }],
    ['the role of the owner', { owner: { role: { eq: 'MANAGER' } } }],
  ],
}

let desk: PlansDesk

beforeAll(async () => {
  desk = await openPlansDesk()
})
afterAll(() => desk.close())

describe.each(LISTS)('%s of a tenant that statistics do not know, by every related column', (list) => {
  test.each(FILTERS[list])('with %s', async (_, filter) => {
    const faults: string[] = []
    const fields = orderFields(list).filter(isRelatedOrder)
    for (const [index, field] of fields.entries()) {
      const order = { field, direction: index % 2 === 0 ? 'ASC' : 'DESC', nulls: 'LAST' } as const
      const variables = { first: 36, filter, orderBy: [order] }
      const { sent } = await desk.ask(desk.fresh, listQuery(list, 'edges { cursor } totalCount'), variables)
      const plans = await listPlans(desk, sent)
      expect(plans.length).toBeGreaterThan(0)
      const buffers = totalBuffers(plans)
      const fault = `takes ${buffers} buffers instead of ${MAX_BUFFERS} at most`
      const what = `${orderName(list, order)} with ${JSON.stringify(filter)}, fresh tenant`
      if (buffers > MAX_BUFFERS) faults.push(...plans.map((plan) => planFault(what, fault, plan)))
    }
    expect(faults.join('\n')).toBe('')
  })
})
