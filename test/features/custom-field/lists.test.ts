import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestApi } from '../../support/api.js'
import { openDesk, openTenant, plain, refusedErrors, type Desk } from '../../support/desk.js'
import { createField } from './support/fields.js'

let desk: Desk
let opened: Awaited<ReturnType<typeof openFilled>>

beforeAll(async () => {
  desk = await openDesk()
  opened = await openFilled()
})

afterAll(() => desk.close())

const OPTIONS = ['gold', 'silver'].map((value) => ({ value, label: value }))

/** A tenant whose companies have tiers, and whose contacts have scores and notes; Ada works at Acme, Bob at Borg. */
async function openFilled() {
  const { admin } = await openTenant(desk)
  const fields = [
    await createField(desk, admin, { key: 'tier', entityType: 'COMPANY', type: 'DROPDOWN', options: OPTIONS }),
    await createField(desk, admin, { key: 'score', type: 'NUMBER' }),
    await createField(desk, admin, { key: 'note', type: 'TEXTAREA' }),
    await createField(desk, admin, { key: 'tags', type: 'CHECKBOX', options: OPTIONS }),
    await createField(desk, admin, { key: 'old' }),
  ]
  await desk.mutate(admin, 'archiveCustomFieldDefinition', { id: fields[4]?.id })
  const company = async (name: string, option: string) =>
    (await desk.mutate(admin, 'createCompany', { name, customFields: [{ key: 'tier', option }] }, 'company { id }'))['company'].id as string
  const [acme, borg] = [await company('Acme', 'gold'), await company('Borg', 'silver')]
  const contact = async (firstName: string, companyId: string | null, customFields: object[]) =>
    (await desk.mutate(admin, 'createContact', { firstName, companyId, customFields }, 'contact { id }'))['contact'].id as string
  const ids = [
    await contact('Ada', acme, [{ key: 'score', number: 7 }, { key: 'note', text: 'likes tea' }]),
    await contact('Bob', borg, [{ key: 'score', number: -3 }]),
    await contact('Eve', acme, [{ key: 'tags', options: ['gold'] }]),
  ]
  return { admin, ids, acme, score: fields[1] as { id: string } }
} // prettier-ignore

const NAMES = '{ nodes { firstName } }'

async function names(args: string): Promise<string[]> {
  const { contacts } = await desk.ask(opened.admin, `{ contacts(${args}) ${NAMES} }`)
  return contacts.nodes.map(({ firstName }: { firstName: string }) => firstName)
}

