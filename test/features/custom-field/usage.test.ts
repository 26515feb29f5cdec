import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createFieldUsage } from '../../../src/features/custom-field/field-usage.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { createField } from './support/fields.js'

const REPORT = `query ($entityType: CustomFieldEntityType!) { customFieldUsage(entityType: $entityType) {
  limits { name limit used percent }
  fields { definition { key } recordCount distinctValueCount lastWrittenAt filterCount lastFilteredAt orderCount lastOrderedAt
    readByKeyCount lastReadByKeyAt statementCount statementMs } } }`

let desk: Desk
beforeAll(async () => {
  desk = await openDesk(undefined, { customFieldLimit: 8 })
})
afterAll(() => desk.close())

type Admin = Awaited<ReturnType<typeof openTenant>>['admin']

async function report(admin: Admin, entityType = 'CONTACT') {
  const { customFieldUsage } = await desk.ask(admin, REPORT, { entityType })
  return customFieldUsage as { limits: object[]; fields: Record<string, unknown>[] }
}

const MOMENT = expect.stringMatching(/^\d{4}-\d\d-\d\dT/)
const unused = (key: string, figures: object = {}) => ({
  definition: { key },
  ...{ recordCount: 0, distinctValueCount: 0, lastWrittenAt: null, filterCount: 0, lastFilteredAt: null },
  ...{
    orderCount: 0,
    lastOrderedAt: null,
    readByKeyCount: 0,
    lastReadByKeyAt: null,
    statementCount: 0,
    statementMs: 0,
  },
  ...figures,
})

/** Two fields of contacts, and three live contacts and a deleted one with values of one of them. */
async function open() {
  const { tenant, admin } = await openTenant(desk)
  await createField(desk, admin, { key: 'score', type: 'NUMBER' })
  await createField(desk, admin, { key: 'note', isSearchable: true })
  for (const [index, number] of [1, 1, 2, 3].entries()) {
    const input = { firstName: `C${index}`, customFields: [{ key: 'score', number }] }
    const { contact } = await desk.mutate(admin, 'createContact', input, 'contact { id }')
    if (number === 3) await desk.mutate(admin, 'deleteContact', { id: contact.id, version: 1 })
  }
  return { tenant, admin }
}

