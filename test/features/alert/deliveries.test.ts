import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createDatabase, type Database } from '../../../src/database/database.js'
import { sendWebhook, type WebhookOptions } from '../../../src/features/alert/webhook.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { runAsAdmin } from '../../setup/test-run.js'
import { testDatabaseOptions } from '../../support/api.js'
import { about, forgetAlerts, MINUTE_MS, openProcess, OPTIONS, START_MS, type Told } from './support/process.js'

const KEY = Buffer.from('a key of 32 bytes, for tests only')
const SECRET = `whsec_${KEY.toString('base64')}`

interface Received {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let clone: ClonedDatabase
let database: Database
let receiver: Server
let base: string
let received: Received[] = []
/** How the receiver answers; 204 unless a test says otherwise. */
let answer: (response: ServerResponse) => void

beforeAll(async () => {
  clone = await cloneDatabase()
  database = createDatabase(testDatabaseOptions(clone.databaseUrl))
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body })
      answer(response)
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
})

afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await database.close()
  await clone.drop()
})

beforeEach(async () => {
  await forgetAlerts(clone.adminUrl)
  received = []
  answer = (response) => response.writeHead(204).end()
})

const webhook = (changes: Partial<WebhookOptions> = {}): WebhookOptions => ({
  url: `${base}/hook?token=x`,
  secret: SECRET,
  allowsPrivate: true,
  timeoutMs: 5000,
  ...changes,
})
const open = (clock = { nowMs: START_MS }, changes: Partial<WebhookOptions> = {}) =>
  openProcess(database, clock, { ...OPTIONS, webhook: webhook(changes) })
const tolds = (): Told[] => received.map(({ body }) => JSON.parse(body) as Told)
const idsOf = (): unknown[] => received.map(({ headers }) => headers['webhook-id'])
/** Alone, until the alert of the requests' times fires and is told. */
const ROUNDS = 7

