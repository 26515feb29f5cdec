import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, plain, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const INVALID = 'The cursor is not one of this list.'

/** A tenant with two companies of two contacts each, and a cursor of every list. */
async function openCursors() {
  const { tenant, admin } = await openTenant(desk)
  const companyIds: string[] = []
  for (const name of ['Acme', 'Emca']) {
    const { company } = await desk.mutate(admin, 'createCompany', { name }, 'company { id }')
    companyIds.push(company.id)
    for (const firstName of ['Ada', 'Grace'])
      await desk.mutate(admin, 'createContact', { firstName, companyId: company.id })
    await desk.mutate(admin, 'createIndustry', { name })
    await desk.mutate(admin, 'createCompanySize', { name })
  }
  const lists = ['contacts', 'companies', 'users', 'industries', 'companySizes']
  const selection = lists.map((list) => `${list}(first: 1) { pageInfo { endCursor } }`).join(' ')
  const data = await desk.ask(
    admin,
    `query ($id: ID!) { ${selection} company(id: $id) { contacts(first: 1) { pageInfo { endCursor } } } }`,
    {
      id: companyIds[0],
    },
  )
  const cursors = Object.fromEntries(lists.map((list) => [list, data[list].pageInfo.endCursor as string]))
  return { tenant, admin, companyIds, lists, cursors, ofCompany: data['company'].contacts.pageInfo.endCursor as string }
}

