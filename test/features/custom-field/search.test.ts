import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { FULL_ACCESS } from '../../../src/access/scope.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import { changeField, undoChange } from './support/change.js'
import { createField } from './support/fields.js'

let desk: Desk
beforeAll(async () => {
  // Custom fields are hidden from VIEWERs.
  const accessOf = ({ role }: Principal) => ({
    ...FULL_ACCESS,
    maySee: (_: string, field: string) => role !== 'VIEWER' || field !== 'customFields',
  })
  desk = await openDesk(undefined, { accessOf })
})
afterAll(() => desk.close())

/** The names of what a search finds, with the custom values in which it was found, best first. */
async function found(principal: Principal, text: string, type = 'CONTACT') {
  const query = `query ($text: String!) { search(query: $text, types: [${type}]) { nodes {
    record { ... on Contact { fullName } ... on Company { name } } matches { field text key } } } }`
  const { search } = await desk.ask(principal, query, { text })
  return search.nodes.map(({ record, matches }: Record<string, Record<string, string>>) => [
    record?.['fullName'] ?? record?.['name'],
    ...(matches as unknown as Record<string, string>[]).map(
      ({ field, key, text: value }) => `${key ?? field}: ${value}`,
    ),
  ]) as string[][]
}

const names = async (principal: Principal, text: string) => (await found(principal, text)).map(([name]) => name)

/** Contacts with one custom value each, of searchable fields. */
async function open() {
  const { tenant, admin } = await openTenant(desk)
  const fields: Record<string, string> = {}
  for (const [key, type] of [['nick', 'TEXT'], ['site', 'URL'], ['mail', 'EMAIL'], ['fax', 'PHONE'], ['secret', 'TEXT']] as const) {
    const { id } = await createField(desk, admin, { key, type, isSearchable: key !== 'secret' })
    fields[key] = id
  }
  const ids: Record<string, string> = {}
  for (const [name, value] of [
    ['Nina', { key: 'nick', text: "Smith-O'Brien the 2nd" }],
    ['Stig', { key: 'site', url: 'https://www.tulips.example/garden' }],
    ['Mona', { key: 'mail', email: 'wanda.fuchs@zoo.example' }],
    ['Fred', { key: 'fax', phone: '+12125550199' }],
    ['Jin', { key: 'nick', text: '山田商店' }],
    ['Hugo', { key: 'secret', text: 'Marzipan' }],
  ] as const) {
    const { contact } = await desk.mutate(admin, 'createContact', { firstName: name, customFields: [value] }, 'contact { id }')
    ids[name] = contact.id
  }
  return { tenant, admin, fields, ids }
} // prettier-ignore

describe('search finds custom values', () => {
  test.each<[string, string[][]]>([
    ['obrien', [['Nina', "nick: Smith-O'Brien the 2nd"]]],
    ['smith', [['Nina', "nick: Smith-O'Brien the 2nd"]]],
    ['mithobr', [['Nina', "nick: Smith-O'Brien the 2nd"]]],
    ['tulips', [['Stig', 'site: https://www.tulips.example/garden']]],
    ['garden', [['Stig', 'site: https://www.tulips.example/garden']]],
    ['fuchs', [['Mona', 'mail: wanda.fuchs@zoo.example']]],
    ['wanda.fuchs@zoo.example', [['Mona', 'mail: wanda.fuchs@zoo.example']]],
    ['wanda.fuchs@', [['Mona', 'mail: wanda.fuchs@zoo.example']]],
    ['wanda.fuchs@zo', [['Mona', 'mail: wanda.fuchs@zoo.example']]],
    ['5550199', [['Fred', 'fax: +12125550199']]],
    ['(212) 555-0199', [['Fred', 'fax: +12125550199']]],
    ['商店', [['Jin', 'nick: 山田商店']]],
    ['nina smith', [['Nina', 'NAME: Nina', "nick: Smith-O'Brien the 2nd"]]],
    // A mistake is found where nothing is as written.
    ['tulipps', [['Stig', 'site: https://www.tulips.example/garden']]],
    ['marzipan', []],
    ['https', []],
  ])('%s', async (text, expected) => {
    const { admin } = await open()
    expect(await found(admin, text)).toEqual(expected)
  }) // prettier-ignore

  test('in lists too, and together with filters', async () => {
    const { admin } = await open()
    const query =
      '{ contacts(search: "tulips", filter: { firstName: { eq: "Stig" } }) { nodes { firstName } totalCount } }'
    expect(await desk.ask(admin, query)).toEqual({ contacts: { nodes: [{ firstName: 'Stig' }], totalCount: 1 } })
  })

  test('of companies, and of no other tenant', async () => {
    const { admin } = await openTenant(desk)
    const { admin: stranger } = await open()
    await createField(desk, admin, { key: 'code', entityType: 'COMPANY', isSearchable: true })
    await desk.mutate(admin, 'createCompany', { name: 'Acme', customFields: [{ key: 'code', text: 'Tulips 7' }] })
    expect(await found(admin, 'tulips', 'COMPANY')).toEqual([['Acme', 'code: Tulips 7']])
    expect(await found(admin, 'tulips')).toEqual([])
    expect(await found(stranger, 'tulips', 'COMPANY')).toEqual([])
  })

  test('shows values to nobody who may not see custom fields; the record is found', async () => {
    const { tenant } = await open()
    expect(await found(tenant.principal('VIEWER'), 'tulips')).toEqual([['Stig']])
    expect(await found(tenant.principal('MEMBER'), 'tulips')).toEqual([
      ['Stig', 'site: https://www.tulips.example/garden'],
    ])
  })
})

