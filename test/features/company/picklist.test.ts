import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const NOW = new Date('2026-03-04T05:06:07.089Z')
const LATER = new Date('2026-03-05T00:00:00.001Z')
const LISTS = [
  { kind: 'Industry', record: 'industry', list: 'industries', table: 'industries', noun: 'industry' },
  { kind: 'CompanySize', record: 'companySize', list: 'companySizes', table: 'company_sizes', noun: 'company size' },
]

describe.each(LISTS)('$list', ({ kind, record, list, table, noun }) => {
  const FIELDS = 'id name position createdAt updatedAt'
  const create = (admin: Parameters<Desk['mutate']>[0], input: object, selection = FIELDS, now = NOW) =>
    desk.mutate(admin, `create${kind}`, input, `${record} { ${selection} }`, now)

  test('are created behind the others and come in their order, ties by id', async () => {
    const { admin } = await openTenant(desk)
    expect(await create(admin, { name: '  Jose\u0301 ' })).toEqual({
      [record]: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: 'Jos\u00e9',
        position: 1,
        createdAt: NOW.toISOString(),
        updatedAt: NOW.toISOString(),
      },
      userErrors: [],
    })
    await create(admin, { name: 'Tenth', position: 10 })
    await create(admin, { name: 'Before', position: -1 })
    await create(admin, { name: 'Also tenth', position: 10 }, FIELDS, LATER)
    await create(admin, { name: 'Last', position: null })
    const data = await desk.ask(admin, `{ ${list} { nodes { name position } totalCount } }`)
    expect(data[list]).toEqual({
      nodes: [
        { name: 'Before', position: -1 },
        { name: 'José', position: 1 },
        { name: 'Tenth', position: 10 },
        { name: 'Also tenth', position: 10 },
        { name: 'Last', position: 11 },
      ],
      totalCount: 5,
    })
  })

  test('behind the greatest position there is, another shares it', async () => {
    const { admin } = await openTenant(desk)
    await create(admin, { name: 'End', position: 2_147_483_647 })
    expect(await create(admin, { name: 'Beyond' }, 'name position')).toEqual({
      [record]: { name: 'Beyond', position: 2_147_483_647 },
      userErrors: [],
    })
  })

  test('are renamed, also to the same name in another writing', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { [record]: entry } = await create(admin, { name: 'Energy' })
    const rename = (name: string) =>
      desk.mutate(admin, `rename${kind}`, { id: entry.id.toUpperCase(), name }, `${record} { ${FIELDS} }`, LATER)
    for (const name of ['ÉNERGY', 'Power']) {
      expect(await rename(name)).toEqual({
        [record]: { ...entry, name, updatedAt: LATER.toISOString() },
        userErrors: [],
      })
    }
    expect((await desk.rowsOf(tenant))[table]).toEqual([
      expect.objectContaining({ id: entry.id, name: 'Power', position: 1 }),
    ])
  })

  test('have one entry of a name, whatever its case and accents', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { [record]: first } = await create(admin, { name: 'Énergie' })
    const { [record]: second } = await create(admin, { name: 'Water' })
    const before = await desk.rowsOf(tenant)
    const conflictingId = first.id as string
    const taken = userError('ALREADY_EXISTS', ['name'], `Another ${noun} has this name.`, { conflictingId })
    for (const name of ['Énergie', 'energie', ' ENERGIE ', 'e\u0301nergie']) {
      expect(await create(admin, { name })).toEqual({ [record]: null, userErrors: [taken] })
      expect(await desk.mutate(admin, `rename${kind}`, { id: second.id, name }, `${record} { id }`)).toEqual({
        [record]: null,
        userErrors: [taken],
      })
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
    const other = await openTenant(desk)
    expect(await create(other.admin, { name: 'Énergie' }, 'name')).toEqual({
      [record]: { name: 'Énergie' },
      userErrors: [],
    })
  })

  test('of several who create one name at once, one does', async () => {
    const { tenant, admin } = await openTenant(desk)
    const payloads = await Promise.all(
      ['Energy', 'ENERGY', 'energy', 'énergy'].map((name) => create(admin, { name }, 'position')),
    )
    expect(payloads.filter((payload) => payload[record] !== null)).toEqual([
      { [record]: { position: 1 }, userErrors: [] },
    ])
    const refused = payloads.filter((payload) => payload[record] === null).map(({ userErrors }) => userErrors)
    const error = { code: 'ALREADY_EXISTS', field: ['name'], message: `Another ${noun} has this name.` }
    expect(refused).toEqual([1, 2, 3].map(() => [expect.objectContaining(error)]))
    expect((await desk.rowsOf(tenant))[table]).toHaveLength(1)
  })

  test('refuse bad names and unknown ids', async () => {
    const { tenant, admin } = await openTenant(desk)
    const { [record]: entry } = await create(admin, { name: 'x'.repeat(255) })
    expect(entry.name).toBe('x'.repeat(255))
    const before = await desk.rowsOf(tenant)
    for (const [name, message] of [
      [' ', 'A value is required.'],
      ['y'.repeat(256), 'The text has 256 characters; at most 255 are allowed.'],
    ] as const) {
      const refused = { [record]: null, userErrors: [userError('BAD_USER_INPUT', ['name'], message)] }
      expect(await create(admin, { name })).toEqual(refused)
      expect(await desk.mutate(admin, `rename${kind}`, { id: entry.id, name }, `${record} { id }`)).toEqual(refused)
    }
    const other = await openTenant(desk)
    const { [record]: foreign } = await create(other.admin, { name: 'Foreign' })
    for (const id of [randomUUID(), foreign.id as string, tenant.users.ADMIN]) {
      expect(await desk.mutate(admin, `rename${kind}`, { id, name: 'New' }, `${record} { id }`)).toEqual({
        [record]: null,
        userErrors: [userError('NOT_FOUND', ['id'], `There is no such ${noun}.`)],
      })
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})

describe('the employees of a company size', () => {
  const create = async (input: object) => {
    const { admin } = await openTenant(desk)
    return desk.mutate(
      admin,
      'createCompanySize',
      { name: 'Size', ...input },
      'companySize { minEmployees maxEmployees }',
    )
  }

  test.each([
    [{ minEmployees: 0, maxEmployees: 0 }],
    [{ minEmployees: 1001, maxEmployees: null }],
    [{ minEmployees: null, maxEmployees: 2_147_483_647 }],
  ])('%j are kept', async (employees) => {
    expect(await create(employees)).toEqual({ companySize: employees, userErrors: [] })
  })

  test.each([
    [{ minEmployees: -1 }, 'minEmployees', 'The number must be a whole number from 0 to 2,147,483,647; it is -1.'],
    [{ maxEmployees: -1 }, 'maxEmployees', 'The number must be a whole number from 0 to 2,147,483,647; it is -1.'],
    [{ minEmployees: 2, maxEmployees: 1 }, 'maxEmployees', 'The most must not be below the fewest.'],
  ])('%j are refused', async (employees, field, message) => {
    expect(await create(employees)).toEqual({
      companySize: null,
      userErrors: [userError('BAD_USER_INPUT', [field], message)],
    })
  })
})
