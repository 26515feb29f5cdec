import type { Principal } from '../../src/lib/principal.js'
import { KIND_SAMPLES, openOwner, type KindSample } from '../support/contact-info.js'
import { openTenant, type Desk } from '../support/desk.js'
import type { RoundTripCase } from './round-trip-cases.js'
import { request, tenantMutationCases } from './round-trip-tenant-mutations.js'

const SCALARS = {
  contact: `id firstName middleName lastName fullName jobTitle department emailOptIn smsOptIn callOptIn birthDate notes
    externalId version createdAt updatedAt deletedAt`,
  company: `id name legalName domain website employeeCount annualRevenue annualRevenueCurrency foundedYear leadScore
    status priority lastContactedAt nextFollowUpAt notes externalId version createdAt updatedAt deletedAt`,
}
const INFO =
  'emailAddresses { id email } phoneNumbers { id number } addresses { id city } socialMediaAccounts { id handle }'

type RecordType = keyof typeof SCALARS

const FIRST = ': the first of a second'

/** Creates a record: for a second it is known then whether there are custom fields that new ones need. */
async function knowFields(desk: Desk, admin: Principal, record: RecordType): Promise<void> {
  const { type, name } = SAMPLES[record]
  await desk.mutate(admin, `create${type}`, name)
}

/** What the mutations of contacts and of companies are given. */
const SAMPLES = {
  contact: { type: 'Contact', name: { firstName: 'Ada' }, field: { jobTitle: 'Engineer' } },
  company: { type: 'Company', name: { name: 'Acme' }, field: { legalName: 'Acme Inc.' } },
} as const

const EMAIL_AND_PHONE = {
  emailAddresses: [{ email: 'ada@example.com' }],
  phoneNumbers: [{ number: '+1 212 555 0123' }],
}
const ALL_INFO = {
  ...EMAIL_AND_PHONE,
  addresses: [{ city: 'London' }],
  socialMediaAccounts: [{ platform: 'GITHUB', handle: 'ada' }],
}

/** Records that others may link to, with the input that links to all of them. */
async function openLinks(desk: Desk, record: RecordType, settings = {}) {
  const { tenant, admin } = await openTenant(desk, settings)
  const made = async (mutation: string, field: string): Promise<string> =>
    (await desk.mutate(admin, mutation, { name: 'Steel' }, `${field} { id }`))[field].id
  const userId = tenant.users.MEMBER
  const links =
    record === 'contact'
      ? { companyId: await made('createCompany', 'company'), ownerId: userId }
      : {
          industryId: await made('createIndustry', 'industry'),
          sizeId: await made('createCompanySize', 'companySize'),
          assignedToId: userId,
        }
  return { admin, links }
}

/** A stored contact or company with contact info of all kinds; `more` goes into its input. */
async function openRecord(desk: Desk, record: RecordType, more: object = {}, settings = {}) {
  const { admin } = await openTenant(desk, settings)
  const { type, name } = SAMPLES[record]
  const payload = await desk.mutate(
    admin,
    `create${type}`,
    { ...name, ...ALL_INFO, ...more },
    `${record} { id ${INFO} }`,
  )
  return { admin, stored: payload[record], target: { id: payload[record].id as string, version: 1 } }
}

const UNIQUE_EMAILS = { uniqueEmails: true }

function recordCases(record: RecordType): RoundTripCase[] {
  const { type, name, field } = SAMPLES[record]
  const answer = `${record} { ${SCALARS[record]} }`
  const create = (particular: string, input: object, settings = {}, selection = answer): RoundTripCase => ({
    name: `create${type}${particular}`,
    prepare: async (desk) => {
      const { admin } = await openTenant(desk, settings)
      if (particular !== FIRST) await knowFields(desk, admin, record)
      return request(admin, `create${type}`, { ...name, ...input }, selection)
    },
  })
  const update = (particular: string, input: object | ((stored: Stored) => object), settings = {}): RoundTripCase => ({
    name: `update${type}: ${particular}`,
    prepare: async (desk) => {
      const { admin, stored, target } = await openRecord(desk, record, {}, settings)
      const changes = typeof input === 'function' ? (input as (stored: Stored) => object)(stored) : input
      return request(admin, `update${type}`, { ...target, ...changes }, answer)
    },
  })
  const emails = ({ emailAddresses: [first] }: Stored) => ({
    update: [{ id: first?.id, email: 'ada@example.net' }],
    add: [{ email: 'ada@example.org' }, { email: 'ada@example.edu' }],
  })
  return [
    create('', field),
    create(FIRST, field),
    create(': with an e-mail and a phone', EMAIL_AND_PHONE),
    create(': with an e-mail and a phone, where e-mails are unique', EMAIL_AND_PHONE, UNIQUE_EMAILS),
    create(
      ': with all contact info, all of it in the answer',
      ALL_INFO,
      {},
      `${record} { ${SCALARS[record]} ${INFO} }`,
    ),
    {
      name: `create${type}: with links and an external id`,
      prepare: async (desk) => {
        const { admin, links } = await openLinks(desk, record)
        await knowFields(desk, admin, record)
        return request(admin, `create${type}`, { ...name, ...links, externalId: 'X-1' }, answer)
      },
    },
    {
      name: `create${type}: refused, its external id is taken`,
      prepare: async (desk) => {
        const { admin } = await openRecord(desk, record, { externalId: 'X-1' })
        const input = { ...name, ...EMAIL_AND_PHONE, externalId: 'X-1' }
        return { ...request(admin, `create${type}`, input, answer), refusals: ['ALREADY_EXISTS'] }
      },
    },
    update('one field', field),
    {
      name: `update${type}: links and external id`,
      prepare: async (desk) => {
        const { admin, links } = await openLinks(desk, record)
        const { id } = (await desk.mutate(admin, `create${type}`, name, `${record} { id }`))[record]
        return request(admin, `update${type}`, { id, version: 1, ...links, externalId: 'X-1' }, answer)
      },
    },
    update('e-mails added and changed', (stored) => ({ emailAddresses: emails(stored) })),
    update(
      'e-mails added and changed, where they are unique',
      (stored) => ({ emailAddresses: emails(stored) }),
      UNIQUE_EMAILS,
    ),
    update('contact info of all kinds added and removed', (stored) =>
      Object.fromEntries(
        Object.entries(ALL_INFO).map(([list, add]) => [
          list,
          { add, remove: stored[list as keyof Stored].map(({ id }) => id) },
        ]),
      ),
    ),
    {
      name: `update${type}: refused, its version is another`,
      prepare: async (desk) => {
        const { admin, target } = await openRecord(desk, record)
        const input = { ...target, version: 7, ...field }
        return { ...request(admin, `update${type}`, input, answer), refusals: ['CONFLICT'] }
      },
    },
    ...[{}, UNIQUE_EMAILS].flatMap((settings) => lifeCases(record, settings)),
  ]
}