describe('a webhook', () => {
  test("gets Alertmanager's message, signed as Standard Webhooks say", async () => {
    const process = open()
    await process.run(ROUNDS, process.requests(150))
    expect(received).toHaveLength(1)
    const [{ url, headers, body }] = received as [Received]
    expect([url, headers['content-type'], headers['webhook-timestamp']]).toEqual([
      '/hook?token=x',
      'application/json',
      String(process.clock.nowMs / 1000),
    ])
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`)
    const summary = expect.stringMatching(/^95 of 100 requests took up to 1[45]\d(\.\d)? ms\.$/) as unknown
    const value = expect.stringMatching(/^1[45]\d/) as unknown
    expect(JSON.parse(body)).toEqual({
      version: '4',
      groupKey: '{}:{alertname="REQUEST_P95"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'kith',
      groupLabels: { alertname: 'REQUEST_P95' },
      commonLabels: { alertname: 'REQUEST_P95', severity: 'critical' },
      commonAnnotations: { summary, value, threshold: '100', unit: 'ms' },
      externalURL: '',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'REQUEST_P95', severity: 'critical' },
          annotations: { summary, value, threshold: '100', unit: 'ms' },
          startsAt: '2026-09-01T10:06:00.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: '',
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
      ],
    })
    await process.run(15, process.requests(1))
    expect(about(tolds())).toEqual(['REQUEST_P95 firing 1', 'REQUEST_P95 resolved 1'])
    expect(new Set(idsOf()).size).toBe(2)
    expect(process.faults).toEqual([])
  })

  test('gets one message of two processes', async () => {
    const clock = { nowMs: START_MS }
    const [one, two] = [open(clock), open(clock)]
    for (let minute = 0; minute < ROUNDS; minute++) {
      one.requests(150)()
      clock.nowMs += MINUTE_MS
      await one.writer.write()
      await Promise.all([one.watch.tick(), two.watch.tick()])
    }
    await Promise.all([one.watch.tick(), two.watch.tick()])
    expect(about(tolds())).toEqual(['REQUEST_P95 firing 1'])
  })

  test('that refuses is asked again, later each time, with the same id; the next message waits for it', async () => {
    const process = open()
    answer = (response) => response.writeHead(500).end('no')
    await process.run(ROUNDS, process.requests(150))
    expect(received).toHaveLength(1)
    const after = async (seconds: number): Promise<number> => {
      process.clock.nowMs += seconds * 1000
      await process.watch.tick()
      return received.length
    }
    expect([await after(9), await after(1), await after(29), await after(1)]).toEqual([1, 2, 2, 3])
    answer = (response) => response.writeHead(302, { location: `${base}/elsewhere` }).end()
    expect([await after(119), await after(1)]).toEqual([3, 4])
    expect([new Set(idsOf()).size, received.every(({ url }) => url === '/hook?token=x')]).toEqual([1, true])
    answer = (response) => response.writeHead(200).end('yes')
    await process.run(14, process.requests(1))
    expect(about(tolds().slice(4))).toEqual(['REQUEST_P95 firing 1', 'REQUEST_P95 resolved 1'])
    expect(process.faults).toEqual(Array(4).fill('an alert is told again later'))
  })

  test('that takes nothing for a day gets it no more', async () => {
    const process = open()
    answer = (response) => response.writeHead(503).end()
    await process.run(ROUNDS, process.requests(150))
    process.clock.nowMs += 24 * 60 * MINUTE_MS
    await process.watch.tick()
    expect(process.faults).toEqual(['an alert is told again later', 'an alert could not be told'])
    const { length } = received
    process.clock.nowMs += 2 * 60 * MINUTE_MS
    await process.watch.tick()
    expect(received.filter((one) => one.headers['webhook-id'] === received[0]?.headers['webhook-id'])).toHaveLength(
      length,
    )
  })

  test('gets it again, with the same id, where a process ended before it could note that it was sent', async () => {
    const process = open()
    await process.run(ROUNDS, process.requests(150))
    // As it stands while the message is on its way.
    await runAsAdmin(
      clone.adminUrl,
      `update kith_alert.notifications set delivered_at = null,
         next_attempt_at = to_timestamp(${process.clock.nowMs / 1000}) + interval '25 seconds'`,
    )
    const follower = open(process.clock)
    process.clock.nowMs += 24_000
    await follower.watch.tick()
    expect(received).toHaveLength(1)
    process.clock.nowMs += 1000
    await follower.watch.tick()
    expect([received.length, new Set(idsOf()).size]).toEqual([2, 1])
  })
})

describe('a message is not sent', () => {
  const send = (changes: Partial<WebhookOptions>): Promise<void> =>
    sendWebhook(webhook(changes), 'id', { a: 1 }, new Date(START_MS))

  test('to who never answers: it is given up in time', async () => {
    answer = () => undefined
    await expect(send({ timeoutMs: 200 })).rejects.toThrow('It did not answer within 200 ms.')
  })

  test('and an answer without an end is not waited for', async () => {
    answer = (response) => void response.writeHead(200).write('x'.repeat(1000))
    await expect(send({})).resolves.toBeUndefined()
  })

  test('along a redirect', async () => {
    answer = (response) => response.writeHead(307, { location: `${base}/elsewhere` }).end()
    await expect(send({})).rejects.toThrow('It answered 307; redirects are not followed.')
    expect(received).toHaveLength(1)
  })

  test.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://2130706433',
    'http://0x7f.1',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0',
    'http://10.1.2.3',
    'http://172.16.0.1',
    'http://192.168.1.1',
    'http://169.254.169.254',
    'http://100.64.0.1',
    'http://[fe80::1]',
    'http://[fd00::1]',
    'http://[64:ff9b::7f00:1]',
  ])('to a private address: %s', async (origin) => {
    const { port } = new URL(base)
    await expect(send({ url: `${origin}:${port}/`, allowsPrivate: false })).rejects.toThrow(
      'It is on a private address, which KITH_ALERT_WEBHOOK_PRIVATE does not allow.',
    )
    expect(received).toEqual([])
  })
})

describe('while the database is away', () => {
  const admin = (): string => Object.assign(new URL(clone.adminUrl), { pathname: '/postgres' }).href
  const takeAway = async (): Promise<void> => {
    await runAsAdmin(admin(), `ALTER DATABASE "${clone.name}" ALLOW_CONNECTIONS false`)
    await runAsAdmin(admin(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${clone.name}'`)
  }
  const giveBack = (): Promise<unknown> => runAsAdmin(admin(), `ALTER DATABASE "${clone.name}" ALLOW_CONNECTIONS true`)

  afterEach(giveBack)

  test('that alone is told, by each process with the same id; all others are explained by it', async () => {
    const clock = { nowMs: START_MS }
    const [one, two] = [open(clock), open(clock)]
    await one.run(6, one.requests(150))
    await two.watch.tick()
    await takeAway()
    const both = async (seconds: number): Promise<void> => {
      clock.nowMs += seconds * 1000
      await Promise.all([one.watch.tick(), two.watch.tick()])
    }
    await both(30)
    expect((await one.alerts()).map(({ rule, state, inhibitedBy }) => [rule, state, inhibitedBy])).toEqual([
      ['DATABASE_DOWN', 'FIRING', null],
      ['REQUEST_P95', 'FIRING', 'DATABASE_DOWN'],
    ])
    expect(received).toEqual([])
    await both(30)
    await both(30)
    expect(about(tolds())).toEqual(['DATABASE_DOWN firing 1', 'DATABASE_DOWN firing 1'])
    expect(new Set(idsOf()).size).toBe(1)
    await giveBack()
    for (let minute = 0; minute < 4; minute++) {
      one.requests(1, 1000)()
      clock.nowMs += MINUTE_MS
      await one.writer.write()
      await Promise.all([one.watch.tick(), two.watch.tick()])
    }
    const down = (await one.alerts()).filter(({ rule }) => rule === 'DATABASE_DOWN')
    expect(down.map(({ state, firingSince }) => [state, firingSince])).toEqual([
      ['RESOLVED', '2026-09-01T10:06:30.000Z'],
    ])
    await one.run(3, one.requests(1))
    expect(
      about(
        tolds()
          .slice(2)
          .filter(({ groupLabels }) => groupLabels.alertname === 'DATABASE_DOWN'),
      ),
    ).toEqual(['DATABASE_DOWN resolved 1'])
  })
})
