import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import type { TestTenant } from '../../support/records.js'
import {
  before,
  bulkWorker,
  changeContacts,
  doJobs,
  jobOf,
  makeContacts,
  over,
  previewContacts,
  startContacts,
} from './bulk-desk.js'

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

const OPS = { jobTitle: { eq: 'Ops' } }
const update = (filter: object, values: object) => ({ action: 'UPDATE', filter, update: values })
const start = (principal: Principal, change: object, hash: string) =>
  desk.mutate(principal, 'startBulkContacts', { change, hash }, 'job { id }')

/** How many of the tenant's contacts have each value of a column, deleted ones too. */
async function counted(column: string): Promise<Record<string, number>> {
  const rows = await desk.sql(
    `select coalesce(${column}::text, '-') as value, count(*)::int from contacts where tenant_id = $1 group by 1`,
    [tenant.settings.id],
  )
  return Object.fromEntries(rows.map(({ value, count }) => [value, count]))
}

describe('a preview', () => {
  test('says how many, some of them, and a hash that only other records and another change alter', async () => {
    const ids = await makeContacts(desk, admin, 7, (index) => ({ jobTitle: index < 6 ? 'Ops' : 'Dev' }))
    const change = update(OPS, { department: 'Run' })
    const first = await previewContacts(desk, admin, change)
    expect([first.total, first.examples.length]).toEqual([6, 5])
    // Another value of one of them, and another order of the same fields.
    await desk.mutate(admin, 'updateContact', { id: ids[0], lastName: 'Lovelace' })
    const { filter, ...rest } = change
    expect((await previewContacts(desk, admin, { ...rest, filter })).hash).toBe(first.hash)
    const others = [
      update(OPS, { department: null }),
      update(OPS, { department: 'Run', notes: null }),
      update({ jobTitle: { in: ['Ops'] } }, { department: 'Run' }),
      { action: 'DELETE', filter: OPS },
    ]
    const hashes = await Promise.all(others.map(async (other) => (await previewContacts(desk, admin, other)).hash))
    expect(new Set([first.hash, ...hashes]).size).toBe(5)
    await desk.mutate(admin, 'updateContact', { id: ids[6], jobTitle: 'Ops' })
    expect((await previewContacts(desk, admin, change)).hash).not.toBe(first.hash)
  })

  test('refuses what no record is needed for', async () => {
    const refused = async (change: object) => {
      const { errors } = await desk.api.run(admin, PREVIEW, { input: change })
      return errors?.map(({ message, extensions }) => [extensions?.['code'], extensions?.['field'], message])
    }
    expect(await refused(update({}, {}))).toEqual([
      ['BAD_USER_INPUT', 'input.update', 'UPDATE needs at least one field that is set.'],
    ])
    expect(await refused({ action: 'DELETE', filter: {}, update: { jobTitle: 'x' } })).toEqual([
      ['BAD_USER_INPUT', 'input.update', 'It goes with the action UPDATE alone.'],
    ])
    expect(await refused({ action: 'OPT_OUT', filter: {}, optOut: [] })).toEqual([
      ['BAD_USER_INPUT', 'input.optOut', 'OPT_OUT needs at least one channel.'],
    ])
    expect(await refused(update({}, { jobTitle: 'x'.repeat(256) }))).toEqual([
      ['BAD_USER_INPUT', 'input.update.jobTitle', 'The text has 256 characters; at most 255 are allowed.'],
    ])
    expect(await refused({ action: 'RESTORE', filter: {}, search: 'ada' })).toEqual([
      ['BAD_USER_INPUT', 'input.search', 'Only live records are searched: look for deleted ones by the filter.'],
    ])
  })
})

const PREVIEW = 'query ($input: BulkContactsChangeInput!) { previewBulkContacts(input: $input) { total } }'