type Stored = Readonly<Record<keyof typeof ALL_INFO, readonly { readonly id: string }[]>>

/** Delete, restore and destroy, of a record with an external id and contact info of all kinds. */
function lifeCases(record: RecordType, settings: { uniqueEmails?: boolean }): RoundTripCase[] {
  const { type } = SAMPLES[record]
  const open = (desk: Desk) => openRecord(desk, record, { externalId: 'X-1' }, settings)
  const particular = settings.uniqueEmails ? ', where e-mails are unique' : ''
  const answer = `${record} { ${SCALARS[record]} }`
  return [
    {
      name: `delete${type}: with contact info${particular}`,
      prepare: async (desk) => {
        const { admin, target } = await open(desk)
        return request(admin, `delete${type}`, target, answer)
      },
    },
    {
      name: `restore${type}: with contact info${particular}`,
      prepare: async (desk) => {
        const { admin, target } = await open(desk)
        await desk.mutate(admin, `delete${type}`, target)
        return request(admin, `restore${type}`, { id: target.id }, answer)
      },
    },
    {
      name: `destroy${type}: with contact info${particular}`,
      prepare: async (desk) => {
        const { admin, target } = await open(desk)
        return request(admin, `destroy${type}`, { id: target.id }, 'destroyedId')
      },
    },
  ]
}

/** Add, update, remove and make primary, of one kind of contact info with two rows. */
function contactInfoCases(sample: KindSample, owner: RecordType): RoundTripCase[] {
  const { kind, record, fields } = sample
  const answer = `owner { id ... on Contact { version } ... on Company { version } }`
  const row = `${record} { id ${fields} isPrimary position } ${answer}`
  const open = async (desk: Desk) => {
    const { admin, ownerId, rowIds } = await openOwner(desk, owner, sample, 2, new Date())
    return { admin, ownerId, first: rowIds[0], second: rowIds[1] }
  }
  const at = owner === 'contact' ? 'of a contact' : 'of a company'
  return [
    {
      name: `add${kind}: ${at}`,
      prepare: async (desk) => {
        const { admin, ownerId } = await open(desk)
        return request(admin, `add${kind}`, { ownerId, ownerVersion: 1, [record]: sample.input(3) }, row)
      },
    },
    {
      name: `update${kind}: ${at}`,
      prepare: async (desk) => {
        const { admin, second } = await open(desk)
        return request(admin, `update${kind}`, { id: second, ownerVersion: 1, ...sample.change.input }, row)
      },
    },
    {
      name: `remove${kind}: the primary one ${at}`,
      prepare: async (desk) => {
        const { admin, first } = await open(desk)
        return request(admin, `remove${kind}`, { id: first, ownerVersion: 1 }, `removedId ${answer}`)
      },
    },
    {
      name: `make${kind}Primary: ${at}`,
      prepare: async (desk) => {
        const { admin, second } = await open(desk)
        return request(admin, `make${kind}Primary`, { id: second, ownerVersion: 1 }, row)
      },
    },
  ]
}

/** The cases of all mutations, each with a tenant of its own. */
export function mutationCases(): RoundTripCase[] {
  return [
    ...recordCases('contact'),
    ...recordCases('company'),
    ...KIND_SAMPLES.flatMap((sample) => [
      ...contactInfoCases(sample, 'contact'),
      ...contactInfoCases(sample, 'company'),
    ]),
    ...tenantMutationCases(),
  ]
}
