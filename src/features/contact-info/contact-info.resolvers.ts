import type { Resolvers } from '../../generated/graphql.js'
import type { Scope } from '../../access/scope.js'
import type { StoredRecord } from '../../records/record-kind.js'
import {
  CONTACT_INFO_KINDS,
  type ContactInfoKind,
  type ContactInfoRows,
  type EntityType,
} from './contact-info.columns.js'
import type { ContactInfoLoaders } from './contact-info.loaders.js'
import * as service from './contact-info.service.js'

type Result<Kind extends ContactInfoKind> = service.ContactInfoResult<ContactInfoRows[Kind]>
type Loading = { readonly loaders: ContactInfoLoaders }

/** The lists of contact info on the type of a record, each read by its loader. */
export function ownedContactInfo(type: EntityType) {
  type Owner = { readonly id: string }
  return {
    emailAddresses: ({ id }: Owner, _: object, { loaders }: Loading) => loaders.emailAddressesByOwner[type].get(id),
    phoneNumbers: ({ id }: Owner, _: object, { loaders }: Loading) => loaders.phoneNumbersByOwner[type].get(id),
    addresses: ({ id }: Owner, _: object, { loaders }: Loading) => loaders.addressesByOwner[type].get(id),
    socialMediaAccounts: ({ id }: Owner, _: object, { loaders }: Loading) =>
      loaders.socialMediaAccountsByOwner[type].get(id),
  }
}

/** The record around contact info, with its type for the interface; null where it is deleted. */
function ownerOf(type: string, record: StoredRecord | null) {
  if (record === null || record.deletedAt !== null) return null
  return { ...record, __typename: type === 'CONTACT' ? 'Contact' : 'Company' } as never
}

type OwnerLoaders = {
  readonly [Name in 'contactById' | 'companyById']: { load(id: string): Promise<object | null> }
}

const owner = async (
  { entityType, entityId }: { readonly entityType: EntityType; readonly entityId: string },
  _: object,
  { loaders }: { readonly loaders: OwnerLoaders },
) => {
  const loader = entityType === 'CONTACT' ? loaders.contactById : loaders.companyById
  return ownerOf(entityType, (await loader.load(entityId)) as StoredRecord | null)
}

interface Context {
  readonly scope: Scope
  readonly services: service.ContactInfoServices
}

/** The four mutations of one kind of contact info, and their payloads. */
function kindResolvers<Kind extends ContactInfoKind>(kind: Kind) {
  type Run<Input> = (parent: unknown, args: { readonly input: Input }, context: Context) => Promise<Result<Kind>>
  type Row = Parameters<typeof service.addContactInfo<Kind>>[3]['row']
  type Change = Parameters<typeof service.updateContactInfo<Kind>>[3]
  const add: Run<Readonly<Record<string, unknown>> & { readonly ownerId: string }> = (
    _,
    { input },
    { scope, services },
  ) => service.addContactInfo(scope, services, kind, { ...input, row: input[kind] as Row }) as Promise<Result<Kind>>
  const update: Run<Change> = (_, { input }, { scope, services }) =>
    service.updateContactInfo(scope, services, kind, input) as Promise<Result<Kind>>
  const remove: Run<{ readonly id: string }> = (_, { input }, { scope, services }) =>
    service.removeContactInfo(scope, services, kind, input) as Promise<Result<Kind>>
  const makePrimary: Run<{ readonly id: string }> = (_, { input }, { scope, services }) =>
    service.updateContactInfo(scope, services, kind, { ...input, isPrimary: true }) as Promise<Result<Kind>>
  const changedOwner = (result: Result<Kind>) => result.owner && ownerOf(result.owner.type, result.owner.record)
  const payload = { [kind]: ({ record }: Result<Kind>) => record, owner: changedOwner }
  const removed = { removedId: ({ id }: Result<Kind>) => id, owner: changedOwner }
  const name = CONTACT_INFO_KINDS[kind].concept
  return {
    mutations: {
      [`add${name}`]: add,
      [`update${name}`]: update,
      [`remove${name}`]: remove,
      [`make${name}Primary`]: makePrimary,
    },
    payloads: {
      [`Add${name}Payload`]: payload,
      [`Update${name}Payload`]: payload,
      [`Remove${name}Payload`]: removed,
      [`Make${name}PrimaryPayload`]: payload,
    },
  }
}

const kinds = (Object.keys(CONTACT_INFO_KINDS) as ContactInfoKind[]).map((kind) => kindResolvers(kind))

export const contactInfoResolvers = {
  Mutation: Object.assign({}, ...kinds.map(({ mutations }) => mutations)) as object,
  ...(Object.assign({}, ...kinds.map(({ payloads }) => payloads)) as object),
  EmailAddress: { owner },
  PhoneNumber: { owner, e164: ({ numberE164 }) => numberE164 },
  Address: { owner },
  SocialMediaAccount: { owner },
} satisfies Resolvers
