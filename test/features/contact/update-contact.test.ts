import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const FIELDS = `id firstName middleName lastName fullName jobTitle department emailOptIn smsOptIn callOptIn birthDate notes
  externalId version createdAt updatedAt company { name } owner { id }`
const CREATED = new Date('2026-03-04T05:06:07.089Z')
const UPDATED = new Date('2026-03-05T00:00:00.001Z')

async function openContact(input: object = {}) {
  const { tenant, admin } = await openTenant(desk)
  const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id version }')
  const full = {
    firstName: 'Ada',
    middleName: 'Byron',
    lastName: 'Lovelace',
    jobTitle: 'Analyst',
    department: 'Engines',
    companyId: company.id,
    ownerId: tenant.users.MEMBER,
    emailOptIn: true,
    smsOptIn: true,
    callOptIn: true,
    birthDate: '1815-12-10',
    notes: 'Some notes',
    externalId: 'A-1',
    ...input,
  }
  const { contact } = await desk.mutate(admin, 'createContact', full, `contact { ${FIELDS} }`, CREATED)
  const [email] = await desk.sql('select id from email_addresses where entity_id = $1', [contact.id])
  return { tenant, admin, company, contact, emailId: email?.['id'] as string }
}

describe('updateContact', () => {
  test('leaves what is absent', async () => {
    const { admin, contact } = await openContact()
    const { id } = contact
    const payload = await desk.mutate(admin, 'updateContact', { id, version: 1 }, `contact { ${FIELDS} }`, UPDATED)
    expect(payload).toEqual({ contact, userErrors: [] })
  })

  test('null clears', async () => {
    const { admin, contact } = await openContact()
    const input = {
      id: contact.id,
      version: 1,
      middleName: null,
      lastName: null,
      jobTitle: null,
      department: null,
      companyId: null,
      ownerId: null,
      birthDate: null,
      notes: null,
      externalId: null,
      emailAddresses: null,
    }
    expect(await desk.mutate(admin, 'updateContact', input, `contact { ${FIELDS} }`, UPDATED)).toEqual({
      contact: {
        id: contact.id,
        firstName: 'Ada',
        middleName: null,
        lastName: null,
        fullName: 'Ada',
        jobTitle: null,
        department: null,
        emailOptIn: true,
        smsOptIn: true,
        callOptIn: true,
        birthDate: null,
        notes: null,
        externalId: null,
        version: 2,
        createdAt: CREATED.toISOString(),
        updatedAt: UPDATED.toISOString(),
        company: null,
        owner: null,
      },
      userErrors: [],
    })
  })

  test('sets every field', async () => {
    const { tenant, admin, contact } = await openContact()
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Other' }, 'company { id }')
    const changed = {
      firstName: 'Grace',
      middleName: 'Brewster',
      lastName: 'Hopper',
      jobTitle: 'Admiral',
      department: 'Navy',
      emailOptIn: false,
      smsOptIn: false,
      callOptIn: false,
      birthDate: '1906-12-09',
      notes: 'Other notes',
      externalId: 'G-1',
    }
    const input = { id: contact.id, version: 1, ...changed, companyId: company.id, ownerId: tenant.users.VIEWER }
    expect(await desk.mutate(admin, 'updateContact', input, `contact { ${FIELDS} }`, UPDATED)).toEqual({
      contact: {
        ...changed,
        id: contact.id,
        fullName: 'Grace Brewster Hopper',
        version: 2,
        createdAt: CREATED.toISOString(),
        updatedAt: UPDATED.toISOString(),
        company: { name: 'Other' },
        owner: { id: tenant.users.VIEWER },
      },
      userErrors: [],
    })
  })

  test('ids may be written in capitals', async () => {
    const { tenant, admin, company, contact } = await openContact()
    const upper = (id: string) => id.toUpperCase()
    const input = {
      id: upper(contact.id),
      version: 1,
      companyId: upper(company.id),
      ownerId: upper(tenant.users.ADMIN),
    }
    expect(await desk.mutate(admin, 'updateContact', input, 'contact { id company { id } owner { id } }')).toEqual({
      contact: { id: contact.id, company: { id: company.id }, owner: { id: tenant.users.ADMIN } },
      userErrors: [],
    })
  })

  test('an outdated version is a CONFLICT with the current one, and changes nothing', async () => {
    const { tenant, admin, contact } = await openContact()
    await desk.mutate(admin, 'updateContact', { id: contact.id, version: 1, jobTitle: 'Countess' })
    const before = await desk.rowsOf(tenant)
    for (const version of [1, 3, 0, -1]) {
      const input = { id: contact.id, version, firstName: 'Grace', birthDate: 'soon' }
      expect(await desk.mutate(admin, 'updateContact', input, 'contact { id }')).toEqual({
        contact: null,
        userErrors: [
          userError('CONFLICT', ['version'], 'The contact changed since it was read.', { currentVersion: 2 }),
        ],
      })
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('of 50 writers with one version one wins and 49 get CONFLICT', async () => {
    const { admin, contact } = await openContact()
    const writes = Array.from({ length: 50 }, (_, index) =>
      desk.mutate(
        admin,
        'updateContact',
        { id: contact.id, version: 1, jobTitle: `Writer ${index}` },
        'contact { version jobTitle }',
      ),
    )
    const payloads = await Promise.all(writes)
    const winners = payloads.flatMap(({ contact: written }) => (written ? [written] : []))
    const refusals = payloads.filter((payload) => payload['contact'] === null).map(({ userErrors }) => userErrors)
    expect(winners).toEqual([{ version: 2, jobTitle: expect.stringMatching(/^Writer \d+$/) }])
    const conflict = userError('CONFLICT', ['version'], 'The contact changed since it was read.', { currentVersion: 2 })
    expect(refusals).toEqual(Array.from({ length: 49 }, () => [conflict]))
    const [stored] = await desk.sql('select version, job_title from contacts where id = $1', [contact.id])
    expect(stored).toEqual({ version: 2, job_title: winners[0].jobTitle })
  })

  test('all problems come back together and nothing is written', async () => {
    const { tenant, admin, contact, emailId } = await openContact({ emailAddresses: [{ email: 'a@example.com' }] })
    const before = await desk.rowsOf(tenant)
    const input = {
      id: contact.id,
      version: 1,
      firstName: 'x'.repeat(256),
      emailOptIn: null,
      birthDate: '2023-02-30',
      companyId: randomUUID(),
      emailAddresses: {
        add: [{ email: '@' }],
        update: [
          { id: emailId, email: null },
          { id: randomUUID(), email: 'b@example.com' },
        ],
        remove: [randomUUID()],
      },
    }
    expect(await desk.mutate(admin, 'updateContact', input, 'contact { id }')).toEqual({
      contact: null,
      userErrors: [
        userError(
          'BAD_USER_INPUT',
          ['birthDate'],
          '“2023-02-30” is not a day of the calendar in the years 0001 to 9999.',
        ),
        userError('BAD_USER_INPUT', ['firstName'], 'The text has 256 characters; at most 255 are allowed.'),
        userError('BAD_USER_INPUT', ['emailOptIn'], 'A value is required.'),
        userError('NOT_FOUND', ['companyId'], 'There is no such company.'),
        userError('NOT_FOUND', ['emailAddresses', 'remove', 0], 'The record has no such e-mail address.'),
        userError('BAD_USER_INPUT', ['emailAddresses', 'update', 0, 'email'], 'A value is required.'),
        userError('NOT_FOUND', ['emailAddresses', 'update', 1, 'id'], 'The record has no such e-mail address.'),
        userError(
          'BAD_USER_INPUT',
          ['emailAddresses', 'add', 0, 'email'],
          "“@” is not an e-mail address: before the @ it needs letters, digits or any of !#$%&'*+/=?^_`{|}~-, with single dots between them.",
        ),
      ],
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })
})
