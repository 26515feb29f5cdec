import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { KIND_SAMPLES, openOwner } from '../../support/contact-info.js'
import { openDesk, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const CREATED = new Date('2026-03-04T05:06:07.089Z')
const CHANGED = new Date('2026-03-05T00:00:00.001Z')
const OWNERS = ['contact', 'company'] as const
const CASES = OWNERS.flatMap((owner) => KIND_SAMPLES.map((sample) => [sample.list, owner, sample] as const))

describe.each(CASES)('%s of a %s', (_list, owner, sample) => {
  const { kind, record, fields, input, output, change } = sample
  const ROW = `${record} { id ${fields} isPrimary position createdAt updatedAt owner { __typename id } }`
  const OWNER = 'owner { __typename id ... on Contact { version updatedAt } ... on Company { version updatedAt } }'
  const TYPE = owner === 'contact' ? 'Contact' : 'Company'
  const touched = (id: string) => ({ __typename: TYPE, id, version: 2, updatedAt: CHANGED.toISOString() })
  const open = (count: number) => openOwner(desk, owner, sample, count, CREATED)
  const row = (id: string, n: number, isPrimary: boolean) => ({ id, ...output(n), isPrimary, position: n })

  test('the first that is added is primary, the next is not; the owner counts up', async () => {
    const { admin, ownerId, look } = await open(0)
    const add = (n: number) =>
      desk.mutate(admin, `add${kind}`, { ownerId, [record]: input(n) }, `${ROW} ${OWNER}`, CHANGED)
    const first = await add(1)
    const id = first[record].id as string
    expect(first).toEqual({
      [record]: {
        ...row(id, 1, true),
        createdAt: CHANGED.toISOString(),
        updatedAt: CHANGED.toISOString(),
        owner: { __typename: TYPE, id: ownerId },
      },
      owner: touched(ownerId),
      userErrors: [],
    })
    const second = (await add(2))[record].id as string
    expect(await look()).toEqual({
      version: 3,
      updatedAt: CHANGED.toISOString(),
      rows: [row(id, 1, true), row(second, 2, false)],
    })
  })

  test('one that is added as the primary one takes the place of the old', async () => {
    const { admin, ownerId, rowIds, look } = await open(2)
    const added = { ownerId: ownerId.toUpperCase(), ownerVersion: 1, [record]: { ...input(3), isPrimary: true } }
    const { [record]: third } = await desk.mutate(admin, `add${kind}`, added, `${record} { id }`, CHANGED)
    expect((await look()).rows).toEqual([row(rowIds[0]!, 1, false), row(rowIds[1]!, 2, false), row(third.id, 3, true)])
  })

  test('an update changes what is given and nothing else', async () => {
    const { admin, ownerId, rowIds, look } = await open(2)
    const [first, second] = rowIds as [string, string]
    const update = (more: object) =>
      desk.mutate(admin, `update${kind}`, { id: second, ...more }, `${ROW} ${OWNER}`, CHANGED)
    const payload = await update({ ...change.input, ownerVersion: 1 })
    const changed = { id: second, ...change.output, isPrimary: false, position: 2 }
    expect(payload).toEqual({
      [record]: {
        ...changed,
        createdAt: CREATED.toISOString(),
        updatedAt: CHANGED.toISOString(),
        owner: { __typename: TYPE, id: ownerId },
      },
      owner: touched(ownerId),
      userErrors: [],
    })
    await update({})
    expect(await look()).toEqual({ version: 2, updatedAt: CHANGED.toISOString(), rows: [row(first, 1, true), changed] })
  })

  test('a row whose id is written in capitals is answered under its own', async () => {
    const { admin, rowIds } = await open(1)
    const id = rowIds[0]!
    for (const mutation of [`update${kind}`, `make${kind}Primary`]) {
      const payload = await desk.mutate(admin, mutation, { id: id.toUpperCase() }, `${record} { id }`)
      expect(payload).toEqual({ [record]: { id }, userErrors: [] })
    }
    expect(await desk.mutate(admin, `remove${kind}`, { id: id.toUpperCase() }, 'removedId')).toEqual({
      removedId: id,
      userErrors: [],
    })
  })

  test('one at most is primary: by makePrimary, by an update, by giving it up', async () => {
    const { admin, ownerId, rowIds, look } = await open(3)
    const primary = async () => (await look()).rows.filter((found) => found['isPrimary']).map((found) => found['id'])
    const made = await desk.mutate(
      admin,
      `make${kind}Primary`,
      { id: rowIds[2] },
      `${record} { id isPrimary } ${OWNER}`,
      CHANGED,
    )
    expect(made).toEqual({ [record]: { id: rowIds[2], isPrimary: true }, owner: touched(ownerId), userErrors: [] })
    expect(await primary()).toEqual([rowIds[2]])
    await desk.mutate(admin, `update${kind}`, { id: rowIds[1], isPrimary: true })
    expect(await primary()).toEqual([rowIds[1]])
    await desk.mutate(admin, `update${kind}`, { id: rowIds[1], isPrimary: false })
    expect(await primary()).toEqual([rowIds[0]])
    expect((await look()).rows.map((found) => found['id'])).toEqual(rowIds)
  })

  test('when the primary one is removed, the first that is left takes its place', async () => {
    const { admin, ownerId, rowIds, look } = await open(3)
    const [first, second, third] = rowIds as [string, string, string]
    expect(
      await desk.mutate(admin, `remove${kind}`, { id: first, ownerVersion: 1 }, `removedId ${OWNER}`, CHANGED),
    ).toEqual({
      removedId: first,
      owner: touched(ownerId),
      userErrors: [],
    })
    expect((await look()).rows).toEqual([row(second, 2, true), row(third, 3, false)])
    await desk.mutate(admin, `remove${kind}`, { id: third })
    await desk.mutate(admin, `remove${kind}`, { id: second })
    expect(await look()).toMatchObject({ version: 4, rows: [] })
  })

  test('the only one stays primary', async () => {
    const { admin, rowIds, look } = await open(1)
    await desk.mutate(admin, `update${kind}`, { id: rowIds[0], isPrimary: false })
    expect((await look()).rows).toEqual([row(rowIds[0]!, 1, true)])
  })

  test('another version of the owner is a CONFLICT, and nothing changes', async () => {
    const { tenant, admin, ownerId, rowIds } = await open(1)
    const before = await desk.rowsOf(tenant)
    const conflict = userError('CONFLICT', ['ownerVersion'], 'The record changed since it was read.', {
      currentVersion: 1,
    })
    const id = rowIds[0]
    for (const [mutation, given] of [
      [`add${kind}`, { ownerId, [record]: input(2) }],
      [`update${kind}`, { id, ...change.input }],
      [`remove${kind}`, { id }],
      [`make${kind}Primary`, { id }],
    ] as const) {
      expect(await desk.mutate(admin, mutation, { ...given, ownerVersion: 2 }, OWNER)).toEqual({
        owner: null,
        userErrors: [conflict],
      })
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('of a deleted owner, of another tenant or of none it is NOT_FOUND', async () => {
    const { tenant, admin, ownerId, rowIds } = await open(1)
    const foreign = await open(1)
    await desk.mutate(admin, `delete${TYPE}`, { id: ownerId, version: 1 })
    const before = [await desk.rowsOf(tenant), await desk.rowsOf(foreign.tenant)]
    for (const id of [ownerId, foreign.ownerId, randomUUID(), tenant.users.ADMIN]) {
      expect(await desk.mutate(admin, `add${kind}`, { ownerId: id, [record]: input(2) }, OWNER)).toEqual({
        owner: null,
        userErrors: [userError('NOT_FOUND', ['ownerId'], 'There is no such contact or company.')],
      })
    }
    for (const id of [rowIds[0], foreign.rowIds[0], randomUUID(), ownerId]) {
      for (const mutation of [`update${kind}`, `remove${kind}`, `make${kind}Primary`]) {
        expect(await desk.mutate(admin, mutation, { id }, OWNER)).toEqual({
          owner: null,
          userErrors: [userError('NOT_FOUND', ['id'], `There is no such ${sample.noun}.`)],
        })
      }
    }
    expect([await desk.rowsOf(tenant), await desk.rowsOf(foreign.tenant)]).toEqual(before)
  })

  test('25 are kept, a 26th is refused', async () => {
    const { tenant, admin, ownerId, rowIds, look } = await open(25)
    expect(rowIds).toHaveLength(25)
    const before = await desk.rowsOf(tenant)
    const message = `A record has 25 ${sample.list} at most; this would make 26.`
    expect(await desk.mutate(admin, `add${kind}`, { ownerId, [record]: input(26) }, OWNER)).toEqual({
      owner: null,
      userErrors: [userError('BAD_USER_INPUT', [record], message)],
    })
    const nested = { id: ownerId, version: 1, [sample.list]: { add: [input(26)] } }
    const refused = userError('BAD_USER_INPUT', [sample.list], message)
    expect(await desk.mutate(admin, `update${TYPE}`, nested, `${owner} { id }`)).toEqual({
      [owner]: null,
      userErrors: [refused],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    const exchange = { id: ownerId, version: 1, [sample.list]: { remove: [rowIds[0]], add: [input(26)] } }
    expect((await desk.mutate(admin, `update${TYPE}`, exchange)).userErrors).toEqual([])
    expect((await look()).rows.map((found) => found['position'])).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 2),
    )
  })

  test('a nested change refuses two primary ones, a row twice, and rows of another owner', async () => {
    const { tenant, admin, ownerId, rowIds } = await open(2)
    const { [owner]: sibling } = await desk.mutate(
      admin,
      `create${TYPE}`,
      { ...(owner === 'contact' ? { firstName: 'Grace' } : { name: 'Emca' }), [sample.list]: [input(9)] },
      `${owner} { ${sample.list} { id } }`,
    )
    const before = await desk.rowsOf(tenant)
    const refusals = async (changes: object) =>
      (await desk.mutate(admin, `update${TYPE}`, { id: ownerId, version: 1, [sample.list]: changes })).userErrors
    const [id, second] = rowIds
    const missing = `The record has no such ${sample.noun}.`
    const siblingId = sibling[sample.list][0].id as string
    expect(await refusals({ update: [{ id, isPrimary: true }], add: [{ ...input(3), isPrimary: true }] })).toEqual([
      userError(
        'BAD_USER_INPUT',
        [sample.list, 'add', '0', 'isPrimary'],
        `Only one ${sample.noun} can be the primary one.`,
      ),
    ])
    expect(await refusals({ remove: [second], update: [{ id }, { id }, { id: second }] })).toEqual([
      userError('BAD_USER_INPUT', [sample.list, 'update', 1, 'id'], 'The same row stands twice in this change.'),
      userError('BAD_USER_INPUT', [sample.list, 'update', 2, 'id'], 'The same row is removed in this change.'),
    ])
    expect(await refusals({ remove: [siblingId], update: [{ id: siblingId }] })).toEqual([
      userError('NOT_FOUND', [sample.list, 'remove', 0], missing),
      userError('NOT_FOUND', [sample.list, 'update', 0, 'id'], missing),
    ])
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})
