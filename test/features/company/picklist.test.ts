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

  const selection = `${record} { id name position updatedAt }`
  const openEntries = async (names: string[]) => {
    const { tenant, admin } = await openTenant(desk)
    const ids: Record<string, string> = {}
    for (const name of names) ids[name] = (await create(admin, { name }))[record].id as string
    const order = async () =>
      (await desk.ask(admin, `{ ${list} { nodes { name position } } }`))[list].nodes.map(
        (node: { name: string; position: number }) => `${node.position} ${node.name}`,
      )
    const link = kind === 'Industry' ? 'industryId' : 'sizeId'
    const company = async (name: string, entry: string | null) =>
      (await desk.mutate(admin, 'createCompany', { name, [link]: entry }, 'company { id }', NOW))['company']
        .id as string
    return { tenant, admin, ids, order, company }
  }

  test('are moved to a place, and the others make room', async () => {
    const { tenant, admin, ids, order } = await openEntries(['A', 'B', 'C', 'D'])
    const move = (name: string, place: number) =>
      desk.mutate(admin, `move${kind}`, { id: ids[name], place }, selection, LATER)
    expect(await move('D', 2)).toEqual({
      [record]: { id: ids['D'], name: 'D', position: 2, updatedAt: LATER.toISOString() },
      userErrors: [],
    })
    expect(await order()).toEqual(['1 A', '2 D', '3 B', '4 C'])
    await move('A', 1000)
    expect(await order()).toEqual(['1 D', '2 B', '3 C', '4 A'])
    await move('A', 1)
    expect(await order()).toEqual(['1 A', '2 D', '3 B', '4 C'])
    const before = await desk.rowsOf(tenant)
    expect(await move('D', 2)).toMatchObject({ userErrors: [] })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    expect(await move('D', 0)).toEqual({
      [record]: null,
      userErrors: [userError('BAD_USER_INPUT', ['place'], 'Places are counted from 1.')],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('that share a place or leave some out are numbered by a move', async () => {
    const { admin, order } = await openEntries([])
    await create(admin, { name: 'First', position: -5 })
    const { [record]: entry } = await create(admin, { name: 'Tenth', position: 10 })
    await create(admin, { name: 'Also tenth', position: 10 }, FIELDS, LATER)
    await desk.mutate(admin, `move${kind}`, { id: entry.id, place: 3 }, selection)
    expect(await order()).toEqual(['1 First', '2 Also tenth', '3 Tenth'])
  })

  test('all have places of their own when several are moved at once', async () => {
    const { admin, ids, order } = await openEntries(['A', 'B', 'C', 'D'])
    const payloads = await Promise.all(
      Object.values(ids).map((id) => desk.mutate(admin, `move${kind}`, { id, place: 1 }, selection)),
    )
    expect(payloads.map(({ userErrors }) => userErrors)).toEqual([[], [], [], []])
    expect((await order()).map((entry: string) => entry.slice(0, 1))).toEqual(['1', '2', '3', '4'])
  })

  test('are merged: the companies go over, deleted ones too', async () => {
    const { tenant, admin, ids, order, company } = await openEntries(['Cars', 'Automotive'])
    const [live, deleted, other] = [
      await company('Live', ids['Cars'] ?? null),
      await company('Deleted', ids['Cars'] ?? null),
      await company('Other', null),
    ]
    await desk.mutate(admin, 'deleteCompany', { id: deleted, version: 1 }, '', NOW)
    const { [record]: stays } = await desk.mutate(
      admin,
      `merge${kind}`,
      { id: ids['Cars'], intoId: ids['Automotive'] },
      `${record} { name }`,
      LATER,
    )
    expect(stays).toEqual({ name: 'Automotive' })
    expect(await order()).toEqual(['2 Automotive'])
    const column = kind === 'Industry' ? 'industry_id' : 'size_id'
    const rows = await desk.sql(
      `select id, ${column} as link, version, updated_at as "updatedAt" from companies where tenant_id = $1`,
      [tenant.settings.id],
    )
    expect(new Map(rows.map(({ id, ...row }) => [id, row]))).toEqual(
      new Map([
        [live, { link: ids['Automotive'], version: 2, updatedAt: LATER }],
        [deleted, { link: ids['Automotive'], version: 3, updatedAt: LATER }],
        [other, { link: null, version: 1, updatedAt: NOW }],
      ]),
    )
  })

  test('are deleted, and where companies have one only with a replacement', async () => {
    const { tenant, admin, ids, order, company } = await openEntries(['Free', 'Used', 'Next'])
    const remove = (input: object) => desk.mutate(admin, `delete${kind}`, input, 'deletedId')
    expect(await remove({ id: ids['Free'] })).toEqual({ deletedId: ids['Free'], userErrors: [] })
    const used = await company('Acme', ids['Used'] ?? null)
    const before = await desk.rowsOf(tenant)
    const refused = (message: string) => ({
      deletedId: null,
      userErrors: [userError('BAD_USER_INPUT', ['replacementId'], message)],
    })
    expect(await remove({ id: ids['Used'] })).toEqual(
      refused(`1 company has this ${noun}, deleted ones included: name another that takes over.`),
    )
    expect(await remove({ id: ids['Used'], replacementId: ids['Used'] })).toEqual(
      refused(`This is the ${noun} that goes: name another.`),
    )
    expect(await desk.rowsOf(tenant)).toEqual(before)
    await company('Emca', ids['Used'] ?? null)
    expect(await remove({ id: ids['Used'] })).toEqual(
      refused(`2 companies have this ${noun}, deleted ones included: name another that takes over.`),
    )
    expect(await remove({ id: ids['Used'], replacementId: ids['Next'] })).toEqual({
      deletedId: ids['Used'],
      userErrors: [],
    })
    expect(await order()).toEqual(['3 Next'])
    const field = kind === 'Industry' ? 'industry' : 'size'
    expect(
      await desk.ask(admin, `query ($id: ID!) { company(id: $id) { ${field} { name } version } }`, { id: used }),
    ).toEqual({ company: { [field]: { name: 'Next' }, version: 2 } })
  })

  test('are not there for a move, a merge or a deletion when unknown or of another tenant', async () => {
    const { tenant, admin, ids } = await openEntries(['Own'])
    const other = await openEntries(['Foreign'])
    const before = [await desk.rowsOf(tenant), await desk.rowsOf(other.tenant)]
    const missing = (field: string) => userError('NOT_FOUND', [field], `There is no such ${noun}.`)
    const run = async (verb: string, input: object) => (await desk.mutate(admin, `${verb}${kind}`, input)).userErrors
    const own = ids['Own']
    for (const id of [randomUUID(), other.ids['Foreign'], tenant.users.ADMIN]) {
      expect(await run('move', { id, place: 1 })).toEqual([missing('id')])
      expect(await run('merge', { id, intoId: own })).toEqual([missing('id')])
      expect(await run('merge', { id: own, intoId: id })).toEqual([missing('intoId')])
      expect(await run('merge', { id, intoId: id })).toEqual([missing('id'), missing('intoId')])
      expect(await run('delete', { id })).toEqual([missing('id')])
      expect(await run('delete', { id: own, replacementId: id })).toEqual([missing('replacementId')])
    }
    expect([await desk.rowsOf(tenant), await desk.rowsOf(other.tenant)]).toEqual(before)
  })

  test('never go while companies get them: each company has one that is there', async () => {
    const { tenant, admin, ids } = await openEntries(['Cars', 'Automotive'])
    const link = kind === 'Industry' ? 'industryId' : 'sizeId'
    const [merged, ...payloads] = await Promise.all([
      desk.mutate(admin, `merge${kind}`, { id: ids['Cars'], intoId: ids['Automotive'] }),
      ...Array.from({ length: 8 }, (_, serial) =>
        desk.mutate(admin, 'createCompany', { name: `Company ${serial}`, [link]: ids['Cars'] }),
      ),
    ])
    expect(merged.userErrors).toEqual([])
    const missing = userError('NOT_FOUND', [link], `There is no such ${noun}.`)
    const refused = payloads.map(({ userErrors }) => userErrors).filter((errors) => errors.length > 0)
    expect(refused).toEqual(refused.map(() => [missing]))
    const column = kind === 'Industry' ? 'industry_id' : 'size_id'
    const rows = await desk.sql(`select ${column} as link from companies where tenant_id = $1`, [tenant.settings.id])
    expect(rows).toEqual(Array.from({ length: 8 - refused.length }, () => ({ link: ids['Automotive'] })))
  })
})
