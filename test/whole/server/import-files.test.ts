import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { importsOver } from '../support/import-over-http.js'

let server: HttpServer
let client: pg.Client
let imports: ReturnType<typeof importsOver>

const LIMIT = 3_000_000
const NONE = { read: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }

beforeAll(async () => {
  server = await startHttpServer({ worker: 'on', uploadLimitBytes: LIMIT, isLocal: false })
  imports = importsOver(server)
  client = new pg.Client({ connectionString: server.clone.adminUrl })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await server.close()
})

const query = async (text: string) => (await client.query<Record<string, unknown>>(text)).rows
const count = () => query('select count(*)::int as files from import_files')

async function importOf(text: string, more: object = {}) {
  const { body } = await imports.upload(text)
  const mapping = [
    { column: 'Name', key: 'lastName' },
    { column: 'E-mail', key: 'emailAddresses.1.email' },
  ]
  const { job } = await imports.start({ fileId: body['id'], type: 'CONTACT', mapping, ...more })
  if (!job) throw new Error('refused')
  return { id: job.id, job: await imports.finished(job.id) }
}

test('a file is uploaded, imported, its refused rows downloaded, corrected and imported', async () => {
  const text =
    'Name;E-mail;Note\r\nLovelace;ada@example.com;"a ""b"", c"\r\nBad;not an address;"=1+1\nand more"\r\nRagged\r\n'
  const { id, job } = await importOf(text)
  expect(job).toEqual({
    status: 'SUCCEEDED',
    error: null,
    rows: { ...NONE, read: 3, created: 1, failed: 2 },
    import: { errorFile: `/import/${id}/errors.csv`, failures: expect.any(Array) },
  })
  const { response, text: errors } = await imports.errorsOf(id)
  expect([response.status, response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'attachment; filename="people-errors.csv"',
  ])
  expect(errors).toBe(
    '\uFEFFName,E-mail,Note,error.row,error.column,error.code,error.message\n' +
      `Bad,not an address,"'=1+1\nand more",3,E-mail,BAD_USER_INPUT,“not an address” is not an e-mail address: it has no @.\n` +
      'Ragged,,,5,,RAGGED_ROW,"Cells in the row: 1; columns in the header: 3. Write a cell for each column, empty ones ' +
      'too, and quotes around cells that hold the separator."\n',
  )
  const corrected = errors.replace('not an address', 'bad@example.com')
  expect((await importOf(corrected)).job['rows']).toEqual({ ...NONE, read: 2, created: 2 })
})

describe('uploads', () => {
  test.each([
    ['no boundary', 'multipart/form-data', '--x\r\n'],
    [
      'a boundary that is too long',
      `multipart/form-data; boundary=${'x'.repeat(300)}`,
      `--${'x'.repeat(300)}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName\r\n--${'x'.repeat(300)}--\r\n`,
    ],
    [
      'no end behind its file',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName\r\n--x\r\n',
    ],
    [
      'no end',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName',
    ],
  ])('of a form with %s are refused', async (_, type, body) => {
    const before = await count()
    const response = await fetch(`${server.base}/import/files`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${await server.token('MEMBER')}` },
      body,
    })
    const message =
      'The form is broken off, or has no boundary that can be used. Send the file as `curl -F file=@people.csv` does.'
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
    ])
    expect(await count()).toEqual(before)
  })

  test('of two parts come back as they were sent', async () => {
    const bytes = new Uint8Array(1_500_000).map((_, index) => index % 251)
    const { status, body } = await imports.upload(bytes, '../../etc/pass\u0000wd.csv')
    expect([status, body]).toEqual([201, { id: body['id'], name: 'passwd.csv', sizeBytes: 1_500_000 }])
    const [stored] = await query(
      `select count(*)::int as parts, max(length(bytes)) as longest, encode(sha256(string_agg(bytes, '' order by number)), 'hex') as hash
       from import_file_parts where file_id = '${String(body['id'])}'`,
    )
    const hash = createHash('sha256').update(bytes).digest('hex')
    expect(stored).toEqual({ parts: 2, longest: expect.any(Number), hash })
    expect(stored?.['longest']).toBeLessThanOrEqual(1_048_576)
  })

  test('that are too large leave nothing behind', async () => {
    const before = await count()
    const { status, body } = await imports.upload(new Uint8Array(LIMIT + 1))
    expect([status, (body['errors'] as { extensions: object }[])[0]]).toEqual([
      413,
      {
        message: 'A file may have 3,000,000 bytes at most.',
        extensions: { code: 'LIMIT_BODY', requestId: expect.any(String) },
      },
    ])
    expect(await count()).toEqual(before)
  })

  test('of two files in one form are refused: the second one would be lost', async () => {
    const before = await count()
    const form = new FormData()
    for (const name of ['a.csv', 'b.csv']) form.append('file', new Blob(['Name\nAda\n']), name)
    const headers = { authorization: `Bearer ${await server.token('MEMBER')}` }
    const response = await fetch(`${server.base}/import/files`, { method: 'POST', body: form, headers })
    const message = 'A form has one file, and 10 other fields at most: send each file in a form of its own.'
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ message, extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) } }] },
    ])
    expect(await count()).toEqual(before)
  })

  test('of a form with fields before and behind the file are taken', async () => {
    const form = new FormData()
    form.set('before', 'x')
    form.set('file', new Blob(['Name\nAda\n']), 'a.csv')
    for (let index = 0; index < 9; index++) form.append('behind', 'x')
    const headers = { authorization: `Bearer ${await server.token('MEMBER')}` }
    const response = await fetch(`${server.base}/import/files`, { method: 'POST', body: form, headers })
    expect([response.status, await response.json()]).toMatchObject([201, { name: 'a.csv', sizeBytes: 9 }])
  })

  test('are refused before their bytes are read: 401 without a token, 403 for a VIEWER', async () => {
    const before = await count()
    const codes = await Promise.all(
      ['nobody', await server.token('VIEWER')].map((token) => imports.upload('A\n1\n', 'a.csv', token)),
    )
    expect(codes.map(({ status }) => status)).toEqual([401, 403])
    expect(await count()).toEqual(before)
  })

  test('need a form with a file', async () => {
    const headers = { authorization: `Bearer ${await server.token()}`, 'content-type': 'text/csv' }
    const url = `${server.base}/import/files`
    expect((await fetch(url, { method: 'POST', body: 'A\n1\n', headers })).status).toBe(415)
    const form = new FormData()
    form.set('name', 'x')
    const { authorization } = headers
    expect((await fetch(url, { method: 'POST', body: form, headers: { authorization } })).status).toBe(400)
  })
})

test('refused rows are for members, and of imports alone', async () => {
  const { id } = await importOf('Name,E-mail\nA,bad\n')
  expect((await imports.errorsOf(id, 'VIEWER')).response.status).toBe(403)
  expect((await imports.errorsOf('019a0000-0000-7000-8000-000000000000')).response.status).toBe(404)
  expect((await imports.errorsOf('x')).response.status).toBe(404)
  const headers = { authorization: `Bearer ${await server.token('MEMBER')}` }
  const head = await fetch(`${server.base}/import/${id}/errors.csv`, { method: 'HEAD', headers })
  expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET'])
})
