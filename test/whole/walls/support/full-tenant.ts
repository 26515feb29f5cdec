import { randomBytes, randomUUID } from 'node:crypto'
import type { Database } from '../../../../src/database/database.js'
import { refreshSearchIndex } from '../../../../src/search/search-rows.js'
import { createTenant, type TestTenant } from '../../../support/records.js'

/** A record by its id, with the version that a change to it must name: its own, or its owner's for contact info. */
export interface WallRecord {
  readonly id: string
  readonly version: number
}

/** One record of every kind that a tenant can have; the key is the type's name in the API where it has one. */
export type WallRecords = Readonly<Record<WallRecordKind, WallRecord>>

const KINDS = [
  'Tenant', 'User', 'ApiKey', 'Industry', 'CompanySize', 'Company', 'Contact',
  'EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount', 'CustomFieldDefinition', 'CustomFieldValue',
  'Job', 'ImportFile', 'Export',
] as const // prettier-ignore

export type WallRecordKind = (typeof KINDS)[number]
export const WALL_RECORD_KINDS: readonly WallRecordKind[] = KINDS

/** What is unique in a tenant; each tenant of a test has the same. */
export const UNIQUE_VALUES = { domain: 'acme.example', externalId: 'X-1', email: 'jane@acme.example', name: 'Steel' }
const VERSIONS = { Company: 5, Contact: 3 }

/** A tenant with a record of every kind, all of them linked. */
export async function createFullTenant(database: Database): Promise<{ tenant: TestTenant; records: WallRecords }> {
  const tenant = await createTenant(database, { uniqueEmails: true })
  return { tenant, records: await createRecords(database, tenant, UNIQUE_VALUES) }
}

/** Adds one record of every kind to a tenant, whose user they name; contact info is the contact's or the company's. */
export async function createRecords(
  database: Database,
  tenant: TestTenant,
  values: Record<keyof typeof UNIQUE_VALUES, string>,
  infoOwner: 'Contact' | 'Company' = 'Contact',
): Promise<WallRecords> {
  const tenantId = tenant.settings.id
  const ids = Object.fromEntries(KINDS.map((kind) => [kind, randomUUID()])) as Record<WallRecordKind, string>
  const now = new Date()
  const times = { tenantId, createdAt: now, updatedAt: now }
  const userId = tenant.users.MEMBER
  const info = { ...times, entityType: infoOwner.toUpperCase(), entityId: ids[infoOwner], position: 1, isPrimary: true }
  await database.transaction(tenantId, 'test.createRecords', async (tx) => {
    const { prisma } = tx
    await prisma.apiKey.createMany({
      data: [{ ...times, id: ids.ApiKey, name: 'Import', hash: randomBytes(32), role: 'MEMBER', createdById: userId }],
    })
    await prisma.industry.createMany({ data: [{ ...times, id: ids.Industry, name: values.name, position: 1 }] })
    await prisma.companySize.createMany({ data: [{ ...times, id: ids.CompanySize, name: values.name, position: 1 }] })
    const references = { industryId: ids.Industry, sizeId: ids.CompanySize, assignedToId: userId }
    const { domain, externalId, email } = values
    await prisma.company.createMany({
      data: [{ ...times, ...references, id: ids.Company, name: 'Acme', domain, externalId, version: VERSIONS.Company }],
    })
    const links = { companyId: ids.Company, ownerId: userId }
    await prisma.contact.createMany({
      data: [
        {
          ...times,
          ...links,
          id: ids.Contact,
          firstName: 'Jane',
          externalId,
          notes: 'secret',
          version: VERSIONS.Contact,
        },
      ],
    })
    const emailColumns = { type: 'WORK', email, emailDomain: 'acme.example', uniqueKey: email }
    await prisma.emailAddress.createMany({ data: [{ ...info, ...emailColumns, id: ids.EmailAddress }] })
    await prisma.phoneNumber.createMany({
      data: [{ ...info, id: ids.PhoneNumber, type: 'WORK', number: '212 555 0123', numberE164: '+12125550123' }],
    })
    await prisma.address.createMany({ data: [{ ...info, id: ids.Address, type: 'OFFICE', city: 'Springfield' }] })
    await prisma.socialMediaAccount.createMany({
      data: [{ ...info, id: ids.SocialMediaAccount, platform: 'X', handle: 'jane' }],
    })
    const key = `k${ids.CustomFieldDefinition.replaceAll('-', '_')}`
    await prisma.customFieldDefinition.createMany({
      data: [
        {
          ...times,
          id: ids.CustomFieldDefinition,
          entityType: 'CONTACT',
          key,
          label: 'Note',
          type: 'RADIO',
          options: ['secret', 'other'].map((value) => ({ value, label: value, isArchived: false })),
          position: 1,
        },
      ],
    })
    const value = { entityType: 'CONTACT', entityId: ids.Contact, definitionId: ids.CustomFieldDefinition }
    await prisma.customFieldValue.createMany({
      data: [{ ...times, ...value, id: ids.CustomFieldValue, textValue: 'secret' }],
    })
    await prisma.customFieldUsage.createMany({
      data: [{ tenantId, definitionId: ids.CustomFieldDefinition, filterCount: 1n }],
    })
    const asked = { type: 'CONTACT', format: 'CSV', arguments: {}, status: 'READY', createdById: userId }
    await prisma.export.createMany({ data: [{ ...times, ...asked, id: ids.Export }] })
    await createJob(prisma, { ...times, id: ids.Job, createdById: userId }, ids)
    await refreshSearchIndex(tenantId, tx, 'CONTACT', [ids.Contact])
    await refreshSearchIndex(tenantId, tx, 'COMPANY', [ids.Company])
  })
  const all = { ...ids, Tenant: tenantId, User: userId }
  const versionOf = (kind: WallRecordKind): number => {
    if (kind === 'Company' || kind === 'Contact') return VERSIONS[kind]
    return ['EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount'].includes(kind) ? VERSIONS[infoOwner] : 1
  }
  return Object.fromEntries(KINDS.map((kind) => [kind, { id: all[kind], version: versionOf(kind) }])) as WallRecords
}

