import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { KIND_SAMPLES, openOwner } from '../support/contact-info.js'
import { openDesk, openTenant, userError, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const CREATED = new Date('2026-03-04T05:06:07.089Z')
const LATER = new Date('2026-03-05T00:00:00.001Z')
const WRITES = /^(insert|update|delete)Rows|^refreshSearchRows/

/** Every field of a record, each in a writing that is checked to the form in which it is stored. */
const FULL = {
  contact: {
    firstName: '  Ada ',
    middleName: 'Byron',
    lastName: 'Lovelace',
    jobTitle: 'Analyst',
    department: 'Engines',
    emailOptIn: true,
    smsOptIn: false,
    callOptIn: true,
    birthDate: '1815-12-10',
    notes: 'Two\r\nlines',
    externalId: 'A-1',
  },
  company: {
    name: 'Acme',
    legalName: 'Acme Inc.',
    domain: 'WWW.Example.com',
    website: 'https://example.com',
    employeeCount: 12,
    annualRevenue: '0012.5',
    annualRevenueCurrency: 'eur',
    foundedYear: 1999,
    leadScore: 0,
    status: 'CUSTOMER',
    priority: 'HIGH',
    lastContactedAt: '2026-01-01T00:00:00+01:00',
    nextFollowUpAt: '2026-02-01T00:00:00Z',
    notes: 'Notes',
    externalId: 'C-1',
  },
}
const TYPES = { contact: 'Contact', company: 'Company' } as const
const OWNERS = ['contact', 'company'] as const

async function open(type: (typeof OWNERS)[number]) {
  const { tenant, admin } = await openTenant(desk)
  const { company } = await desk.mutate(admin, 'createCompany', { name: 'Employer' }, 'company { id }')
  const { users } = tenant
  const links =
    type === 'contact' ? { companyId: company.id, ownerId: users.MEMBER } : { assignedToId: users.MEMBER, sizeId: null }
  const input = { ...FULL[type], ...links }
  const { [type]: created } = await desk.mutate(admin, `create${TYPES[type]}`, input, `${type} { id }`, CREATED)
  const id = created.id as string
  const change = (mutation: string, more: object, fields = 'version updatedAt', now = LATER) =>
    desk.mutate(admin, `${mutation}${TYPES[type]}`, { id, ...more }, `${type} { ${fields} }`, now)
  return { tenant, admin, id, input, change }
}

describe.each(OWNERS)('the version of a %s', (type) => {
  test('is not needed: without one, or with null, the given fields are set, one writer after the other', async () => {
    const { change } = await open(type)
    const field = type === 'contact' ? 'jobTitle' : 'legalName'
    for (const [index, more] of [{}, { version: null }].entries()) {
      const payload = await change('update', { ...more, [field]: `Writer ${index}` }, `version ${field}`)
      expect(payload).toEqual({ [type]: { version: index + 2, [field]: `Writer ${index}` }, userErrors: [] })
    }
    const writes = Array.from({ length: 20 }, (_, index) =>
      change('update', { [field]: `Other ${index}` }, `version ${field}`),
    )
    const payloads = await Promise.all(writes)
    expect(payloads.flatMap(({ userErrors }) => userErrors)).toEqual([])
    const written = payloads.map((payload) => payload[type] as Record<string, unknown>)
    const versions = written.map(({ version }) => Number(version)).sort((a, b) => a - b)
    expect(versions).toEqual(Array.from({ length: 20 }, (_, index) => index + 4))
    const last = written.find(({ version }) => version === 23)
    expect((await change('update', {}, `version ${field}`))[type]).toEqual(last)
  })

  test('is not needed to delete and to restore, and is compared where it is given', async () => {
    const { tenant, change } = await open(type)
    const conflict = (currentVersion: number) =>
      userError('CONFLICT', ['version'], `The ${type} changed since it was read.`, { currentVersion })
    const refused = async (mutation: string, version: number, current: number) => {
      const before = await desk.rowsOf(tenant)
      expect(await change(mutation, { version })).toEqual({ [type]: null, userErrors: [conflict(current)] })
      expect(await desk.rowsOf(tenant)).toEqual(before)
    }
    await refused('delete', 2, 1)
    expect(await change('delete', {}, 'version')).toEqual({ [type]: { version: 2 }, userErrors: [] })
    await refused('restore', 1, 2)
    expect(await change('restore', {}, 'version')).toEqual({ [type]: { version: 3 }, userErrors: [] })
    await refused('restore', 2, 3)
    await change('delete', { version: 3 }, 'version')
    expect(await change('restore', { version: 4 }, 'version')).toEqual({ [type]: { version: 5 }, userErrors: [] })
  })

  test('stays where nothing changes: no row is written, and the payload says so', async () => {
    const { tenant, admin, id, input } = await open(type)
    const before = await desk.rowsOf(tenant)
    const save = (more: object) =>
      desk.mutate(admin, `update${TYPES[type]}`, { id, ...more }, `isChanged ${type} { version updatedAt }`, LATER)
    const same = { version: 1, updatedAt: CREATED.toISOString() }
    const empty = { emailAddresses: {}, phoneNumbers: { add: [], update: [], remove: [] } }
    const events = await desk.api.statements(async () => {
      for (const more of [{}, { version: 1 }, input, { ...input, ...empty, version: 1 }]) {
        expect(await save(more)).toEqual({ isChanged: false, [type]: same, userErrors: [] })
      }
    })
    expect(events.map(({ label }) => label).filter((label) => WRITES.test(label))).toEqual([])
    expect(await desk.rowsOf(tenant)).toEqual(before)
    const changed = { version: 2, updatedAt: LATER.toISOString() }
    expect(await save({ ...input, notes: 'Others' })).toEqual({ isChanged: true, [type]: changed, userErrors: [] })
  })

  test('stays where a record that lives is restored', async () => {
    const { tenant, admin, id } = await open(type)
    const restore = () =>
      desk.mutate(admin, `restore${TYPES[type]}`, { id }, `isChanged ${type} { version updatedAt }`, LATER)
    const before = await desk.rowsOf(tenant)
    const same = { version: 1, updatedAt: CREATED.toISOString() }
    expect(await restore()).toEqual({ isChanged: false, [type]: same, userErrors: [] })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    await desk.mutate(admin, `delete${TYPES[type]}`, { id })
    expect(await restore()).toMatchObject({ isChanged: true, [type]: { version: 3 } })
  })
})

const CASES = OWNERS.flatMap((owner) => KIND_SAMPLES.map((sample) => [sample.list, owner, sample] as const))

describe.each(CASES)('%s of a %s', (_list, owner, sample) => {
  const { kind, record, fields, input, change } = sample
  const OWNER = 'owner { ... on Contact { version } ... on Company { version } }'

  test('that are saved as they are make no version', async () => {
    const settings = { uniqueEmails: true }
    const { tenant, admin, ownerId, rowIds } = await openOwner(desk, owner, sample, 2, CREATED, settings)
    const [first, second] = rowIds as [string, string]
    await desk.mutate(admin, `update${kind}`, { id: second, ...change.input }, '', CREATED)
    const before = await desk.rowsOf(tenant)
    const save = (mutation: string, more: object) =>
      desk.mutate(admin, mutation, more, `isChanged ${record} { id isPrimary ${fields} } ${OWNER}`, LATER)
    const saved = async (mutation: string, more: object, isPrimary: boolean, row: object) =>
      expect(await save(mutation, more)).toEqual({
        isChanged: false,
        [record]: { id: isPrimary ? first : second, isPrimary, ...row },
        owner: { version: 2 },
        userErrors: [],
      })
    await saved(`update${kind}`, { id: first, ...input(1) }, true, sample.output(1))
    await saved(`update${kind}`, { id: first, isPrimary: true }, true, sample.output(1))
    await saved(`update${kind}`, { id: second, ...change.input, isPrimary: false }, false, change.output)
    await saved(`make${kind}Primary`, { id: first }, true, sample.output(1))
    const nested = {
      update: [
        { id: first, ...input(1) },
        { id: second, ...change.input },
      ],
    }
    const whole = { id: ownerId, [sample.list]: nested }
    const payload = await desk.mutate(admin, `update${TYPES[owner]}`, whole, `isChanged ${owner} { version }`, LATER)
    expect(payload).toEqual({ isChanged: false, [owner]: { version: 2 }, userErrors: [] })
    expect(await desk.rowsOf(tenant)).toEqual(before)
    expect(await save(`make${kind}Primary`, { id: second })).toMatchObject({ isChanged: true, owner: { version: 3 } })
  })
})
