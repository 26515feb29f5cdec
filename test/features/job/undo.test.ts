import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createScope, FULL_ACCESS } from '../../../src/access/scope.js'
import { CONTACT_KIND } from '../../../src/features/contact/contact.kind.js'
import type { JobHandlers } from '../../../src/features/job/job.js'
import { createJob } from '../../../src/features/job/job.service.js'
import type { Principal } from '../../../src/lib/principal.js'
import { upsertRecords } from '../../../src/records/upsert.js'
import { createField } from '../custom-field/support/fields.js'
import { bulkWorker, changeContacts, jobOf, makeContacts, over, undo } from '../bulk/bulk-desk.js'
import { openDesk, openTenant, userError, type Desk } from '../../support/desk.js'
import type { TestTenant } from '../../support/records.js'

let desk: Desk
let tenant: TestTenant
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
})
beforeEach(async () => {
  ;({ tenant, admin } = await openTenant(desk, { uniqueEmails: true }))
})
afterAll(() => desk.close())

const undone = (rows: Parameters<typeof over>[0], more = {}) => over(rows, { kind: 'UNDO', ...more })
const problem = (recordId: string | undefined, code: string, message: string) => ({
  ...{ recordType: 'CONTACT', recordId, code, message },
})
const CHANGED = 'The contact changed since it was read.'

type Row = Record<string, unknown>

/** All rows of the tenant without what every write alters: moments, and versions unless they are asked for. */
async function rows(left: readonly string[] = ['updated_at', 'version', 'created_at']): Promise<Record<string, Row[]>> {
  const all = (await desk.rowsOf(tenant)) as Record<string, Row[]>
  const search = await desk.sql(
    'select to_jsonb(s) as row from contact_search s where tenant_id = $1 order by contact_id',
    [tenant.settings.id],
  )
  const kept = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([name]) => !left.includes(name)))
  return Object.fromEntries(
    Object.entries({ ...all, contact_search: search.map(({ row }) => row as Row) }).map(([table, own]) => [
      table,
      own.map(kept),
    ]),
  )
}

/**
 * Runs a job of kind IMPORT that upserts rows by their ids in another system, `calls` of them one after the other, and in
 * between what else happens.
 */
async function importContacts(
  calls: readonly (readonly object[])[],
  between?: () => Promise<unknown>,
): Promise<string> {
  const scope = createScope(admin, desk.api.registry, new Date(), FULL_ACCESS)
  const { job } = await createJob(scope, desk.api.services, { kind: 'IMPORT', options: {} })
  const imports = (handlers: JobHandlers): JobHandlers => ({
    ...handlers,
    IMPORT: {
      isBalanced: false,
      open: (_scope, { cursor }) => {
        let at = (cursor as number | null) ?? 0
        return Promise.resolve({
          async next() {
            if (at > 0) await between?.()
            return at < calls.length ? at++ : null
          },
          async run(run, chunk: number) {
            const outcomes = await upsertRecords(
              { ...run.scope, jobId: run.job.id },
              run.change,
              CONTACT_KIND,
              (calls[chunk] ?? []) as Row[],
              () => [],
              { mode: 'PARTIAL', matchBy: 'EXTERNAL_ID', customFieldKey: null, onDeleted: 'RESTORE' },
            )
            expect(outcomes.flatMap(({ userErrors }) => userErrors)).toEqual([])
            return { cursor: chunk + 1 }
          },
        })
      },
    },
  })
  await bulkWorker(desk, imports).drain()
  expect(await jobOf(desk, admin, job.id)).toMatchObject({ status: 'SUCCEEDED' })
  return job.id
}

