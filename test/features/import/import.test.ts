import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import type { TestTenant } from '../../support/records.js'
import { importText, importWorker, rows, start, upload } from './import-desk.js'

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

const PEOPLE = {
  'First Name': 'firstName',
  'Last Name': 'lastName',
  Email: 'emailAddresses.1.email',
  Phone: 'phoneNumbers.1.number',
  'Associated Company': 'company.name',
}
const HEADER = Object.keys(PEOPLE).join(',')
const CONTACTS = `{ contacts(first: 200, orderBy: [{ field: FULL_NAME }]) { nodes {
  fullName company { name } owner { email } emailAddresses { email type } phoneNumbers { number } } } }`

async function contacts(): Promise<unknown[]> {
  const { contacts: found } = await desk.ask(admin, CONTACTS)
  return (found as { nodes: unknown[] }).nodes
}

const contact = (fullName: string, more: object = {}) => ({
  ...{ fullName, company: null, owner: null, emailAddresses: [], phoneNumbers: [] },
  ...more,
})
const work = (email: string) => [{ email, type: 'WORK' }]

describe('an import', () => {
  test('makes contacts with contact info, and companies that are not there, each once', async () => {
    const text = `${HEADER}
Ada,Lovelace,ada@example.com,+41 44 668 18 00,Analytical Engines
Grace,Hopper,grace@example.com,,ANALYTICAL ENGINES
Alan,Turing,alan@example.com,,Bletchley
`
    const job = await importText(desk, admin, text, PEOPLE, { createCompanies: true })
    expect(job).toEqual({
      id: job.id,
      status: 'SUCCEEDED',
      rows: rows({ read: 3, created: 3 }),
      error: null,
      import: { failures: [] },
    })
    expect(await contacts()).toEqual([
      contact('Ada Lovelace', {
        company: { name: 'Analytical Engines' },
        emailAddresses: work('ada@example.com'),
        phoneNumbers: [{ number: '+41 44 668 18 00' }],
      }),
      contact('Alan Turing', { company: { name: 'Bletchley' }, emailAddresses: work('alan@example.com') }),
      contact('Grace Hopper', { company: { name: 'Analytical Engines' }, emailAddresses: work('grace@example.com') }),
    ])
    expect(await desk.ask(admin, '{ companies { totalCount } }')).toEqual({ companies: { totalCount: 2 } })
  })

  test('tells each refused row with its line, column and reason, and imports the others', async () => {
    const text = `${HEADER}
Ada,Lovelace,ada@example.com,,
Bad,Mail,not-an-address,12,
Ragged,Row
Nobody,Known,nobody@example.com,,Missing Ltd
,,,,
Alan,Turing,alan@example.com,,
`
    const job = await importText(desk, admin, text, PEOPLE)
    expect(job.rows).toEqual(rows({ read: 5, created: 2, failed: 3 }))
    expect(job.import.failures).toEqual([
      {
        line: 3,
        errors: [
          { column: 'Email', code: 'BAD_USER_INPUT', message: expect.any(String) },
          { column: 'Phone', code: 'BAD_USER_INPUT', message: expect.any(String) },
        ],
      },
      { line: 4, errors: [{ column: null, code: 'RAGGED_ROW', message: expect.any(String) }] },
      {
        line: 5,
        errors: [
          {
            column: 'Associated Company',
            code: 'NOT_FOUND',
            message: 'There is none with the name “Missing Ltd”.',
          },
        ],
      },
    ])
    expect((await contacts()).map((one) => (one as { fullName: string }).fullName)).toEqual([
      'Ada Lovelace',
      'Alan Turing',
    ])
  })

  test('tells rows whose bytes are no text, and imports the others', async () => {
    const text = Buffer.from(
      `${HEADER}\nAda,L,ada@example.com,,\nNu\0l,N,nul@example.com,,\nBy?te,B,byte@example.com,,\n`,
    )
    text[text.indexOf('?')] = 0x81
    const job = await importText(desk, admin, text, PEOPLE, { file: { encoding: 'UTF_8' } })
    expect(job.rows).toEqual(rows({ read: 3, created: 1, failed: 2 }))
    expect(job.import.failures.map(({ line, errors }) => [line, errors])).toEqual([
      [3, [{ column: 'First Name', code: 'NUL_CHARACTER', message: expect.any(String) }]],
      [4, [{ column: 'First Name', code: 'INVALID_ENCODING', message: expect.any(String) }]],
    ])
  })

  test('tells a refused cell with its own column, of amounts in two columns and companies with two names too', async () => {
    const define = { entityType: 'CONTACT', key: 'budget', label: 'Budget', type: 'CURRENCY', constraints: { currencies: ['EUR'], max: '9' } }
    expect((await desk.mutate(admin, 'createCustomFieldDefinition', define)).userErrors).toEqual([])
    const keys = {
      Name: 'lastName', Currency: 'customFields.budget.currency', Amount: 'customFields.budget.amount',
      Company: 'company.name', Web: 'company.domain',
      'Ext.': 'phoneNumbers.1.extension', Phone: 'phoneNumbers.1.number', Mails: 'emailAddresses',
    }
    const lines = [
      'A,CHF,5,,,,,', 'B,EUR,10,,,,,', 'C,EUR,,Acme,acme.example,,,', 'D,EUR,,,,12,,',
      'E,EUR,,,,,,"[{""type"":""WORK""}]"', 'F,EUR,,,,12,not a number,', 'G,EUR,5,,,,,',
    ]
    const job = await importText(desk, admin, [Object.keys(keys).join(), ...lines].join('\n'), keys)
    const error = (column: string, message: string, code = 'BAD_USER_INPUT') => [{ column, code, message }]
    expect(job.import.failures).toEqual([
      { line: 2, errors: error('Currency', 'The currency must be one of EUR; it is CHF.') },
      { line: 3, errors: error('Amount', 'The number must be at most 9.') },
      { line: 4, errors: error('Web', 'There is none with the domain “acme.example”.', 'NOT_FOUND') },
      { line: 5, errors: error('Phone', 'A value is required.') },
      { line: 6, errors: error('Mails', 'A value is required.') },
      { line: 7, errors: error('Phone', expect.stringContaining('“not a number”') as never) },
    ])
    expect(job.rows).toEqual(rows({ read: 7, created: 1, failed: 6 }))
  }) // prettier-ignore

  const TWICE = `${HEADER}
Ada,Byron,ada@example.com,,
Grace,Hopper,grace@example.com,,
Ada,Lovelace,ADA@example.com,,
Ada,Lovelace,ADA@example.com,,
No,Mail,,+41446681800,
`
  const EXISTING = { emailAddresses: [{ email: 'grace@example.com' }], firstName: 'Grace', lastName: 'Murray' }

  test.each([
    ['UPDATE', { created: 2, updated: 2, unchanged: 1 }, ['Ada Lovelace', 'Grace Hopper', 'No Mail']],
    ['SKIP', { created: 2, skipped: 3 }, ['Ada Byron', 'Grace Murray', 'No Mail']],
    [
      'CREATE',
      { created: 5 },
      ['Ada Byron', 'Ada Lovelace', 'Ada Lovelace', 'Grace Hopper', 'Grace Murray', 'No Mail'],
    ],
  ])('%s: rows whose record is there, in the database or from an earlier row', async (duplicates, counts, names) => {
    for (const rowsAChunk of [500, 2]) {
      const { tenant: own, admin: principal } = await openTenant(desk)
      admin = principal
      tenant = own
      await desk.mutate(admin, 'createContact', EXISTING)
      const job = await importText(desk, admin, TWICE, PEOPLE, { duplicates }, rowsAChunk)
      expect(job.rows).toEqual(rows({ read: 5, ...counts }))
      expect((await contacts()).map((one) => (one as { fullName: string }).fullName)).toEqual(names)
    }
  })

  test('of an id that was used before adds nothing', async () => {
    const text = `${HEADER}\nAda,Lovelace,ada@example.com,,\n`
    const first = await importText(desk, admin, text, PEOPLE, { importId: 'march', duplicates: 'CREATE' })
    const fileId = await upload(desk, admin, text)
    const mapping = [{ column: 'First Name', key: 'firstName' }]
    const again = await start(desk, admin, {
      fileId,
      type: 'CONTACT',
      mapping,
      duplicates: 'CREATE',
      importId: 'march',
    })
    await importWorker(desk).drain()
    expect([again['isNew'], again['job'].id, (await contacts()).length]).toEqual([false, first.id, 1])
  })

  test('that stops at the first refused row keeps whole chunks before it', async () => {
    const lines = ['Ada,L,ada@example.com,,', 'Alan,T,alan@example.com,,', 'Bea,B,bea@example.com,,', 'Bad,B,bad,,']
    const job = await importText(desk, admin, [HEADER, ...lines].join('\n'), PEOPLE, { onError: 'STOP' }, 2)
    expect([job.status, job.rows, job.error]).toEqual([
      'FAILED',
      rows({ read: 2, created: 2 }),
      {
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(/^Line 5, Email: .* Nothing from line 4 on was imported\.$/),
      },
    ])
    expect(await contacts()).toHaveLength(2)
  })

  test('by id changes the records that it names, and says which are not there', async () => {
    const made = await desk.mutate(admin, 'createContact', { firstName: 'Ada' }, 'contact { id }')
    const { id } = made['contact'] as { id: string }
    const text = `id,Title\n${id.toUpperCase()},Countess\n019a0000-0000-7000-8000-000000000000,Nobody\nx,Broken\n`
    const job = await importText(desk, admin, text, { id: 'id', Title: 'jobTitle' })
    expect(job.rows).toEqual(rows({ read: 3, updated: 1, failed: 2 }))
    expect(job.import.failures).toEqual([
      { line: 3, errors: [{ column: 'id', code: 'NOT_FOUND', message: 'There is no such contact.' }] },
      { line: 4, errors: [{ column: 'id', code: 'BAD_USER_INPUT', message: 'An id is a UUID.' }] },
    ])
  })

  test('of companies by domain, with picklists and users by name', async () => {
    await desk.mutate(admin, 'createIndustry', { name: 'Robots', position: 1 })
    const text = `Name,Web,Industry,Owner,Staff\nAcme,https://www.acme.com,robots,MEMBER@example.com,12\nOther,acme.com,Robots,,13\n`
    const keys = {
      Name: 'name',
      Web: 'domain',
      Industry: 'industry.name',
      Owner: 'owner.email',
      Staff: 'employeeCount',
    }
    const job = await importText(desk, admin, text, keys, { type: 'COMPANY' })
    expect([job.rows, job.import.failures]).toEqual([rows({ read: 2, created: 1, updated: 1 }), []])
    const query = '{ companies { nodes { name domain industry { name } assignedTo { email } employeeCount } } }'
    expect(await desk.ask(admin, query)).toEqual({
      companies: {
        nodes: [
          {
            name: 'Other',
            domain: 'acme.com',
            industry: { name: 'Robots' },
            assignedTo: { email: 'member@example.com' },
            employeeCount: 13,
          },
        ],
      },
    })
  })
})