describe('search rows follow', () => {
  test('values that change and go, and records that are deleted and restored', async () => {
    const { admin, ids } = await open()
    const id = ids['Nina']
    const write = (text: string | null) =>
      desk.mutate(admin, 'updateContact', { id, customFields: [{ key: 'nick', text }] })
    await write('Quince')
    expect([await names(admin, 'quince'), await names(admin, 'smith')]).toEqual([['Nina'], []])
    await desk.mutate(admin, 'deleteContact', { id })
    expect(await names(admin, 'quince')).toEqual([])
    await desk.mutate(admin, 'restoreContact', { id })
    expect(await names(admin, 'quince')).toEqual(['Nina'])
    await write(null)
    expect(await names(admin, 'quince')).toEqual([])
    // What isn't searched asks for no refresh.
    const statements = await desk.api.statements(() => desk.mutate(admin, 'updateContact', { id, customFields: [{ key: 'secret', text: 'x' }] })) // prettier-ignore
    expect(statements.filter(({ label }) => label === 'refreshSearchRows')).toEqual([])
  })

  test('the field: searchable or not, archived, restored, deleted', async () => {
    const { admin, fields } = await open()
    const change = (mutation: string, input: object) => desk.mutate(admin, `${mutation}CustomFieldDefinition`, input)
    const id = fields['secret']
    await change('update', { id, isSearchable: true })
    expect(await names(admin, 'marzipan')).toEqual(['Hugo'])
    await change('archive', { id })
    expect(await names(admin, 'marzipan')).toEqual([])
    await change('restore', { id })
    expect(await names(admin, 'marzipan')).toEqual(['Hugo'])
    await change('update', { id, isSearchable: false })
    expect(await names(admin, 'marzipan')).toEqual([])
    expect((await change('delete', { id: fields['site'], confirmedValues: 1 })).userErrors).toEqual([])
    expect(await names(admin, 'tulips')).toEqual([])
    expect(await desk.sql('select 1 from custom_field_values where definition_id = $1', [fields['site']])).toEqual([])
    expect(await desk.sql('select 1 from custom_field_definitions where id = $1', [fields['site']])).toEqual([])
  })

  test('changes of type, and their undoing', async () => {
    const { admin, fields } = await open()
    const { field } = await changeField(desk, admin, {
      id: fields['nick'],
      type: 'TEXT',
      constraints: { maxLength: 4 },
    })
    expect([await names(admin, 'obrien'), await names(admin, '山田')]).toEqual([[], ['Jin']])
    await undoChange(desk, admin, { id: field.id })
    expect([await names(admin, 'obrien'), await names(admin, '山田')]).toEqual([['Nina'], ['Jin']])
    await changeField(desk, admin, { id: fields['site'], type: 'TEXTAREA' })
    expect(await names(admin, 'tulips')).toEqual([])
  })
})

describe('searchable fields', () => {
  test('are of four types', async () => {
    const { admin } = await openTenant(desk)
    const input = { entityType: 'CONTACT', key: 'n', label: 'N', type: 'NUMBER', isSearchable: true }
    const payload = await desk.mutate(admin, 'createCustomFieldDefinition', input)
    expect(payload.userErrors).toEqual([
      userError('BAD_USER_INPUT', ['isSearchable'], "Fields of type NUMBER can't be searched."),
    ])
  })

  test('are 20 of an entity type at most', async () => {
    const { tenant, admin } = await openTenant(desk)
    const ids: string[] = []
    for (let n = 0; n < 20; n++) ids.push((await createField(desk, admin, { key: `k${n}`, isSearchable: true })).id)
    await createField(desk, admin, { key: 'company', entityType: 'COMPANY', isSearchable: true })
    const { id } = await createField(desk, admin, { key: 'last' })
    const before = await desk.rowsOf(tenant)
    const message = 'There are 20 of 20 searchable custom fields of contacts in use: let another one go.'
    const full = [userError('BAD_USER_INPUT', ['isSearchable'], message)]
    const input = { entityType: 'CONTACT', key: 'n', label: 'N', type: 'TEXT', isSearchable: true }
    expect((await desk.mutate(admin, 'createCustomFieldDefinition', input)).userErrors).toEqual(full)
    expect((await desk.mutate(admin, 'updateCustomFieldDefinition', { id, isSearchable: true })).userErrors).toEqual(
      full,
    )
    expect(await desk.rowsOf(tenant)).toEqual(before)
    await desk.mutate(admin, 'archiveCustomFieldDefinition', { id: ids[0] })
    expect((await desk.mutate(admin, 'updateCustomFieldDefinition', { id, isSearchable: true })).userErrors).toEqual([])
    expect((await desk.mutate(admin, 'restoreCustomFieldDefinition', { id: ids[0] })).userErrors).toEqual(full)
  })
})