describe('a cursor', () => {
  test('is refused in every other list, before any statement', async () => {
    const { admin, lists, cursors, ofCompany } = await openCursors()
    for (const list of lists) {
      for (const [origin, after] of [...Object.entries(cursors), ['company.contacts', ofCompany] as const]) {
        const statements = await desk.api.statements(async () => {
          const { data, errors } = await desk.api.run(
            admin,
            `query ($after: String) { ${list}(after: $after) { nodes { id } } }`,
            { after },
          )
          if (origin === list) expect(errors).toBeUndefined()
          else {
            expect(errors).toEqual([
              {
                message: INVALID,
                locations: [{ line: 1, column: 26 }],
                path: [list],
                extensions: { code: 'INVALID_CURSOR', field: 'after', requestId: expect.any(String) },
              },
            ])
            expect(data).toBeNull()
          }
        })
        expect(statements.map(({ label }) => label.split('.')[0])).toEqual(
          origin !== list ? [] : ['list', expect.stringMatching(/^find/)],
        )
      }
    }
  })

  test('is refused at another company, and in another tenant', async () => {
    const own = await openCursors()
    const other = await openCursors()
    const query = `query ($id: ID!, $after: String) { company(id: $id) { name contacts(after: $after) { nodes { firstName } } } }`
    const read = async (admin: typeof own.admin, id: string | undefined, after: string) => {
      const { data, errors } = await desk.api.run(admin, query, { id, after })
      return errors
        ? errors.map(({ message, path, extensions }) => ({ message, path, code: extensions?.['code'] }))
        : data
    }
    const refused = [{ message: INVALID, path: ['company', 'contacts'], code: 'INVALID_CURSOR' }]
    expect(await read(own.admin, own.companyIds[0], own.ofCompany)).toMatchObject({
      company: { name: 'Acme', contacts: { nodes: [{ firstName: 'Ada' }] } },
    })
    expect(await read(own.admin, own.companyIds[1], own.ofCompany)).toEqual(refused)
    expect(await read(own.admin, own.companyIds[0], own.cursors['contacts']!)).toEqual(refused)
    expect(await read(own.admin, own.companyIds[0], other.ofCompany)).toEqual(refused)
    const list = await desk.api.run(own.admin, 'query ($after: String) { contacts(after: $after) { nodes { id } } }', {
      after: other.cursors['contacts'],
    })
    expect(
      list.errors?.map(({ message, path, extensions }) => ({ message, path, code: extensions?.['code'] })),
    ).toEqual([{ message: INVALID, path: ['contacts'], code: 'INVALID_CURSOR' }])
  })

  test('is refused under another order, filter or search, before any statement, on either side', async () => {
    const { admin } = await openCursors()
    const ways = [
      '',
      'orderBy: [{ field: FIRST_NAME }]',
      'orderBy: [{ field: FIRST_NAME, direction: DESC }]',
      'orderBy: [{ field: FIRST_NAME, nulls: FIRST }]',
      'orderBy: [{ field: FIRST_NAME }, { field: LAST_NAME }]',
      'orderBy: [{ field: COMPANY_NAME }]',
      'filter: {}',
      'filter: { firstName: { eq: "Ada" } }',
      'filter: { firstName: { eq: "ada" } }',
      'filter: { or: [{ firstName: { eq: "Ada" } }] }',
      'search: "ada"',
      'search: "ada", orderBy: [{ field: FIRST_NAME }]',
      'search: "ada", filter: { firstName: { eq: "Ada" } }',
    ]
    const read = (way: string, variables: object) =>
      desk.api.run(
        admin,
        `query ($first: Int, $after: String, $before: String) {
          contacts(first: $first, after: $after, before: $before ${way}) { nodes { id } pageInfo { endCursor } } }`,
        { ...variables },
      )
    const cursors = new Map<string, string>()
    for (const way of ways) cursors.set(way, (await read(way, { first: 1 })).data?.['contacts'].pageInfo.endCursor)
    expect([...cursors].filter(([, cursor]) => !cursor)).toEqual([])
    for (const way of ways) {
      for (const [origin, cursor] of cursors) {
        for (const side of ['after', 'before']) {
          const statements = await desk.api.statements(async () => {
            const { data, errors } = await read(way, { [side]: cursor })
            if (origin === way) expect(errors).toBeUndefined()
            else {
              expect(data).toBeNull()
              expect(plain(errors)).toEqual([
                {
                  message: INVALID,
                  locations: [{ line: 2, column: 11 }],
                  path: ['contacts'],
                  extensions: { code: 'INVALID_CURSOR', field: side, requestId: expect.any(String) },
                },
              ])
            }
          })
          expect(statements.length > 0).toBe(origin === way)
        }
      }
    }
  })

  test('leads on whatever else changes: the size of the page, its direction, what is selected', async () => {
    const { admin } = await openCursors()
    const order = 'filter: { version: { eq: 1 } }, orderBy: [{ field: FIRST_NAME }, { field: COMPANY_NAME }]'
    const query = `query ($first: Int, $after: String, $last: Int, $before: String) {
      contacts(${order}, first: $first, after: $after, last: $last, before: $before) {
        nodes { firstName company { name } } pageInfo { endCursor } } }`
    const node = (firstName: string, name: string) => ({ firstName, company: { name } })
    const first = await desk.ask(admin, query, { first: 2 })
    expect(first['contacts'].nodes).toEqual([node('Ada', 'Acme'), node('Ada', 'Emca')])
    const cursor = first['contacts'].pageInfo.endCursor as string
    const after = await desk.ask(admin, query, { first: 1, after: cursor })
    expect(after['contacts'].nodes).toEqual([node('Grace', 'Acme')])
    const before = await desk.ask(admin, query, { last: 5, before: cursor })
    expect(before['contacts'].nodes).toEqual([node('Ada', 'Acme')])
  })

  test('of an order by long texts is taken back', async () => {
    const { admin } = await openTenant(desk)
    const text = '𠀀'.repeat(255)
    const [name, names] = [text, { firstName: text, middleName: text, lastName: text, jobTitle: text }]
    for (let n = 0; n < 2; n++) await desk.mutate(admin, 'createContact', { ...names, department: name })
    const fields = ['FULL_NAME', 'FIRST_NAME', 'LAST_NAME', 'JOB_TITLE', 'DEPARTMENT']
    const order = `orderBy: [${fields.map((field) => `{ field: ${field} }`).join(' ')}]`
    const query = `query ($after: String) { contacts(first: 1, after: $after, ${order}) { nodes { id } pageInfo { endCursor hasNextPage } } }`
    const first = (await desk.ask(admin, query))['contacts']
    expect(first.pageInfo.endCursor.length).toBeGreaterThan(8000)
    const second = (await desk.ask(admin, query, { after: first.pageInfo.endCursor }))['contacts']
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
    expect(second.nodes).not.toEqual(first.nodes)
    expect(second.nodes).toHaveLength(1)
  })

  test('works again for another user of the tenant', async () => {
    const { tenant, cursors } = await openCursors()
    const query = 'query ($after: String) { contacts(after: $after) { nodes { firstName } } }'
    const { contacts } = await desk.ask(tenant.principal('VIEWER'), query, { after: cursors['contacts'] })
    expect(contacts.nodes).toHaveLength(3)
  })

  test.each(['', 'x', '1', 'a b', 'ä'.repeat(60), `${'a'.repeat(60)}=`, 'a'.repeat(16_385)])(
    'that can be none (%j) is a 400 before anything runs',
    async (cursor) => {
      const { admin } = await openTenant(desk)
      for (const side of ['after', 'before']) {
        const statements = await desk.api.statements(async () => {
          const { status, data, errors } = await desk.api.run(
            admin,
            `query ($cursor: String) { people: contacts(${side}: $cursor) { nodes { id } } }`,
            { cursor },
          )
          expect([status, data]).toEqual([400, undefined])
          const extensions = { code: 'INVALID_CURSOR', field: `people.${side}`, requestId: expect.any(String) }
          expect(errors).toEqual([{ message: INVALID, extensions }])
        })
        expect(statements).toEqual([])
      }
    },
  )

  test('with one letter changed is refused, whichever it is', async () => {
    const { admin, cursors } = await openCursors()
    const cursor = cursors['contacts']!
    const altered = [...cursor].map(
      (letter, index) => `${cursor.slice(0, index)}${letter === 'A' ? 'Q' : 'A'}${cursor.slice(index + 1)}`,
    )
    const answers = await Promise.all(
      altered.map(async (after) => {
        const { errors } = await desk.api.run(
          admin,
          'query ($after: String) { contacts(after: $after) { nodes { id } } }',
          { after },
        )
        return errors?.[0]?.extensions?.['code']
      }),
    )
    expect(new Set(answers)).toEqual(new Set(['INVALID_CURSOR']))
  })
})
