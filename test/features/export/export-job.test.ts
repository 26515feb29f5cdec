import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { createDownloadLinks } from '../../../src/features/export/download-link.js'
import { exportHandler } from '../../../src/features/export/export-job.js'
import type { JobHandler, JobSession } from '../../../src/features/job/job.js'
import type { Services } from '../../../src/graphql/services.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import type { Role } from '../../../src/lib/principal.js'
import { createServices } from '../../../src/start/services.js'
import { createServerWorker } from '../../../src/start/server-jobs.js'
import { TEST_SECRET } from '../../support/api.js'
import { createTenant } from '../../support/records.js'
import { startHttpServer, type HttpServer } from '../../whole/support/http-server.js'
import { postExport, receive, sha256 } from './export-desk.js'

let server: HttpServer
let services: Services
let admin: pg.Client

const ROWS = 60
const CREATE = `mutation ($input: CreateContactExportInput!) { createContactExport(input: $input) {
  export { id status downloadPath job { id kind status } } userErrors { code message field } } }`
const READ = `query ($id: ID!) { export(id: $id) { status downloadPath rowCount sizeBytes sha256 finishedAt
  job { status rows { total read } error { code message } } } }`
const NOTES = { columns: ['externalId', 'notes'], orderBy: [{ field: 'CREATED_AT' }] }

// 60 notes of 60,000 random digits: packed, 2 MB, which are two parts of a file.
beforeAll(async () => {
  server = await startHttpServer()
  services = createServices(server.database, TEST_SECRET)
  admin = new pg.Client({ connectionString: server.clone.adminUrl })
  await admin.connect()
  const text = `insert into contacts (tenant_id, id, created_at, updated_at, external_id, notes)
    select $1::uuid, gen_random_uuid(), now() - i * interval '1 second', now(), i::text,
      (select string_agg(md5(i::text || j::text), '') from generate_series(1, 1900) as j)
    from generate_series(1, ${ROWS}) as i`
  await admin.query(text, [server.tenant.settings.id])
})

afterAll(async () => {
  await admin?.end()
  await server?.close()
})

async function ask(input: object = NOTES, role: Role = 'MEMBER'): Promise<string> {
  const { body } = await server.ask(CREATE, { input: { ...input, inBackground: true } }, role)
  return body.data['createContactExport'].export.id as string
}

const read = async (id: string, role: Role = 'MEMBER') => (await server.ask(READ, { id }, role)).body.data['export']

/** Does the jobs that are due, as the server does them; where `watched` is given, it lets sessions of exports go on. */
function work(watched?: (session: JobSession) => JobSession, own = services): Promise<void> {
  const handler = exportHandler(own) as JobHandler
  const EXPORT: JobHandler | undefined = watched && {
    ...handler,
    open: async (scope, job) => watched(await handler.open(scope, job)),
  }
  const log = { warn: () => undefined, info: () => undefined }
  return createServerWorker(own, log, EXPORT ? { handlers: { EXPORT } } : {}).drain()
}

async function files(): Promise<unknown[]> {
  const text = `select f.id::text, f.parts, (select count(*)::int from import_file_parts as p where p.file_id = f.id) as kept,
    f.expires_at - f.created_at = interval '1 day' as "isForADay" from import_files as f`
  return (await admin.query<object>(text)).rows
}

/** What one waits for and another opens. */
function createGate(): { readonly isOpen: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const isOpen = new Promise<void>((resolve) => (open = resolve))
  return { isOpen, open }
}

const NOTHING = { downloadPath: null, rowCount: null, sizeBytes: null, sha256: null }
const path = (found: string): URL => new URL(found, server.base)

test('an export by a job is the direct one to the last byte, and its download goes on where it broke', async () => {
  const { body } = await server.ask(CREATE, { input: { ...NOTES, inBackground: true } }, 'MEMBER')
  const { export: made, userErrors } = body.data['createContactExport']
  const job = { id: made.id, kind: 'EXPORT', status: 'QUEUED' }
  expect([made, userErrors]).toEqual([{ id: made.id, status: 'READY', downloadPath: null, job }, []])
  await work()
  const plain = (await postExport(server, { ...NOTES, type: 'CONTACT' })).text
  const done = await read(made.id)
  expect(done).toEqual({
    ...{ status: 'COMPLETED', rowCount: ROWS, sizeBytes: plain.length, sha256: sha256(plain) },
    ...{ downloadPath: expect.stringMatching(/^\/export\?token=eyJ/), finishedAt: expect.any(String) },
    job: { status: 'SUCCEEDED', rows: { total: ROWS, read: ROWS }, error: null },
  })
  expect(await files()).toEqual([{ id: expect.any(String), parts: 2, kept: 2, isForADay: true }])

  const whole = await receive(path(done.downloadPath), 'GET', { 'accept-encoding': 'gzip' })
  expect([whole.status, gunzipSync(whole.bytes).toString() === plain, whole.headers]).toEqual([
    200,
    true,
    expect.objectContaining({
      ...{ 'content-type': 'application/gzip', 'content-length': String(whole.bytes.length), 'accept-ranges': 'bytes' },
      ...{ etag: `"${made.id}"`, 'kith-rows': String(ROWS), 'kith-sha256': sha256(plain) },
      'content-disposition': expect.stringMatching(/^attachment; filename="contacts-[-0-9]{10}\.csv\.gz"$/),
    }),
  ])
  const size = whole.bytes.length
  for (const [range, from, to] of [
    ['bytes=0-99', 0, 100],
    [`bytes=${2 ** 20 - 5}-${2 ** 20 + 4}`, 2 ** 20 - 5, 2 ** 20 + 5],
    ['bytes=1200000-', 1_200_000, size],
    ['bytes=-7', size - 7, size],
  ] as const) {
    const { status, headers, bytes } = await receive(path(done.downloadPath), 'GET', {
      range,
      'if-range': `"${made.id}"`,
    })
    expect([status, headers['content-range'], bytes.equals(whole.bytes.subarray(from, to))]).toEqual([
      206,
      `bytes ${from}-${to - 1}/${size}`,
      true,
    ])
  }
  const outside = await receive(path(done.downloadPath), 'GET', { range: `bytes=${size}-` })
  expect([outside.status, outside.headers['content-range']]).toEqual([416, `bytes */${size}`])
  const another = await receive(path(done.downloadPath), 'GET', { range: 'bytes=0-99', 'if-range': '"another"' })
  expect([another.status, another.bytes.length]).toEqual([200, size])
})