type Prisma = Parameters<Parameters<Database['transaction']>[2]>[0]['prisma']

/** A job that is over, with all that jobs keep, and an uploaded file. */
async function createJob(
  prisma: Prisma,
  job: {
    readonly tenantId: string
    readonly id: string
    readonly createdById: string
    readonly createdAt: Date
    readonly updatedAt: Date
  },
  ids: Record<WallRecordKind, string>,
): Promise<void> {
  const { tenantId, id: jobId, createdAt: now, ...common } = job
  await prisma.job.createMany({
    data: [{ ...job, kind: 'BULK', role: 'ADMIN', status: 'SUCCEEDED', finishedAt: now }],
  })
  const file = { name: 'secret.csv', expiresAt: now, completedAt: now, receivedBytes: 6n, parts: 1 }
  await prisma.importFile.createMany({ data: [{ ...common, ...file, tenantId, createdAt: now, id: ids.ImportFile }] })
  await prisma.importFilePart.createMany({
    data: [{ tenantId, fileId: ids.ImportFile, number: 0, bytes: Buffer.from('secret') }],
  })
  const errors = [{ column: null, code: 'BAD_USER_INPUT', message: 'secret' }]
  await prisma.importFailure.createMany({
    data: [{ tenantId, jobId, rowIndex: 0n, line: 2n, cells: [['Name', 'secret']], errors }],
  })
  const record = { entityType: 'CONTACT', entityId: ids.Contact }
  await prisma.jobChange.createMany({
    data: [{ tenantId, jobId, ...record, action: 'UPDATED', before: { firstName: 'secret' }, version: 1 }],
  })
  await prisma.jobTarget.createMany({ data: [{ tenantId, jobId, block: 0, ids: [ids.Contact] }] })
  await prisma.jobProblem.createMany({ data: [{ tenantId, jobId, ...record, code: 'CONFLICT', message: 'secret' }] })
}
