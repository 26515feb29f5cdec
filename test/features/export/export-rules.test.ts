import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createScope } from '../../../src/access/scope.js'
import { openDownload } from '../../../src/features/export/download.service.js'
import { readExport } from '../../../src/features/export/export-request.service.js'
import type { Principal } from '../../../src/lib/principal.js'
import { openRestricted, type Restricted } from '../../access/restricted.js'

let all: Restricted

beforeAll(async () => {
  all = await openRestricted()
  const field = { entityType: 'CONTACT', key: 'tier', label: 'Tier', type: 'CURRENCY' }
  await all.desk.mutate(all.admin, 'createCustomFieldDefinition', field)
})

afterAll(() => all.desk.close())

/** The text of an export, as a principal gets it. */
async function exported(principal: Principal, type: 'Contact' | 'Company', input: object): Promise<string> {
  const { desk } = all
  const made = await desk.mutate(principal, `create${type}Export`, input, 'export { id }')
  expect(made.userErrors).toEqual([])
  const { services } = desk.api
  const scope = createScope(principal, services.registry, new Date(), services.accessOf(principal))
  const row = await readExport(scope, services, made['export'].id as string)
  if (!row) throw new Error('the export is there')
  const download = await openDownload(scope, services, row, { totalMs: 60_000, idleMs: 60_000 })
  const read = await text(download.stream)
  await download.end(true)
  return read
}

const CREATE = `mutation ($input: CreateContactExportInput!) {
  createContactExport(input: $input) { export { id } userErrors { code message field } } }`
const NAMES = { orderBy: [{ field: 'FIRST_NAME' }] }

describe('an export under rules of access', () => {
  test('has the rows that its user may see, and of relations those too', async () => {
    const columns = ['firstName', 'company.name', 'emailAddresses.1.email']
    expect(await exported(all.admin, 'Contact', { ...NAMES, columns })).toBe(
      [
        'firstName,company.name,emailAddresses.1.email',
        'Anna,Mine,anna@mine.example',
        'Ben,Theirs,ben@mine.example',
        'Cora,Mine,cora@mine.example',
        '',
      ].join('\n'),
    )
    // Ben's company is another's, Cora herself is.
    expect(await exported(all.restricted, 'Contact', { ...NAMES, columns })).toBe(
      [
        'firstName,company.name,emailAddresses.1.email',
        'Anna,Mine,anna@mine.example',
        'Ben,,ben@mine.example',
        '',
      ].join('\n'),
    )
    expect(await exported(all.restricted, 'Company', { columns: ['name'] })).toBe('name\nMine\n')
  })

  test('of all columns has none that is hidden', async () => {
    const [header = ''] = (await exported(all.restricted, 'Contact', NAMES)).split('\n')
    const columns = header.split(',')
    expect(columns).toContain('emailAddresses.1.email')
    expect(columns.filter((column) => /^(birthDate|externalId|phoneNumbers)/.test(column))).toEqual([])
    const [whole = ''] = (await exported(all.admin, 'Contact', NAMES)).split('\n')
    expect(whole.split(',')).toEqual(expect.arrayContaining(['birthDate', 'externalId', 'phoneNumbers.1.number']))
  })

  test.each([
    [{ columns: ['birthDate'] }, 'Contact.birthDate', 'columns.0'],
    [{ columns: ['firstName', 'phoneNumbers.1.number'] }, 'Contact.phoneNumbers', 'columns.1'],
    [{ columns: ['company.annualRevenue'] }, 'Company.annualRevenue', 'columns.0'],
    [{ columns: ['firstName'], filter: { birthDate: { isNull: false } } }, 'Contact.birthDate', 'filter.birthDate'],
    [{ columns: ['firstName'], orderBy: [{ field: 'BIRTH_DATE' }] }, 'Contact.birthDate', 'orderBy.0.field'],
  ])('%j is refused, as %s is hidden', async (input, hidden, field) => {
    const { data, errors } = await all.desk.api.run(all.restricted, CREATE, { input })
    expect({ data, errors }).toMatchObject({
      data: { createContactExport: null },
      errors: [
        {
          message: `You may not see ${hidden}.`,
          path: ['createContactExport'],
          extensions: { code: 'FORBIDDEN', field },
        },
      ],
    })
  })
})

test.each([['customFields'], ['customFields.*'], ['customFields.tier'], ['customFields.tier.amount']])(
  'the column %s is refused where custom fields are hidden, and left out where nobody named it',
  async (column) => {
    const { desk, admin, accessByUser } = all
    const member: Principal = { tenant: admin.tenant, userId: await memberId(), role: 'MEMBER' }
    accessByUser.set(member.userId ?? '', { rows: () => null, maySee: (_, field) => field !== 'customFields' })
    const { data, errors } = await desk.api.run(member, CREATE, { input: { columns: ['firstName', column] } })
    const extensions = expect.objectContaining({ code: 'FORBIDDEN', field: 'columns.1' })
    const message = 'You may not see Contact.customFields.'
    expect([data, errors]).toEqual([{ createContactExport: null }, [expect.objectContaining({ message, extensions })]])
    for (const format of ['CSV', 'NDJSON']) {
      const [first = ''] = (await exported(member, 'Contact', { ...NAMES, format })).split('\n')
      expect([first.includes('firstName'), first.includes('customFields')]).toEqual([true, false])
    }
  },
)

async function memberId(): Promise<string> {
  const text = `select id from users where tenant_id = $1 and role = 'MEMBER'`
  const [row] = (await all.desk.sql(text, [all.admin.tenant.id])) as { id: string }[]
  return row?.id ?? ''
}

test.each([
  ['filter', { filter: { firstName: { eq: 'a\0b' } } }],
  ['filter', { filter: { or: [{ lastName: { in: ['x', '\ud800'] } }] } }],
  ['search', { search: 'a\0b' }],
])('a %s that no database can hold is refused, and nothing is noted', async (field, input) => {
  const before = await all.desk.sql('select id from exports order by id')
  const payload = await all.desk.mutate(all.admin, 'createContactExport', input, 'export { id }')
  const message = 'It holds a NUL character or half of a surrogate pair, which no text has.'
  expect(payload).toEqual({
    export: null,
    userErrors: [expect.objectContaining({ code: 'BAD_USER_INPUT', message, field: [field] })],
  })
  expect(await all.desk.sql('select id from exports order by id')).toEqual(before)
  expect(all.desk.api.faults).toEqual([])
})