describe('starting', () => {
  test('is refused with CONFLICT where it finds other records than the preview did, and does nothing', async () => {
    await makeContacts(desk, admin, 3, () => ({ jobTitle: 'Ops' }))
    const change = update(OPS, { department: 'Run' })
    const { hash } = await previewContacts(desk, admin, change)
    await makeContacts(desk, admin, 1, () => ({ jobTitle: 'Ops' }))
    const message = (now: number) =>
      `It finds other records than the preview did, ${now} now, or isn't what was previewed: preview it again.`
    expect(await start(admin, change, hash)).toEqual({
      job: null,
      userErrors: [userError('CONFLICT', ['hash'], message(4))],
    })
    const { hash: again } = await previewContacts(desk, admin, change)
    expect(await start(admin, update(OPS, { department: 'Walk' }), again)).toEqual({
      job: null,
      userErrors: [userError('CONFLICT', ['hash'], message(4))],
    })
    expect(await desk.ask(admin, '{ jobs { id } }')).toEqual({ jobs: [] })
    expect((await start(admin, change, again)).userErrors).toEqual([])
  })

  test('is refused where nothing is found, and where the change is refused as such', async () => {
    const nothing = update(OPS, { department: 'Run' })
    const { hash } = await previewContacts(desk, admin, nothing)
    expect(await start(admin, nothing, hash)).toEqual({
      job: null,
      userErrors: [userError('BAD_USER_INPUT', ['change'], 'It finds no records.')],
    })
    const message = 'The text has 256 characters; at most 255 are allowed.'
    expect(await start(admin, update({}, { department: 'x'.repeat(256) }), hash)).toEqual({
      job: null,
      userErrors: [userError('BAD_USER_INPUT', ['change', 'update', 'department'], message)],
    })
  })

  test('needs the role of the single mutation, when it is asked for and when it is done', async () => {
    await makeContacts(desk, admin, 2)
    const remove = { action: 'DELETE', filter: {} }
    const member = tenant.principal('MEMBER')
    const { errors } = await desk.api.run(member, PREVIEW, { input: remove })
    expect(errors?.map(({ message, extensions }) => [extensions?.['code'], message])).toEqual([
      ['FORBIDDEN', 'DELETE needs the role MANAGER; yours is MEMBER.'],
    ])
    const id = await startContacts(desk, tenant.principal('MANAGER'), remove)
    await desk.sql("update users set role = 'MEMBER' where id = $1", [tenant.users.MANAGER])
    await doJobs(desk)
    expect(await jobOf(desk, admin, id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'FORBIDDEN', message: 'DELETE needs the role MANAGER; yours is MEMBER.' },
    })
    expect(await counted('deleted_at')).toEqual({ '-': 2 })
  })

  test("is about the tenant's own records alone", async () => {
    const { admin: stranger } = await openTenant(desk)
    await makeContacts(desk, stranger, 2, () => ({ jobTitle: 'Ops' }))
    await makeContacts(desk, admin, 1, () => ({ jobTitle: 'Ops' }))
    const id = await changeContacts(desk, admin, update(OPS, { department: 'Run' }))
    expect(await jobOf(desk, admin, id)).toEqual(over({ read: 1, updated: 1 }))
    expect(await jobOf(desk, stranger, id)).toBeNull()
    const { contacts } = await desk.ask(stranger, '{ contacts { nodes { department } } }')
    expect(contacts.nodes).toEqual([{ department: null }, { department: null }])
  })
})

