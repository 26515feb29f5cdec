import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

test('a save that says a link again keeps it, though its company is deleted', async () => {
  const { admin } = await openTenant(desk)
  const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
  const links = { companyId: company.id as string }
  const make = async (input: object): Promise<string> =>
    (await desk.mutate(admin, 'createContact', { firstName: 'Ada', ...input }, 'contact { id }'))['contact'].id
  const [linked, other] = [await make({ ...links, externalId: 'X-1' }), await make({})]
  await desk.mutate(admin, 'deleteCompany', { id: company.id })
  const answer = 'isChanged contact { version }'
  const saved = await desk.mutate(admin, 'updateContact', { id: linked, lastName: 'L.', ...links }, answer)
  expect(saved).toMatchObject({ isChanged: true, userErrors: [], contact: { version: 2 } })
  const again = { matchBy: 'EXTERNAL_ID', contact: { externalId: 'X-1', lastName: 'L.', ...links } }
  expect(await desk.mutate(admin, 'upsertContact', again, 'status')).toEqual({ status: 'UNCHANGED', userErrors: [] })
  const rows = [
    { id: linked, ...links },
    { id: other, ...links },
  ]
  const bulk = await desk.mutate(admin, 'bulkUpdateContacts', { rows, mode: 'PARTIAL' }, 'results { status }')
  expect(bulk['results']).toEqual([{ status: 'UNCHANGED' }, { status: 'FAILED' }])
  expect(bulk.userErrors).toEqual([userError('NOT_FOUND', ['rows', 1, 'companyId'], 'There is no such company.')])
  const stored = await desk.sql('select company_id from contacts where id = $1', [linked])
  expect(stored).toEqual([{ company_id: links.companyId }])
  const moved = await desk.mutate(admin, 'updateContact', { id: linked, companyId: null }, 'isChanged')
  expect(moved).toEqual({ isChanged: true, userErrors: [] })
  const back = await desk.mutate(admin, 'updateContact', { id: linked, companyId: links.companyId }, 'isChanged')
  expect(back.userErrors).toEqual([userError('NOT_FOUND', ['companyId'], 'There is no such company.')])
})
