import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import { createField, plainValues } from './support/fields.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

type Tenant = Awaited<ReturnType<typeof openTenant>>

const create = ({ admin }: Pick<Tenant, 'admin'>, value: object, key = 'f') =>
  desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields: [{ key, ...value }] }, 'contact { id }')

/** The keys of a tenant's values, by the values. */
async function keysOf({ tenant }: Tenant): Promise<unknown[]> {
  const rows = await desk.sql(
    'select unique_key from custom_field_values where tenant_id = $1 order by unique_key nulls last, id',
    [tenant.settings.id],
  )
  return rows.map((row) => row['unique_key'])
}

describe('a unique field', () => {
  test.each<[string, object, object, object]>([
    ['TEXT', { text: 'a-1' }, { text: ' a-1 ' }, { text: 'A-1' }],
    ['NUMBER', { number: 7 }, { number: 7 }, { number: -7 }],
    ['DECIMAL', { decimal: '1.5' }, { decimal: '01.500' }, { decimal: '1.51' }],
    ['DATE', { date: '2024-02-29' }, { date: '2024-02-29' }, { date: '2024-02-28' }],
    ['DATETIME', { dateTime: '2024-01-01T00:00:00Z' }, { dateTime: '2024-01-01T01:00:00+01:00' }, { dateTime: '2024-01-01T00:00:00.001Z' }],
    ['URL', { url: 'example.com/a' }, { url: 'https://EXAMPLE.com/a' }, { url: 'example.com/A' }],
    ['EMAIL', { email: 'a@müller.de' }, { email: 'A@xn--mller-kva.de' }, { email: 'á@müller.de' }],
    ['PHONE', { phone: '+1 212 555 0123' }, { phone: '(212) 555-0123' }, { phone: '+1 212 555 0124' }],
  ])('of type %s takes each value once', async (type, value, same, other) => {
    const opened = await openTenant(desk)
    await createField(desk, opened.admin, { key: 'f', type, isUnique: true })
    const { contact } = await create(opened, value)
    const [name = ''] = Object.keys(value)
    const taken = userError('ALREADY_EXISTS', ['customFields', 0, name], 'Another contact has this value.', { conflictingId: contact.id })
    expect(await create(opened, same)).toEqual({ contact: null, userErrors: [taken] })
    const { contact: second } = await create(opened, other)
    const update = (id: string, given: object) =>
      desk.mutate(opened.admin, 'updateContact', { id, customFields: [{ key: 'f', ...given }] }, 'isChanged')
    expect(await update(second.id, same)).toEqual({ isChanged: false, userErrors: [taken] })
    // Letters of an address are kept as they are given.
    expect(await update(contact.id, same)).toEqual({ isChanged: type === 'EMAIL', userErrors: [] })
    // Of another tenant it is free.
    const elsewhere = await openTenant(desk)
    await createField(desk, elsewhere.admin, { key: 'f', type, isUnique: true })
    expect((await create(elsewhere, value)).userErrors).toEqual([])
  }) // prettier-ignore

  test('lets one of 50 writers have a value, and tells the others who', async () => {
    const opened = await openTenant(desk)
    await createField(desk, opened.admin, { key: 'f', isUnique: true })
    const payloads = await Promise.all(Array.from({ length: 50 }, () => create(opened, { text: 'one' })))
    const [winner, ...more] = payloads.filter(({ contact }) => contact !== null)
    expect([more, winner?.['contact'].id]).toEqual([[], expect.any(String)])
    const codes = payloads.flatMap(({ userErrors }) => userErrors.map(({ code }: Record<string, unknown>) => code))
    expect(codes).toEqual(Array(49).fill('ALREADY_EXISTS'))
    expect(await keysOf(opened)).toEqual(['one'])
    const rows = await desk.sql('select 1 from contacts where tenant_id = $1', [opened.tenant.settings.id])
    expect(rows).toHaveLength(1)
  }, 60_000)

  test('gives a value up with a deleted record, which comes back with it unless it was taken', async () => {
    const opened = await openTenant(desk)
    const { admin } = opened
    await createField(desk, admin, { key: 'f', label: 'Badge', isUnique: true })
    const { contact: first } = await create(opened, { text: 'one' })
    await desk.mutate(admin, 'deleteContact', { id: first.id, version: 1 })
    expect(await keysOf(opened)).toEqual([null])
    const restore = (id: string) => desk.mutate(admin, 'restoreContact', { id }, 'contact { id }')
    expect(await restore(first.id)).toEqual({ contact: { id: first.id }, userErrors: [] })
    expect(await keysOf(opened)).toEqual(['one'])
    await desk.mutate(admin, 'deleteContact', { id: first.id, version: 3 })
    const { contact: second } = await create(opened, { text: 'one' })
    const taken = userError('ALREADY_EXISTS', ['id'], 'Another contact has its value of “Badge”.', { conflictingId: second.id })
    expect(await restore(first.id)).toEqual({ contact: null, userErrors: [taken] })
    await desk.mutate(admin, 'destroyContact', { id: second.id })
    expect((await restore(first.id)).userErrors).toEqual([])
    expect((await plainValues(desk, admin, first.id)).values).toEqual({ f: 'one' })
    expect(await keysOf(opened)).toEqual(['one'])
  }) // prettier-ignore
})

