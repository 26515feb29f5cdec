import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServices } from '../src/start/services.js'
import { v7 as uuidv7 } from 'uuid'
import { createDatabase, type Database } from '../src/database/database.js'
import { deployMigrations } from '../src/database/admin/deploy-migrations.js'
import { openEmbeddedServer } from '../src/database/embedded/server.js'
import { vacuumAnalyze } from '../src/database/admin/analyze.js'
import { loadDemo } from '../src/demo/load.js'
import { findContactInfoByOwners } from '../src/features/contact-info/contact-info.repository.js'
import { CONTACT, CONTACT_COLUMNS } from '../src/features/contact/contact.columns.js'
import { findRowsByIds } from '../src/list/rows-by-ids.js'
import { createScope, FULL_ACCESS, type Scope } from '../src/access/scope.js'

const KEYS = 50
const ROUNDS = 400
const REPEATS = 5

interface Way {
  readonly work: string
  readonly way: string
  readonly call: () => Promise<unknown>
}

/** CPU of this process and wall time of each way, per call: the medians of five turns, taken in turn (A B A B …). */
export async function run(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kith-bench-'))
  const embedded = await openEmbeddedServer({ dataDir })
  process.env['KITH_DATA_DIR'] = dataDir
  const migrations = new URL('../prisma/migrations/', import.meta.url)
  const quiet = (): void => undefined
  await deployMigrations(embedded.urls.migration, migrations, quiet, (changes) => ({ ...process.env, ...changes }))
  const database = createDatabase({
    pool: {
      connectionString: embedded.urls.app,
      max: 4,
      maxIdle: 4,
      lifetimeSeconds: 3600,
      idleSeconds: 60,
      acquireTimeoutMs: 2000,
    },
    timeouts: { statementTimeoutMs: 60_000, lockTimeoutMs: 3000, idleInTransactionTimeoutMs: 10_000 },
  })
  try {
    const { tenantId } = await loadDemo(database, {
      tenantSlug: 'demo',
      contacts: 20_000,
      companies: 5000,
      now: new Date(),
    })
    await vacuumAnalyze(embedded.urls.migration)
    const rows = await measure(await ways(database, tenantId))
    const text = table(rows)
    mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
    writeFileSync(new URL('./results/prisma-and-sql.md', import.meta.url), text)
    writeFileSync(new URL('./results/prisma-and-sql.json', import.meta.url), JSON.stringify(rows, null, 2))
    console.log(text)
  } finally {
    await database.close()
    await embedded.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function ways(database: Database, tenantId: string): Promise<Way[]> {
  const tenant = {
    id: tenantId,
    slug: 'demo',
    name: 'Demo',
    defaultCountry: null,
    defaultCurrency: null,
    timeZone: null,
    uniqueEmails: false,
  }
  const scope: Scope = createScope(
    { tenant, userId: null, role: 'ADMIN' },
    createServices(database, '').registry,
    new Date(),
    FULL_ACCESS,
  )
  const ids = await database.transaction(tenantId, 'ids', async ({ prisma }) =>
    (await prisma.contact.findMany({ select: { id: true }, take: KEYS, orderBy: { id: 'asc' } })).map((row) => row.id),
  )
  const where = { tenantId, id: { in: ids } }
  const owners = { tenantId, entityType: 'CONTACT', entityId: { in: ids } }
  const now = new Date()
  const contact = () => ({ tenantId, id: uuidv7(), firstName: 'Ann', lastName: 'Lee', createdAt: now, updatedAt: now })
  const columns = 'tenant_id, id, first_name, last_name, created_at, updated_at'
  return [
    {
      work: `read ${KEYS} contacts by id`,
      way: 'SQL, prepared, in a flight',
      call: () => database.reader(tenantId).read(findRowsByIds(scope, CONTACT, CONTACT_COLUMNS, ids)),
    },
    {
      work: `read ${KEYS} contacts by id`,
      way: 'Prisma findMany',
      call: () => database.transaction(tenantId, 'bench', ({ prisma }) => prisma.contact.findMany({ where })),
    },
    {
      work: `e-mails and phones of ${KEYS} contacts`,
      way: 'SQL, both in one flight',
      call: () => {
        const reader = database.reader(tenantId)
        return Promise.all(
          (['emailAddress', 'phoneNumber'] as const).map((kind) =>
            reader.read(findContactInfoByOwners(scope, kind, 'CONTACT', ids)),
          ),
        )
      },
    },
    {
      work: `e-mails and phones of ${KEYS} contacts`,
      way: 'Prisma, two findMany',
      call: () =>
        database.transaction(tenantId, 'bench', ({ prisma }) =>
          Promise.all([
            prisma.emailAddress.findMany({ where: owners }),
            prisma.phoneNumber.findMany({ where: owners }),
          ]),
        ),
    },
    {
      work: 'insert one contact in a transaction',
      way: 'SQL',
      call: () =>
        database.transaction(tenantId, 'bench', ({ sql }) => {
          const { id, firstName, lastName } = contact()
          return sql({
            label: 'bench',
            text: `insert into contacts (${columns}) values ($1, $2, $3, $4, $5, $5)`,
            values: [tenantId, id, firstName, lastName, now],
          })
        }),
    },
    {
      work: 'insert one contact in a transaction',
      way: 'Prisma createMany',
      call: () =>
        database.transaction(tenantId, 'bench', ({ prisma }) => prisma.contact.createMany({ data: [contact()] })),
    },
  ]
}

interface Result {
  readonly work: string
  readonly way: string
  readonly cpuMs: number
  readonly wallMs: number
}

async function measure(list: readonly Way[]): Promise<Result[]> {
  const turns = list.map(() => [] as { cpuMs: number; wallMs: number }[])
  for (const way of list) for (let round = 0; round < 50; round++) await way.call()
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [index, way] of list.entries()) {
      const cpu = process.cpuUsage()
      const startMs = performance.now()
      for (let round = 0; round < ROUNDS; round++) await way.call()
      const { user, system } = process.cpuUsage(cpu)
      turns[index]?.push({ cpuMs: (user + system) / 1000 / ROUNDS, wallMs: (performance.now() - startMs) / ROUNDS })
    }
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  return list.map(({ work, way }, index) => ({
    work,
    way,
    cpuMs: median((turns[index] ?? []).map((turn) => turn.cpuMs)),
    wallMs: median((turns[index] ?? []).map((turn) => turn.wallMs)),
  }))
}

function table(rows: readonly Result[]): string {
  const lines = rows.map((row) => `| ${row.work} | ${row.way} | ${row.cpuMs.toFixed(2)} | ${row.wallMs.toFixed(2)} |`)
  return ['| work | way | CPU ms | wall ms |', '| --- | --- | --- | --- |', ...lines, ''].join('\n')
}