describe('a job', () => {
  test('sets, deletes, restores, gives an owner, opts out, and finds by search and custom fields', async () => {
    await makeContacts(desk, admin, 4, (index) => ({
      jobTitle: index < 3 ? 'Ops' : 'Dev',
      ...{ emailOptIn: true, smsOptIn: true, emailAddresses: [{ email: `a${index}@example.com` }] },
    }))
    const done = over({ read: 3, updated: 3 })
    const does = async (change: object) => jobOf(desk, admin, await changeContacts(desk, admin, change))
    expect(await does(update(OPS, { department: 'Run' }))).toEqual(done)
    expect(await counted('department')).toEqual({ Run: 3, '-': 1 })
    expect(await does(update(OPS, { department: 'Run' }))).toEqual(over({ read: 3, unchanged: 3 }))
    expect(await does({ action: 'SET_OWNER', filter: OPS, ownerId: tenant.users.MEMBER })).toEqual(done)
    expect(await counted('owner_id')).toEqual({ [tenant.users.MEMBER]: 3, '-': 1 })
    expect(await does({ action: 'OPT_OUT', filter: OPS, optOut: ['EMAIL'] })).toEqual(done)
    expect([await counted('email_opt_in'), await counted('sms_opt_in')]).toEqual([{ true: 1, false: 3 }, { true: 4 }])
    const opted = await desk.sql(
      'select count(*)::int, count(opted_out_at)::int as out from email_addresses where tenant_id = $1',
      [tenant.settings.id],
    )
    expect(opted).toEqual([{ count: 4, out: 3 }])
    expect(await does({ action: 'DELETE', filter: OPS })).toEqual(done)
    expect(await does({ action: 'RESTORE', filter: OPS })).toEqual(done)
    expect(await counted('deleted_at')).toEqual({ '-': 4 })
    expect(await does({ ...update({}, { department: 'Found' }), search: 'ada 3' })).toEqual(
      over({ read: 1, updated: 1 }),
    )
    expect(await desk.sql('select count(*)::int from job_targets where tenant_id = $1', [tenant.settings.id])).toEqual([
      { count: 0 },
    ])
  })

  test('does so with companies too', async () => {
    const rows = [
      { name: 'Acme', status: 'LEAD' },
      { name: 'Bolt', status: 'PARTNER' },
    ]
    await desk.mutate(admin, 'bulkCreateCompanies', { rows })
    const change = { action: 'SET_OWNER', filter: { status: { eq: 'LEAD' } }, ownerId: tenant.users.MEMBER }
    const query = `query ($input: BulkCompaniesChangeInput!) { previewBulkCompanies(input: $input) { hash examples { name } } }`
    const { previewBulkCompanies: preview } = await desk.ask(admin, query, { input: change })
    expect(preview.examples).toEqual([{ name: 'Acme' }])
    const payload = await desk.mutate(admin, 'startBulkCompanies', { change, hash: preview.hash }, 'job { id }')
    await doJobs(desk)
    expect(await jobOf(desk, admin, payload['job'].id as string)).toEqual(over({ read: 1, updated: 1 }))
    const { companies } = await desk.ask(
      admin,
      '{ companies(orderBy: [{ field: NAME }]) { nodes { owner { role } } } }',
    )
    expect(companies.nodes).toEqual([{ owner: { role: 'MEMBER' } }, { owner: null }])
  })

  test('leaves alone what the filter no longer finds, lists what is refused, and its books balance', async () => {
    const ids = await makeContacts(desk, admin, 5, () => ({ jobTitle: 'Ops' }))
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
    const id = await startContacts(desk, admin, update(OPS, { companyId: company.id }))
    await desk.mutate(admin, 'updateContact', { id: ids[0], jobTitle: 'Dev' })
    await desk.mutate(admin, 'deleteContact', { id: ids[1] })
    await desk.mutate(admin, 'destroyContact', { id: ids[2] })
    await desk.mutate(admin, 'deleteCompany', { id: company.id })
    await doJobs(desk)
    const problem = (recordId: string | undefined) => ({
      ...{ recordType: 'CONTACT', recordId, code: 'NOT_FOUND', message: 'There is no such company.' },
    })
    expect(await jobOf(desk, admin, id)).toEqual(
      over({ read: 5, skipped: 3, failed: 2 }, { problems: [ids[3], ids[4]].toSorted().map(problem) }),
    )
  })

  test('goes on where it was killed, ends where it is canceled, and has as many statements a chunk for 1 record as for 500', async () => {
    await makeContacts(desk, admin, 1001, () => ({ jobTitle: 'Ops' }))
    let isKilled = false
    const kill = before((chunk) => {
      if (chunk !== 1 || isKilled) return
      isKilled = true
      throw new Error('killed')
    })
    const id = await startContacts(desk, admin, update(OPS, { department: 'Run' }))
    await bulkWorker(desk, kill).drain()
    expect([isKilled, await counted('department')]).toEqual([true, { Run: 500, '-': 501 }])
    await desk.sql('update jobs set lease_until = null where id = $1', [id])
    const labels: string[][] = []
    const statements = await desk.api.statements(() => doJobs(desk))
    for (const { label } of statements) {
      if (label.startsWith('lockListed')) labels.push([])
      if (labels.length > 0 && !/Lease|Job$|Jobs$|findTargets/.test(label)) labels.at(-1)?.push(label)
    }
    expect(await jobOf(desk, admin, id)).toEqual(over({ read: 1001, updated: 1001 }))
    const chunk = ['lockListed.contacts', 'lockRecords.contacts', 'updateRows.contacts', 'keepBefore']
    expect(labels.map((own) => own.filter((label) => !/ActiveUser|Definitions|deleteTargets/.test(label)))).toEqual([
      chunk,
      chunk,
    ])
    expect(await counted('version')).toEqual({ 2: 1001 })
    const second = await startContacts(desk, admin, update(OPS, { department: 'Walk' }))
    const cancel = before(async (number) => {
      if (number === 1) await desk.mutate(admin, 'cancelJob', { id: second })
    })
    await bulkWorker(desk, cancel).drain()
    expect(await jobOf(desk, admin, second)).toEqual(
      over(
        { read: 1000, updated: 1000 },
        { status: 'CANCELED', rows: { ...over({ read: 1000, updated: 1000 }).rows, total: 1001 } },
      ),
    )
    expect(await counted('department')).toEqual({ Walk: 1000, Run: 1 })
    expect(await desk.sql('select count(*)::int from job_targets where tenant_id = $1', [tenant.settings.id])).toEqual([
      { count: 0 },
    ])
  })

  test('and single writes of the same records at once lose nothing, and meet no deadlock', async () => {
    const ids = await makeContacts(desk, admin, 60, () => ({ jobTitle: 'Ops' }))
    const id = await startContacts(desk, admin, update(OPS, { department: 'Run' }))
    const writes = ids
      .toReversed()
      .map((own, index) => desk.mutate(admin, 'updateContact', { id: own, lastName: `L ${index}` }, 'contact { id }'))
    const [answers] = await Promise.all([Promise.all(writes), doJobs(desk)])
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([])
    expect(await jobOf(desk, admin, id)).toEqual(over({ read: 60, updated: 60 }))
    expect([await counted('department'), await counted('version')]).toEqual([{ Run: 60 }, { 3: 60 }])
    expect(Object.keys(await counted('last_name'))).toHaveLength(60)
    expect(desk.api.faults).toEqual([])
  })
})
