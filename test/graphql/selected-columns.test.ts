import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema, getNamedType, getNullableType, isCompositeType, isObjectType } from 'graphql'
import { CONCEPTS } from '../../src/graphql/features.js'
import type { Principal } from '../../src/lib/principal.js'
import { readSchema } from '../../src/graphql/schema-text.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

/** Where rows of each concept are found: a query around their fields, and the way to a row in its answer. */
const PLACES: Readonly<Record<string, readonly [string, (fields: string) => string]>> = {
  Contact: ['contacts.nodes.0', (fields) => `{ contacts { nodes { ${fields} } } }`],
  Company: ['companies.nodes.0', (fields) => `{ companies { nodes { ${fields} } } }`],
  User: ['contacts.nodes.0.owner', (fields) => `{ contacts { nodes { owner { ${fields} } } } }`],
  Industry: ['industries.nodes.0', (fields) => `{ industries { nodes { ${fields} } } }`],
  CompanySize: ['companySizes.nodes.0', (fields) => `{ companySizes { nodes { ${fields} } } }`],
  EmailAddress: [
    'contacts.nodes.0.emailAddresses.0',
    (fields) => `{ contacts { nodes { emailAddresses { ${fields} } } } }`,
  ],
  PhoneNumber: ['contacts.nodes.0.phoneNumbers.0', (fields) => `{ contacts { nodes { phoneNumbers { ${fields} } } } }`],
  Address: ['companies.nodes.0.addresses.0', (fields) => `{ companies { nodes { addresses { ${fields} } } } }`],
  SocialMediaAccount: [
    'contacts.nodes.0.socialMediaAccounts.0',
    (fields) => `{ contacts { nodes { socialMediaAccounts { ${fields} } } } }`,
  ],
}
const schema = buildSchema(readSchema())

/** The fields of a type without arguments that must be given, each with the smallest selection below it. */
function fieldsOf(concept: string): { readonly name: string; readonly selection: string }[] {
  const type = schema.getType(concept)
  if (!isObjectType(type)) throw new Error(`no type ${concept}`)
  return Object.values(type.getFields()).flatMap(({ name, type: of, args }) => {
    if (args.some((argument) => getNullableType(argument.type) !== argument.type)) return []
    const named = getNamedType(of)
    if (!isCompositeType(named)) return [{ name, selection: name }]
    return [
      { name, selection: named.name.endsWith('Connection') ? `${name} { nodes { id } }` : `${name} { __typename }` },
    ]
  })
}

let desk: Desk
let admin: Principal

beforeAll(async () => {
  desk = await openDesk()
  const opened = await openTenant(desk)
  admin = opened.admin
  const entry = async (mutation: string, field: string): Promise<string> =>
    (await desk.mutate(admin, mutation, { name: 'Steel' }, `${field} { id }`))[field].id as string
  const links = {
    industryId: await entry('createIndustry', 'industry'),
    sizeId: await entry('createCompanySize', 'companySize'),
  }
  const infos = {
    emailAddresses: [{ email: 'Ada@Example.com', type: 'WORK' }],
    phoneNumbers: [{ number: '+1 212 555 0123', extension: '7' }],
    addresses: [{ line1: '1 High St', city: 'London', postalCode: 'N1', country: 'GB' }],
    socialMediaAccounts: [{ platform: 'GITHUB', handle: 'ada', url: 'https://github.com/ada' }],
  }
  const company = {
    ...{ name: 'Acme', legalName: 'Acme Inc', domain: 'acme.com', website: 'https://acme.com', employeeCount: 5 },
    ...{ annualRevenue: '1.5', annualRevenueCurrency: 'EUR', foundedYear: 1999, leadScore: 7, externalId: 'c1' },
    ...{ lastContactedAt: '2026-01-02T03:04:05.006Z', nextFollowUpAt: '2026-02-02T03:04:05Z', notes: 'Met.' },
    ...{ status: 'CUSTOMER', priority: 'HIGH', assignedToId: opened.tenant.users.MEMBER, ...links, ...infos },
  }
  const { company: made } = await desk.mutate(admin, 'createCompany', company, 'company { id }')
  const contact = {
    ...{ firstName: 'Ada', middleName: 'K', lastName: 'Lovelace', jobTitle: 'Engineer', department: 'R&D' },
    ...{ birthDate: '1815-12-10', externalId: 'p1', emailOptIn: true, notes: 'Met.', companyId: made.id as string },
    ...{ ownerId: opened.tenant.users.MEMBER, ...infos },
  }
  await desk.mutate(admin, 'createContact', contact, 'contact { id }')
})

afterAll(() => desk.close())

function valueAt(answer: unknown, path: string): Record<string, unknown> {
  return path.split('.').reduce((value, key) => (value as Record<string, unknown>)[key], answer) as never
}

describe('a field that is selected alone', () => {
  test('is tested for every concept', () => {
    expect(Object.keys(PLACES).sort()).toEqual(CONCEPTS.map(({ name }) => name).sort())
  })

  test.each(Object.keys(PLACES))('is what it is among all others: %s', async (concept) => {
    const [path, query] = PLACES[concept] as (typeof PLACES)[string]
    const fields = fieldsOf(concept)
    const all = valueAt(await desk.ask(admin, query(fields.map(({ selection }) => selection).join(' '))), path)
    const alone: Record<string, unknown> = {}
    for (const { name, selection } of fields) {
      Object.assign(alone, { [name]: valueAt(await desk.ask(admin, query(selection)), path)[name] })
    }
    expect(alone).toEqual(all)
    expect(Object.keys(all)).toHaveLength(fields.length)
  })
})