describe('lists by custom fields', () => {
  test('reach through relations, two far', async () => {
    const gold = 'customFields: [{ key: "tier", option: { eq: "gold" } }]'
    expect(await names(`filter: { company: { ${gold} } }, orderBy: [{ field: FIRST_NAME }]`)).toEqual(['Ada', 'Eve'])
    const far = `filter: { company: { contacts: { some: { customFields: [{ key: "score", number: { lt: 0 } }] } } } }`
    expect(await names(far)).toEqual(['Bob'])
    const { companies } = await desk.ask(
      opened.admin,
      `{ companies(filter: { ${gold} }) { nodes { name contacts(orderBy: [{ customField: "score", nulls: FIRST }]) ${NAMES} } } }`,
    )
    expect(companies.nodes).toEqual([{ name: 'Acme', contacts: { nodes: [{ firstName: 'Eve' }, { firstName: 'Ada' }] } }])
  })

  test('order contacts by a field of their company', async () => {
    const byTier = (more: string) => `orderBy: [{ companyCustomField: "tier"${more} }, { field: FIRST_NAME, direction: DESC }]`
    expect(await names(byTier(''))).toEqual(['Eve', 'Ada', 'Bob'])
    expect(await names(byTier(', direction: DESC'))).toEqual(['Bob', 'Eve', 'Ada'])
    expect(await names('orderBy: [{ customField: "score" }, { companyCustomField: "tier" }]')).toEqual(['Bob', 'Ada', 'Eve'])
    const query = `query ($orderBy: [ContactOrder!]) { companies(orderBy: [{ customField: "tier" }]) {
      nodes { name contacts(first: 1, orderBy: $orderBy) { nodes { firstName } pageInfo { hasNextPage } } } } }`
    const page = (name: string, firstName: string, hasNextPage: boolean) => ({ name, contacts: { nodes: [{ firstName }], pageInfo: { hasNextPage } } })
    for (const [direction, first] of [['ASC', 'Ada'], ['DESC', 'Eve']] as const) {
      const { companies } = await desk.ask(opened.admin, query, { orderBy: [{ companyCustomField: 'tier', direction }] })
      expect(companies.nodes).toEqual([page('Acme', first, true), page('Borg', 'Bob', false)])
    }
  })

  test('go together with columns, searches and deleted records', async () => {
    const byScore = 'orderBy: [{ customField: "score", direction: DESC }]'
    expect(await names(`search: "ada", ${byScore}`)).toEqual(['Ada'])
    expect(await names(`${byScore}, filter: { firstName: { gte: "b" } }`)).toEqual(['Bob', 'Eve'])
    const { admin } = await openTenant(desk)
    await createField(desk, admin, { key: 'score', type: 'NUMBER' })
    for (const number of [1, 2, 3]) {
      const input = { firstName: `C${number}`, customFields: [{ key: 'score', number }] }
      const { contact } = await desk.mutate(admin, 'createContact', input, 'contact { id }')
      if (number < 3) await desk.mutate(admin, 'deleteContact', { id: contact.id, version: 1 })
    }
    const list = (deleted: string) => `contacts(deleted: ${deleted}, ${byScore}, filter: { customFields: [{ key: "score", number: { gte: 2 } }] }) ${NAMES}`
    const found = await desk.ask(admin, `{ live: ${list('EXCLUDE')} all: ${list('INCLUDE')} deleted: ${list('ONLY')} }`)
    const rows = (...firstNames: string[]) => ({ nodes: firstNames.map((firstName) => ({ firstName })) })
    expect(found).toEqual({ live: rows('C3'), all: rows('C3', 'C2'), deleted: rows('C2') })
  })

  test('are told by variables as by literals', async () => {
    const query = 'query ($filter: ContactFilter, $orderBy: [ContactOrder!]) { contacts(filter: $filter, orderBy: $orderBy) { nodes { firstName } totalCount } }'
    const ask = (filter: object, orderBy?: object[]) => desk.ask(opened.admin, query, { filter, orderBy })
    expect(await ask({ customFields: [{ key: 'note', text: { contains: 'TEA' } }] })).toEqual({ contacts: { nodes: [{ firstName: 'Ada' }], totalCount: 1 } })
    expect(await ask({ firstName: { ne: 'Eve' } }, [{ customField: 'score' }])).toEqual({ contacts: { nodes: [{ firstName: 'Bob' }, { firstName: 'Ada' }], totalCount: 2 } })
  })
}) // prettier-ignore

