import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { careForSearch } from '../../../src/search/search-care.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import { createField } from './support/fields.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

/** Another writer, whose transaction ends when `asked` waits for it, or is done; gives what was asked for. */
async function meet<Result>(
  writes: readonly (readonly [text: string, values: unknown[]])[],
  asked: () => Promise<Result>,
): Promise<Result> {
  const writer = new pg.Client({ connectionString: desk.adminUrl })
  await writer.connect()
  try {
    await writer.query('begin')
    for (const [text, values] of writes) await writer.query(text, values)
    const result = asked()
    const done = result.then(
      () => true,
      () => true,
    )
    while (!(await Promise.race([done, isWaiting()]))) await sleep(5)
    await writer.query('commit')
    return await result
  } finally {
    await writer.end()
  }
}

async function isWaiting(): Promise<boolean> {
  const [row] = await desk.sql('select count(*)::int as waiting from pg_locks where not granted')
  return row?.['waiting'] > 0
}

/** A contact with a value of a field that is neither unique nor searched. */
async function openContact() {
  const { tenant, admin } = await openTenant(desk)
  const { id: fieldId } = await createField(desk, admin, { key: 'code', label: 'Code' })
  const customFields = [{ key: 'code', text: 'quince' }]
  const create = async (): Promise<string> =>
    (await desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields }, 'contact { id }'))['contact'].id
  return { tenantId: tenant.settings.id, admin, fieldId, create, id: await create() }
}

describe('a field that becomes unique meanwhile', () => {
  const unique = (fieldId: string): [string, unknown[]][] => [
    // As `updateCustomFieldDefinition` does it: under this lock, and keys are those of live records.
    ['select 1 from custom_field_definitions where id = $1 for update', [fieldId]],
    ['update custom_field_definitions set is_unique = true where id = $1', [fieldId]],
    [
      `update custom_field_values as v set unique_key = v.text_value from contacts as c
        where v.definition_id = $1 and c.id = v.entity_id and c.deleted_at is null`,
      [fieldId],
    ],
  ]
  const keys = (fieldId: string) =>
    desk.sql('select entity_id, unique_key from custom_field_values where definition_id = $1 order by entity_id', [
      fieldId,
    ])

  test('has no key of a record that is deleted', async () => {
    const { admin, fieldId, id } = await openContact()
    const { userErrors } = await meet(unique(fieldId), () => desk.mutate(admin, 'deleteContact', { id }))
    expect(userErrors).toEqual([])
    expect(await keys(fieldId)).toEqual([{ entity_id: id, unique_key: null }])
  })

  test('refuses a record that is restored and has a value of another', async () => {
    const { admin, fieldId, id, create } = await openContact()
    await desk.mutate(admin, 'deleteContact', { id })
    const other = await create()
    const { userErrors } = await meet(unique(fieldId), () => desk.mutate(admin, 'restoreContact', { id }))
    const message = 'Another contact has its value of “Code”.'
    expect(userErrors).toEqual([userError('ALREADY_EXISTS', ['id'], message, { conflictingId: other })])
    expect(await keys(fieldId)).toEqual([
      { entity_id: id, unique_key: null },
      { entity_id: other, unique_key: 'quince' },
    ])
  })

  test('has the key of a record that is restored', async () => {
    const { admin, fieldId, id } = await openContact()
    await desk.mutate(admin, 'deleteContact', { id })
    const { userErrors } = await meet(unique(fieldId), () => desk.mutate(admin, 'restoreContact', { id }))
    expect(userErrors).toEqual([])
    expect(await keys(fieldId)).toEqual([{ entity_id: id, unique_key: 'quince' }])
  })
})

describe('search keeps the words of a record that another changes meanwhile', () => {
  type Opened = Awaited<ReturnType<typeof openContact>>
  const mend = () => careForSearch(desk.api.database, { mend: true, onProgress: () => undefined })
  const textOf = async (id: string) =>
    String((await desk.sql('select text from contact_search where contact_id = $1', [id]))[0]?.['text'])

  test.each<[string, (opened: Opened) => Promise<unknown>, string[]]>([
    [
      'a field becomes searchable',
      ({ admin, fieldId }) => desk.mutate(admin, 'updateCustomFieldDefinition', { id: fieldId, isSearchable: true }),
      ['marzipan', 'quince'],
    ],
    ['search rows are mended', mend, ['marzipan']],
  ])('while %s', async (_, work, words) => {
    const opened = await openContact()
    const { tenantId, id } = opened
    await desk.sql(`update contact_search set text = 'stale' where contact_id = $1`, [id])
    await meet(
      [
        [`update contacts set first_name = 'Marzipan' where id = $1`, [id]],
        ['select kith_refresh_contact_search($1, array[$2::uuid])', [tenantId, id]],
      ],
      () => work(opened),
    )
    const text = await textOf(id)
    expect(words.filter((word) => !text.includes(word))).toEqual([])
    expect(await mend()).toMatchObject({ stale: 0 })
  })
})
