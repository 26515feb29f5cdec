import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { FULL_ACCESS } from '../../src/access/scope.js'
import type { Principal } from '../../src/lib/principal.js'
import { openTenant, userError, type Desk } from '../support/desk.js'
import { notViewer, openRestricted, type Restricted } from './restricted.js'

let desk: Desk
let admin: Principal
let restricted: Principal
let ids: Restricted['ids']
let all: Restricted

beforeAll(async () => {
  all = await openRestricted()
  ;({ desk, admin, restricted, ids } = all)
})

afterAll(() => desk.close())

const names = (nodes: readonly { firstName: string }[]) => nodes.map(({ firstName }) => firstName)

describe('rows', () => {
  test('of lists, with their counts and estimates', async () => {
    const query = `{
      contacts(orderBy: [{ field: FIRST_NAME }]) { nodes { firstName } totalCount estimatedCount }
      filtered: contacts(filter: { lastName: { eq: "Lark" } }) { totalCount estimatedCount }
      companies { nodes { name } totalCount estimatedCount }
    }`
    expect(await desk.ask(restricted, query)).toEqual({
      contacts: { nodes: [{ firstName: 'Anna' }, { firstName: 'Ben' }], totalCount: 2, estimatedCount: 2 },
      filtered: { totalCount: 2, estimatedCount: 2 },
      companies: { nodes: [{ name: 'Mine' }], totalCount: 1, estimatedCount: 1 },
    })
    const all = await desk.ask(admin, '{ contacts { totalCount } companies { totalCount } }')
    expect(all).toEqual({ contacts: { totalCount: 3 }, companies: { totalCount: 2 } })
  })

  test('of filters on related records', async () => {
    const found = async (filter: object) => {
      const query = 'query ($filter: ContactFilter) { contacts(filter: $filter) { nodes { firstName } totalCount } }'
      const { contacts } = await desk.ask(restricted, query, { filter })
      expect(contacts.totalCount).toBe(contacts.nodes.length)
      return names(contacts.nodes).sort()
    }
    expect(await found({ company: { name: { eq: 'Theirs' } } })).toEqual([])
    expect(await found({ company: { name: { eq: 'Mine' } } })).toEqual(['Anna'])
    expect(await found({ or: [{ firstName: { eq: 'Cora' } }, { company: { name: { startsWith: '' } } }] })).toEqual([
      'Anna',
    ])
    const companies = `{ companies(filter: { contacts: { some: { firstName: { eq: "Cora" } } } }) { totalCount } }`
    expect(await desk.ask(restricted, companies)).toEqual({ companies: { totalCount: 0 } })
    const byEmail = `{ emails: contacts(filter: { emailAddresses: { some: { domain: { eq: "mine.example" } } } }) { nodes { firstName } } }`
    expect(names((await desk.ask(restricted, byEmail))['emails'].nodes).sort()).toEqual(['Anna', 'Ben'])
  })

  test.each([
    ['COMPANY_NAME', 'ASC', ['Anna', 'Ben']],
    ['COMPANY_NAME', 'DESC', ['Anna', 'Ben']],
    ['COMPANY_LEGAL_NAME', 'ASC', ['Anna', 'Ben']],
    ['OWNER_NAME', 'ASC', ['Anna', 'Ben']],
  ])(
    'of a list by %s %s: a row whose related record is hidden stands where null does',
    async (field, direction, of) => {
      const query = `query ($orderBy: [ContactOrder!], $after: String) {
      contacts(first: 1, orderBy: $orderBy, after: $after) { nodes { firstName company { name } } pageInfo { hasNextPage endCursor } } }`
      const seen: string[] = []
      let after: string | null = null
      do {
        const { contacts } = await desk.ask(restricted, query, { orderBy: [{ field, direction }], after })
        seen.push(...names(contacts.nodes))
        after = contacts.pageInfo.hasNextPage ? contacts.pageInfo.endCursor : null
      } while (after !== null)
      expect(seen.sort()).toEqual(of)
      if (field === 'COMPANY_NAME') {
        const query2 = `{ contacts(orderBy: [{ field: COMPANY_NAME, direction: ${direction}, nulls: FIRST }]) { nodes { firstName company { name } } } }`
        expect((await desk.ask(restricted, query2))['contacts'].nodes).toEqual([
          { firstName: 'Ben', company: null },
          { firstName: 'Anna', company: { name: 'Mine' } },
        ])
      }
    },
  )

  test('of a list by a user who is hidden by a rule: the row stands where null does', async () => {
    const { tenant } = await openTenant(desk)
    const viewing: Principal = { tenant: tenant.settings, userId: tenant.users.MEMBER, role: 'ADMIN' }
    const assigned = { Away: tenant.users.VIEWER, Here: tenant.users.MANAGER, Nobody: null }
    for (const [name, assignedToId] of Object.entries(assigned)) {
      const { userErrors } = await desk.mutate(viewing, 'createCompany', { name, assignedToId })
      expect(userErrors).toEqual([])
    }
    all.accessByUser.set(tenant.users.MEMBER, {
      ...FULL_ACCESS,
      rows: (c, alias) => (c === 'User' ? notViewer(alias) : null),
    })
    const query = `query ($nulls: NullsOrder, $first: Int, $after: String) {
      companies(first: $first, after: $after, orderBy: [{ field: ASSIGNED_TO_NAME, nulls: $nulls }]) {
        nodes { name assignedTo { name } } pageInfo { endCursor } } }`
    const away = { name: 'Away', assignedTo: null }
    const here = { name: 'Here', assignedTo: { name: 'MANAGER user' } }
    const nobody = { name: 'Nobody', assignedTo: null }
    const list = async (variables: object) => (await desk.ask(viewing, query, { first: 3, ...variables }))['companies']
    expect((await list({ nulls: 'LAST' })).nodes).toEqual([here, nobody, away])
    expect((await list({ nulls: 'FIRST' })).nodes).toEqual([nobody, away, here])
    const first = await list({ nulls: 'FIRST', first: 1 })
    const second = await list({ nulls: 'FIRST', first: 1, after: first.pageInfo.endCursor })
    const third = await list({ nulls: 'FIRST', first: 1, after: second.pageInfo.endCursor })
    expect([first, second, third].flatMap(({ nodes }) => nodes)).toEqual([nobody, away, here])
  })

  test('of searches: by words, an address, a domain, digits, misspelt', async () => {
    const query = `query ($text: String!) {
      search(query: $text) { nodes { record { ... on Contact { firstName } ... on Company { name } } } }
      contacts(search: $text) { nodes { firstName } totalCount }
      ordered: contacts(search: $text, orderBy: [{ field: FIRST_NAME }]) { nodes { firstName } totalCount }
    }`
    const found = async (principal: Principal, text: string) => {
      const { search, contacts, ordered } = await desk.ask(principal, query, { text })
      expect(contacts.totalCount).toBe(contacts.nodes.length)
      expect(ordered.totalCount).toBe(ordered.nodes.length)
      const records = search.nodes.map(({ record }: { record: { firstName?: string; name?: string } }) =>
        String(record.firstName ?? record.name),
      )
      return [records.sort(), names(contacts.nodes).sort(), names(ordered.nodes)]
    }
    expect(await found(restricted, 'lark')).toEqual([
      ['Anna', 'Ben'],
      ['Anna', 'Ben'],
      ['Anna', 'Ben'],
    ])
    expect(await found(admin, 'lark')).toEqual([
      ['Anna', 'Ben', 'Cora'],
      ['Anna', 'Ben', 'Cora'],
      ['Anna', 'Ben', 'Cora'],
    ])
    expect(await found(restricted, 'cora@mine.example')).toEqual([[], [], []])
    expect(await found(restricted, '@mine.example')).toEqual([
      ['Anna', 'Ben', 'Mine'],
      ['Anna', 'Ben'],
      ['Anna', 'Ben'],
    ])
    expect(await found(restricted, '2243441')).toEqual([['Anna'], ['Anna'], ['Anna']])
    expect(await found(restricted, 'theirs')).toEqual([[], [], []])
    expect(await found(admin, 'corra')).toEqual([['Cora'], ['Cora'], []])
    expect(await found(restricted, 'corra')).toEqual([[], [], []])
  })

  test('by id: contact, company, node, nodes, and nested', async () => {
    const query = `query ($ids: [ID!]!, $ben: ID!, $cora: ID!, $mine: ID!, $theirs: ID!, $email: ID!) {
      nodes(ids: $ids) { id }
      hidden: contact(id: $cora) { id }
      company(id: $theirs) { id }
      info: node(id: $email) { id }
      ben: contact(id: $ben) { company { name } owner { name } }
      mine: company(id: $mine) {
        contacts { nodes { firstName } totalCount estimatedCount }
        filtered: contacts(filter: { lastName: { eq: "Lark" } }, orderBy: [{ field: LAST_NAME }]) { nodes { firstName } totalCount }
      }
    }`
    const all = [ids.anna, ids.ben, ids.cora, ids.mine, ids.theirs, ids.coraEmail]
    expect(
      await desk.ask(restricted, query, {
        ids: all,
        email: ids.coraEmail,
        ben: ids.ben,
        cora: ids.cora,
        mine: ids.mine,
        theirs: ids.theirs,
      }),
    ).toEqual({
      nodes: [{ id: ids.anna }, { id: ids.ben }, null, { id: ids.mine }, null, null],
      hidden: null,
      company: null,
      info: null,
      ben: { company: null, owner: { name: 'MANAGER user' } },
      mine: {
        contacts: { nodes: [{ firstName: 'Anna' }], totalCount: 1, estimatedCount: 1 },
        filtered: { nodes: [{ firstName: 'Anna' }], totalCount: 1 },
      },
    })
  })
})

