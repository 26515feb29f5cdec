import type { MutationResult } from '../database/mutation.js'
import type { Entity } from '../features/contact-info/contact-info.row.js'
import type { ContactInfoResult } from '../features/contact-info/contact-info.service.js'
import type { Resolvers } from '../generated/graphql.js'
import type { GraphQLContext } from './context.js'
import type { Loaders } from './loaders.js'

/** Payloads carry ids; what was selected of their records is read afterwards, by the loaders. */
type RecordLoader = {
  [Name in keyof Loaders]: Loaders[Name] extends { load(id: string): Promise<unknown> } ? Name : never
}[keyof Loaders]

type Loaded<Name extends RecordLoader> = Awaited<ReturnType<Loaders[Name]['load']>>

function load<Name extends RecordLoader>(name: Name) {
  return ({ id }: MutationResult, _args: unknown, { loaders }: GraphQLContext): Promise<Loaded<Name>> | null =>
    id === null ? null : (loaders[name].load(id) as Promise<Loaded<Name>>)
}

/** The live record around contact info, with its type for the interface. */
export async function loadOwner(entity: Entity | null, { loaders }: GraphQLContext) {
  if (!entity) return null
  const loader = entity.type === 'CONTACT' ? loaders.contactById : loaders.companyById
  const row = await loader.load(entity.id)
  return row?.deletedAt === null
    ? ({ ...row, __typename: entity.type === 'CONTACT' ? 'Contact' : 'Company' } as const)
    : null
}

const owner = ({ owner: entity }: ContactInfoResult, _args: unknown, context: GraphQLContext) =>
  loadOwner(entity, context)
const id = (result: MutationResult): string | null => result.id

export const payloadResolvers = {
  CreateContactPayload: { contact: load('contactById') },
  CreateCompanyPayload: { company: load('companyById') },
  UpdateContactPayload: { contact: load('contactById') },
  UpdateCompanyPayload: { company: load('companyById') },
  DeleteContactPayload: { contact: load('contactById') },
  DeleteCompanyPayload: { company: load('companyById') },
  RestoreContactPayload: { contact: load('contactById') },
  RestoreCompanyPayload: { company: load('companyById') },
  DestroyContactPayload: { destroyedId: id },
  DestroyCompanyPayload: { destroyedId: id },
  CreateIndustryPayload: { industry: load('industryById') },
  RenameIndustryPayload: { industry: load('industryById') },
  CreateCompanySizePayload: { companySize: load('companySizeById') },
  RenameCompanySizePayload: { companySize: load('companySizeById') },
  CreateUserPayload: { user: load('userById') },
  RenameUserPayload: { user: load('userById') },
  AddEmailAddressPayload: { emailAddress: load('emailAddressById'), owner },
  UpdateEmailAddressPayload: { emailAddress: load('emailAddressById'), owner },
  RemoveEmailAddressPayload: { removedId: id, owner },
  MakeEmailAddressPrimaryPayload: { emailAddress: load('emailAddressById'), owner },
  AddPhoneNumberPayload: { phoneNumber: load('phoneNumberById'), owner },
  UpdatePhoneNumberPayload: { phoneNumber: load('phoneNumberById'), owner },
  RemovePhoneNumberPayload: { removedId: id, owner },
  MakePhoneNumberPrimaryPayload: { phoneNumber: load('phoneNumberById'), owner },
  AddAddressPayload: { address: load('addressById'), owner },
  UpdateAddressPayload: { address: load('addressById'), owner },
  RemoveAddressPayload: { removedId: id, owner },
  MakeAddressPrimaryPayload: { address: load('addressById'), owner },
  AddSocialMediaAccountPayload: { socialMediaAccount: load('socialMediaAccountById'), owner },
  UpdateSocialMediaAccountPayload: { socialMediaAccount: load('socialMediaAccountById'), owner },
  RemoveSocialMediaAccountPayload: { removedId: id, owner },
  MakeSocialMediaAccountPrimaryPayload: { socialMediaAccount: load('socialMediaAccountById'), owner },
} satisfies Resolvers
