import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { openDesk, openTenant, plain, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

describe('isMe', () => {
  let member: Principal
  let manager: Principal
  let program: Principal

  beforeAll(async () => {
    const { tenant, admin } = await openTenant(desk)
    member = tenant.principal('MEMBER')
    manager = tenant.principal('MANAGER')
    program = { ...admin, userId: null }
    const { MEMBER, MANAGER } = tenant.users
    const { company } = await desk.mutate(
      admin,
      'createCompany',
      { name: 'Acme', assignedToId: MEMBER },
      'company { id }',
    )
    await desk.mutate(admin, 'createCompany', { name: 'Emca', assignedToId: MANAGER })
    await desk.mutate(admin, 'createCompany', { name: 'Nobody’s' })
    const contacts = [
      { firstName: '1', ownerId: MEMBER },
      { firstName: '2', ownerId: MANAGER, companyId: company.id },
      { firstName: '3', ownerId: MEMBER },
      { firstName: '4' },
    ]
    for (const input of contacts) await desk.mutate(admin, 'createContact', input)
  })

  async function contactsOf(principal: Principal, filter: object): Promise<string> {
    const text = `query ($filter: ContactFilter) { contacts(filter: $filter, orderBy: [{ field: FIRST_NAME }]) { totalCount nodes { firstName } } }`
    const { contacts } = await desk.ask(principal, text, { filter })
    expect(contacts.totalCount).toBe(contacts.nodes.length)
    return (contacts.nodes as { firstName: string }[]).map(({ firstName }) => firstName).join('')
  }

  test.each<[object, member: string, manager: string, program: string]>([
    [{ owner: { isMe: true } }, '13', '2', ''],
    [{ owner: { isMe: false } }, '2', '13', '123'],
    [{ not: { owner: { isMe: true } } }, '24', '134', '1234'],
    [{ not: { owner: { isMe: false } } }, '134', '24', '4'],
    [{ owner: { isMe: true, name: { eq: 'MEMBER user' } } }, '13', '', ''],
    [{ owner: { or: [{ isMe: true }, { name: { eq: 'MANAGER user' } }] } }, '123', '2', '2'],
    [{ owner: { not: { isMe: true } } }, '2', '13', '123'],
    [{ company: { assignedTo: { isMe: true } } }, '2', '', ''],
    [{ company: { assignedTo: { isMe: false } } }, '', '2', '2'],
  ])('%j finds what belongs to who asks', async (filter, ofMember, ofManager, ofProgram) => {
    expect({
      member: await contactsOf(member, filter),
      manager: await contactsOf(manager, filter),
      program: await contactsOf(program, filter),
    }).toEqual({ member: ofMember, manager: ofManager, program: ofProgram })
  })

  test('is known of companies and of users themselves', async () => {
    const text = `{ companies(filter: { assignedTo: { isMe: true } }) { nodes { name } } users(filter: { isMe: true }) { nodes { name } } }`
    expect(await desk.ask(member, text)).toEqual({
      companies: { nodes: [{ name: 'Acme' }] },
      users: { nodes: [{ name: 'MEMBER user' }] },
    })
    expect(await desk.ask(program, text)).toEqual({ companies: { nodes: [] }, users: { nodes: [] } })
  })

  test('alone is a test on the link: no user is read', async () => {
    const statements = await desk.api.statements(() => contactsOf(member, { owner: { isMe: true } }))
    const listed = statements.map(({ label, text }) => ({ label, byOwner: text.includes('"c"."owner_id" = ') }))
    expect(listed.flatMap(({ label, byOwner }) => (byOwner ? [label] : []))).toEqual(['list.contacts'])
    expect(statements.filter(({ text }) => /\busers\b/.test(text))).toEqual([])
  })

  test('a cursor is good for the user who got it alone; without isMe for every user', async () => {
    const text = `query ($filter: ContactFilter, $after: String) {
      contacts(filter: $filter, first: 1, after: $after, orderBy: [{ field: FIRST_NAME }]) { nodes { firstName } pageInfo { endCursor } } }`
    const first = async (filter: object) => (await desk.ask(member, text, { filter }))['contacts'].pageInfo.endCursor
    const mine = { or: [{ owner: { isMe: true } }] }
    const after = await first(mine)
    const next = await desk.ask(member, text, { filter: mine, after })
    expect(next['contacts'].nodes).toEqual([{ firstName: '3' }])
    for (const other of [manager, program]) {
      const { data, errors } = await desk.api.run(other, text, { filter: mine, after })
      expect([data, plain(errors)]).toEqual([
        null,
        [
          {
            message: 'The cursor is not one of this list.',
            locations: expect.any(Array),
            path: ['contacts'],
            extensions: { code: 'INVALID_CURSOR', field: 'after', requestId: expect.any(String) },
          },
        ],
      ])
    }
    const all = { firstName: { gte: '1' } }
    const shared = await desk.ask(manager, text, { filter: all, after: await first(all) })
    expect(shared['contacts'].nodes).toEqual([{ firstName: '2' }])
  })
})

describe('relative days', () => {
  /** Names of what a filter finds in a tenant with a company at each moment, and a contact born on each day. */
  async function openDays(moments: readonly string[], days: readonly string[], now: string, timeZone: string | null) {
    const { admin } = await openTenant(desk, { timeZone })
    for (const name of moments) await desk.mutate(admin, 'createCompany', { name, nextFollowUpAt: name })
    for (const firstName of days) await desk.mutate(admin, 'createContact', { firstName, birthDate: firstName })
    // Without a value, neither is found by any range.
    await desk.mutate(admin, 'createCompany', { name: 'None' })
    await desk.mutate(admin, 'createContact', { firstName: 'None' })
    const text = `query ($companies: CompanyFilter, $contacts: ContactFilter) {
      companies(filter: $companies, orderBy: [{ field: NAME }]) { nodes { name } }
      contacts(filter: $contacts, orderBy: [{ field: FIRST_NAME }]) { nodes { name: firstName } } }`
    return async (relative: object): Promise<[number[], number[]]> => {
      const variables = { companies: { nextFollowUpAt: { relative } }, contacts: { birthDate: { relative } } }
      const { data, errors } = await desk.api.run(admin, text, variables, new Date(now))
      expect(errors).toBeUndefined()
      const places = (list: string, of: readonly string[]) =>
        plain(data)?.[list].nodes.map(({ name }: { name: string }) => of.indexOf(name)) as number[]
      return [places('companies', moments), places('contacts', days)]
    }
  }

  // The first and the last millisecond of yesterday, today and tomorrow; the day before and the one after those.
  const SPRING = [
    '2026-03-07T04:59:59.999Z',
    '2026-03-07T05:00:00.000Z', '2026-03-08T04:59:59.999Z',
    '2026-03-08T05:00:00.000Z', '2026-03-09T03:59:59.999Z',
    '2026-03-09T04:00:00.000Z', '2026-03-10T03:59:59.999Z',
    '2026-03-10T04:00:00.000Z',
  ] // prettier-ignore
  const AUTUMN = [
    '2026-10-31T03:59:59.999Z',
    '2026-10-31T04:00:00.000Z', '2026-11-01T03:59:59.999Z',
    '2026-11-01T04:00:00.000Z', '2026-11-02T04:59:59.999Z',
    '2026-11-02T05:00:00.000Z', '2026-11-03T04:59:59.999Z',
    '2026-11-03T05:00:00.000Z',
  ] // prettier-ignore
  const UTC = [
    '2026-11-29T23:59:59.999Z',
    '2026-11-30T00:00:00.000Z', '2026-11-30T23:59:59.999Z',
    '2026-12-01T00:00:00.000Z', '2026-12-01T23:59:59.999Z',
    '2026-12-02T00:00:00.000Z', '2026-12-02T23:59:59.999Z',
    '2026-12-03T00:00:00.000Z',
  ] // prettier-ignore
  const SPRING_DAYS = ['2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09', '2026-03-10']
  const AUTUMN_DAYS = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03']
  const UTC_DAYS = ['2026-11-29', '2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03']

  test.each<[place: string, string[], string[], now: string, string | null]>([
    ['23 hours, at their start', SPRING, SPRING_DAYS, '2026-03-08T05:00:00.000Z', 'America/New_York'],
    ['23 hours, at their end', SPRING, SPRING_DAYS, '2026-03-09T03:59:59.999Z', 'America/New_York'],
    ['25 hours, at their start', AUTUMN, AUTUMN_DAYS, '2026-11-01T04:00:00.000Z', 'America/New_York'],
    ['25 hours, at their end', AUTUMN, AUTUMN_DAYS, '2026-11-02T04:59:59.999Z', 'America/New_York'],
    ['24 hours of UTC, without a time zone', UTC, UTC_DAYS, '2026-12-01T23:59:59.999Z', null],
  ])('are those of the calendar on a day of %s', async (_, moments, days, now, zone) => {
    const find = await openDays(moments, days, now, zone)
    expect({
      untilToday: await find({ to: 0 }),
      today: await find({ from: 0, to: 0 }),
      fromTomorrow: await find({ from: 1 }),
      yesterdayToTomorrow: await find({ from: -1, to: 1 }),
      beforeToday: await find({ to: -1 }),
      fromToday: await find({ from: 0 }),
      never: await find({ from: 1, to: -1 }),
      widest: await find({ from: -36_500, to: 36_500 }),
    }).toEqual({
      untilToday: [[0, 1, 2, 3, 4], [0, 1, 2]],
      today: [[3, 4], [2]],
      fromTomorrow: [[5, 6, 7], [3, 4]],
      yesterdayToTomorrow: [[1, 2, 3, 4, 5, 6], [1, 2, 3]],
      beforeToday: [[0, 1, 2], [0, 1]],
      fromToday: [[3, 4, 5, 6, 7], [2, 3, 4]],
      never: [[], []],
      widest: [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4]],
    }) // prettier-ignore
  })
})
