import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createDatabase } from '../../../src/database/database.js'
import { signToken } from '../../../src/features/identity/token.js'
import { deriveKey } from '../../../src/lib/derive-key.js'
import { cloneDatabase, type ClonedDatabase } from '../../setup/database.js'
import { runAsAdmin, testPgBouncer } from '../../setup/test-run.js'
import { TEST_SECRET, testDatabaseOptions } from '../../support/api.js'
import { startPgBouncer, type PgBouncer } from '../../support/pgbouncer.js'
import { createTenant, type TestTenant } from '../../support/records.js'
import { startServerOver, type GraphQLBody, type HttpServer } from '../support/http-server.js'
import { useStarts } from '../support/npm-start.js'

const REASON = `The database is not fit to serve:
  prepared statements are lost: a pooler in transaction mode lies between. Set KITH_POOLER=transaction, or use PgBouncer 1.21 or newer with max_prepared_statements
`
const SERVER_CONNECTIONS = 5
const CLIENTS = 24
const OPERATIONS = 360

const program = testPgBouncer()

test('a PgBouncer that must be there and is not fails', async () => {
  const absent = startPgBouncer('/nowhere/pgbouncer', ['postgresql://kith:x@127.0.0.1:1/kith'], 1)
  await expect(absent).rejects.toThrow('spawnSync /nowhere/pgbouncer ENOENT')
})

