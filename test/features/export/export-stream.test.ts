import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { startHttpServer, startServerOver, type HttpServer } from '../../whole/support/http-server.js'
import { postExport, sha256 } from './export-desk.js'

let server: HttpServer
let admin: pg.Client

const ROWS = 3000

// 3,000 contacts of 5 kB each: more than sockets and streams hold on the way.
beforeAll(async () => {
  server = await startHttpServer({ exports: { atOnce: 2, totalMs: 60_000, idleMs: 60_000 } })
  admin = new pg.Client({ connectionString: server.clone.adminUrl })
  await admin.connect()
  const text = `insert into contacts (tenant_id, id, created_at, updated_at, first_name, external_id, notes)
    select $1::uuid, gen_random_uuid(), now() - i * interval '1 second', now(), 'N' || i, i::text, repeat('x', 5000)
    from generate_series(1, ${ROWS}) as i`
  await admin.query(text, [server.tenant.settings.id])
})

afterAll(async () => {
  await admin.end()
  await server.close()
})

beforeEach(async () => {
  await until(async () => (await exportConnections()).length === 0)
})

const NOTES = { type: 'CONTACT', columns: ['externalId', 'firstName', 'notes'], orderBy: [{ field: 'CREATED_AT' }] }

async function exportConnections(): Promise<{ pid: number; state: string }[]> {
  const text = `select pid, state from pg_stat_activity where application_name like 'kith-export-%' and datname = $1`
  return (await admin.query<{ pid: number; state: string }>(text, [server.clone.name])).rows
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Begins an export and reads nothing of it but its headers. */
async function begin(
  body: object = NOTES,
  more: Record<string, string> = {},
  base = server.base,
): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await server.token()}`, ...more }
  const asked = request(new URL('/export', base), { method: 'POST', headers, agent: false })
  asked.on('error', () => undefined)
  asked.end(JSON.stringify(body))
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}

async function statusOf(answer: IncomingMessage): Promise<string> {
  const id = String(answer.headers['kith-export-id'])
  let status = ''
  await until(async () => {
    const { body } = await server.ask('query ($id: ID!) { export(id: $id) { status } }', { id })
    status = body.data['export'].status as string
    return status !== 'RUNNING'
  })
  return status
}

describe('an export', () => {
  test('is of one moment: what is written while it is read is not seen', async () => {
    const answer = await begin()
    expect(await exportConnections()).toHaveLength(1)
    await admin.query(`update contacts set first_name = 'late' where external_id::int <= 20`)
    await admin.query(`insert into contacts (tenant_id, id, created_at, updated_at, first_name)
      values ('${server.tenant.settings.id}', gen_random_uuid(), now(), now(), 'new')`)
    const text = (await answer.setEncoding('utf8').toArray()).join('')
    const lines = text.trimEnd().split('\n').slice(1)
    expect(lines).toHaveLength(ROWS)
    expect(lines.map((line) => line.split(',').slice(0, 2).join())).toEqual(
      Array.from({ length: ROWS }, (_, index) => `${ROWS - index},N${ROWS - index}`),
    )
    expect(answer.trailers).toEqual({ 'kith-rows': String(ROWS), 'kith-sha256': sha256(text) })
    await admin.query(`delete from contacts where first_name = 'new'`)
    await admin.query(`update contacts set first_name = 'N' || external_id where first_name = 'late'`)
  })

  test('waits for a client that takes nothing, and frees its connection when that leaves', async () => {
    const answer = await begin()
    answer.pause()
    const [{ pid = 0 } = {}] = await exportConnections()
    await until(async () => (await exportConnections())[0]?.state === 'idle in transaction')
    expect((await exportConnections()).map((each) => each.pid)).toEqual([pid])
    answer.destroy()
    await until(async () => (await exportConnections()).length === 0)
    expect(await statusOf(answer)).toBe('FAILED')
  })

  test('that breaks is seen as broken', async () => {
    const answer = await begin()
    answer.pause()
    const [{ pid = 0 } = {}] = await exportConnections()
    await admin.query('select pg_terminate_backend($1)', [pid])
    await expect(answer.toArray()).rejects.toThrow(/aborted|ECONNRESET/)
    expect([answer.complete, answer.trailers]).toEqual([false, {}])
    expect(await statusOf(answer)).toBe('FAILED')
  })

  test('of HTTP/1.0, which has no chunks, is refused', async () => {
    const headers = [`Authorization: Bearer ${await server.token()}`, 'Content-Type: application/json']
    const socket = connect(Number(new URL(server.base).port), '127.0.0.1')
    const body = JSON.stringify(NOTES)
    socket.write(['POST /export HTTP/1.0', ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n'))
    const answer = (await socket.setEncoding('utf8').toArray()).join('')
    expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/)
    expect(answer).toContain('An export needs HTTP/1.1')
  })

  test('is compressed on the way, or as a file', async () => {
    const plain = (await postExport(server, NOTES)).text
    const onTheWay = await postExport(server, NOTES, { headers: { 'accept-encoding': 'br, gzip;q=0.5' } })
    expect([onTheWay.headers['content-encoding'], onTheWay.text === plain]).toEqual(['gzip', true])
    expect(onTheWay.bytes.length).toBeLessThan(plain.length / 10)
    const file = await postExport(server, { ...NOTES, gzip: true }, { headers: { 'accept-encoding': 'gzip' } })
    expect([file.headers['content-encoding'], file.headers['content-type']]).toEqual([undefined, 'application/gzip'])
    expect(file.headers['content-disposition']).toMatch(/\.csv\.gz"$/)
    expect(gunzipSync(file.bytes).toString() === plain).toBe(true)
    for (const { trailers } of [onTheWay, file]) {
      expect(trailers).toEqual({ 'kith-rows': String(ROWS), 'kith-sha256': sha256(plain) })
    }
  })

  test.each<[string, string | undefined]>([
    ['gzip;q=0', undefined],
    ['gzip;q=0.000, *', undefined],
    ['*, GZIP;q=0', undefined],
    ['*;q=0', undefined],
    ['identity', undefined],
    ['*;q=0, gzip', 'gzip'],
    ['br, *;q=0.1', 'gzip'],
  ])('of who accepts "%s" is sent as %s', async (accepted, encoding) => {
    const { headers } = await postExport(server, NOTES, { headers: { 'accept-encoding': accepted } })
    expect(headers['content-encoding']).toBe(encoding)
  })

  test('is one at once for a tenant that may have half of two places', async () => {
    const answer = await begin()
    answer.pause()
    const second = await begin()
    expect([second.statusCode, second.headers['retry-after']]).toEqual([503, '1'])
    const message = '1 export is running, as many as may at once; try again when one has ended.'
    const [{ extensions, ...said }] = (
      JSON.parse((await second.setEncoding('utf8').toArray()).join('')) as {
        errors: [{ extensions: { code: string } }]
      }
    ).errors
    expect([said, extensions.code]).toEqual([{ message }, 'SERVICE_UNAVAILABLE'])
    answer.destroy()
    await statusOf(answer)
    expect((await postExport(server, { ...NOTES, columns: ['id'] })).status).toBe(200)
  })
})

test('records that are too large for a chunk are read in smaller ones', async () => {
  // 120 notes of 65,000 three-byte characters: 23 MB, of which 16 are kept at once.
  const { settings } = server.tenant
  await admin.query(
    `update contacts set notes = repeat('山', 65000) where tenant_id = $1 and external_id::int <= 120`,
    [settings.id],
  )
  const { text, trailers } = await postExport(server, { ...NOTES, filter: { notes: { startsWith: '山' } } })
  expect(trailers['kith-rows']).toBe('120')
  const lines = text.trimEnd().split('\n').slice(1)
  const note = '山'.repeat(65_000)
  expect(lines.every((line, index) => line === `${120 - index},N${120 - index},${note}`)).toBe(true)
})

describe('limits', () => {
  /** Another server over the same database. */
  const startBeside = (exports: { totalMs: number; idleMs: number }): Promise<HttpServer> =>
    startServerOver({ ...server.clone, drop: () => Promise.resolve() }, { exports: { atOnce: 2, ...exports } })

  test('a client that takes nothing for too long is cut', async () => {
    const impatient = await startBeside({ totalMs: 60_000, idleMs: 500 })
    try {
      const answer = await begin(NOTES, {}, impatient.base)
      answer.pause()
      expect(await statusOf(answer)).toBe('FAILED')
      await expect(answer.toArray()).rejects.toThrow(/aborted|ECONNRESET/)
    } finally {
      await impatient.close()
    }
  })

  test('what takes too long before its first byte is refused', async () => {
    const hurried = await startBeside({ totalMs: 1, idleMs: 60_000 })
    try {
      const answer = await begin(NOTES, {}, hurried.base)
      const { errors } = JSON.parse((await answer.setEncoding('utf8').toArray()).join('')) as {
        errors: { message: string }[]
      }
      const message = 'The export took longer than it may; ask for less at once.'
      expect([answer.statusCode, errors[0]?.message]).toEqual([503, message])
      const noted = await admin.query(
        'select status, finished_at is null as "isOpen" from exports order by id desc limit 1',
      )
      expect(noted.rows).toEqual([{ status: 'FAILED', isOpen: false }])
    } finally {
      await hurried.close()
    }
  })
})