describe('startImport', () => {
  test('tells all that is wrong with a mapping at its place', async () => {
    const fileId = await upload(desk, admin, 'A,B,C\n1,2,3\n')
    const mapping = [
      { column: 'A', key: 'firstName' },
      { column: 'B', key: 'firstName' },
      { column: 'C', key: 'nothing' },
      { column: 'D', key: 'lastName' },
    ]
    const answer = await start(desk, admin, { fileId, type: 'CONTACT', mapping, matchBy: 'DOMAIN' })
    expect([answer['job'], answer.userErrors.map(({ code, field }) => [code, field])]).toEqual([
      null,
      [
        ['BAD_USER_INPUT', ['mapping', '1', 'key']],
        ['BAD_USER_INPUT', ['mapping', '2', 'key']],
        ['BAD_USER_INPUT', ['mapping', '3', 'key']],
        ['BAD_USER_INPUT', ['matchBy']],
      ],
    ])
    expect(await desk.sql('select from jobs where tenant_id = $1', [tenant.settings.id])).toEqual([])
  })

  test("does not know another tenant's file", async () => {
    const fileId = await upload(desk, admin, 'A\n1\n')
    const { admin: stranger } = await openTenant(desk)
    const input = { fileId, type: 'CONTACT', mapping: [{ column: 'A', key: 'firstName' }] }
    expect(await start(desk, stranger, input)).toEqual({
      isNew: false,
      job: null,
      userErrors: [userError('NOT_FOUND', ['fileId'], 'There is no such file: upload it again.')],
    })
    expect(await desk.ask(stranger, `{ importFile(id: "${fileId}") { id } }`)).toEqual({ importFile: null })
  })

  test('refuses texts that no database can hold', async () => {
    const fileId = await upload(desk, admin, 'A\n1\n')
    const column = { column: 'A', key: 'firstName' }
    const asked = [
      { mapping: [column], importId: 'a\0b' },
      { mapping: [{ ...column, values: [{ cell: '\ud800', value: 'x' }] }] },
      { mapping: [column], file: { separator: '\0' } },
    ]
    const answers = await Promise.all(asked.map((more) => start(desk, admin, { fileId, type: 'CONTACT', ...more })))
    const refused = answers.map(({ userErrors }) => userErrors.map(({ code, field }) => [code, field]))
    expect(refused).toEqual(['importId', 'mapping', 'file'].map((field) => [['BAD_USER_INPUT', [field]]]))
  })

  test('refuses what is no file of rows', async () => {
    const fileId = await upload(desk, admin, Buffer.from('PK\u0003\u0004 and more'))
    const input = { fileId, type: 'CONTACT', mapping: [{ column: 'A', key: 'firstName' }] }
    const { userErrors } = await start(desk, admin, input)
    expect(userErrors.map(({ code, field }) => [code, field])).toEqual([['BAD_USER_INPUT', ['fileId']]])
  })
})
