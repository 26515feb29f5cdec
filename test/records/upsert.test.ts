import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { createField } from '../features/custom-field/support/fields.js'
import { openDesk, openTenant, userError, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const CONTACT = `id version firstName externalId deletedAt emailAddresses { type email isPrimary } phoneNumbers { number type }
  customFields { key value }`

async function upsert(admin: Principal, contact: object, options: object, selection = 'contact { id version }') {
  const payload = await desk.mutate(admin, 'upsertContact', { contact, ...options }, `status ${selection}`)
  return payload as typeof payload & { readonly status: string }
}

async function openContact(input: object, settings: object = {}) {
  const { tenant, admin } = await openTenant(desk, settings)
  await createField(desk, admin, { key: 'code', isUnique: true, label: 'Code' })
  const { contact } = await desk.mutate(admin, 'createContact', input, 'contact { id }')
  return { tenant, admin, id: contact.id as string }
}

const ADA = {
  firstName: 'Ada',
  externalId: 'X-1',
  emailAddresses: [{ email: 'ada@example.com', type: 'PERSONAL' }],
  customFields: [{ key: 'code', text: 'one' }],
}

describe('a contact is found', () => {
  const WAYS = [
    ['by id', { matchBy: 'ID' }, (id: string) => ({ id })],
    ['by external id', { matchBy: 'EXTERNAL_ID' }, () => ({ externalId: ' X-1 ' })],
    ['by an e-mail address', { matchBy: 'EMAIL' }, () => ({ emailAddresses: [{ email: 'ADA@example.com' }] })],
    [
      'by a custom field',
      { matchBy: 'CUSTOM_FIELD', customFieldKey: 'code' },
      () => ({ customFields: [{ key: 'code', text: 'one' }] }),
    ],
  ] as const

  test.each(WAYS)('%s: it is changed, and the second time it stays', async (_, options, keyOf) => {
    const { admin, id } = await openContact(ADA)
    const row = { ...keyOf(id), firstName: 'Grace' }
    const found = { id, version: 2 }
    expect(await upsert(admin, row, options)).toEqual({ status: 'UPDATED', contact: found, userErrors: [] })
    expect(await upsert(admin, row, options)).toEqual({ status: 'UNCHANGED', contact: found, userErrors: [] })
    expect(await desk.ask(admin, '{ contacts { totalCount } }')).toEqual({ contacts: { totalCount: 1 } })
  })

  test.each(WAYS.slice(1))(
    '%s: deleted, it is refused, comes back or stays beside a new one',
    async (_, options, keyOf) => {
      const { tenant, admin, id } = await openContact(ADA, { uniqueEmails: true })
      await desk.mutate(admin, 'deleteContact', { id })
      const row = { ...keyOf(id), firstName: 'Grace' }
      const before = await desk.rowsOf(tenant)
      const refused = await upsert(admin, row, options)
      expect([refused.status, refused.userErrors.map(({ code, conflictingId }) => [code, conflictingId])]).toEqual([
        'FAILED',
        [['ALREADY_EXISTS', id]],
      ])
      const member = await upsert(tenant.principal('MEMBER'), row, options)
      expect(member.userErrors.map(({ code, conflictingId }) => [code, conflictingId])).toEqual([
        ['ALREADY_EXISTS', null],
      ])
      expect(await desk.rowsOf(tenant)).toEqual(before)
      const back = await upsert(admin, row, { ...options, onDeleted: 'RESTORE' }, `contact { ${CONTACT} }`)
      expect(back).toEqual({
        status: 'UPDATED',
        contact: {
          ...{ id, version: 3, firstName: 'Grace', externalId: 'X-1', deletedAt: null, phoneNumbers: [] },
          emailAddresses: [{ type: 'PERSONAL', email: options.matchBy === 'EMAIL' ? 'ADA@example.com' : 'ada@example.com', isPrimary: true }], // prettier-ignore
          customFields: [{ key: 'code', value: 'one' }],
        },
        userErrors: [],
      })
      // All that was unique is so again.
      for (const input of [
        { firstName: 'x', externalId: 'X-1' },
        { firstName: 'x', emailAddresses: ADA.emailAddresses },
        { firstName: 'x', customFields: ADA.customFields },
      ]) {
        const { userErrors } = await desk.mutate(admin, 'createContact', input)
        expect(userErrors.map(({ code, conflictingId }) => [code, conflictingId])).toEqual([['ALREADY_EXISTS', id]])
      }
      await desk.mutate(admin, 'deleteContact', { id })
      const beside = await upsert(admin, row, { ...options, onDeleted: 'CREATE' })
      expect([beside.status, beside['contact'].version, beside['contact'].id === id]).toEqual(['CREATED', 1, false])
      // The live one is found from now on.
      expect((await upsert(admin, row, options)).status).toBe('UNCHANGED')
    },
  )

  test('companies by their domain, however it is written', async () => {
    const { admin } = await openTenant(desk)
    const options = { matchBy: 'DOMAIN' }
    const run = (company: object) =>
      desk.mutate(admin, 'upsertCompany', { company, ...options }, 'status company { name domain version }')
    expect(await run({ domain: 'acme.com' })).toEqual({
      status: 'FAILED',
      company: null,
      userErrors: [userError('BAD_USER_INPUT', ['company', 'name'], 'A value is required.')],
    })
    const made = { name: 'Acme', domain: 'acme.com', version: 1 }
    expect(await run({ name: 'Acme', domain: 'acme.com' })).toEqual({
      status: 'CREATED',
      company: made,
      userErrors: [],
    })
    const changed = await run({ domain: 'ACME.com', employeeCount: 3 })
    expect(changed).toEqual({ status: 'UPDATED', company: { ...made, version: 2 }, userErrors: [] })
  })
})

test('contact info of a row is what the record has at least', async () => {
  const { admin, id } = await openContact({
    ...ADA,
    phoneNumbers: [{ number: '+1 212 555 0123' }],
    addresses: [{ city: 'London', country: 'GB' }],
  })
  const row = {
    externalId: 'X-1',
    emailAddresses: [
      { email: 'new@example.com', isPrimary: true },
      { email: 'ada@example.com', type: 'OTHER' },
    ],
    phoneNumbers: [{ number: '(212) 555-0123', type: 'MOBILE' }, { number: '+1 212 555 0124' }],
    addresses: [{ city: 'London', country: 'gb', type: 'HOME' }, { city: 'Paris' }],
    socialMediaAccounts: [{ platform: 'GITHUB', handle: 'ada' }],
  }
  const selection = `contact { id version emailAddresses { type email isPrimary } phoneNumbers { number type }
    addresses { type city } socialMediaAccounts { handle } }`
  const contact = {
    id,
    version: 2,
    emailAddresses: [
      { type: 'WORK', email: 'new@example.com', isPrimary: true },
      { type: 'OTHER', email: 'ada@example.com', isPrimary: false },
    ],
    phoneNumbers: [
      { number: '(212) 555-0123', type: 'MOBILE' },
      { number: '+1 212 555 0124', type: 'WORK' },
    ],
    addresses: [
      { type: 'HOME', city: 'London' },
      { type: 'OFFICE', city: 'Paris' },
    ],
    socialMediaAccounts: [{ handle: 'ada' }],
  }
  const options = { matchBy: 'EXTERNAL_ID' }
  const first = await upsert(admin, row, options, selection)
  expect(first.userErrors).toEqual([])
  expect(first['contact'].emailAddresses).toEqual(expect.arrayContaining(contact.emailAddresses))
  expect({ ...first['contact'], emailAddresses: contact.emailAddresses }).toEqual(contact)
  expect((await upsert(admin, row, options)).status).toBe('UNCHANGED')
  // What is wrong is told at its place in the row.
  const bad = { externalId: 'X-1', emailAddresses: [{ email: 'ada@example.com' }, { email: 'no address' }] }
  const { userErrors } = await upsert(admin, bad, options)
  expect(userErrors.map(({ field }) => field)).toEqual([['contact', 'emailAddresses', '1', 'email']])
})

describe('what is refused', () => {
  test('several records with one address, with their ids', async () => {
    const { tenant, admin, id } = await openContact(ADA)
    const { contact } = await desk.mutate(
      admin,
      'createContact',
      { emailAddresses: ADA.emailAddresses },
      'contact { id }',
    )
    const before = await desk.rowsOf(tenant)
    const input = { contact: { emailAddresses: ADA.emailAddresses, lastName: 'x' }, matchBy: 'EMAIL' }
    const query = `mutation ($input: UpsertContactInput!) { upsertContact(input: $input) {
      status contact { id } userErrors { code message field candidateIds } } }`
    expect(await desk.ask(admin, query, { input })).toEqual({
      upsertContact: {
        status: 'FAILED',
        contact: null,
        userErrors: [
          {
            code: 'AMBIGUOUS',
            message: '2 contacts have this e-mail address.',
            field: ['contact', 'emailAddresses'],
            candidateIds: [id, contact.id].sort(),
          },
        ],
      },
    })
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  const NOBODY = '00000000-0000-7000-8000-000000000000'
  const CASES: [string, object, object, ReturnType<typeof userError>][] = [
    ['an id of nobody', { id: NOBODY }, { matchBy: 'ID' }, userError('NOT_FOUND', ['contact', 'id'], 'There is no such contact.')],
    ['no value', { firstName: 'x' }, { matchBy: 'EXTERNAL_ID' }, userError('BAD_USER_INPUT', ['contact', 'externalId'], 'An acceptable value to match by is needed: the external id.')],
    ['an empty value', { firstName: 'x', externalId: ' ' }, { matchBy: 'EXTERNAL_ID' }, userError('BAD_USER_INPUT', ['contact', 'externalId'], 'An acceptable value to match by is needed: the external id.')],
    ['an id beside another value', { id: NOBODY, externalId: 'X-9', firstName: 'x' }, { matchBy: 'EXTERNAL_ID' }, userError('BAD_USER_INPUT', ['contact', 'id'], 'An id is for matching by ID alone.')],
    ['a new contact that nobody can be reached by', { externalId: 'X-9' }, { matchBy: 'EXTERNAL_ID' }, userError('BAD_USER_INPUT', ['contact'], 'A contact needs a part of a name, an e-mail address or a phone number.')],
    ['no key of a field', { firstName: 'x' }, { matchBy: 'CUSTOM_FIELD' }, userError('BAD_USER_INPUT', ['customFieldKey'], 'The key of a unique custom field is needed to match by it.')],
    ['no such field', { firstName: 'x' }, { matchBy: 'CUSTOM_FIELD', customFieldKey: 'none' }, userError('NOT_FOUND', ['customFieldKey'], 'There is no custom field “none” of a contact.')],
    ['a field that is not unique', { firstName: 'x' }, { matchBy: 'CUSTOM_FIELD', customFieldKey: 'plain' }, userError('BAD_USER_INPUT', ['customFieldKey'], 'The field “plain” is not unique.')],
  ] // prettier-ignore

  test('is told at its place, and nothing is written', async () => {
    const { tenant, admin } = await openContact(ADA)
    await createField(desk, admin, { key: 'plain' })
    const before = await desk.rowsOf(tenant)
    for (const [name, row, options, error] of CASES) {
      expect([name, await upsert(admin, row, options)]).toEqual([
        name,
        { status: 'FAILED', contact: null, userErrors: [error] },
      ])
    }
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('RESTORE from a MEMBER', async () => {
    const { tenant } = await openContact(ADA)
    const input = { contact: { externalId: 'X-1' }, matchBy: 'EXTERNAL_ID', onDeleted: 'RESTORE' }
    const text = 'mutation ($input: UpsertContactInput!) { upsertContact(input: $input) { status } }'
    const { errors } = await desk.api.run(tenant.principal('MEMBER'), text, { input })
    expect(errors?.map(({ message, extensions }) => [message, extensions?.['code'], extensions?.['field']])).toEqual([
      ['Restoring needs the role MANAGER; yours is MEMBER.', 'FORBIDDEN', 'input.onDeleted'],
    ])
  })
})

describe('many at once', () => {
  const RESULTS =
    'results { status contact { externalId version } } summary { created updated unchanged skipped failed }'

  test('some are made, some changed, some stay; rows of one record are refused', async () => {
    const { admin, id } = await openContact(ADA)
    const rows = [
      { externalId: 'X-1', firstName: 'Ada' },
      { externalId: 'X-2', firstName: 'Bob' },
      { externalId: 'X-2', firstName: 'Cy' },
      { externalId: 'X-3', firstName: 'Dee', emailAddresses: [{ email: 'no address' }] },
    ]
    const input = { rows, matchBy: 'EXTERNAL_ID', mode: 'PARTIAL' }
    const planned = await desk.mutate(admin, 'bulkUpsertContacts', { ...input, dryRun: true }, `results { status id } ${RESULTS.slice(RESULTS.indexOf('summary'))}`) // prettier-ignore
    const payload = await desk.mutate(admin, 'bulkUpsertContacts', input, RESULTS)
    expect(planned['summary']).toEqual({ created: 1, updated: 0, unchanged: 1, skipped: 0, failed: 2 })
    expect(planned['results'].map(({ id: known }: { id: string | null }) => known)).toEqual([id, null, null, null])
    expect(payload['summary']).toEqual(planned['summary'])
    expect(planned.userErrors).toEqual(payload.userErrors)
    expect(payload.userErrors.map(({ message, field }) => [message, field])).toEqual([
      ['Row 1 is of the same contact.', ['rows', '2', 'externalId']],
      [expect.stringContaining('is not an e-mail address'), ['rows', '3', 'emailAddresses', '0', 'email']],
    ])
    expect(payload['results'].slice(0, 2)).toEqual([
      { status: 'UNCHANGED', contact: { externalId: 'X-1', version: 1 } },
      { status: 'CREATED', contact: { externalId: 'X-2', version: 1 } },
    ])
  })

  test('a dry run writes nothing', async () => {
    const { tenant, admin } = await openContact(ADA)
    const before = await desk.rowsOf(tenant)
    const rows = [
      { externalId: 'X-1', firstName: 'Bob' },
      { externalId: 'X-2', firstName: 'Bob' },
    ]
    const input = { rows, matchBy: 'EXTERNAL_ID', dryRun: true }
    const { summary, userErrors } = await desk.mutate(admin, 'bulkUpsertContacts', input, RESULTS)
    expect([summary, userErrors]).toEqual([{ created: 1, updated: 1, unchanged: 0, skipped: 0, failed: 0 }, []])
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test.each([
    ['EXTERNAL_ID', (n: number) => ({ externalId: `R-${n}`, firstName: 'Ada' })],
    ['EMAIL', (n: number) => ({ emailAddresses: [{ email: `r${n}@example.com` }] })],
    ['CUSTOM_FIELD', (n: number) => ({ firstName: 'Ada', customFields: [{ key: 'code', text: `r${n}` }] })],
  ])('the same calls at once make each contact once: by %s', async (matchBy, rowOf) => {
    const { admin } = await openContact({ firstName: 'Other' })
    const rows = Array.from({ length: 8 }, (_, index) => rowOf(index))
    const options = { matchBy, ...(matchBy === 'CUSTOM_FIELD' ? { customFieldKey: 'code' } : {}) }
    const calls = [
      ...[rows, rows.toReversed(), rows].map((each) =>
        desk.mutate(admin, 'bulkUpsertContacts', { rows: each, ...options }, RESULTS),
      ),
      ...rows.map((row) => upsert(admin, row, options)),
    ]
    const payloads = await Promise.all(calls)
    expect(payloads.flatMap(({ userErrors }) => userErrors)).toEqual([])
    const created = payloads.map((payload) => payload['summary']?.created ?? (payload['status'] === 'CREATED' ? 1 : 0))
    expect(created.reduce((sum: number, count: number) => sum + count, 0)).toBe(8)
    expect(await desk.ask(admin, '{ contacts { totalCount } }')).toEqual({ contacts: { totalCount: 9 } })
  })
})