describe('customFieldUsage', () => {
  test('says which records have a value, and how much of the limits is used', async () => {
    const { admin } = await open()
    const figures = { recordCount: 3, distinctValueCount: 3, lastWrittenAt: MOMENT }
    expect(await report(admin)).toEqual({
      limits: [
        { name: 'IN_USE', limit: 8, used: 2, percent: 25 },
        { name: 'SEARCHABLE', limit: 20, used: 1, percent: 5 },
      ],
      fields: [unused('score', figures), unused('note')],
    })
    const limits = [
      { name: 'IN_USE', limit: 8, used: 0, percent: 0 },
      { name: 'SEARCHABLE', limit: 20, used: 0, percent: 0 },
    ]
    expect(await report(admin, 'COMPANY')).toEqual({ limits, fields: [] })
  })

  test('counts filters, orders and reads by key, at once and after they were written down', async () => {
    const { admin } = await open()
    const filter = '{ customFields: [{ key: "score", number: { gte: 1 } }] }'
    const order = '[{ customField: "score" }, { customField: "note" }]'
    await desk.ask(admin, `{ contacts(filter: ${filter}, orderBy: ${order}) { nodes { id } } }`)
    // A count goes by no order.
    await desk.ask(admin, `{ contacts(filter: ${filter}, orderBy: ${order}) { totalCount } }`)
    await desk.ask(admin, `{ contacts(filter: { not: { or: [${filter}] } }) { nodes { id } } }`)
    await desk.ask(admin, '{ contacts { nodes { customField(key: "score") { value } } } }')
    const ms = expect.any(Number)
    // Two pages and a count.
    const score = {
      ...{ recordCount: 3, distinctValueCount: 3, lastWrittenAt: MOMENT, filterCount: 3, lastFilteredAt: MOMENT },
      ...{ orderCount: 1, lastOrderedAt: MOMENT, readByKeyCount: 1, lastReadByKeyAt: MOMENT, statementCount: 4, statementMs: ms },
    } // prettier-ignore
    const note = { orderCount: 1, lastOrderedAt: MOMENT, statementCount: 1, statementMs: ms }
    const before = await report(admin)
    expect(before.fields).toEqual([unused('score', score), unused('note', note)])
    expect(before.fields.every(({ statementMs }) => (statementMs as number) > 0)).toBe(true)
    await desk.api.fieldUsage.flush(desk.api.database)
    expect(desk.api.fieldUsage.pendingOf(admin.tenant.id)).toEqual([])
    expect(await report(admin)).toEqual(before)
    await desk.ask(admin, `{ contacts(filter: ${filter}) { nodes { id } } }`)
    await desk.api.fieldUsage.flush(desk.api.database)
    await desk.api.fieldUsage.flush(desk.api.database)
    expect((await report(admin)).fields[0]).toMatchObject({ filterCount: 4, orderCount: 1, statementCount: 5 })
  })

  test("counts those of companies' contacts, of searches, and of companies by which contacts are filtered and ordered", async () => {
    const { admin } = await open()
    await createField(desk, admin, { key: 'tier', entityType: 'COMPANY' })
    await desk.mutate(admin, 'createCompany', { name: 'Acme', customFields: [{ key: 'tier', text: 'gold' }] })
    const filter = 'filter: { customFields: [{ key: "score", number: { gte: 1 } }] }'
    const counts = async (entityType: string) => {
      const { fields } = await report(admin, entityType)
      return fields.map(({ definition, filterCount, orderCount, statementCount }) => [
        (definition as { key: string }).key, filterCount, orderCount, statementCount,
      ])
    }
    // A page and a count of all companies' contacts each.
    await desk.ask(admin, `{ companies { nodes { contacts(${filter}, orderBy: [{ customField: "note" }]) { nodes { id } totalCount } } } }`)
    expect(await counts('CONTACT')).toEqual([['score', 2, 0, 2], ['note', 0, 1, 1]])
    // By rank: a page as written, and a count.
    await desk.ask(admin, `{ contacts(search: "C0", ${filter}) { nodes { id } totalCount } }`)
    expect(await counts('CONTACT')).toEqual([['score', 4, 0, 4], ['note', 0, 1, 1]])
    // Nothing is there as written, so the page looks for what is spelt alike.
    await desk.ask(admin, `{ contacts(search: "zzyzx", ${filter}) { nodes { id } } }`)
    expect(await counts('CONTACT')).toEqual([['score', 6, 0, 6], ['note', 0, 1, 1]])
    await desk.ask(admin, `{ contacts(filter: { company: { customFields: [{ key: "tier", text: { eq: "gold" } }] } }, orderBy: [{ companyCustomField: "tier" }]) { nodes { id } } }`)
    expect(await counts('COMPANY')).toEqual([['tier', 1, 1, 1]])
    expect(await counts('CONTACT')).toEqual([['score', 6, 0, 6], ['note', 0, 1, 1]])
  }) // prettier-ignore

  test('writes nothing in the transaction of a request', async () => {
    const { admin } = await open()
    const ran = await desk.api.statements(async () => {
      await desk.ask(admin, '{ contacts(orderBy: [{ customField: "score" }]) { nodes { id } } }')
      await report(admin)
    })
    expect(ran.filter(({ label }) => label === 'addCustomFieldUsage')).toEqual([])
  })

  test('takes an ADMIN, and tells nothing of other tenants', async () => {
    const { tenant, admin } = await open()
    const { admin: stranger } = await openTenant(desk)
    await desk.ask(admin, '{ contacts(orderBy: [{ customField: "score" }]) { nodes { id } } }')
    await expect(report(tenant.principal('MANAGER'))).rejects.toThrow(/This needs the role ADMIN; yours is MANAGER\./)
    expect((await report(stranger)).fields).toEqual([])
    await createField(desk, stranger, { key: 'score', type: 'NUMBER' })
    expect((await report(stranger)).fields).toEqual([unused('score')])
  })
})

describe('counting', () => {
  const event = (tenantId: string, id: string) => ({ durationMs: 2, uses: { tenantId, filtered: [id] } }) // prettier-ignore

  test('is bounded: beyond so many fields nothing is counted until the others are written down', () => {
    const usage = createFieldUsage(2)
    for (const id of ['a', 'b', 'c', 'a']) usage.note(event('t', id))
    expect(usage.pendingOf('t').map(({ id, filters, ms }) => [id, filters, ms])).toEqual([
      ['a', 2, 4],
      ['b', 1, 2],
    ])
  })

  test('keeps what could not be written down', async () => {
    const usage = createFieldUsage()
    usage.note(event('t', 'a'))
    const away = { ...desk.api.database, change: () => Promise.reject(new Error('away')) }
    const flushing = usage.flush(away)
    usage.note(event('t', 'a'))
    await expect(flushing).rejects.toThrow('away')
    expect(usage.pendingOf('t').map(({ id, filters }) => [id, filters])).toEqual([['a', 2]])
  })
})