function describeBehind(pgbouncer: string): void {
  describe('behind PgBouncer in transaction mode', () => {
    const { start, run } = useStarts()
    let clone: ClonedDatabase
    let pooler: PgBouncer
    let behind: Record<string, string>

    beforeAll(async () => {
      clone = await cloneDatabase()
      pooler = await startPgBouncer(pgbouncer, [clone.databaseUrl], SERVER_CONNECTIONS)
      behind = { DATABASE_URL: pooler.through(clone.databaseUrl), KITH_SECRET: TEST_SECRET }
    })

    afterAll(async () => {
      await pooler?.stop()
      await clone?.drop()
    })

    test('the start and the commands refuse without KITH_POOLER, and say why', async () => {
      const refused = start(behind)
      const token = await run(['tools/command.mjs', 'token', '--tenant', 'acme'], behind)
      expect({ code: await refused.ended, output: refused.output() }).toEqual({ code: 1, output: `kith: ${REASON}` })
      expect(token).toEqual({ code: 1, stdout: '', stderr: REASON })
    })

    test('with KITH_POOLER=transaction hundreds of requests at once are answered, each tenant with its own rows', async () => {
      const tenants = await makeTenants(clone, 3)
      const server = start({ ...behind, KITH_POOLER: 'transaction' })
      const base = await server.ready
      const users = await Promise.all(tenants.map((tenant) => createUser(base, tenant)))

      let left = OPERATIONS
      const client = async (): Promise<void> => {
        while (left-- > 0) await users[left % users.length]?.work(left)
      }
      await Promise.all(Array.from({ length: CLIENTS }, client))

      const made = users.map((user) => user.made)
      expect(made.flat()).toHaveLength(OPERATIONS / 4)
      for (const user of users) {
        expect(user.faults).toEqual([])
        expect(await user.all()).toEqual([...user.made].sort())
        // What was seen meanwhile is the tenant's own as well.
        expect([...user.seen].filter((id) => !user.made.includes(id))).toEqual([])
      }
      // Not because each client had a connection of the server for itself.
      const connected = await runAsAdmin(
        clone.adminUrl,
        `select count(*)::int as count from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      )
      expect(Number(connected.rows[0]?.['count'])).toBeLessThanOrEqual(SERVER_CONNECTIONS)
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
      expect(server.output()).not.toMatch(/"level":"(error|fatal)"/)
    }, 120_000)

    test('what loses its prepared statements all the same answers 503, and never another fault', async () => {
      // Started without the look at the database, as one whose pooler is put between later.
      const changes = { database: testDatabaseOptions(pooler.through(clone.databaseUrl), 20) }
      const servers = [await startServerOver(clone, changes), await startServerOver(clone, changes)]
      try {
        const answers = (await Promise.all(servers.map((server) => askMany(server, 90)))).flat()
        const kinds = new Set(answers.map((answer) => JSON.stringify(answer)))
        kinds.delete(JSON.stringify({ status: 200, retryAfter: null, codes: [] }))
        expect([...kinds]).toEqual([JSON.stringify({ status: 503, retryAfter: '1', codes: ['SERVICE_UNAVAILABLE'] })])
        const faults = servers.flatMap(({ log }) => log).filter(({ level }) => Number(level) >= 50)
        const states = new Set(faults.map(({ err }) => (err as { code?: string }).code ?? err))
        for (const state of ['26000', '42P05']) states.delete(state)
        expect([...states]).toEqual([])
      } finally {
        for (const server of servers) await server.close()
        clone = await cloneDatabase()
      }
    }, 60_000)

    test('a COMMIT whose server is lost behind the pooler says that nobody knows', async () => {
      const proxy = await startCommitCutter(clone.databaseUrl)
      const cut = await startPgBouncer(pgbouncer, [proxy.through(clone.databaseUrl)], 1)
      const { pool, timeouts } = testDatabaseOptions(cut.through(clone.databaseUrl), 1)
      const database = createDatabase({ pool: { ...pool, pooler: 'transaction' }, timeouts })
      try {
        const [tenant] = await makeTenants(clone, 1)
        const tenantId = tenant?.settings.id ?? ''
        const text = `insert into industries (tenant_id, id, name, position, created_at, updated_at)
          values ($1, gen_random_uuid(), 'Trade', 1, now(), now())`
        const change = database.change(tenantId, ({ commit }) => commit([{ label: 'write', text, values: [tenantId] }]))
        await expect(change).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', extensions: { outcome: 'UNKNOWN' } })
        // It was saved, once: a second run would have made it twice.
        const saved = `select count(*)::int as count from industries where tenant_id = '${tenantId}'`
        expect((await runAsAdmin(clone.adminUrl, saved)).rows).toEqual([{ count: 1 }])
      } finally {
        await database.close()
        await cut.stop()
        proxy.close()
      }
    })
  })
}

async function makeTenants(clone: ClonedDatabase, count: number): Promise<TestTenant[]> {
  const database = createDatabase(testDatabaseOptions(clone.databaseUrl, 2))
  try {
    return await Promise.all(Array.from({ length: count }, () => createTenant(database)))
  } finally {
    await database.close()
  }
}

/** Sends reads and changes in turn, a few at a time; returns what each was answered with. */
async function askMany({ ask }: HttpServer, times: number) {
  const documents = [
    '{ contacts(first: 20) { totalCount nodes { fullName company { name } emailAddresses { email } } } }',
    'mutation { createContact(input: { lastName: "Person" }) { contact { id } userErrors { code } } }',
    '{ companies(first: 20) { nodes { name contacts(first: 2) { nodes { fullName } } } } }',
  ]
  const answers: { status: number; retryAfter: string | null; codes: unknown[] }[] = []
  const client = async (): Promise<void> => {
    while (times-- > 0) {
      const { status, body, headers } = await ask(documents[times % documents.length] ?? '')
      const codes = [...new Set(body.errors?.map(({ extensions }) => extensions['code']))]
      answers.push({ status, retryAfter: headers.get('retry-after'), codes })
    }
  }
  await Promise.all(Array.from({ length: 12 }, client))
  return answers
}

/** A way to a server that breaks as the answer to a COMMIT comes. */
async function startCommitCutter(url: string) {
  const { hostname, port } = new URL(url)
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname)
    const end = (): void => {
      client.destroy()
      server.destroy()
    }
    let isCut = false
    client.on('data', (packet) => {
      isCut ||= packet.includes('COMMIT')
      server.write(packet)
    })
    server.on('data', (packet) => {
      // Answers to what came before the COMMIT may come first: an end at those would take the COMMIT from the server.
      if (!isCut) client.write(packet)
      else if (packet.includes('COMMIT')) end()
    })
    for (const socket of [client, server]) socket.on('error', end).on('close', end)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return { through: (to: string) => Object.assign(new URL(to), { host: address }).href, close: () => proxy.close() }
}

/** A user of one tenant, who makes, changes and reads its contacts. */
async function createUser(base: string, { settings, users }: TestTenant) {
  const claims = { tenantId: settings.id, userId: users.ADMIN, role: 'ADMIN' } as const
  const token = await signToken(deriveKey(TEST_SECRET, 'tokens'), claims, new Date(), 3600)
  const made: string[] = []
  const seen = new Set<string>()
  const faults: unknown[] = []

  const ask = async (query: string): Promise<GraphQLBody['data']> => {
    const response = await fetch(`${base}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    })
    const body = (await response.json()) as GraphQLBody
    if (response.status !== 200 || body.errors) faults.push({ status: response.status, errors: body.errors })
    return body.data
  }

  const list = async (first: number, more = ''): Promise<{ ids: string[]; endCursor: string | null }> => {
    const { contacts } = await ask(
      `{ contacts(first: ${first}${more}) { totalCount nodes { id fullName company { name } emailAddresses { email } } pageInfo { endCursor } } }`,
    )
    const { nodes = [], pageInfo } = (contacts ?? {}) as { nodes?: { id: string }[]; pageInfo?: { endCursor: string } }
    return { ids: nodes.map(({ id }) => id), endCursor: pageInfo?.endCursor ?? null }
  }

  const works = [
    async (n: number) => {
      const input = `{ lastName: "Person ${n}", emailAddresses: [{ email: "p${n}@example.com" }] }`
      const { createContact } = await ask(`mutation { createContact(input: ${input}) { contact { id } } }`)
      made.push(String((createContact as { contact: { id: string } } | null)?.contact.id))
    },
    async (n: number) => {
      const id = made[n % Math.max(1, made.length)]
      if (id) await ask(`mutation { updateContact(input: { id: "${id}", jobTitle: "Title ${n}" }) { contact { id } } }`)
    },
    async () => {
      for (const id of (await list(50)).ids) seen.add(id)
    },
    async (n: number) => {
      for (const id of (await list(20, `, filter: { fullName: { contains: "${n % 10}" } }`)).ids) seen.add(id)
    },
  ]

  return {
    made,
    seen,
    faults,
    work: (n: number): Promise<void> => works[Math.floor(n / 3) % works.length]?.(n) ?? Promise.resolve(),
    /** the ids of all its contacts, in order */
    async all(): Promise<string[]> {
      const ids: string[] = []
      let after: string | null = null
      do {
        const page: { ids: string[]; endCursor: string | null } = await list(50, after ? `, after: "${after}"` : '')
        ids.push(...page.ids)
        after = page.ids.length === 50 ? page.endCursor : null
      } while (after !== null)
      return ids.sort()
    },
  }
}

if (program !== undefined) describeBehind(program)
