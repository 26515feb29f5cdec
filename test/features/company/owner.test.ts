import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const OWNERS = 'company { id version owner { id } assignedTo { id } }'
const SAME = "`ownerId` and `assignedToId` are one field and can't have two values."

describe('the owner of a company', () => {
  test.each(['ownerId', 'assignedToId'])('is set, kept and cleared by %s, and read under both names', async (name) => {
    const { tenant, admin } = await openTenant(desk)
    const { MEMBER, VIEWER } = tenant.users
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme', [name]: MEMBER }, OWNERS)
    const { id } = company
    const read = (user: string | null, version: number) => {
      const owner = user === null ? null : { id: user }
      return { company: { id, version, owner, assignedTo: owner }, userErrors: [] }
    }
    expect({ company, userErrors: [] }).toEqual(read(MEMBER, 1))
    const update = (input: object) => desk.mutate(admin, 'updateCompany', { id, ...input }, OWNERS)
    expect(await update({ [name]: VIEWER })).toEqual(read(VIEWER, 2))
    expect(await update({ name: 'Emca' })).toEqual(read(VIEWER, 3))
    expect(await update({ [name]: VIEWER })).toEqual(read(VIEWER, 3))
    expect(await update({ [name]: null })).toEqual(read(null, 4))
  })

  test('may be said twice alike; said twice otherwise it is refused, and nothing changes', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { MEMBER, VIEWER } = tenant.users
    const both = { ownerId: MEMBER, assignedToId: MEMBER.toUpperCase() }
    const { company, userErrors } = await desk.mutate(admin, 'createCompany', { name: 'Acme', ...both }, OWNERS)
    expect([company.owner, userErrors]).toEqual([{ id: MEMBER }, []])
    const before = await desk.rowsOf(tenant)
    for (const [ownerId, assignedToId] of [
      [VIEWER, MEMBER],
      [VIEWER, null],
      [null, VIEWER],
    ]) {
      const refused = { company: null, userErrors: [userError('BAD_USER_INPUT', ['ownerId'], SAME)] }
      const input = { ownerId, assignedToId }
      expect(await desk.mutate(admin, 'updateCompany', { id: company.id, ...input }, OWNERS)).toEqual(refused)
      expect(await desk.mutate(admin, 'createCompany', { name: 'Emca', ...input }, OWNERS)).toEqual(refused)
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test.each(['ownerId', 'assignedToId'])('who is not there is refused at %s, as the client called it', async (name) => {
    const { tenant, admin } = await openTenant(desk)
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, OWNERS)
    const before = await desk.rowsOf(tenant)
    const refused = { company: null, userErrors: [userError('NOT_FOUND', [name], 'There is no such user.')] }
    const input = { [name]: randomUUID() }
    expect(await desk.mutate(admin, 'createCompany', { name: 'Emca', ...input }, OWNERS)).toEqual(refused)
    expect(await desk.mutate(admin, 'updateCompany', { id: company.id, ...input }, OWNERS)).toEqual(refused)
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('is filtered and ordered by under both names alike', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { MEMBER, VIEWER, ADMIN } = tenant.users
    for (const [name, ownerId] of [['m', MEMBER], ['v', VIEWER], ['a', ADMIN], ['n', null]] as const) {
      await desk.mutate(admin, 'createCompany', { name, ownerId })
    } // prettier-ignore
    const text = `query ($filter: CompanyFilter, $orderBy: [CompanyOrder!]) { companies(filter: $filter, orderBy: $orderBy) { nodes { name } } }`
    const names = async (variables: Record<string, unknown>): Promise<string> =>
      ((await desk.ask(admin, text, variables))['companies'].nodes as { name: string }[])
        .map(({ name }) => name)
        .join('')
    for (const [own, prefix] of [
      ['owner', 'OWNER'],
      ['assignedTo', 'ASSIGNED_TO'],
    ]) {
      const byName = [{ field: 'NAME' }]
      expect({
        id: await names({ filter: { [`${own}Id`]: { eq: VIEWER } } }),
        name: await names({ filter: { [own!]: { name: { startsWith: 'm' } } } }),
        isMe: await names({ filter: { [own!]: { isMe: true } } }),
        isNull: await names({ filter: { [`${own}Id`]: { isNull: false } }, orderBy: byName }),
        orderByName: await names({ orderBy: [{ field: `${prefix}_NAME`, direction: 'DESC' }] }),
        orderByEmail: await names({ orderBy: [{ field: `${prefix}_EMAIL`, nulls: 'FIRST' }] }),
        orderById: await names({ filter: { [own!]: {} }, orderBy: [{ field: `${prefix}_ID` }] }),
      }).toEqual({
        id: 'v',
        name: 'm',
        isMe: 'a',
        isNull: 'amv',
        orderByName: 'vman',
        orderByEmail: 'namv',
        orderById: [[ADMIN, 'a'], [MEMBER, 'm'], [VIEWER, 'v']].sort().map(([, name]) => name).join(''),
      }) // prettier-ignore
    }
    expect(
      await names({
        filter: { owner: { isMe: false }, assignedTo: { isMe: false } },
        orderBy: [{ field: 'OWNER_NAME' }, { field: 'ASSIGNED_TO_NAME' }],
      }),
    ).toBe('mv')
  })
})
