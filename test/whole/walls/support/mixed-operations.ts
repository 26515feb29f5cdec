import { randomUUID } from 'node:crypto'
import type { Database } from '../../../../src/database/database.js'
import { UniqueViolation } from '../../../../src/database/transaction.js'

/** A tenant with what its operations need: the row that all of them count up, and a name that is taken. */
export interface MixedTenant {
  readonly id: string
  /** stands in the first name of each of its contacts */
  readonly mark: string
  readonly counterId: string
  readonly takenName: string
}

/** What an operation learned: what was written for sure, what must not be there, and rows of others that it saw. */
export interface Outcome {
  /** whether its write was acknowledged; null for reads, and for what must leave nothing */
  readonly wrote: 'contact' | 'counter' | null
  readonly wrongRows: number
  readonly readRows: number
  readonly tries?: number
}

export interface Operation {
  readonly kind: OperationKind
  readonly tenant: MixedTenant
  /** stands in the last name of the contact that it writes */
  readonly marker: string
}

const READS = { wrote: null, wrongRows: 0 }

/**
 * The kinds of operation, each with how it runs. Those that are meant to fail resolve when they failed as they should.
 */
export const OPERATIONS = {
  prismaRead: async (database: Database, { tenant }: Operation): Promise<Outcome> => {
    // Without a condition on the tenant, so that only role and tenant of the connection keep rows apart.
    const rows = await database.transaction(tenant.id, 'read', ({ prisma }) =>
      prisma.contact.findMany({ take: 50, orderBy: { id: 'asc' } }),
    )
    return countRows(tenant, rows)
  },
  prismaWrite: async (database: Database, operation: Operation): Promise<Outcome> => {
    await database.transaction(operation.tenant.id, 'write', ({ prisma }) =>
      prisma.contact.createMany({ data: [contact(operation)] }),
    )
    return { ...READS, wrote: 'contact', readRows: 0 }
  },
  transaction: async (database: Database, operation: Operation): Promise<Outcome> => {
    const { tenant } = operation
    const rows = await database.transaction(tenant.id, 'mixed', async (tx) => {
      await tx.prisma.contact.createMany({ data: [contact(operation)] })
      return tx.sql<ContactRow>({ label: 'mixed.read', text: `${SELECT} limit 50`, values: [] })
    })
    return { ...countRows(tenant, rows), wrote: 'contact' }
  },
  counter: async (database: Database, { tenant }: Operation): Promise<Outcome> => {
    await database.transaction(tenant.id, 'counter', async (tx) => {
      const row = await tx.prisma.industry.findFirstOrThrow({ where: { tenantId: tenant.id, id: tenant.counterId } })
      if (row.tenantId !== tenant.id) throw new Error('a counter of another tenant')
      const text = 'update industries set position = position + 1 where tenant_id = $1 and id = $2'
      await tx.sql({ label: 'counter.add', text, values: [tenant.id, tenant.counterId] })
    })
    return { ...READS, wrote: 'counter', readRows: 0 }
  },
  retried: async (database: Database, operation: Operation): Promise<Outcome> => {
    let tries = 0
    await database.transaction(operation.tenant.id, 'retried', async (tx) => {
      tries++
      await tx.prisma.contact.createMany({ data: [contact(operation)] })
      if (tries === 1) await tx.sql({ label: 'retried.conflict', text: CONFLICT, values: [] })
    })
    return { ...READS, wrote: 'contact', readRows: 0, tries }
  },
  throws: async (database: Database, operation: Operation): Promise<Outcome> => {
    const failure = new Error('thrown by the work')
    const running = database.transaction(operation.tenant.id, 'throws', async (tx) => {
      await tx.prisma.contact.createMany({ data: [contact(operation)] })
      throw failure
    })
    return expectFailure(running, (error) => error === failure)
  },
  fails: async (database: Database, operation: Operation): Promise<Outcome> => {
    const running = database.transaction(operation.tenant.id, 'fails', async (tx) => {
      await tx.prisma.contact.createMany({ data: [contact(operation)] })
      await tx.sql({ label: 'fails.zero', text: 'select 1 / 0', values: [] })
    })
    return expectFailure(running, (error) => (error as { code?: string }).code === '22012')
  },
  swallows: async (database: Database, operation: Operation): Promise<Outcome> => {
    const running = database.transaction(operation.tenant.id, 'swallows', async (tx) => {
      await tx.prisma.contact.createMany({ data: [contact(operation)] })
      await tx.sql({ label: 'swallows.zero', text: 'select 1 / 0', values: [] }).catch(() => undefined)
    })
    return expectFailure(running, (error) => (error as Error).message.includes('rolled back'))
  },
  unique: async (database: Database, operation: Operation): Promise<Outcome> => {
    const { tenant } = operation
    const running = database.transaction(tenant.id, 'unique', async (tx) => {
      await tx.prisma.contact.createMany({ data: [contact(operation)] })
      const times = { createdAt: new Date(), updatedAt: new Date() }
      const taken = { tenantId: tenant.id, id: randomUUID(), name: tenant.takenName, position: 0, ...times }
      await tx.prisma.industry.createMany({ data: [taken] })
    })
    return expectFailure(
      running,
      (error) => error instanceof UniqueViolation && error.constraint === 'industries_name_key',
    )
  },
  flight: async (database: Database, { tenant }: Operation): Promise<Outcome> => {
    const reader = database.reader(tenant.id)
    const read = (text: string) => reader.read<ContactRow>({ label: 'flight.read', text, values: [] })
    const failing = read('select 1 / 0').then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    )
    const [first, state, second] = await Promise.all([
      read(`${SELECT} limit 50`),
      failing,
      read(`${SELECT} desc limit 50`),
    ])
    if (state !== '22012') throw Object.assign(new Error('the failing statement'), { code: state })
    return countRows(tenant, [...first, ...second])
  },
  search: async (database: Database, { tenant }: Operation): Promise<Outcome> => {
    const text =
      'select tenant_id, id, first_name from contacts where tenant_id = $1 order by created_at desc, id desc limit 50'
    return countRows(tenant, await database.keys<ContactRow>(tenant.id, { label: 'search', text, values: [tenant.id] }))
  },
} satisfies Record<string, (database: Database, operation: Operation) => Promise<Outcome>>

export type OperationKind = keyof typeof OPERATIONS

interface ContactRow {
  readonly tenant_id: string
  readonly first_name: string
}

const SELECT = 'select tenant_id, first_name from contacts order by id'
const CONFLICT = `do $$ begin raise exception 'a conflict' using errcode = '40001'; end $$`

function contact({ tenant, marker }: Operation) {
  const now = new Date()
  return {
    tenantId: tenant.id,
    id: randomUUID(),
    firstName: tenant.mark,
    lastName: marker,
    createdAt: now,
    updatedAt: now,
  }
}

function countRows(
  tenant: MixedTenant,
  rows: readonly (ContactRow | { readonly tenantId: string; readonly firstName: string | null })[],
): Outcome {
  const isOwn = (row: (typeof rows)[number]): boolean =>
    'tenantId' in row
      ? row.tenantId === tenant.id && row.firstName === tenant.mark
      : row.tenant_id === tenant.id && row.first_name === tenant.mark
  return { ...READS, wrongRows: rows.filter((row) => !isOwn(row)).length, readRows: rows.length }
}

async function expectFailure(running: Promise<unknown>, isExpected: (error: unknown) => boolean): Promise<Outcome> {
  try {
    await running
  } catch (error) {
    if (isExpected(error)) return { ...READS, readRows: 0 }
    throw error
  }
  throw new Error('it should have failed and did not')
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