describe('undoJob', () => {
  test('gives records back exactly what they had, contact info, custom fields and search rows included', async () => {
    await createField(desk, admin, { key: 'code', isUnique: true, isSearchable: true })
    await createField(desk, admin, { key: 'size', type: 'CURRENCY' })
    const { company } = await desk.mutate(admin, 'createCompany', { name: 'Acme' }, 'company { id }')
    const ids = await makeContacts(desk, admin, 3, (index) => ({
      ...{ externalId: `E-${index}`, jobTitle: 'Ops', birthDate: '1980-05-17', notes: 'né à “Genève”\n\\ {a,b}' },
      emailAddresses: [{ email: `a${index}@example.com` }, { email: `b${index}@example.com`, type: 'PERSONAL' }],
      phoneNumbers: [{ number: '+1 212 555 0123', extension: '12' }],
      addresses: [{ line1: '1, Main Street', city: 'Bern', country: 'CH', latitude: 46.948, longitude: 7.4474 }],
      customFields: [
        { key: 'code', text: `c${index}` },
        ...(index === 1 ? [{ key: 'size', currency: { amount: '12.5', code: 'CHF' } }] : []),
      ],
    }))
    const before = await rows()
    const id = await importContacts([
      [
        {
          ...{
            externalId: 'E-0',
            firstName: 'Grace',
            birthDate: null,
            notes: null,
            companyId: company.id,
            emailOptIn: true,
          },
          emailAddresses: {
            add: [{ email: 'new@example.com', isPrimary: true }],
            remove: [await infoId('b0@example.com')],
          },
          phoneNumbers: [{ number: '+1 212 555 0199' }],
          addresses: { remove: [await infoId('1, Main Street', ids[0])] },
          customFields: [
            { key: 'code', text: 'other' },
            { key: 'size', currency: { amount: '1', code: 'EUR' } },
          ],
        },
        {
          externalId: 'E-1',
          customFields: [
            { key: 'code', text: null },
            { key: 'size', currency: null },
          ],
        },
        {
          externalId: 'E-9',
          firstName: 'New',
          emailAddresses: [{ email: 'b0@example.com' }],
          customFields: [{ key: 'code', text: 'c0' }],
        },
      ],
      [
        { externalId: 'E-0', firstName: 'Again', emailAddresses: [{ email: 'more@example.com' }] },
        { externalId: 'E-9', lastName: 'Twice' },
      ],
    ])
    expect(await rows()).not.toEqual(before)
    expect(await jobOf(desk, admin, await undo(desk, admin, id))).toEqual(undone({ read: 3, updated: 3 }))
    const after = await rows()
    const made = (row: Row): boolean => row['external_id'] === 'E-9' || row['entity_id'] === madeId
    const madeId = after['contacts']?.find(({ external_id: own }) => own === 'E-9')?.['id']
    expect(after['contacts']?.find(({ external_id: own }) => own === 'E-9')?.['deleted_at']).toEqual(expect.any(String))
    const kept = Object.fromEntries(
      Object.entries(after).map(([table, own]) => [table, own.filter((row) => !made(row))]),
    )
    expect(kept).toEqual(before)
    const versions = await desk.sql('select external_id, version from contacts where tenant_id = $1 order by 1', [
      tenant.settings.id,
    ])
    expect(versions).toEqual([
      { external_id: 'E-0', version: 4 },
      { external_id: 'E-1', version: 3 },
      { external_id: 'E-2', version: 1 },
      { external_id: 'E-9', version: 3 },
    ])
    expect(await jobOf(desk, admin, await undo(desk, admin, id))).toEqual(undone({}))
  })

  test('restores what a job deleted, and deletes what it restored, with all that the job changed of it', async () => {
    const ids = await makeContacts(desk, admin, 3, (index) => ({
      ...{ externalId: `E-${index}`, emailAddresses: [{ email: `a${index}@example.com` }] },
    }))
    const before = await rows()
    const id = await changeContacts(desk, admin, { action: 'DELETE', filter: {} })
    expect((await rows())['contact_search']).toEqual([])
    const deleted = await rows(['updated_at', 'version', 'created_at', 'deleted_at'])
    const restored = await importContacts([
      [{ externalId: 'E-1', firstName: 'Back', emailAddresses: [{ email: 'x@example.com' }] }],
    ])
    expect(await jobOf(desk, admin, await undo(desk, admin, restored))).toEqual(undone({ read: 1, updated: 1 }))
    expect(await rows(['updated_at', 'version', 'created_at', 'deleted_at'])).toEqual(deleted)
    // The one that came back and went again was changed since it was deleted first.
    expect(await jobOf(desk, admin, await undo(desk, admin, id))).toEqual(
      undone({ read: 3, updated: 2, skipped: 1 }, { problems: [problem(ids[1], 'CONFLICT', CHANGED)] }),
    )
    await desk.mutate(admin, 'restoreContact', { id: ids[1] })
    expect(await rows()).toEqual(before)
  })

  test('leaves alone what was changed since, or between two changes of the job, and lists it', async () => {
    const ids = await makeContacts(desk, admin, 4, (index) => ({ externalId: `E-${index}`, jobTitle: 'Ops' }))
    const id = await importContacts(
      [
        ids.map((_, index) => ({ externalId: `E-${index}`, jobTitle: 'Dev' })),
        [{ externalId: 'E-1', department: 'Run' }],
      ],
      () => desk.mutate(admin, 'updateContact', { id: ids[1], notes: 'by hand' }),
    )
    await desk.mutate(admin, 'updateContact', { id: ids[2], lastName: 'by hand' })
    await desk.mutate(admin, 'destroyContact', { id: ids[3] })
    const before = await rows()
    const problems = [
      problem(ids[1], 'CONFLICT', 'It was changed by others while the job ran.'),
      problem(ids[2], 'CONFLICT', CHANGED),
      problem(ids[3], 'NOT_FOUND', 'There is no such contact.'),
    ].sort((a, b) => ((a.recordId ?? '') < (b.recordId ?? '') ? -1 : 1))
    expect(await jobOf(desk, admin, await undo(desk, admin, id))).toEqual(
      undone({ read: 4, updated: 1, skipped: 3 }, { problems }),
    )
    const after = await rows()
    expect(after['contacts']).toEqual(
      before['contacts']?.map((row) =>
        row['id'] === ids[0] ? { ...row, job_title: 'Ops', job_title_folded: 'ops' } : row,
      ),
    )
  })

  test('refuses a record whose unique values another has by now, and a field that is gone; the rest is taken back', async () => {
    const field = await createField(desk, admin, { key: 'code' })
    const ids = await makeContacts(desk, admin, 4, (index) => ({
      ...{ externalId: `E-${index}`, jobTitle: 'Ops', emailAddresses: [{ email: `a${index}@example.com` }] },
      ...(index === 2 ? { customFields: [{ key: 'code', text: 'c' }] } : {}),
    }))
    const id = await importContacts([
      [
        { externalId: 'E-0', jobTitle: 'Dev', emailAddresses: { remove: [await infoId('a0@example.com')] } },
        { externalId: 'E-1', jobTitle: 'Dev' },
        { externalId: 'E-2', customFields: [{ key: 'code', text: 'd' }] },
        { externalId: 'E-3', jobTitle: 'Dev', emailAddresses: { remove: [await infoId('a3@example.com')] } },
      ],
    ])
    const [other] = await makeContacts(desk, admin, 1, () => ({ emailAddresses: [{ email: 'A0@example.com' }] }))
    await desk.sql('delete from custom_field_values where definition_id = $1', [field.id])
    await desk.sql('delete from custom_field_definitions where id = $1', [field.id])
    expect(other).toEqual(expect.any(String))
    const problems = [
      problem(ids[0], 'ALREADY_EXISTS', 'Another record has the e-mail address a0@example.com.'),
      problem(ids[2], 'BAD_USER_INPUT', 'A custom field that it had a value of is gone, or has another type now.'),
    ].sort((a, b) => ((a.recordId ?? '') < (b.recordId ?? '') ? -1 : 1))
    expect(await jobOf(desk, admin, await undo(desk, admin, id))).toEqual(
      undone({ read: 4, updated: 2, failed: 2 }, { problems }),
    )
    const stored = await desk.sql(
      `select c.job_title, e.email from contacts c left join email_addresses e on e.entity_id = c.id
        where c.external_id is not null and c.tenant_id = $1 order by c.external_id`,
      [tenant.settings.id],
    )
    expect(stored).toEqual([
      { job_title: 'Dev', email: null },
      { job_title: 'Ops', email: 'a1@example.com' },
      { job_title: 'Ops', email: 'a2@example.com' },
      { job_title: 'Ops', email: 'a3@example.com' },
    ])
    // Once the address is free, the rest is taken back too.
    await desk.mutate(admin, 'deleteContact', { id: other })
    expect(await jobOf(desk, admin, await undo(desk, admin, id))).toMatchObject(
      undone({ read: 2, updated: 1, failed: 1 }, { problems: [{}] }),
    )
  })

  test('is refused before the job is over, after 30 days, for other kinds, another tenant and a MEMBER', async () => {
    const [own] = await makeContacts(desk, admin, 1)
    expect(own).toEqual(expect.any(String))
    const id = await changeContacts(desk, admin, { action: 'UPDATE', filter: {}, update: { jobTitle: 'Ops' } })
    const asked = (principal: Principal, now = new Date(), job = id) =>
      desk.mutate(principal, 'undoJob', { id: job }, 'job { id }', now)
    const refused = (code: string, message: string) => ({ job: null, userErrors: [userError(code, ['id'], message)] })
    const { admin: stranger } = await openTenant(desk)
    expect(await asked(stranger)).toEqual(refused('NOT_FOUND', 'There is no such job.'))
    const { job } = await desk.ask(admin, 'query ($id: ID!) { job(id: $id) { createdAt undoableUntil } }', { id })
    const until = new Date(job.undoableUntil as string)
    expect(until.getTime() - Date.parse(job.createdAt as string)).toBe(30 * 86_400_000)
    expect(await asked(admin, until)).toEqual(refused('BAD_USER_INPUT', 'After 30 days nothing is taken back.'))
    await expect(asked(tenant.principal('MEMBER'))).rejects.toThrow('This needs the role MANAGER; yours is MEMBER.')
    await desk.sql("update jobs set status = 'RUNNING', finished_at = null where id = $1", [id])
    expect(await asked(admin)).toEqual(
      refused('BAD_USER_INPUT', 'The job is not over: cancel it first, or wait for its end.'),
    )
    await desk.sql("update jobs set status = 'SUCCEEDED', finished_at = now() where id = $1", [id])
    const undoing = await undo(desk, admin, id)
    expect(await asked(admin, new Date(), undoing)).toEqual(
      refused('BAD_USER_INPUT', 'Only imports and changes by a filter can be taken back.'),
    )
  })
})

/** The id of an e-mail address, or of a postal address by its first line. */
async function infoId(value: string, ownerId: string | null = null): Promise<string> {
  const found = await desk.sql(
    `select id from (select id, tenant_id, entity_id, email as value from email_addresses
        union all select id, tenant_id, entity_id, line1 from addresses) as i
      where tenant_id = $1 and value = $2 and ($3::uuid is null or entity_id = $3)`,
    [tenant.settings.id, value, ownerId],
  )
  return String(found[0]?.['id'])
}
