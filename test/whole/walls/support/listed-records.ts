import { randomUUID } from 'node:crypto'
import type { Database } from '../../../../src/database/database.js'
import { refreshSearchIndex } from '../../../../src/search/search-rows.js'
import type { FullTenant } from './two-tenants.js'

/**
 * The external id of the one contact that only one of two tenants has, by which a filter finds no other tenant's row.
 */
export const OWN_CONTACT = 'only-own'
export const OTHER_CONTACT = 'only-other'

/**
 * Adds to a tenant with Jane at Acme what lists need to be told apart by: companies without links and deleted ones,
 * contacts of each, without any, and deleted ones. All tenants get the same, but for `externalId`, which one contact
 * has.
 */
export async function addListedRecords(
  database: Database,
  { tenant, records }: Pick<FullTenant, 'tenant' | 'records'>,
  externalId: string,
): Promise<void> {
  const tenantId = tenant.settings.id
  const row = (n: number) => {
    const createdAt = new Date(Date.UTC(2026, 0, n))
    return { tenantId, id: randomUUID(), createdAt, updatedAt: createdAt }
  }
  const borg = { ...row(1), name: 'Borg', status: 'CUSTOMER', priority: 'HIGH', employeeCount: 10 }
  const gone = { ...row(2), name: 'Gone', deletedAt: new Date() }
  const contacts = [
    { ...row(3), firstName: 'Ada', lastName: 'Alpha', companyId: borg.id, birthDate: new Date('1990-01-01') },
    { ...row(4), firstName: 'Bob', lastName: 'Zulu', companyId: gone.id, ownerId: tenant.users.ADMIN },
    { ...row(5), firstName: 'Cy', lastName: 'Mike', externalId, birthDate: new Date('1980-01-01') },
    { ...row(6), firstName: 'Del', companyId: records.Company.id, deletedAt: new Date() },
    { ...row(7), firstName: 'Eve', companyId: records.Company.id, notes: 'likes tea' },
  ]
  await database.transaction(tenantId, 'test.addListedRecords', async (tx) => {
    const { prisma } = tx
    await prisma.company.createMany({ data: [borg, gone] })
    await prisma.contact.createMany({ data: contacts })
    const of = { entityType: 'CONTACT', position: 2, isPrimary: false, type: 'WORK' }
    const [ada, bob] = contacts
    await prisma.emailAddress.createMany({
      data: [{ ...row(8), ...of, entityId: ada?.id ?? '', email: 'ada@borg.example', emailDomain: 'borg.example' }],
    })
    await prisma.phoneNumber.createMany({
      data: [{ ...row(9), ...of, entityId: bob?.id ?? '', number: '212 555 0124', numberE164: '+12125550124' }],
    })
    await prisma.address.createMany({
      data: [{ ...row(10), ...of, type: 'OFFICE', entityId: bob?.id ?? '', city: 'Ulm' }],
    })
    await refreshSearchIndex(
      tenantId,
      tx,
      'CONTACT',
      contacts.map(({ id }) => id),
    )
    await refreshSearchIndex(tenantId, tx, 'COMPANY', [borg.id, gone.id])
  })
}
