import { randomUUID } from 'node:crypto'
import type { Database } from '../../src/database/database.js'
import type { Principal, Role, TenantSettings } from '../../src/lib/principal.js'

/** A tenant of a test's own, with one user of each role; ids are at hand. */
export interface TestTenant {
  readonly settings: TenantSettings
  readonly users: Readonly<Record<Role, string>>
  principal(role?: Role): Principal
}

/** Makes a tenant with an ADMIN, a MANAGER, a MEMBER and a VIEWER. */
export async function createTenant(database: Database, changes: Partial<TenantSettings> = {}): Promise<TestTenant> {
  const id = randomUUID()
  const settings: TenantSettings = {
    id,
    slug: `t-${id.slice(0, 8)}`,
    name: 'Test tenant',
    defaultCountry: 'US',
    defaultCurrency: 'USD',
    timeZone: 'America/New_York',
    uniqueEmails: false,
    ...changes,
  }
  const now = new Date('2026-01-01T00:00:00.000Z')
  const roles: Role[] = ['ADMIN', 'MANAGER', 'MEMBER', 'VIEWER']
  const users = Object.fromEntries(roles.map((role) => [role, randomUUID()])) as Record<Role, string>
  await database.transaction(id, 'test.createTenant', async ({ prisma }) => {
    await prisma.tenant.createMany({ data: [{ ...settings, createdAt: now, updatedAt: now }] })
    await prisma.user.createMany({
      data: roles.map((role, index) => ({
        tenantId: id,
        id: users[role],
        email: `${role.toLowerCase()}@example.com`,
        name: `${role} user`,
        role,
        createdAt: new Date(now.getTime() + index),
        updatedAt: now,
      })),
    })
  })
  return {
    settings,
    users,
    principal: (role = 'ADMIN') => ({ tenant: settings, userId: users[role], role }),
  }
}
