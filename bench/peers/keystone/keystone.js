import { PrismaPg } from '@prisma/adapter-pg'
import { config, list } from '@keystone-6/core'
import { allowAll } from '@keystone-6/core/access'
import { calendarDay, checkbox, float, integer, relationship, text, timestamp } from '@keystone-6/core/fields'
import { announce, poolOptions, tenantId } from '../peer.mjs'

const column = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const fields = (make, names, map = {}) =>
  Object.fromEntries(names.map((name) => [name, make(map[name] ?? column(name))]))
const texts = (names, map) => fields((map) => text({ db: { map, isNullable: true } }), names, map)
const wholes = (names) => fields((map) => integer({ db: { map } }), names)
const moments = (names) => fields((map) => timestamp({ db: { map } }), names)
const flags = (names) => fields((map) => checkbox({ db: { map } }), names)
const one = (ref, map) => relationship({ ref, db: { foreignKey: { map } } })
const many = (ref) => relationship({ ref, many: true })

/** A list over one of Kith's tables: what its access says is in every where. */
const over = (map, where, listFields) =>
  list({
    access: { operation: allowAll, filter: { query: () => ({ tenantId: { equals: tenantId }, ...where }) } },
    db: { map, idField: { kind: 'uuid' } },
    fields: { tenantId: text({ db: { map: 'tenant_id', nativeType: 'Uuid' } }), ...listFields },
  })

const live = { deletedAt: null }
const info = (relation, listFields) => ({
  contact: one(`Contact.${relation}`, 'contact_id'),
  ...texts(['type']),
  ...flags(['isPrimary']),
  ...wholes(['position']),
  ...listFields,
})

const lists = {
  Contact: over('contacts', live, {
    ...texts(['firstName', 'middleName', 'lastName', 'lastNameFolded', 'fullName', 'fullNameFolded', 'jobTitle']),
    ...texts(['department', 'notes', 'externalId']),
    ...flags(['emailOptIn', 'smsOptIn', 'callOptIn']),
    birthDate: calendarDay({ db: { map: 'birth_date' } }),
    ...wholes(['version']),
    ...moments(['createdAt', 'updatedAt', 'deletedAt']),
    company: one('Company.contacts', 'company_id'),
    owner: one('User', 'owner_id'),
    emailAddresses: many('EmailAddress.contact'),
    phoneNumbers: many('PhoneNumber.contact'),
    addresses: many('Address.contact'),
    socialMediaAccounts: many('SocialMediaAccount.contact'),
  }),
  Company: over('companies', live, {
    ...texts(['name', 'domain', 'status']),
    ...moments(['createdAt', 'deletedAt']),
    industry: one('Industry', 'industry_id'),
    owner: one('User', 'assigned_to_id'),
    contacts: many('Contact.company'),
  }),
  Industry: over('industries', {}, texts(['name'])),
  User: over('users', {}, texts(['name', 'email'])),
  EmailAddress: over(
    'email_addresses',
    {},
    info('emailAddresses', {
      ...texts(['email', 'emailDomain']),
      ...moments(['optedOutAt', 'createdAt', 'updatedAt']),
    }),
  ),
  PhoneNumber: over(
    'phone_numbers',
    {},
    info('phoneNumbers', texts(['number', 'e164', 'extension'], { e164: 'number_e164' })),
  ),
  Address: over(
    'addresses',
    {},
    info('addresses', {
      ...texts(['line1', 'line2', 'city', 'region', 'postalCode', 'country']),
      ...fields((map) => float({ db: { map } }), ['latitude', 'longitude']),
    }),
  ),
  SocialMediaAccount: over(
    'social_media_accounts',
    {},
    info('socialMediaAccounts', texts(['platform', 'handle', 'url'])),
  ),
}
// An account of a social network has a platform and no type.
delete lists.SocialMediaAccount.fields.type

export default config({
  lists,
  db: {
    provider: 'postgresql',
    prismaClientOptions: () => ({ adapter: new PrismaPg(poolOptions) }),
    // As Kith's columns are.
    extendPrismaSchema: (schema) =>
      schema.replace(/^(\s*\w+ +DateTime\?)(?!.*@postgresql)/gm, '$1 @postgresql.Timestamptz(3)'),
  },
  graphql: { path: '/graphql', playground: false, apolloConfig: { introspection: true } },
  server: {
    options: { port: 0, host: '127.0.0.1' },
    extendHttpServer: (server) =>
      void server.on('listening', () => announce(`http://127.0.0.1:${server.address().port}`)),
  },
  telemetry: false,
  ui: { isDisabled: true },
})
