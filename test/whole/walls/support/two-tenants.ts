import { buildSchema, type GraphQLSchema } from 'graphql'
import { createDatabase, type Database } from '../../../../src/database/database.js'
import { readSchema } from '../../../../src/graphql/schema-text.js'
import { cloneDatabase, type ClonedDatabase } from '../../../setup/database.js'
import { WIDE_LIMITS } from '../../../support/desk.js'
import { createTestApi, testDatabaseOptions, type TestApi } from '../../../support/api.js'
import type { TestTenant } from '../../../support/records.js'
import { createBypassRole, openFallenDatabase, type FallenWalls } from './fallen-walls.js'
import { walkWithForeignIds, type WalkResult } from './foreign-id-walk.js'
import { createFullTenant, type WallRecords } from './full-tenant.js'
import { openSnapshots, type Snapshot } from './snapshot.js'

export interface FullTenant {
  readonly tenant: TestTenant
  readonly records: WallRecords
}

/** Two tenants with a record of every kind each, and the API over them, with all walls or without some. */
export interface TwoTenants {
  readonly schema: GraphQLSchema
  readonly clone: ClonedDatabase
  readonly api: TestApi
  readonly own: FullTenant
  readonly other: FullTenant
  takeSnapshot(): Promise<Snapshot>
  /** The walk of the own ADMIN with the other tenant's ids. */
  walk(): Promise<WalkResult>
  close(): Promise<void>
}

/** 2,000 calls one after the other: about 15 seconds, and more where other work shares the processors. */
export const WALK_TIMEOUT_MS = 180_000

/**
 * Opens the API over a database of its own; `bypass` makes a role that row-level security doesn't hold back, `prepare`
 * adds rows while all walls stand.
 */
export async function openTwoTenants(
  walls: FallenWalls & { readonly bypass?: boolean } = {},
  prepare: (database: Database, tenants: Pick<TwoTenants, 'own' | 'other'>) => Promise<void> = () => Promise.resolve(),
): Promise<TwoTenants> {
  const schema = buildSchema(readSchema())
  const clone = await cloneDatabase()
  const role = walls.bypass
    ? await createBypassRole(clone.adminUrl, decodeURIComponent(new URL(clone.databaseUrl).username))
    : null
  const fallen = role ? { ...walls, bypassRole: role.name } : walls
  const ignore = (): void => undefined
  const whole = createDatabase({
    ...testDatabaseOptions(clone.databaseUrl, 2),
    observeStatement: ignore,
    observeOperation: ignore,
  })
  const own = await createFullTenant(whole)
  const other = await createFullTenant(whole)
  await prepare(whole, { own, other })
  await whole.close()
  const api = createTestApi(
    clone.databaseUrl,
    (options) => openFallenDatabase(options, fallen),
    // The walks ask for every field of every type, under names of their own.
    { limits: WIDE_LIMITS },
  )
  const snapshots = await openSnapshots(clone.adminUrl)
  const takeSnapshot = (): Promise<Snapshot> => snapshots.take()
  const principal = own.tenant.principal()
  return {
    schema,
    clone,
    api,
    own,
    other,
    takeSnapshot,
    walk: () => walkWithForeignIds({ schema, api, principal, own: own.records, foreign: other.records, takeSnapshot }),
    async close() {
      await snapshots.close()
      await api.close()
      await role?.drop()
      await clone.drop()
    },
  }
}
