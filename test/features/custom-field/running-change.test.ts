import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createFieldChores, type FieldChores } from '../../../src/features/custom-field/field-chores.js'
import type { Database } from '../../../src/database/database.js'
import { openDesk, userError, type Desk } from '../../support/desk.js'
import { changeField, definitionRow, openField, plainOf, undoChange, valueRows } from './support/change.js'
import { createField, listFields } from './support/fields.js'

const NO_FIELD = userError('NOT_FOUND', ['id'], 'There is no such custom field.')

describe('a change that is running', () => {
  const held: FieldChores = {
    run: () => Promise.resolve(),
    resume: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  }
  let slow: Desk
  beforeAll(async () => {
    // As a process that dies as soon as it has begun the change.
    slow = await openDesk(undefined, { fieldChores: held })
  })
  afterAll(() => slow.close())

  /** Copies so many batches of two values. */
  async function copyBatches(count: number): Promise<void> {
    let left = count
    const { database } = slow.api
    const counting: Database = {
      ...database,
      change: async (tenantId, work) => {
        const done = await database.change(tenantId, work)
        left--
        if (left === 0) void chores.stop()
        return done
      },
    }
    const failures: Error[] = []
    const report = (error: Error): void => void failures.push(error)
    const chores = createFieldChores({ database: counting, changed: () => undefined, report, batchSize: 2 })
    await chores.resume()
    expect(failures).toEqual([])
  }

  test('is not seen until all is copied, and has what was written meanwhile', async () => {
    const { admin, id, ids } = await openField(
      slow,
      'TEXT',
      ['1', '2', '3', '4', '5', 'x', '7'].map((text) => ({ text })),
    )
    const { field } = await changeField(slow, admin, { id, type: 'NUMBER' })
    expect(field).toMatchObject({ id, type: 'TEXT', archivedAt: null, change: { state: 'RUNNING', total: 7, converted: 0, failed: 0, finishedAt: null, replaced: null } }) // prettier-ignore
    await copyBatches(2)
    const write = (contactId: string | undefined, text: string | null) => slow.mutate(admin, 'updateContact', { id: contactId, customFields: [{ key: 'own', text }] }) // prettier-ignore
    const by = [...ids].sort()
    const at = (index: number): string => by[index] as string
    // The first four records were copied already: one changes, one goes, one becomes what doesn't convert.
    await write(at(0), '10')
    await write(at(1), null)
    await write(at(2), 'y')
    await write(at(6), '70')
    await slow.mutate(admin, 'createContact', { firstName: 'New', customFields: [{ key: 'own', text: '8' }] })
    const old = await plainOf(slow, admin, by)
    expect([old[0], old[1], old[2], old[6]]).toEqual(['10', null, 'y', '70'])
    const listed = await listFields(slow, admin, 'CONTACT', true)
    expect(listed.map(({ id: one, type }) => [one, type])).toEqual([[id, 'TEXT']])
    await copyBatches(10)
    // Another process knows of it within a second; here whoever changes any field does.
    await createField(slow, admin, { key: 'other' })
    const values = await plainOf(slow, admin, by)
    expect(values).toEqual(old.map((text) => (text === null || /^[xy]$/.test(text as string) ? null : Number(text))))
    const list = '{ contacts(filter: { customFields: [{ key: "own", number: { eq: 8 } }] }) { nodes { firstName } } }'
    expect(await slow.ask(admin, list)).toEqual({ contacts: { nodes: [{ firstName: 'New' }] } })
  })

  test('lets nobody change the field otherwise, and can be ended', async () => {
    const { tenant, admin, id } = await openField(slow, 'TEXT', [{ text: '1' }, { text: '2' }, { text: '3' }])
    const before = { rows: await valueRows(slow, id), definition: await definitionRow(slow, id) }
    await changeField(slow, admin, { id, type: 'NUMBER' })
    await copyBatches(1)
    const message = 'The type of the field is being changed: wait for its end, or undo it.'
    const busy = userError('CONFLICT', ['id'], message, { currentVersion: 2 })
    for (const [mutation, input] of [
      ['updateCustomFieldDefinition', { id, label: 'x' }],
      ['archiveCustomFieldDefinition', { id }],
      ['deleteCustomFieldDefinition', { id, confirmedValues: 3 }],
      ['planCustomFieldChange', { id, type: 'DATE' }],
      ['applyCustomFieldChange', { id, type: 'DATE', planHash: 'x' }],
    ] as const) {
      expect([mutation, (await slow.mutate(admin, mutation, input)).userErrors]).toEqual([mutation, [busy]])
    }
    const [filled] = await slow.sql('select id from custom_field_definitions where tenant_id = $1 and is_hidden', [tenant.settings.id]) // prettier-ignore
    const hidden = filled?.['id'] as string
    for (const [mutation, input] of [
      ['restoreCustomFieldDefinition', { id: hidden }],
      ['deleteCustomFieldDefinition', { id: hidden, confirmedValues: 2 }],
      ['undoCustomFieldChange', { id: hidden }],
    ] as const) {
      expect([mutation, (await slow.mutate(admin, mutation, input)).userErrors]).toEqual([mutation, [NO_FIELD]])
    }
    expect(await slow.ask(admin, '{ customFieldDefinition(id: "' + hidden + '") { id } }')).toEqual({ customFieldDefinition: null }) // prettier-ignore
    const undone = await undoChange(slow, admin, { id })
    expect(undone['customFieldDefinition']).toMatchObject({ id, type: 'TEXT', change: null, archivedAt: null })
    await copyBatches(10)
    expect([await valueRows(slow, id), await definitionRow(slow, id)]).toEqual([before.rows, before.definition])
    expect(await valueRows(slow, hidden)).toEqual([])
    expect((await slow.rowsOf(tenant))['custom_field_definitions']).toHaveLength(1)
  })
})
