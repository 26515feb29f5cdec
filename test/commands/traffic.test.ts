import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { nextErrand } from '../../src/demo/traffic.js'
import { TEST_SECRET } from '../support/api.js'
import { runCommandProcess, type Ended } from '../support/command-process.js'
import { startHttpServer, type HttpServer } from '../whole/support/http-server.js'

let server: HttpServer

beforeAll(async () => {
  server = await startHttpServer({ isLocal: false, hasSandbox: false })
  for (const name of ['Acme', 'Borg']) {
    await server.ask(`mutation { createCompany(input: { name: "${name}" }) { company { id } } }`)
    await server.ask(`mutation { createContact(input: { firstName: "Ada", lastName: "${name}" }) { contact { id } } }`)
  }
})

afterAll(() => server.close())

const traffic = (...args: string[]): Promise<Ended> =>
  runCommandProcess('traffic', ['--url', server.base, ...args], {
    DATABASE_URL: server.clone.databaseUrl,
    KITH_SECRET: TEST_SECRET,
  })

const RECORDS = { contacts: [{ id: 'c', lastName: 'x' }], companies: [{ id: 'd', name: 'y' }] }

test('sends a mix that is answered and refused as it should be, and says how it goes', async () => {
  const { settings } = server.tenant
  const ended = await traffic('--tenant', settings.slug, '--rate', '60', '--minutes', '0.1')
  expect(ended.stderr).toMatch(
    /\d+ sent, \d+ answered, \d+ refused as they should be, 0 failed, p95 \d+ ms, 0 s left\n$/,
  )
  expect(ended.code).toBe(0)
  const { sent, answered, refused, failed } = JSON.parse(ended.stdout) as Record<string, number>
  expect([failed, sent]).toEqual([0, (answered ?? 0) + (refused ?? 0)])
  expect(sent).toBeGreaterThan(50)
  const { body } = await server.ask('{ performance { operations { entries { name client timing { count } } } } }')
  const entries = body.data['performance'].operations.entries as { name: string; client: string }[]
  for (const [name, client] of [
    ['ContactsPage', 'web-app'],
    ['SearchBox', 'mobile'],
    ['RenameJob', 'web-app'],
  ]) {
    expect(entries).toContainEqual(expect.objectContaining({ name, client }))
  }
})

test('every kind of errand comes, in its share', () => {
  const counts = new Map<string, number>()
  let at = 0
  // Even steps through all shares.
  for (let step = 0; step < 1000; step++) {
    const { name, outcome } = nextErrand(RECORDS, () => (at++ % 2 === 0 ? step / 1000 : 0))
    at = 0
    counts.set(`${name} ${outcome}`, (counts.get(`${name} ${outcome}`) ?? 0) + 1)
  }
  expect(Object.fromEntries(counts)).toEqual({
    'ContactsPage OK': 340,
    'ContactCard OK': 250,
    'CompaniesByRevenue OK': 80,
    'SearchBox OK': 120,
    'RenameJob OK': 90,
    'CreateLead OK': 50,
    'QuarterReport OK': 20,
    'CreateLead FORBIDDEN': 20,
    'OldCursor INVALID_CURSOR': 20,
    'ContactsPage UNAUTHENTICATED': 10,
  })
})

test.each([
  [['--rate', '0'], 2, /^usage: npm run -s demo:traffic/],
  [['--minutes', 'x'], 2, /^usage: npm run -s demo:traffic/],
  [['--tenant', 'nobody'], 1, /^There is no tenant nobody\. .* npm run tenant -- --slug nobody .*\n$/],
  [['--url', 'http://127.0.0.1:1'], 1, /^There is no tenant demo\. .* npm run db:seed -- --tenant demo\n$/],
] as const)('%j ends with %i', async (args, code, message) => {
  const ended = await traffic(...args)
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: expect.stringMatching(message) })
})