describe('a field that is there', () => {
  test('becomes unique where no value stands twice on live records, else says which do', async () => {
    const opened = await openTenant(desk)
    const { admin } = opened
    const { id } = await createField(desk, admin, { key: 'f', type: 'EMAIL' })
    const ids: string[] = []
    for (const email of ['a@example.com', 'A@example.com', 'b@example.com', 'B@example.com', 'c@example.com']) {
      ids.push((await create(opened, { email }))['contact'].id)
    }
    const change = (input: object) => desk.mutate(admin, 'updateCustomFieldDefinition', { id, ...input }, 'isChanged')
    const double = (email: string, holders: string[]) =>
      userError('ALREADY_EXISTS', ['isUnique'], `“${email}” stands on 2 live records.`, {
        conflictingId: [...holders].sort()[0],
      })
    const errors = [double('a@example.com', ids.slice(0, 2)), double('b@example.com', ids.slice(2, 4))]
    expect(await change({ isUnique: true })).toEqual({ isChanged: false, userErrors: errors })
    expect(await keysOf(opened)).toEqual([null, null, null, null, null])
    for (const gone of [ids[1], ids[3]]) await desk.mutate(admin, 'deleteContact', { id: gone, version: 1 })
    expect(await change({ isUnique: true })).toEqual({ isChanged: true, userErrors: [] })
    expect(await keysOf(opened)).toEqual(['a@example.com', 'b@example.com', 'c@example.com', null, null])
    const [code] = (await create(opened, { email: 'C@example.com' })).userErrors.map(
      ({ code }: Record<string, unknown>) => code,
    )
    expect(code).toBe('ALREADY_EXISTS')
    expect(await change({ isUnique: false })).toEqual({ isChanged: true, userErrors: [] })
    expect(await keysOf(opened)).toEqual([null, null, null, null, null])
    expect((await create(opened, { email: 'C@example.com' })).userErrors).toEqual([])
  })

  test('tells 100 values that stand twice, and how many more there are', async () => {
    const opened = await openTenant(desk)
    const { id } = await createField(desk, opened.admin, { key: 'f', type: 'NUMBER' })
    await desk.sql(
      `with made as (
        insert into contacts (tenant_id, id, created_at, updated_at, first_name)
        select $1, gen_random_uuid(), now(), now(), 'C' || n from generate_series(1, 206) as n returning id, first_name)
      insert into custom_field_values (tenant_id, id, created_at, updated_at, entity_type, entity_id, definition_id, number_value)
      select $1, gen_random_uuid(), now(), now(), 'CONTACT', id, $2, substr(first_name, 2)::int % 103 from made`,
      [opened.tenant.settings.id, id],
    )
    const { userErrors } = await desk.mutate(opened.admin, 'updateCustomFieldDefinition', { id, isUnique: true })
    // A mutation says 100 problems at most.
    expect(userErrors).toHaveLength(100)
    expect(userErrors[0]).toMatchObject({ code: 'ALREADY_EXISTS', message: '“0” stands on 2 live records.' })
    expect(userErrors[99]).toEqual(userError('BAD_USER_INPUT', [], 'There are 2 more problems.'))
  }) // prettier-ignore

  test('becomes required where all live records have a value, or with the number of those that lack it', async () => {
    const opened = await openTenant(desk)
    const { admin } = opened
    const { id } = await createField(desk, admin, { key: 'f' })
    await create(opened, { text: 'x' })
    for (const firstName of ['B', 'C', 'D']) await desk.mutate(admin, 'createContact', { firstName })
    const { contact: gone } = await desk.mutate(admin, 'createContact', { firstName: 'E' }, 'contact { id }')
    await desk.mutate(admin, 'deleteContact', { id: gone.id, version: 1 })
    const change = (input: object) => desk.mutate(admin, 'updateCustomFieldDefinition', { id, isRequired: true, ...input }, 'isChanged')
    const lacking = (place: string) =>
      userError('BAD_USER_INPUT', [place], '3 live records lack a value: with `acceptedMissing: 3` they stay so until they get one.')
    expect(await change({})).toEqual({ isChanged: false, userErrors: [lacking('isRequired')] })
    expect(await change({ acceptedMissing: 4 })).toEqual({ isChanged: false, userErrors: [lacking('acceptedMissing')] })
    expect(await change({ acceptedMissing: 3 })).toEqual({ isChanged: true, userErrors: [] })
    const missing = userError('BAD_USER_INPUT', ['customFields'], '“f” is required.')
    expect((await desk.mutate(admin, 'createContact', { firstName: 'F' })).userErrors).toEqual([missing])
  }) // prettier-ignore
})
