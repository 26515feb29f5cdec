import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findPostmaster } from '../../../src/database/embedded/find-postmaster.js'
import { readConnectionFile } from '../../../src/database/embedded/connection-file.js'
import { openEmbeddedServer, type EmbeddedServer } from '../../../src/database/embedded/server.js'
import { processEnvironment } from '../../setup/test-run.js'
import { makeOpenFolder, queryOnce } from '../../support/embedded-process.js'
import { startServerOver, type GraphQLBody, type HttpServer } from '../support/http-server.js'

let folder: string
let lines: string[]
let embedded: EmbeddedServer
let server: HttpServer

beforeAll(async () => {
  folder = makeOpenFolder()
  lines = []
  embedded = await openEmbeddedServer({ dataDir: join(folder, 'data'), isKept: true, log: (line) => lines.push(line) })
  const { admin, migration } = embedded.urls
  const prisma = join(process.cwd(), 'node_modules/prisma/build/index.js')
  const { status } = spawnSync(process.execPath, [prisma, 'migrate', 'deploy'], {
    env: { ...processEnvironment(), MIGRATION_DATABASE_URL: migration },
  })
  expect(status).toBe(0)
  server = await startServerOver({
    name: 'kith',
    adminUrl: Object.assign(new URL(admin), { pathname: '/kith' }).href,
    migrationUrl: migration,
    databaseUrl: embedded.appUrl,
    drop: () => Promise.resolve(),
  })
}, 120_000)

afterAll(async () => {
  await server.close()
  await embedded.stop()
  rmSync(folder, { recursive: true })
})

interface Answered {
  readonly status: number
  readonly retryAfter: string | null
  readonly body: GraphQLBody
}

/** Sends requests one after the other, until it is told to end; the last one starts after that. */
async function sendUntil(isOver: () => boolean, document: (turn: number) => string): Promise<Answered[]> {
  const answers: Answered[] = []
  for (let turn = 0, last = false; !last; turn++) {
    last = isOver()
    const { status, body, headers } = await server.ask(document(turn))
    answers.push({ status, body, retryAfter: headers.get('retry-after') })
    if (status === 503) await sleep(20)
  }
  return answers
}

function postmaster(): number {
  const pid = findPostmaster(readConnectionFile(join(folder, 'data'))?.pgData ?? '')?.pid
  if (pid === undefined) throw new Error('no server runs')
  return pid
}

async function readiness(): Promise<number> {
  return (await fetch(`${server.base}/readyz`)).status
}

const READS = [
  '{ contacts(first: 5) { totalCount nodes { lastName emailAddresses { email } company { name } } } }',
  '{ me { role } industries(first: 5) { nodes { name } } }',
  '{ search(query: "ab", first: 3) { nodes { record { __typename } } } }',
]

// How long it is away: `npm run bench -- start`.
test('a server that is killed under load comes back; until then every answer is 503 with Retry-After', async () => {
  const killed = postmaster()
  let isOver = false
  const over = (): boolean => isOver
  const reads = READS.map((document) => sendUntil(over, () => document))
  const writes = ['a', 'b', 'c', 'd'].map((lane) =>
    sendUntil(
      over,
      (turn) => `mutation { createContact(input: { lastName: "${lane}${turn}" }) { contact { lastName } } }`,
    ),
  )
  // By way of Prisma.
  const users = sendUntil(
    over,
    (turn) =>
      `mutation { createUser(input: { email: "u${turn}@example.com", name: "U${turn}", role: VIEWER }) { user { email } } }`,
  )
  await sleep(500)
  process.kill(killed, 'SIGKILL')
  // Readiness is remembered for a second, in which the database may have come back.
  while (lines.length < 3 || (await readiness()) === 503) await sleep(10)
  isOver = true
  const [read, written, made] = await Promise.all([Promise.all(reads), Promise.all(writes), users])
  const answers = [...read, ...written, made].flat()

  expect(postmaster()).not.toBe(killed)
  const codes = answers.map(({ status, retryAfter, body }) =>
    JSON.stringify([status, retryAfter, body.errors?.map(({ extensions }) => extensions['code'])]),
  )
  expect([...new Set(codes)].sort()).toEqual(['[200,null,null]', '[503,"1",["SERVICE_UNAVAILABLE"]]'])
  for (const lane of [...read, ...written, made]) expect(lane.at(-1)?.status).toBe(200)
  expect(lines.filter((line) => !line.startsWith('Making'))).toEqual([
    `PostgreSQL (process ${killed}) has ended by itself: it is started again.`,
    expect.stringMatching(new RegExp(`^PostgreSQL \\(process ${postmaster()}\\) runs again after \\d+\\.\\d s\\.$`)),
  ])
  // What was answered is there.
  const names = written.flatMap((lane) =>
    lane.flatMap(
      ({ body }) => (body.data?.['createContact'] as { contact: { lastName: string } } | null)?.contact.lastName ?? [],
    ),
  )
  const rows = await queryOnce(server.clone.adminUrl, 'select last_name as name from contacts')
  const kept = new Map<unknown, number>()
  for (const { name } of rows) kept.set(name, (kept.get(name) ?? 0) + 1)
  expect(names.length).toBeGreaterThan(0)
  expect(names.filter((name) => kept.get(name) !== 1)).toEqual([])
}, 120_000)

test('it is started again as often as it dies, and left alone once it is stopped', async () => {
  for (let deaths = 0; deaths < 2; deaths++) {
    const killed = postmaster()
    lines.length = 0
    process.kill(killed, 'SIGKILL')
    while (lines.length < 2) await sleep(20)
    expect(postmaster()).not.toBe(killed)
    expect((await server.ask('{ contacts { totalCount } }')).status).toBe(200)
  }
}, 60_000)
