import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createDatabase, type Database } from '../../src/database/database.js'
import { createPrismaClient } from '../../src/database/prisma-client.js'
import { UniqueViolation } from '../../src/database/transaction.js'
import { cloneDatabase, type ClonedDatabase } from '../setup/database.js'
import { testDatabaseOptions } from '../support/api.js'
import { createTenant, type TestTenant } from '../support/records.js'

let clone: ClonedDatabase
let database: Database
let tenant: TestTenant
const operations: string[] = []

beforeAll(async () => {
  clone = await cloneDatabase()
  database = createDatabase({
    ...testDatabaseOptions(clone.databaseUrl, 4),
    observeStatement: () => undefined,
    observeOperation: (event) => void operations.push(event.label),
  })
})

beforeEach(async () => {
  tenant = await createTenant(database)
})

afterAll(async () => {
  await database.close()
  await clone.drop()
})

function industry(name: string) {
  const now = new Date()
  return { tenantId: tenant.settings.id, id: randomUUID(), name, position: 1, createdAt: now, updatedAt: now }
}

function names(): Promise<string[]> {
  return database.transaction(tenant.settings.id, 'names', async ({ prisma }) =>
    (await prisma.industry.findMany({ orderBy: { name: 'asc' } })).map((row) => row.name),
  )
}

describe('a transaction', () => {
  test('writes with Prisma and SQL on one connection', async () => {
    const seen = await database.transaction(tenant.settings.id, 'both', async (tx) => {
      await tx.prisma.industry.createMany({ data: [industry('Steel')] })
      return tx.sql({
        label: 'read',
        text: 'select name from industries where tenant_id = $1',
        values: [tenant.settings.id],
      })
    })
    expect(seen).toEqual([{ name: 'Steel' }])
    expect(await names()).toEqual(['Steel'])
  })

  test('times each operation by its name', async () => {
    operations.length = 0
    await names()
    expect(operations).toEqual(['industry.findMany'])
  })

  test('rolls back as a whole when its work throws', async () => {
    const failure = new Error('no')
    const running = database.transaction(tenant.settings.id, 'throws', async ({ prisma }) => {
      await prisma.industry.createMany({ data: [industry('Steel')] })
      throw failure
    })
    await expect(running).rejects.toBe(failure)
    expect(await names()).toEqual([])
  })

  test('an error that was swallowed inside does not look like success', async () => {
    const first = industry('Steel')
    const running = database.transaction(tenant.settings.id, 'swallows', async ({ prisma }) => {
      await prisma.industry.createMany({ data: [first] })
      await prisma.industry.createMany({ data: [first] }).catch(() => undefined)
    })
    await expect(running).rejects.toThrow('rolled back')
    expect(await names()).toEqual([])
  })

  test('names the unique index that refused', async () => {
    await database.transaction(tenant.settings.id, 'one', ({ prisma }) =>
      prisma.industry.createMany({ data: [industry('Stéel')] }),
    )
    const running = database.transaction(tenant.settings.id, 'two', ({ prisma }) =>
      prisma.industry.createMany({ data: [industry('STEEL')] }),
    )
    await expect(running).rejects.toBeInstanceOf(UniqueViolation)
    await expect(running).rejects.toHaveProperty('constraint', 'industries_name_key')
  })

  test('after its end it can be used by nobody', async () => {
    let escaped: (() => Promise<unknown>) | undefined
    await database.transaction(tenant.settings.id, 'ends', (tx) => {
      escaped = () => tx.sql({ label: 'late', text: 'select 1', values: [] })
      return Promise.resolve()
    })
    await expect(escaped?.()).rejects.toThrow('the transaction is over')
  })

  test('that runs out of time is rolled back and its connection is not reused dirty', async () => {
    const running = database.transaction(
      tenant.settings.id,
      'slow',
      async (tx) => {
        await tx.prisma.industry.createMany({ data: [industry('Steel')] })
        await tx.sql({ label: 'sleep', text: 'select pg_sleep(0.4)', values: [] })
        await tx.prisma.industry.createMany({ data: [industry('Glass')] })
      },
      { timeoutMs: 150 },
    )
    await expect(running).rejects.toHaveProperty('code', 'SERVICE_UNAVAILABLE')
    expect(await names()).toEqual([])
  })

  test('deadlocks are tried again until both have happened', async () => {
    const [a, b] = [industry('A'), industry('B')]
    await database.transaction(tenant.settings.id, 'seed', ({ prisma }) => prisma.industry.createMany({ data: [a, b] }))
    let tries = 0
    const rename = (first: string, second: string, suffix: string) =>
      database.transaction(tenant.settings.id, `rename${suffix}`, async (tx) => {
        tries++
        for (const id of [first, second]) {
          await tx.sql({
            label: 'rename',
            text: `update industries set name = name || $3 where tenant_id = $1 and id = $2`,
            values: [tenant.settings.id, id, suffix],
          })
          await tx.sql({ label: 'sleep', text: 'select pg_sleep(0.2)', values: [] })
        }
      })
    await Promise.all([rename(a.id, b.id, '1'), rename(b.id, a.id, '2')])
    expect(tries).toBe(3)
    expect((await names()).map((name) => [...name].sort().join(''))).toEqual(['12A', '12B'])
  })

  test('another tenant can neither be read nor written', async () => {
    const other = await createTenant(database)
    const foreign = { ...industry('Steel'), tenantId: other.settings.id }
    const running = database.transaction(tenant.settings.id, 'foreign', ({ prisma }) =>
      prisma.industry.createMany({ data: [foreign] }),
    )
    await expect(running).rejects.toThrow('row-level security')
    const seen = await database.transaction(tenant.settings.id, 'foreign', ({ prisma }) =>
      prisma.user.findMany({ where: { tenantId: other.settings.id } }),
    )
    expect(seen).toEqual([])
  })
})

describe("Prisma's traps", () => {
  // They throw before anything is asked of the pool.
  const prisma = createPrismaClient(() => undefined)

  test('array $transaction throws', () => {
    const loose = prisma as unknown as { $transaction(list: unknown[]): Promise<unknown> }
    expect(() => loose.$transaction([prisma.user.count()])).toThrow('$transaction([…]) is not used here')
  })

  test.each(['findUnique', 'findUniqueOrThrow'])('%s throws, inside a transaction too', async (name) => {
    const call = (delegate: object) =>
      (delegate as Record<string, (args: object) => Promise<unknown>>)[name]?.({
        where: { tenantId_id: { tenantId: tenant.settings.id, id: tenant.users.ADMIN } },
      })
    await expect(call(prisma.user)).rejects.toThrow(`${name} is not used`)
    await expect(
      database.transaction(tenant.settings.id, 'unique', async ({ prisma }) => call(prisma.user)),
    ).rejects.toThrow(`${name} is not used`)
  })

  test('Prisma outside of a transaction throws, and a transaction outside of a tenant', async () => {
    await expect(prisma.user.findMany()).rejects.toThrow('Prisma runs inside a transaction alone')
    await expect(prisma.$transaction((tx) => tx.user.findMany())).rejects.toThrow('TENANT_CONTEXT_MISSING')
  })

  test('where: { tenantId: undefined } is an error, not every row', async () => {
    const running = database.transaction(tenant.settings.id, 'undefined', ({ prisma }) =>
      prisma.user.findMany({ where: { tenantId: undefined as unknown as string } }),
    )
    await expect(running).rejects.toThrow('explicitly `undefined` values are not allowed')
  })
})