describe('what is refused before any statement of the list', () => {
  const NONE = (key: string, concept = 'Contact') => `There is no custom field “${key}” of ${concept}.`
  test.each<[string, string, string, string]>([
    ['a key that nobody defined', 'filter: { customFields: [{ key: "none", text: { eq: "x" } }] }', 'filter.customFields.0.key', NONE('none')],
    ['an archived field', 'filter: { customFields: [{ key: "old", isNull: true }] }', 'filter.customFields.0.key', NONE('old')],
    ['a field of companies', 'filter: { or: [{ customFields: [{ key: "tier", isNull: true }] }] }', 'filter.or.0.customFields.0.key', NONE('tier')],
    ['one of contacts on companies', 'filter: { company: { customFields: [{ key: "score", isNull: true }] } }', 'filter.company.customFields.0.key', NONE('score', 'Company')],
    ['__proto__', 'filter: { customFields: [{ key: "__proto__", isNull: true }] }', 'filter.customFields.0.key', NONE('__proto__')],
    ['a condition of another type', 'filter: { customFields: [{ key: "score", text: { eq: "7" } }] }', 'filter.customFields.0.text', '“score” is a field of type NUMBER: give `number`.'],
    ['what is no option', 'filter: { customFields: [{ key: "tags", options: { any: ["gold", "Gold"] } }] }', 'filter.customFields.0.options.any.1', '“Gold” is none of the options of “tags”.'],
    ['a number beyond those that are exact', 'filter: { customFields: [{ key: "score", number: { in: [1, 9007199254740993] } }] }', 'filter.customFields.0.number.in.1', 'The number must be from -9,007,199,254,740,991 to 9,007,199,254,740,991.'],
    ['null', 'filter: { customFields: [{ key: "score", number: { ne: null } }] }', 'filter.customFields.0.number.ne', 'null says nothing here: leave it out, or ask for `isNull`.'],
    ['an order by nothing', 'orderBy: [{ direction: DESC }]', 'orderBy.0', 'Say what to order by: `field`, `customField` or `companyCustomField`.'],
    ['an order by two fields of two records', 'orderBy: [{ companyCustomField: "tier", customField: "score" }]', 'orderBy.0.companyCustomField', 'A step goes by `customField` or by `companyCustomField`, not by both.'],
    ['an order by a field of a company twice', 'orderBy: [{ companyCustomField: "tier" }, { companyCustomField: "tier" }]', 'orderBy.1.companyCustomField', 'The order has tier twice.'],
    ["an order by a contact's field as the company's", 'orderBy: [{ companyCustomField: "score" }]', 'orderBy.0.companyCustomField', NONE('score', 'Company')],
    ['an order by two things', 'orderBy: [{ field: FIRST_NAME, customField: "score" }]', 'orderBy.0.customField', 'A step goes by `field` or by `customField`, not by both.'],
    ['an order by one twice', 'orderBy: [{ customField: "score" }, { customField: "score", direction: DESC }]', 'orderBy.1.customField', 'The order has score twice.'],
    ['an order by a key that nobody defined', 'orderBy: [{ customField: "none" }]', 'orderBy.0.customField', NONE('none')],
    ['an order by long texts', 'orderBy: [{ customField: "note" }]', 'orderBy.0.customField', '“note” is a field of type TEXTAREA, by which no list is ordered.'],
    ['an order by several options', 'orderBy: [{ customField: "tags" }]', 'orderBy.0.customField', '“tags” is a field of type CHECKBOX, by which no list is ordered.'],
  ])('%s', async (_, args, field, message) => {
    // The fields are known from here on.
    await names('filter: { customFields: [{ key: "score", isNull: true }] }')
    expect(await refusedErrors(desk, opened.admin, `{ contacts(${args}) ${NAMES} }`)).toEqual([
      { message, extensions: { field: `contacts.${field}`, code: 'BAD_USER_INPUT', requestId: expect.any(String) } },
    ])
  }) // prettier-ignore

  test("another tenant's field, as one that isn't there", async () => {
    const other = await openTenant(desk)
    await createField(desk, other.admin, { key: 'theirs', type: 'NUMBER' })
    const ask = (key: string) =>
      refusedErrors(desk, opened.admin, `{ contacts(orderBy: [{ customField: "${key}" }]) ${NAMES} }`)
    const [theirs, none] = [JSON.stringify(await ask('theirs')), JSON.stringify(await ask('nobodys'))]
    const said = (text: string, key: string) => text.replaceAll(key, 'key').replace(/"requestId":"[^"]+"/, '')
    expect(said(theirs, 'theirs')).toBe(said(none, 'nobodys'))
    // Both at once, each with its own.
    const count = (key: string) => `{ contacts(filter: { customFields: [{ key: "${key}", isNull: false }] }) { totalCount } }`
    const run = (admin: typeof other.admin, key: string) => desk.api.run(admin, count(key))
    const answers = await Promise.all([run(opened.admin, 'score'), run(other.admin, 'theirs'), run(opened.admin, 'theirs'), run(other.admin, 'score')])
    expect(answers.map(({ data, errors }) => data?.['contacts'].totalCount ?? errors?.[0]?.message)).toEqual([2, 0, NONE('theirs'), NONE('score')])
  }) // prettier-ignore
})

