import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { PrismaPg } from '@prisma/adapter-pg'
import DataLoader from 'dataloader'
import { Prisma, PrismaClient } from '../../dist/generated/prisma/client.js'
import { announce, poolOptions, tenantId } from './peer.mjs'

// Kith's folded columns are nothing that such a team would have or read.
const models = [
  'contact',
  'company',
  'emailAddress',
  'phoneNumber',
  'address',
  'socialMediaAccount',
  'user',
  'industry',
]
const foldedOf = (model) =>
  Object.keys(Prisma[`${model[0].toUpperCase()}${model.slice(1)}ScalarFieldEnum`]).filter((name) =>
    name.endsWith('Folded'),
  )
const omit = Object.fromEntries(
  models.map((model) => [model, Object.fromEntries(foldedOf(model).map((name) => [name, true]))]),
)
const prisma = new PrismaClient({ adapter: new PrismaPg(poolOptions), omit })

const typeDefs = `
  type Query {
    contacts(first: Int!, offset: Int, filter: ContactFilter, byLastName: Boolean): Contacts!
    contact(id: ID!): Contact
    companies(first: Int!): Companies!
    search(query: String!, first: Int!): [Contact!]!
  }
  type Mutation {
    updateContact(input: UpdateContact!): ContactPayload
    createContact(input: CreateContact!): ContactPayload
  }
  type ContactPayload { contact: Contact }
  input UpdateContact { id: ID!, version: Int!, jobTitle: String }
  input CreateContact { firstName: String, lastName: String, jobTitle: String, emails: [String!]!, phones: [String!]! }
  input ContactFilter { companyStatus: String, emailDomain: String }
  type Contacts { nodes: [Contact!]!, totalCount: Int! }
  type Companies { nodes: [Company!]! }
  type Contact {
    id: ID! firstName: String middleName: String lastName: String fullName: String jobTitle: String department: String
    emailOptIn: Boolean smsOptIn: Boolean callOptIn: Boolean birthDate: String notes: String externalId: String
    version: Int! createdAt: String! updatedAt: String! deletedAt: String
    company: Company owner: User emailAddresses: [EmailAddress!]! phoneNumbers: [PhoneNumber!]!
    addresses: [Address!]! socialMediaAccounts: [SocialMediaAccount!]!
  }
  type Company {
    id: ID! name: String! domain: String status: String! industry: Industry owner: User contacts(first: Int!): Contacts!
  }
  type Industry { id: ID! name: String! }
  type User { id: ID! name: String! email: String! }
  type EmailAddress {
    id: ID! email: String! type: String! isPrimary: Boolean! position: Int!
    optedOutAt: String createdAt: String! updatedAt: String!
  }
  type PhoneNumber {
    id: ID! number: String! e164: String extension: String type: String! isPrimary: Boolean! position: Int!
  }
  type Address {
    id: ID! type: String! line1: String line2: String city: String region: String postalCode: String country: String
    latitude: Float longitude: Float isPrimary: Boolean! position: Int!
  }
  type SocialMediaAccount {
    id: ID! platform: String! handle: String url: String isPrimary: Boolean! position: Int!
  }
`

const live = { tenantId, deletedAt: null }
const newestFirst = [{ createdAt: 'desc' }, { id: 'desc' }]

const byId = (model) =>
  new DataLoader(async (ids) => {
    const rows = await prisma[model].findMany({ where: { tenantId, id: { in: [...ids] } } })
    const found = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => found.get(id) ?? null)
  })

const byOwner = (model, where, orderBy, key) =>
  new DataLoader(async (ids) => {
    const rows = await prisma[model].findMany({ where: { ...where, [key]: { in: [...ids] } }, orderBy })
    const groups = Map.groupBy ? Map.groupBy(rows, (row) => row[key]) : groupBy(rows, key)
    return ids.map((id) => groups.get(id) ?? [])
  })

function groupBy(rows, key) {
  const groups = new Map()
  for (const row of rows) {
    const group = groups.get(row[key])
    if (group) group.push(row)
    else groups.set(row[key], [row])
  }
  return groups
}

const ofContact = (model) => byOwner(model, { tenantId, entityType: 'CONTACT' }, { position: 'asc' }, 'entityId')

const context = async () => ({
  loaders: {
    company: byId('company'),
    user: byId('user'),
    industry: byId('industry'),
    emailAddresses: ofContact('emailAddress'),
    phoneNumbers: ofContact('phoneNumber'),
    addresses: ofContact('address'),
    socialMediaAccounts: ofContact('socialMediaAccount'),
    contactsOfCompany: byOwner('contact', live, newestFirst, 'companyId'),
  },
})

