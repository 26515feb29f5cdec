import { AsyncLocalStorage } from 'node:async_hooks'
import type { Connection } from './connection-pool.js'
import type { QueryRunner } from './pipeline.js'
import type { DatabaseRole } from './statement.js'

/**
 * For whom Prisma runs, carried beside its calls because its pool interface has no room for arguments. Read it before
 * the first await of a pool call: Prisma resumes later work in whatever context it happens to be in.
 */
export interface TenantContext {
  readonly tenantId: string
  readonly role: DatabaseRole
  /** name of the running operation, for metrics: `contact.findMany` */
  readonly label: string
  readonly hold: Hold
  /** what the transaction runs by: its pool and clock, and for which request */
  readonly runner: QueryRunner
}

/** What a transaction and all its operations share. */
export interface Hold {
  /** connection of the interactive transaction, while it has one */
  connection: Connection | null
  /** the server's own last error: Prisma's wrapping loses the constraint's name */
  lastError: unknown
  /** rows that statements of SQL gave back or wrote so far; Prisma's own aren't counted */
  rows: number
}

const storage = new AsyncLocalStorage<TenantContext>()

/** The context of the running call, or undefined outside of one. */
export function tenantContext(): TenantContext | undefined {
  return storage.getStore()
}

/** Runs `work` for a tenant. `work` must await inside: a Prisma promise starts only when it is awaited. */
export function runInTenantContext<Result>(context: TenantContext, work: () => Promise<Result>): Promise<Result> {
  return storage.run(context, async () => await work())
}
