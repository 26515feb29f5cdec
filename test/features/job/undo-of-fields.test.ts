import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { jobOf, makeContacts, over, undo } from '../bulk/bulk-desk.js'
import { changeField, undoChange } from '../custom-field/support/change.js'
import { createField, plainValues } from '../custom-field/support/fields.js'
import { importText } from '../import/import-desk.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import type { TestTenant } from '../../support/records.js'

let desk: Desk
let tenant: TestTenant
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  ;({ tenant, admin } = await openTenant(desk))
})
afterAll(() => desk.close())

const NO_OPTION = 'An option that it had of a custom field is gone.'
const NO_FIELD = 'A custom field that it had a value of is gone, or has another type now.'

/** A contact whose value an import changed from the first one to the second: its id, and that of the job. */
async function importedValue(first: object, second: string) {
  const [id = ''] = await makeContacts(desk, admin, 1, () => ({
    externalId: 'E-0',
    customFields: [{ key: 'f', ...first }],
  }))
  const mapping = { id: 'externalId', f: 'customFields.f' }
  const job = await importText(desk, admin, `id,f\nE-0,${second}\n`, mapping)
  expect(job).toMatchObject({ status: 'SUCCEEDED', rows: { updated: 1 } })
  return { id, jobId: job.id }
}

/** An undo of one record that it couldn't take back; the rows of the tenant stay as they are. */
async function expectFailed(id: string, jobId: string, message: string): Promise<void> {
  const before = await desk.rowsOf(tenant)
  const problems = [{ recordType: 'CONTACT', recordId: id, code: 'BAD_USER_INPUT', message }]
  expect(await jobOf(desk, admin, await undo(desk, admin, jobId))).toEqual(
    over({ read: 1, failed: 1 }, { kind: 'UNDO', problems }),
  )
  expect(await desk.rowsOf(tenant)).toEqual(before)
}

const OPTIONS = ['a', 'b', 'c'].map((label) => ({ label }))

test.each<[string, object, string, object]>([
  ['DROPDOWN', { option: 'a' }, 'b', { f: 'a' }],
  ['CHECKBOX', { options: ['a', 'c'] }, 'b', { f: ['a', 'c'] }],
])('no option comes back to a %s that was merged or taken out since; an archived one does', async (type, first, second, values) => {
  const field = await createField(desk, admin, { key: 'f', type, options: OPTIONS })
  const merged = await importedValue(first, second)
  const change = (input: object) => desk.mutate(admin, 'updateCustomFieldDefinition', { id: field.id, ...input })
  expect((await desk.mutate(admin, 'mergeCustomFieldOption', { id: field.id, value: 'a', intoValue: 'c' })).userErrors).toEqual([])
  await expectFailed(merged.id, merged.jobId, NO_OPTION)
  expect((await change({ options: [{ label: 'a', isArchived: true }, ...OPTIONS.slice(1)] })).userErrors).toEqual([])
  expect(await jobOf(desk, admin, await undo(desk, admin, merged.jobId))).toEqual(over({ read: 1, updated: 1 }, { kind: 'UNDO' }))
  expect(await plainValues(desk, admin, merged.id)).toEqual({ version: 3, values })
}) // prettier-ignore

test('a field of another type since gets no value back in its shadow, but does once that change is taken back', async () => {
  const field = await createField(desk, admin, { key: 'f' })
  const { id, jobId } = await importedValue({ text: '1' }, '2')
  const { field: changed } = await changeField(desk, admin, { id: field.id, type: 'NUMBER' })
  await expectFailed(id, jobId, NO_FIELD)
  expect(await plainValues(desk, admin, id)).toEqual({ version: 2, values: { f: 2 } })
  expect((await undoChange(desk, admin, { id: changed.id })).userErrors).toEqual([])
  expect(await jobOf(desk, admin, await undo(desk, admin, jobId))).toEqual(
    over({ read: 1, updated: 1 }, { kind: 'UNDO' }),
  )
  expect(await plainValues(desk, admin, id)).toEqual({ version: 3, values: { f: '1' } })
})

test('an archived field gets its values back', async () => {
  const field = await createField(desk, admin, { key: 'f' })
  const { id, jobId } = await importedValue({ text: '1' }, '2')
  await desk.mutate(admin, 'archiveCustomFieldDefinition', { id: field.id })
  expect(await jobOf(desk, admin, await undo(desk, admin, jobId))).toEqual(
    over({ read: 1, updated: 1 }, { kind: 'UNDO' }),
  )
  await desk.mutate(admin, 'restoreCustomFieldDefinition', { id: field.id })
  expect((await plainValues(desk, admin, id)).values).toEqual({ f: '1' })
})
