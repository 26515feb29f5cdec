import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createDatabase } from '../../src/database/database.js'
import { createTestApi } from '../support/api.js'
import { openDesk, openTenant, plain, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const MASKED = 'Internal server error.'
const TABLES = [
  'contacts',
  'companies',
  'users',
  'industries',
  'company_sizes',
  'email_addresses',
  'phone_numbers',
  'addresses',
  'social_media_accounts',
]

/** Runs `work` while a table is missing. */
async function without(table: string, work: () => Promise<void>): Promise<void> {
  await desk.sql(`alter table ${table} rename to ${table}_away`)
  desk.api.faults.length = 0
  try {
    await work()
  } finally {
    await desk.sql(`alter table ${table}_away rename to ${table}`)
  }
}

/** What of an answer might speak of the inside: SQL, tables, roles, files, stacks. */
function leaks(answer: unknown): string[] {
  const words = [
    'select',
    'insert',
    'relation',
    'does not exist',
    'prisma',
    'postgres',
    'kith_',
    '42P01',
    'stack',
    'node_modules',
    '.ts',
    '.js',
    ...TABLES.filter((table) => table.includes('_')),
  ]
  const text = JSON.stringify(answer).toLowerCase()
  return words.filter((word) => text.includes(word))
}

function masked(path: (string | number)[]) {
  return {
    message: MASKED,
    locations: [{ line: expect.any(Number), column: expect.any(Number) }],
    path,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
  }
}

async function openRecords() {
  const { tenant, admin } = await openTenant(desk)
  const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
  const input = {
    firstName: 'Ada',
    companyId: company.id,
    ownerId: tenant.users.MEMBER,
    emailAddresses: [{ email: 'a@example.com' }],
    phoneNumbers: [{ number: '+12125550123' }],
  }
  const { contact } = await desk.mutate(admin, 'createContact', input, 'contact { id }')
  return { tenant, admin, companyId: company.id as string, contactId: contact.id as string }
}

/** What was logged: for each fault its message, path, request id and the SQLSTATE that is behind it. */
function faults() {
  return desk.api.faults.map(({ fields, message }) => {
    const state = /42P01/.exec(JSON.stringify(fields['err']))?.[0]
    return { message, path: fields['path'], requestId: fields['requestId'], state }
  })
}

describe('a fault of the server', () => {
  test('in a read of rows is masked and logged with the request id', async () => {
    const { admin, contactId } = await openRecords()
    await without('contacts', async () => {
      const { data, errors, status } = await desk.api.run(admin, 'query ($id: ID!) { contact(id: $id) { id } }', {
        id: contactId,
      })
      expect([status, plain(data), plain(errors)]).toEqual([200, { contact: null }, [masked(['contact'])]])
      expect(leaks(errors)).toEqual([])
      expect(faults()).toEqual([
        {
          message: 'a request failed',
          path: ['contact'],
          requestId: errors?.[0]?.extensions?.['requestId'],
          state: '42P01',
        },
      ])
    })
  })

  test('in a list or a count is masked and logged', async () => {
    const { admin } = await openRecords()
    await without('industries', async () => {
      const { data, errors } = await desk.api.run(admin, '{ me { role } industries { totalCount } }')
      expect([data, plain(errors)]).toEqual([null, [masked(['industries', 'totalCount'])]])
      expect(leaks(errors)).toEqual([])
      expect(faults()).toEqual([expect.objectContaining({ path: ['industries', 'totalCount'], state: '42P01' })])
      desk.api.faults.length = 0
      const page = await desk.api.run(admin, '{ industries { nodes { id } } }')
      expect([page.data, plain(page.errors)]).toEqual([null, [masked(['industries', 'nodes'])]])
      expect(leaks(page.errors)).toEqual([])
      expect(faults()).toEqual([expect.objectContaining({ path: ['industries', 'nodes'], state: '42P01' })])
    })
  })

  test.each([
    ['createContact', 'contacts', { firstName: 'Ada', emailAddresses: [{ email: 'b@example.com' }] }],
    ['createContact', 'email_addresses', { firstName: 'Ada', emailAddresses: [{ email: 'b@example.com' }] }],
    [
      'createCompany',
      'social_media_accounts',
      { name: 'Emca', socialMediaAccounts: [{ platform: 'X', handle: 'ada' }] },
    ],
    ['createUser', 'users', { email: 'new@example.com', name: 'New', role: 'VIEWER' }],
  ])('in %s, without %s, is masked and logged, and nothing is written', async (mutation, table, input) => {
    const { tenant, admin } = await openRecords()
    const before = await desk.rowsOf(tenant)
    await without(table, async () => {
      const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
      const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { code } } }`
      const { data, errors, status } = await desk.api.run(admin, query, { input })
      expect([status, plain(data), plain(errors)]).toEqual([200, { [mutation]: null }, [masked([mutation])]])
      expect(leaks(errors)).toEqual([])
      expect(desk.api.faults).toHaveLength(1)
      expect(faults()).toEqual([expect.objectContaining({ message: 'a request failed', path: [mutation] })])
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('costs the owner of a failing loader only its own field', async () => {
    const { admin, companyId, contactId } = await openRecords()
    const query = `query ($contact: ID!, $company: ID!) {
      contact(id: $contact) { firstName owner { name } company { name } emailAddresses { email } }
      company(id: $company) { name assignedTo { name } contacts { nodes { firstName owner { name } } totalCount } }
      contacts { nodes { firstName owner { name } phoneNumbers { e164 } } }
    }`
    const variables = { contact: contactId, company: companyId }
    await without('users', async () => {
      const { data, errors, status } = await desk.api.run(admin, query, variables)
      expect(status).toBe(200)
      expect(plain(data)).toEqual({
        contact: {
          firstName: 'Ada',
          owner: null,
          company: { name: 'Acme' },
          emailAddresses: [{ email: 'a@example.com' }],
        },
        company: {
          name: 'Acme',
          assignedTo: null,
          contacts: { nodes: [{ firstName: 'Ada', owner: null }], totalCount: 1 },
        },
        contacts: { nodes: [{ firstName: 'Ada', owner: null, phoneNumbers: [{ e164: '+12125550123' }] }] },
      })
      expect(plain(errors)).toEqual(
        expect.arrayContaining([
          masked(['contact', 'owner']),
          masked(['company', 'contacts', 'nodes', 0, 'owner']),
          masked(['contacts', 'nodes', 0, 'owner']),
        ]),
      )
      expect(errors).toHaveLength(3)
      expect(leaks(errors)).toEqual([])
    })
  })

  test('in a list that may not be null costs the record around it, and no other', async () => {
    const { admin, companyId, contactId } = await openRecords()
    const query = `query ($contact: ID!, $company: ID!) {
      a: contact(id: $contact) { phoneNumbers { e164 } }
      b: contact(id: $contact) { firstName emailAddresses { email } }
      company(id: $company) { name industry { name } }
    }`
    await without('phone_numbers', async () => {
      const { data, errors } = await desk.api.run(admin, query, { contact: contactId, company: companyId })
      expect(plain(data)).toEqual({
        a: null,
        b: { firstName: 'Ada', emailAddresses: [{ email: 'a@example.com' }] },
        company: { name: 'Acme', industry: null },
      })
      expect(plain(errors)).toEqual([masked(['a', 'phoneNumbers'])])
    })
  })

  test('is over when its cause is', async () => {
    const { admin, contactId } = await openRecords()
    const query = 'query ($id: ID!) { contact(id: $id) { owner { role } } }'
    await without('users', async () => {
      expect((await desk.api.run(admin, query, { id: contactId })).errors).toHaveLength(1)
    })
    expect(await desk.ask(admin, query, { id: contactId })).toEqual({ contact: { owner: { role: 'MEMBER' } } })
  })
})

describe('a statement that runs too long', () => {
  test('is a TIMEOUT, and is logged', async () => {
    const { admin, contactId } = await openRecords()
    await desk.sql(`alter table users rename to users_away`)
    await desk.sql(
      `create view users with (security_invoker = on) as select u.* from users_away u, lateral (select pg_sleep(30) where u.id is not null) as s`,
    )
    await desk.sql('grant select on users to kith_app')
    const hasty = createTestApi(desk.databaseUrl, (options) =>
      createDatabase({ ...options, timeouts: { ...options.timeouts, statementTimeoutMs: 200 } }),
    )
    try {
      const query = 'query ($id: ID!) { contact(id: $id) { firstName owner { name } } }'
      const { data, errors, status } = await hasty.run(admin, query, { id: contactId })
      expect([status, plain(data)]).toEqual([200, { contact: { firstName: 'Ada', owner: null } }])
      expect(errors?.map(({ message, path, extensions }) => ({ message, path, code: extensions?.['code'] }))).toEqual([
        { message: 'A statement ran longer than it may.', path: ['contact', 'owner'], code: 'TIMEOUT' },
      ])
      expect(
        hasty.faults.map(({ message, fields }) => [message, fields['path'], (fields['err'] as { code: string }).code]),
      ).toEqual([['A statement ran longer than it may.', ['contact', 'owner'], '57014']])
    } finally {
      await hasty.close()
      await desk.sql('drop view users')
      await desk.sql('alter table users_away rename to users')
    }
  })
})

describe('without a principal', () => {
  test.each([
    '{ me { role } }',
    '{ contacts { totalCount } __typename }',
    'mutation { createIndustry(input: { name: "x" }) { userErrors { code } } }',
  ])('%s is UNAUTHENTICATED as a whole', async (query) => {
    const statements = await desk.api.statements(async () => {
      const { status, data, errors } = await desk.api.run(null, query)
      expect([status, data, plain(errors)]).toEqual([
        401,
        undefined,
        [
          {
            message: 'A valid bearer token is needed.',
            extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
          },
        ],
      ])
    })
    expect(statements).toEqual([])
  })

  test('the schema may be read', async () => {
    const { data } = await desk.api.run(null, '{ __typename __schema { queryType { name } } }')
    expect(plain(data)).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } } })
  })
})

describe('a document that is refused', () => {
  test.each([
    ['no document', '{', 'GRAPHQL_PARSE_FAILED'],
    ['a field that does not exist', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an object without fields', '{ contacts { edges } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['one of two operations', 'query A { me { role } } query B { me { role } }', 'OPERATION_RESOLUTION_FAILURE'],
    ['more than 2,000 tokens', `{ ${'__typename '.repeat(2000)}}`, 'GRAPHQL_PARSE_FAILED'],
  ])('%s is a 400', async (_, query, code) => {
    const { admin } = await openTenant(desk)
    desk.api.faults.length = 0
    const { status, data, errors } = await desk.api.run(admin, query)
    expect([status, data, errors?.map(({ extensions }) => plain(extensions))]).toEqual([
      400,
      undefined,
      [{ code, requestId: expect.any(String) }],
    ])
    expect(desk.api.faults).toEqual([])
  })
})