describe('changes', () => {
  const refusedWithoutTrace = async (mutation: string, input: object, error: object) => {
    const before = await all.rows()
    const { userErrors } = await desk.mutate(restricted, mutation, input)
    expect(userErrors).toEqual([error])
    expect(await all.rows()).toEqual(before)
  }

  test.each(['updateContact', 'deleteContact', 'restoreContact', 'destroyContact'])(
    '%s finds no hidden contact',
    async (mutation) => {
      const versioned = mutation === 'updateContact' || mutation === 'deleteContact' ? { version: 1 } : {}
      const input = { id: ids.cora, ...versioned }
      await refusedWithoutTrace(mutation, input, userError('NOT_FOUND', ['id'], 'There is no such contact.'))
    },
  )

  test.each(['updateCompany', 'deleteCompany', 'restoreCompany', 'destroyCompany'])(
    '%s finds no hidden company',
    async (mutation) => {
      const versioned = mutation === 'updateCompany' || mutation === 'deleteCompany' ? { version: 1 } : {}
      const input = { id: ids.theirs, ...versioned }
      await refusedWithoutTrace(mutation, input, userError('NOT_FOUND', ['id'], 'There is no such company.'))
    },
  )

  test('contact info of a hidden record is neither added to, changed nor removed', async () => {
    const noOwner = userError('NOT_FOUND', ['ownerId'], 'There is no such contact or company.')
    const noEmail = userError('NOT_FOUND', ['id'], 'There is no such e-mail address.')
    const emailAddress = { email: 'new@mine.example' }
    await refusedWithoutTrace('addEmailAddress', { ownerId: ids.cora, emailAddress }, noOwner)
    await refusedWithoutTrace('addEmailAddress', { ownerId: ids.theirs, emailAddress }, noOwner)
    await refusedWithoutTrace('updateEmailAddress', { id: ids.coraEmail, email: 'new@mine.example' }, noEmail)
    await refusedWithoutTrace('makeEmailAddressPrimary', { id: ids.coraEmail }, noEmail)
    await refusedWithoutTrace('removeEmailAddress', { id: ids.coraEmail }, noEmail)
  })

  test('a hidden record is none that may be named', async () => {
    const noCompany = userError('NOT_FOUND', ['companyId'], 'There is no such company.')
    const noUser = userError('NOT_FOUND', ['ownerId'], 'There is no such user.')
    await refusedWithoutTrace('createContact', { firstName: 'Dora', companyId: ids.theirs }, noCompany)
    await refusedWithoutTrace('updateContact', { id: ids.anna, version: 1, companyId: ids.theirs }, noCompany)
    await refusedWithoutTrace('createContact', { firstName: 'Dora', ownerId: all.viewerId }, noUser)
  })

  test('who holds a unique value is not said of a hidden record', async () => {
    const { userErrors } = await desk.mutate(restricted, 'createContact', { firstName: 'Dora', externalId: 'P-2' })
    expect(userErrors).toEqual([userError('ALREADY_EXISTS', ['externalId'], 'Another contact has this external id.')])
    const seen = await desk.mutate(admin, 'createContact', { firstName: 'Dora', externalId: 'P-2' })
    expect(seen.userErrors).toEqual([{ ...userErrors[0], conflictingId: ids.cora }])
    const emailAddresses = [{ email: 'cora@mine.example' }]
    const email = await desk.mutate(restricted, 'createContact', { firstName: 'Dora', emailAddresses })
    expect(email.userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', conflictingId: null }])
    const own = await desk.mutate(restricted, 'createContact', {
      firstName: 'Dora',
      emailAddresses: [{ email: 'anna@mine.example' }],
    })
    expect(own.userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', conflictingId: ids.anna }])
  })
})