test('a cursor is good for its field alone, not for another that has its key by now', async () => {
  const { admin } = await openTenant(desk)
  const { id } = await createField(desk, admin, { key: 'f', type: 'NUMBER' })
  for (const number of [1, 2]) await desk.mutate(admin, 'createContact', { firstName: 'C', customFields: [{ key: 'f', number }] })
  const page = (after: string | null) =>
    desk.api.run(admin, 'query ($after: String) { contacts(first: 1, after: $after, orderBy: [{ customField: "f" }]) { nodes { customField(key: "f") { value } } pageInfo { endCursor } } }', { after })
  const first = (await page(null)).data?.['contacts']
  const second = await page(first.pageInfo.endCursor)
  expect(plain([first.nodes, second.data?.['contacts'].nodes])).toEqual([[{ customField: { value: 1 } }], [{ customField: { value: 2 } }]])
  await desk.mutate(admin, 'archiveCustomFieldDefinition', { id })
  await createField(desk, admin, { key: 'f', type: 'DATE' })
  const { errors } = await page(first.pageInfo.endCursor)
  expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['INVALID_CURSOR'])
}) // prettier-ignore

test('a field is known at once to who made it, and to another process a second after it last looked', async () => {
  const clock = { nowMs: 0 }
  const other = createTestApi(desk.databaseUrl, undefined, { nowMs: () => clock.nowMs })
  try {
    await other.run(null, '{ __typename }')
    const { admin } = await openTenant(desk)
    const query = '{ contacts(filter: { customFields: [{ key: "f", isNull: true }] }) { totalCount } }'
    const ask = async (api: typeof other) => {
      const { data, errors } = await api.run(admin, query)
      return data?.['contacts'].totalCount ?? errors?.[0]?.extensions?.['code']
    }
    expect(await ask(other)).toBe('BAD_USER_INPUT')
    await createField(desk, admin, { key: 'f' })
    expect([await ask(desk.api), await ask(other)]).toEqual([0, 'BAD_USER_INPUT'])
    clock.nowMs = 1000
    expect(await ask(other)).toBe(0)
  } finally {
    await other.close()
  }
})

describe('mergeCustomFieldOption', () => {
  test('gives the records of an option another one, each once, and counts them and their versions', async () => {
    const { admin } = await openTenant(desk)
    const options = ['a', 'b', 'c'].map((value) => ({ value, label: value }))
    const { id } = await createField(desk, admin, { key: 'f', type: 'CHECKBOX', options, defaultValue: { options: ['a', 'b'] } })
    const ids: string[] = []
    for (const values of [['a'], ['a', 'b'], ['c'], ['a', 'c']]) {
      const input = { firstName: 'C', customFields: [{ key: 'f', options: values }] }
      ids.push((await desk.mutate(admin, 'createContact', input, 'contact { id }'))['contact'].id)
    }
    await desk.mutate(admin, 'deleteContact', { id: ids[3], version: 1 })
    const merge = (input: object) =>
      desk.mutate(admin, 'mergeCustomFieldOption', { id, ...input }, 'movedValues customFieldDefinition { version options { value } defaultValue }')
    const refused = async (input: object) => (await merge(input)).userErrors.map(({ code, field }: Record<string, unknown>) => [code, field])
    expect(await refused({ value: 'x', intoValue: 'y' })).toEqual([['NOT_FOUND', ['value']], ['NOT_FOUND', ['intoValue']]])
    expect(await refused({ value: 'a', intoValue: 'a' })).toEqual([['BAD_USER_INPUT', ['intoValue']]])
    expect(await refused({ value: 'a', intoValue: 'b', version: 7 })).toEqual([['CONFLICT', ['version']]])
    const field = { version: 2, options: [{ value: 'b' }, { value: 'c' }], defaultValue: ['b'] }
    expect(await merge({ value: 'a', intoValue: 'b', version: 1 })).toEqual({ movedValues: 3, customFieldDefinition: field, userErrors: [] })
    const { contacts } = await desk.ask(admin, '{ contacts(deleted: INCLUDE, orderBy: [{ field: ID }]) { nodes { version customField(key: "f") { value } } } }')
    expect(contacts.nodes.map(({ version, customField }: { version: number; customField: { value: unknown } }) => [version, customField.value])).toEqual([
      [2, ['b']], [2, ['b']], [1, ['c']], [3, ['b', 'c']],
    ])
    expect(await merge({ value: 'c', intoValue: 'b' })).toMatchObject({ movedValues: 2, userErrors: [] })
  })
}) // prettier-ignore
