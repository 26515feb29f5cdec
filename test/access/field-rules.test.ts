import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import type { Desk } from '../support/desk.js'
import { openRestricted, type Restricted } from './restricted.js'

let desk: Desk
let admin: Principal
let restricted: Principal
let ids: Restricted['ids']

beforeAll(async () => {
  ;({ desk, admin, restricted, ids } = await openRestricted())
})

afterAll(() => desk.close())

describe('fields', () => {
  test('that are hidden read as nothing, by their type', async () => {
    const query = `query ($anna: ID!, $mine: ID!) {
      contact(id: $anna) { firstName birthDate externalId phoneNumbers { number } emailAddresses { email } }
      company(id: $mine) { name annualRevenue annualRevenueCurrency }
      contacts(first: 1, orderBy: [{ field: FIRST_NAME }]) { nodes { externalId company { annualRevenue } } }
    }`
    expect(await desk.ask(restricted, query, { anna: ids.anna, mine: ids.mine })).toEqual({
      contact: {
        firstName: 'Anna',
        birthDate: null,
        externalId: null,
        phoneNumbers: [],
        emailAddresses: [{ email: 'anna@mine.example' }],
      },
      company: { name: 'Mine', annualRevenue: null, annualRevenueCurrency: 'USD' },
      contacts: { nodes: [{ externalId: null, company: { annualRevenue: null } }] },
    })
    expect((await desk.ask(admin, query, { anna: ids.anna, mine: ids.mine }))['contact']).toMatchObject({
      birthDate: '1990-01-02',
      externalId: 'P-1',
      phoneNumbers: [{ number: '+1 202 224 3441' }],
    })
  })

  test('that are hidden and can not be null are an error at their place', async () => {
    const { data, errors } = await desk.api.run(restricted, '{ me { user { name role } } }')
    expect(data).toEqual({ me: { user: null } })
    expect(errors).toMatchObject([
      { message: 'You may not see User.role.', path: ['me', 'user', 'role'], extensions: { code: 'FORBIDDEN' } },
    ])
  })

  test('that are hidden are not shown by the answer of a change', async () => {
    const { contact, userErrors } = await desk.mutate(
      restricted,
      'updateContact',
      { id: ids.anna, version: 1, birthDate: '1990-01-03' },
      'contact { version birthDate }',
    )
    expect({ contact, userErrors }).toEqual({ contact: { version: 2, birthDate: null }, userErrors: [] })
  })

  test.each([
    ['companies', '{ annualRevenue: { gt: "1" } }', 'filter.annualRevenue', 'Company.annualRevenue'],
    [
      'companies',
      '{ or: [{ not: { annualRevenue: { isNull: true } } }] }',
      'filter.or.0.not.annualRevenue',
      'Company.annualRevenue',
    ],
    [
      'contacts',
      '{ company: { annualRevenue: { gt: "1" } } }',
      'filter.company.annualRevenue',
      'Company.annualRevenue',
    ],
    ['contacts', '{ phoneNumbers: { some: {} } }', 'filter.phoneNumbers', 'Contact.phoneNumbers'],
    [
      'companies',
      '{ contacts: { some: { birthDate: { isNull: false } } } }',
      'filter.contacts.some.birthDate',
      'Contact.birthDate',
    ],
  ])('%s can not be filtered by what is hidden: %s', async (list, filter, place, field) => {
    const statements = await desk.api.statements(async () => {
      const { data, errors } = await desk.api.run(restricted, `{ ${list}(filter: ${filter}) { totalCount } }`)
      expect(data ?? null).toBeNull()
      expect(errors).toMatchObject([
        { message: `You may not see ${field}.`, extensions: { code: 'FORBIDDEN', field: `${list}.${place}` } },
      ])
    })
    expect(statements).toEqual([])
  })

  test.each([
    ['companies', 'ANNUAL_REVENUE', 'Company.annualRevenue'],
    ['contacts', 'COMPANY_ANNUAL_REVENUE', 'Company.annualRevenue'],
    ['contacts', 'BIRTH_DATE', 'Contact.birthDate'],
  ])('%s can not be ordered by %s', async (list, order, field) => {
    const { errors } = await desk.api.run(restricted, `{ ${list}(orderBy: [{ field: ${order} }]) { totalCount } }`)
    expect(errors).toMatchObject([
      { message: `You may not see ${field}.`, extensions: { code: 'FORBIDDEN', field: `${list}.orderBy.0.field` } },
    ])
  })

  test('that are hidden are not where a search was found', async () => {
    const query = `query ($text: String!) { search(query: $text, types: [CONTACT]) { nodes { matches { field text } } } }`
    const matches = async (principal: Principal, text: string) =>
      (await desk.ask(principal, query, { text }))['search'].nodes.flatMap(
        (node: { matches: object[] }) => node.matches,
      )
    expect(await matches(restricted, '2243441')).toEqual([])
    expect(await matches(admin, '2243441')).toEqual([
      { field: 'PHONE', text: '+1 202 224 3441' },
      { field: 'PHONE', text: '+1 202 224 3441' },
    ])
    expect(await matches(restricted, 'anna')).toEqual([
      { field: 'NAME', text: 'Anna Lark' },
      { field: 'EMAIL', text: 'anna@mine.example' },
    ])
  })
})
