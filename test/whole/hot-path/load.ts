import pg from 'pg'
import { createDatabase } from '../../../src/database/database.js'
import { loadDemo } from '../../../src/demo/load.js'
import { findTenantBySlug } from '../../../src/features/tenant/tenant.service.js'
import type { Principal } from '../../../src/lib/principal.js'
import { testDatabaseOptions } from '../../support/api.js'
import type { ClonedDatabase } from '../../setup/database.js'
import type { Samples } from './questions.js'

const NOW = new Date('2026-10-01T09:00:00.000Z')
const SAMPLES = 50

/** Loads 500 contacts and 200 companies, and says who asks for them and which are there. */
export async function loadIntoClone({ databaseUrl, adminUrl }: ClonedDatabase): Promise<{
  readonly databaseUrl: string
  readonly principal: Principal
  readonly samples: Samples
}> {
  const database = createDatabase(testDatabaseOptions(databaseUrl, 4))
  const { tenantId } = await loadDemo(database, { contacts: 500, companies: 200, now: NOW, tenantSlug: 'hot' })
  const tenant = await findTenantBySlug(database, 'hot')
  await database.close()
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  // Statistics decide about plans, never about what is counted here; without them a plan may read more.
  await admin.query('analyze')
  const { rows: contacts } = await admin.query<{ id: string; lastName: string }>(
    `select id, last_name as "lastName" from contacts where tenant_id = $1 and length(last_name) > 4 order by id limit $2`,
    [tenantId, SAMPLES],
  )
  const { rows: users } = await admin.query<{ id: string }>(
    `select id from users where tenant_id = $1 and role = 'ADMIN' order by id limit 1`,
    [tenantId],
  )
  await admin.end()
  const [user] = users
  if (!tenant || !user) throw new Error('the demo has neither a tenant nor an ADMIN')
  return {
    databaseUrl,
    principal: { tenant, userId: user.id, role: 'ADMIN' },
    samples: { contactIds: contacts.map(({ id }) => id), lastNames: contacts.map(({ lastName }) => lastName) },
  }
}