test('the file is for who asked, as long as the address is good; other tenants find nothing', async () => {
  const id = await ask({ columns: ['externalId'] })
  await work()
  expect([await read(id, 'VIEWER'), (await read(id, 'ADMIN')).downloadPath]).toEqual([null, null])
  const other = await createTenant(server.database)
  const links = createDownloadLinks(deriveKey(TEST_SECRET, 'downloads'))
  const own = {
    exportId: id,
    tenantId: server.tenant.settings.id,
    userId: server.tenant.users.MEMBER,
    role: 'MEMBER',
  } as const
  const theirs = { ...own, tenantId: other.settings.id, userId: other.users.ADMIN, role: 'ADMIN' } as const
  const answers = []
  for (const [claims, seconds] of [
    [own, 60],
    [own, -1],
    [theirs, 60],
    [{ ...own, userId: server.tenant.users.VIEWER, role: 'VIEWER' }, 60],
  ] as const) {
    const signed = await links.sign(claims, new Date(Date.now() + seconds * 1000))
    answers.push((await receive(path(signed), 'GET', {})).status)
  }
  expect(answers).toEqual([200, 404, 404, 404])
})

test('an export that is canceled leaves no file', async () => {
  const before = await files()
  const id = await ask()
  let parts = 0
  await work((session) => ({
    ...session,
    async run(at, chunk) {
      parts++
      await server.ask('mutation ($id: ID!) { cancelJob(input: { id: $id }) { userErrors { message } } }', { id })
      return session.run(at, chunk)
    },
  }))
  expect([parts, await files()]).toEqual([1, before])
  const job = { status: 'CANCELED', rows: { total: null, read: expect.any(Number) }, error: null }
  expect(await read(id)).toEqual({ status: 'FAILED', ...NOTHING, finishedAt: expect.any(String), job })
})

test('an export whose worker is gone is begun anew by the next; half a file is never offered', async () => {
  const before = await files()
  const id = await ask()
  const [halfway, goOn] = [createGate(), createGate()]
  let next = 0
  const first = work((session) => ({
    ...session,
    async next() {
      if (++next === 2) {
        halfway.open()
        await goOn.isOpen
      }
      return session.next()
    },
  }))
  await halfway.isOpen
  const half = await read(id)
  expect([half.status, half.downloadPath, half.job.status, half.job.rows.read > 0]).toEqual([
    'RUNNING',
    null,
    'RUNNING',
    true,
  ])
  await admin.query('update jobs set lease_id = null, lease_until = null where id = $1', [id])
  await admin.query(`update contacts set notes = 'later' where external_id = '1'`)
  // Another process, with places of its own.
  await work(undefined, createServices(server.database, TEST_SECRET))
  goOn.open()
  await first
  const plain = (await postExport(server, { ...NOTES, type: 'CONTACT' })).text
  const done = await read(id)
  expect([done.status, done.sha256, done.job.rows]).toEqual(['COMPLETED', sha256(plain), { total: ROWS, read: ROWS }])
  expect(gunzipSync((await receive(path(done.downloadPath), 'GET', {})).bytes).toString() === plain).toBe(true)
  expect(await files()).toHaveLength(before.length + 1)
})

test('an export has the rights that its user has when it runs', async () => {
  const before = await files()
  const refused = await server.ask(CREATE, { input: { deleted: 'ONLY', inBackground: true } }, 'MEMBER')
  expect(refused.body.errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
  const id = await ask({ deleted: 'ONLY' }, 'MANAGER')
  const user = server.tenant.users.MANAGER
  await admin.query(`update users set role = 'MEMBER' where id = $1`, [user])
  await work()
  await admin.query(`update users set role = 'MANAGER' where id = $1`, [user])
  const error = { code: 'FORBIDDEN', message: 'Deleted records are for the role MANAGER; yours is MEMBER.' }
  const job = { status: 'FAILED', rows: { total: null, read: 0 }, error }
  expect(await read(id, 'ADMIN')).toEqual({ status: 'FAILED', ...NOTHING, finishedAt: expect.any(String), job })
  expect(await files()).toEqual(before)
})

test('a file that is larger than uploads may be fails its export, and goes', async () => {
  const before = await files()
  const id = await ask()
  await work(undefined, createServices(server.database, TEST_SECRET, { uploadLimitBytes: 1_000_000 }))
  const error = { code: 'BAD_USER_INPUT', message: 'A file may have 1,000,000 bytes at most.' }
  const job = { status: 'FAILED', rows: { total: null, read: 0 }, error }
  expect(await read(id)).toEqual({ status: 'FAILED', ...NOTHING, finishedAt: expect.any(String), job })
  expect(await files()).toEqual(before)
})

test('what is to be sent at once is not asked for in the background', async () => {
  const { status, text } = await postExport(server, { type: 'CONTACT', inBackground: true })
  const message = 'An export in the background is asked for by the mutation: nothing of it is there at once.'
  expect([status, JSON.parse(text)]).toEqual([
    400,
    { errors: [{ message, extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } }] },
  ])
})
