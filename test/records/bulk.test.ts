import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../src/lib/principal.js'
import { createField } from '../features/custom-field/support/fields.js'
import { mutationText, openDesk, openTenant, userError, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const ERRORS = 'userErrors { code message field conflictingId currentVersion }'
const RESULTS = `results { index status id contact { id version } ${ERRORS} }`
const SUMMARY = 'summary { created updated unchanged skipped failed }'

/** `n` rows with contact info of two kinds, a link and a custom field. */
function nestedRows(n: number, companyId: string, from = 0) {
  return Array.from({ length: n }, (_, index) => ({
    firstName: `Ada ${from + index}`,
    externalId: `N-${from + index}`,
    companyId,
    emailAddresses: [{ email: `ada${from + index}@example.com` }],
    phoneNumbers: [{ number: '+1 212 555 0123' }],
    customFields: [{ key: 'code', text: `c${from + index}` }],
  }))
}

async function openNested() {
  const { tenant, admin } = await openTenant(desk, { uniqueEmails: true })
  await createField(desk, admin, { key: 'code', isUnique: true })
  const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
  return { tenant, admin, companyId: company.id as string }
}

/** Runs a bulk mutation that must refuse nothing; the ids of its records, and the labels of its statements. */
async function run(admin: Principal, mutation: string, input: { rows: readonly object[]; [option: string]: unknown }) {
  let ids: string[] = []
  const statements = await desk.api.statements(async () => {
    const payload = await desk.mutate(admin, mutation, input, 'results { id status }')
    expect(payload.userErrors).toEqual([])
    expect(payload['results']).toHaveLength(input.rows.length)
    ids = payload['results'].map(({ id }: { id: string }) => id)
  })
  return { ids, labels: statements.map(({ label }) => label) }
}

describe('the statements of a bulk mutation', () => {
  const CREATE = ['findDefinitionsForWrite', 'findEmailHolders', 'findHolders.contacts', 'findReferenced.companies']

  test('are the same for 1 row and for 500', async () => {
    const { admin, companyId } = await openNested()
    const seen: Record<string, string[][]> = {}
    for (const [count, from] of [
      [1, 0],
      [500, 1],
    ] as const) {
      const note = async (verb: string, mutation: string, input: Parameters<typeof run>[2]) => {
        const { ids, labels } = await run(admin, mutation, input)
        seen[verb] = [...(seen[verb] ?? []), labels.toSorted()]
        return ids
      }
      const rows = nestedRows(count, companyId, from)
      const ids = await note('create', 'bulkCreateContacts', { rows })
      const changes = ids.map((id, index) => ({
        ...{ id, firstName: 'Grace', externalId: `M-${from + index}` },
        emailAddresses: { add: [{ email: `grace${from + index}@example.com` }] },
        customFields: [{ key: 'code', text: `d${from + index}` }],
      }))
      await note('update', 'bulkUpdateContacts', { rows: changes })
      await note('delete', 'bulkDeleteContacts', { rows: ids.map((id) => ({ id })) })
      await note('restore', 'bulkRestoreContacts', { rows: ids.map((id) => ({ id })) })
      const again = rows.map((row, index) => ({ ...row, externalId: `M-${from + index}` }))
      await note('upsert', 'bulkUpsertContacts', { rows: again, matchBy: 'EXTERNAL_ID' })
      await note('destroy', 'bulkDestroyContacts', { rows: ids.map((id) => ({ id })) })
      await note('make by upsert', 'bulkUpsertContacts', { rows, matchBy: 'EMAIL' })
      await note('destroy', 'bulkDestroyContacts', {
        rows: (await desk.ask(admin, '{ contacts(first: 200) { nodes { id } } }'))['contacts'].nodes,
      })
    }
    for (const labels of Object.values(seen)) expect(new Set(labels.map((each) => each.join())).size).toBe(1)
    const findUnique = ['findValueHolders.contacts', 'lockUniqueEmails']
    const write = ['insertRows.contacts', 'insertRows.emailAddresses', 'insertRows.phoneNumbers', 'refreshSearchRows']
    expect(seen['create']?.[0]).toEqual([...CREATE, ...findUnique, ...write, 'writeCustomFieldValues'].toSorted())
    expect(seen['delete']?.[0]).toEqual(
      ['clearEmailKeys', 'clearValueKeys', 'holdDefinitionsOfRecords', 'lockRecords.contacts', 'lockUniqueEmails', 'refreshSearchRows', 'updateRows.contacts'], // prettier-ignore
    )
  })

  test('a thousand rows are done at once; one more is refused before anything is read', async () => {
    const { admin } = await openTenant(desk)
    const rows = Array.from({ length: 1001 }, (_, index) => ({ lastName: `L${index}` }))
    const text = mutationText('bulkCreateContacts', `results { index status contact { id lastName } } ${SUMMARY}`)
    const refused = await desk.api.run(admin, text, { input: { rows } })
    expect([
      refused.status,
      refused.errors?.map(({ message, extensions }) => [message, extensions?.['field']]),
    ]).toEqual([400, [['At most 1000 values may be given, not 1001.', 'bulkCreateContacts.input.rows']]])
    const { data } = await desk.api.run(admin, text, { input: { rows: rows.slice(1) } })
    const payload = data?.['bulkCreateContacts']
    expect(payload.summary).toEqual({ created: 1000, updated: 0, unchanged: 0, skipped: 0, failed: 0 })
    expect(
      payload.results.map(({ index, contact }: { index: number; contact: { lastName: string } }) => [
        index,
        contact.lastName,
      ]),
    ).toEqual(rows.slice(1).map(({ lastName }, index) => [index, lastName]))
    expect(await desk.ask(admin, '{ contacts { totalCount } }')).toEqual({ contacts: { totalCount: 1000 } })
  })
})

describe('rows that meet each other', () => {
  const TWICE = () => [
    { firstName: 'Ada', externalId: 'X-1', emailAddresses: [{ email: 'ada@example.com' }] },
    { firstName: 'Bob', externalId: 'X-1' },
    { firstName: 'Cy', emailAddresses: [{ email: 'cy@example.com' }, { email: 'ADA@example.com' }] },
    { firstName: 'Dee', companyId: randomUUID() },
    { firstName: 'Eve', customFields: [{ key: 'code', text: 'one' }] },
    { firstName: 'Fay', customFields: [{ key: 'code', text: 'one' }] },
    { firstName: 'Gus' },
  ]
  const taken = (id: string | null) => [
    userError('ALREADY_EXISTS', ['rows', 1, 'externalId'], 'Another contact has this external id.', {
      conflictingId: id,
    }),
    userError('ALREADY_EXISTS', ['rows', 2, 'emailAddresses', 1, 'email'], 'Another record has the e-mail address ada@example.com.', { conflictingId: id }), // prettier-ignore
    userError('NOT_FOUND', ['rows', 3, 'companyId'], 'There is no such company.'),
  ]
  const takenCode = (id: string | null) =>
    userError('ALREADY_EXISTS', ['rows', 5, 'customFields', 0, 'text'], 'Another contact has this value.', { conflictingId: id }) // prettier-ignore

  test('refuse each other as single mutations do; all is refused, or each by itself', async () => {
    const { tenant, admin } = await openNested()
    const before = await desk.rowsOf(tenant)
    const rows = TWICE()
    const nothing = await desk.mutate(admin, 'bulkCreateContacts', { rows }, `${RESULTS} ${SUMMARY}`)
    // Nobody has the values: the records that were to have them weren't made.
    expect(nothing.userErrors).toEqual([...taken(null), takenCode(null)])
    expect(nothing['summary']).toEqual({ created: 0, updated: 0, unchanged: 0, skipped: 3, failed: 4 })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    const payload = await desk.mutate(admin, 'bulkCreateContacts', { rows, mode: 'PARTIAL' }, `${RESULTS} ${SUMMARY}`)
    const [first, , , , fifth] = payload['results']
    expect(payload.userErrors).toEqual([...taken(first.id), takenCode(fifth.id)])
    expect(payload['results'].map(({ status }: { status: string }) => status)).toEqual(
      ['CREATED', 'FAILED', 'FAILED', 'FAILED', 'CREATED', 'FAILED', 'CREATED'], // prettier-ignore
    )
    expect(payload['summary']).toEqual({ created: 3, updated: 0, unchanged: 0, skipped: 0, failed: 4 })
  })

  test.each(['Update', 'Delete', 'Restore', 'Destroy'])('a record stands once: bulk%sContacts', async (verb) => {
    const { tenant, admin } = await openTenant(desk)
    const { contact } = await desk.mutate(admin, 'createContact', { firstName: 'Ada' }, 'contact { id }')
    if (verb === 'Restore') await desk.mutate(admin, 'deleteContact', { id: contact.id })
    const before = await desk.rowsOf(tenant)
    const rows = [{ id: contact.id }, { id: contact.id.toUpperCase() }]
    const { userErrors } = await desk.mutate(admin, `bulk${verb}Contacts`, { rows })
    expect(userErrors).toEqual([userError('BAD_USER_INPUT', ['rows', 1, 'id'], 'Row 0 is of the same contact.')])
    expect(await desk.rowsOf(tenant)).toEqual(before)
  })

  test('exchange unique values: external ids, e-mail addresses, custom fields', async () => {
    const { admin } = await openNested()
    const rows = ['1', '2'].map((n) => ({
      firstName: n,
      externalId: `X-${n}`,
      emailAddresses: [{ email: `e${n}@example.com` }],
      customFields: [{ key: 'code', text: n }],
    }))
    // The first gives its values up for ones that are free; only then the second takes them.
    const made = await desk.mutate(
      admin,
      'bulkCreateContacts',
      { rows },
      'results { contact { id emailAddresses { id } } }',
    )
    const change = (index: number, n: string) => {
      const { id, emailAddresses } = made['results'][index].contact
      const email = { id: emailAddresses[0].id, email: `e${n}@example.com` }
      const customFields = [{ key: 'code', text: n }]
      return { id, externalId: `X-${n}`, emailAddresses: { update: [email] }, customFields }
    }
    const payload = await desk.mutate(
      admin,
      'bulkUpdateContacts',
      { rows: [change(0, '3'), change(1, '1')] },
      `results { status contact { version externalId emailAddresses { email } customFields { value } } }`,
    )
    const contact = (n: string) => ({
      ...{ version: 2, externalId: `X-${n}`, emailAddresses: [{ email: `e${n}@example.com` }] },
      customFields: [{ value: n }],
    })
    expect(payload).toEqual({
      results: [
        { status: 'UPDATED', contact: contact('3') },
        { status: 'UPDATED', contact: contact('1') },
      ],
      userErrors: [],
    })
    // The values are taken as before: the index sees them.
    const again = { firstName: 'x', ...{ emailAddresses: [{ email: 'E1@example.com' }] } }
    const { userErrors } = await desk.mutate(admin, 'createContact', again)
    expect(userErrors.map(({ code }) => code)).toEqual(['ALREADY_EXISTS'])
  })
})

test('of one row 100 problems are said, of all rows 2,000 and then the first of each', async () => {
  const { admin } = await openTenant(desk)
  const customFields = Array.from({ length: 120 }, (_, index) => ({ key: `no_field_${index}`, text: 'x' }))
  const rows = Array.from({ length: 25 }, () => ({ firstName: 'Ada', customFields }))
  const payload = await desk.mutate(admin, 'bulkCreateContacts', { rows, mode: 'PARTIAL' }, RESULTS)
  const counts = payload['results'].map(({ userErrors }: { userErrors: unknown[] }) => userErrors.length)
  expect(counts).toEqual([...Array<number>(20).fill(100), ...Array<number>(5).fill(2)])
  expect(payload['results'][24].userErrors).toEqual([
    userError(
      'NOT_FOUND',
      ['rows', 24, 'customFields', 0, 'key'],
      'There is no custom field “no_field_0” of a contact.',
    ),
    userError('BAD_USER_INPUT', ['rows', 24], 'There are 119 more problems.'),
  ])
  expect(payload.userErrors).toHaveLength(100)
  expect(payload.userErrors.at(-1)).toEqual(userError('BAD_USER_INPUT', [], 'There are 2901 more problems.'))
})

test('bulk and single writes of the same records at once lose nothing, and none fails', async () => {
  const { admin } = await openTenant(desk)
  const rows = Array.from({ length: 30 }, (_, index) => ({ firstName: 'Ada', externalId: `X-${index}` }))
  const { ids } = await run(admin, 'bulkCreateContacts', { rows })
  const bulk = (turn: number) =>
    // Each turn names the records in another order; locks are taken by id all the same.
    desk.mutate(admin, 'bulkUpdateContacts', {
      rows: ids.map((_, index) => {
        const id = ids[(index * 7 + turn * 11) % ids.length] ?? ''
        return { id, phoneNumbers: { add: [{ number: `+1 212 555 01${10 + turn}` }] } }
      }),
    })
  const single = (turn: number) =>
    ids.map((id) =>
      desk.mutate(admin, 'updateContact', { id, emailAddresses: { add: [{ email: `s${turn}@example.com` }] } }),
    )
  const payloads = await Promise.all([0, 1, 2, 3].flatMap((turn) => [bulk(turn), ...single(turn)]))
  expect(payloads.flatMap(({ userErrors }) => userErrors)).toEqual([])
  const { contacts } = await desk.ask(
    admin,
    '{ contacts { nodes { version phoneNumbers { number } emailAddresses { email } } } }',
  )
  for (const { version, phoneNumbers, emailAddresses } of contacts.nodes) {
    expect([version, phoneNumbers.length, emailAddresses.length]).toEqual([9, 4, 4])
  }
}, 20_000)

test('bulk creates of the same values at once make each once, and the others are told who has it', async () => {
  const { admin } = await openTenant(desk, { uniqueEmails: true })
  const rows = Array.from({ length: 20 }, (_, index) => ({ firstName: 'Ada', externalId: `X-${index}`, emailAddresses: [{ email: `a${index}@example.com` }] })) // prettier-ignore
  const payloads = await Promise.all(
    [rows, rows.toReversed()].map((each) =>
      desk.mutate(
        admin,
        'bulkCreateContacts',
        { rows: each, mode: 'PARTIAL' },
        `${SUMMARY} results { id userErrors { conflictingId } }`,
      ),
    ),
  )
  expect(payloads.map(({ summary }) => [summary.created, summary.failed]).sort()).toEqual([
    [0, 20],
    [20, 0],
  ])
  const made = new Set(payloads.flatMap(({ results }) => results.flatMap(({ id }: { id: string | null }) => id ?? [])))
  const told = payloads.flatMap(({ results }) => results.flatMap((each: { userErrors: { conflictingId: string }[] }) => each.userErrors.map(({ conflictingId }) => conflictingId))) // prettier-ignore
  expect(new Set(told)).toEqual(made)
  expect(await desk.ask(admin, '{ contacts { totalCount } }')).toEqual({ contacts: { totalCount: 20 } })
})

test('companies go the same way', async () => {
  const { admin } = await openTenant(desk)
  const rows = [{ name: 'Acme', domain: 'acme.com' }, { name: 'Other', domain: 'ACME.com' }, { name: 'Third' }]
  const input = { rows, mode: 'PARTIAL' }
  const payload = await desk.mutate(
    admin,
    'bulkCreateCompanies',
    input,
    `results { status company { name } } ${SUMMARY}`,
  )
  expect(payload['results']).toEqual([
    { status: 'CREATED', company: { name: 'Acme' } },
    { status: 'FAILED', company: null },
    { status: 'CREATED', company: { name: 'Third' } },
  ])
  expect(payload.userErrors.map(({ code, field }) => [code, field])).toEqual([
    ['ALREADY_EXISTS', ['rows', '1', 'domain']],
  ])
})
