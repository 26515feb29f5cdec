import { PrismaPg } from '@prisma/adapter-pg'
import type { Prisma } from '../generated/prisma/client.js'
import { PrismaClient } from '../generated/prisma/client.js'
import { createPrismaPool } from './prisma-pool.js'
import { runInTenantContext, tenantContext } from './tenant-context.js'

export interface OperationEvent {
  /** model and operation, as `contact.findMany` */
  readonly label: string
  readonly durationMs: number
  readonly failed: boolean
  readonly tenantId: string | null
}

export type OperationObserver = (event: OperationEvent) => void

/** Prisma Client inside an interactive transaction. */
export type PrismaTransaction = Prisma.TransactionClient

/** Prisma Client as Kith uses it: interactive transactions only, no findUnique. */
export type KithPrisma = Omit<PrismaClient, '$transaction' | '$connect' | '$on' | '$extends' | '$use'> & {
  $transaction<Result>(
    work: (tx: PrismaTransaction) => Promise<Result>,
    options?: { maxWait?: number; timeout?: number; isolationLevel?: Prisma.TransactionIsolationLevel },
  ): Promise<Result>
}

/**
 * Prisma Client over the process's pool, each operation timed. Two of Prisma's traps are shut at run time:
 * `$transaction([…])` and `findUnique*` start all batches of a tick in the first caller's context, which gave other
 * tenants' rows to 648 of 1,000 requests. Both throw.
 */
export function createPrismaClient(observe: OperationObserver): KithPrisma {
  const client = new PrismaClient({ adapter: new PrismaPg(createPrismaPool()) })
  const timed = client.$extends({
    query: {
      $allOperations: async ({ model, operation, args, query }) => {
        if (operation.startsWith('findUnique')) {
          throw new Error(`${operation} is not used here: it can answer from another tenant's batch. Use findFirst.`)
        }
        const label = model ? `${model.charAt(0).toLowerCase()}${model.slice(1)}.${operation}` : operation
        const context = tenantContext()
        const startMs = performance.now()
        let failed = true
        try {
          const run = async (): Promise<unknown> => (await query(args)) as unknown
          const result = context ? await runInTenantContext({ ...context, label }, run) : await run()
          failed = false
          return result
        } finally {
          observe({ label, durationMs: performance.now() - startMs, failed, tenantId: context?.tenantId ?? null })
        }
      },
    },
  })
  return new Proxy(timed, {
    get(target, property) {
      if (property !== '$transaction') return Reflect.get(target, property) as unknown
      return (work: unknown, options?: object) => {
        if (typeof work !== 'function') {
          throw new Error(
            "$transaction([…]) is not used here: it runs several tenants' batches in one context. Pass a function.",
          )
        }
        return target.$transaction(work as (tx: unknown) => Promise<unknown>, options)
      }
    },
  }) as unknown as KithPrisma
}