const one =
  (loader, key) =>
  (parent, _, { loaders }) =>
    parent[key] && loaders[loader].load(parent[key])
const list =
  (loader) =>
  (parent, _, { loaders }) =>
    loaders[loader].load(parent.id)
const moment = (name) => (parent) => parent[name]?.toISOString() ?? null

const resolvers = {
  Query: {
    contacts: async (_, { first, offset, filter, byLastName }) => {
      const where = {
        ...live,
        ...(filter?.companyStatus && { company: { status: filter.companyStatus } }),
        ...(filter?.emailDomain && { emailAddresses: { some: { emailDomain: filter.emailDomain } } }),
      }
      const orderBy = byLastName ? [{ lastNameFolded: 'asc' }, { id: 'asc' }] : newestFirst
      return { where, nodes: await prisma.contact.findMany({ where, orderBy, take: first, skip: offset ?? 0 }) }
    },
    contact: (_, { id }) => prisma.contact.findFirst({ where: { ...live, id } }),
    companies: async (_, { first }) => ({
      nodes: await prisma.company.findMany({ where: live, orderBy: newestFirst, take: first }),
    }),
    // The quickest way there: the name in small letters has an index of trigrams.
    search: (_, { query, first }) => {
      const where = { ...live, fullNameFolded: { contains: query.toLowerCase() } }
      return prisma.contact.findMany({ where, orderBy: newestFirst, take: first })
    },
  },
  Mutation: {
    // The version in the condition is what keeps two users from overwriting each other.
    updateContact: async (_, { input: { id, version, ...changes } }) => ({
      contact: await prisma.contact.update({
        where: { tenantId_id: { tenantId, id }, version, deletedAt: null },
        data: { ...changes, version: { increment: 1 }, updatedAt: new Date() },
      }),
    }),
    createContact: async (_, { input: { emails, phones, ...contact } }) => {
      const now = new Date()
      const row = () => ({ tenantId, id: uuid(), createdAt: now, updatedAt: now })
      const data = { ...row(), ...contact }
      // Nested creates would write the generated columns that carry the foreign keys.
      const info = () => ({ ...row(), entityType: 'CONTACT', entityId: data.id, type: 'WORK' })
      const place = (index) => ({ isPrimary: index === 0, position: index + 1 })
      const emailRows = emails.map((email, index) => ({
        ...info(),
        ...place(index),
        email,
        emailDomain: email.split('@').at(-1),
      }))
      const phoneRows = phones.map((number, index) => ({
        ...info(),
        ...place(index),
        number,
        numberE164: number.replaceAll(' ', ''),
      }))
      const [created] = await prisma.$transaction([
        prisma.contact.create({ data }),
        prisma.emailAddress.createMany({ data: emailRows }),
        prisma.phoneNumber.createMany({ data: phoneRows }),
      ])
      return { contact: created }
    },
  },
  Contacts: { totalCount: ({ where }) => prisma.contact.count({ where }) },
  Contact: {
    birthDate: ({ birthDate }) => birthDate?.toISOString().slice(0, 10) ?? null,
    createdAt: moment('createdAt'),
    updatedAt: moment('updatedAt'),
    deletedAt: moment('deletedAt'),
    company: one('company', 'companyId'),
    owner: one('user', 'ownerId'),
    emailAddresses: list('emailAddresses'),
    phoneNumbers: list('phoneNumbers'),
    addresses: list('addresses'),
    socialMediaAccounts: list('socialMediaAccounts'),
  },
  Company: {
    industry: one('industry', 'industryId'),
    owner: one('user', 'assignedToId'),
    contacts: async ({ id }, { first }, { loaders }) => ({
      nodes: (await loaders.contactsOfCompany.load(id)).slice(0, first),
    }),
  },
  EmailAddress: {
    optedOutAt: moment('optedOutAt'),
    createdAt: moment('createdAt'),
    updatedAt: moment('updatedAt'),
  },
  PhoneNumber: { e164: ({ numberE164 }) => numberE164 },
}

/** Ids that rise with time, as Kith's: random ones would be dearer for the indexes. */
function uuid() {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}

const server = new ApolloServer({ typeDefs, resolvers, introspection: true })
const { url } = await startStandaloneServer(server, { context, listen: { port: 0, host: '127.0.0.1' } })
announce(new URL(url).origin)
