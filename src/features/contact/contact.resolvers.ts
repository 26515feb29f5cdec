import type { Resolvers } from '../../generated/graphql.js'
import { mapValue } from '../../lib/promise.js'
import { searchedConnectionResolvers } from '../../list/connection.resolvers.js'
import { findRecord, listRecords, liveRow } from '../../list/record-rows.js'
import { bulkResult, recordMutations, recordPayloads } from '../../records/record.resolvers.js'
import { ownedContactInfo } from '../contact-info/contact-info.resolvers.js'
import { ownedCustomFields } from '../custom-field/custom-value.resolvers.js'
import { CONTACT, type ContactRow } from './contact.columns.js'
import { CONTACT_KIND } from './contact.kind.js'
import * as service from './contact.service.js'

export const contactResolvers = {
  Query: {
    contact: (_, args, context, info) => findRecord(context, CONTACT, args, context.loaders.contactById, info),
    contacts: (_, page, context, info) => listRecords(context, CONTACT, page, context.loaders.contactById, info),
  },
  Mutation: recordMutations<ContactRow, 'Contact', 'Contacts'>('Contact', 'Contacts', 'contact', CONTACT_KIND),
  ...recordPayloads<ContactRow, 'Contact', 'contact'>('Contact', 'contact'),
  BulkContactResult: bulkResult<'contact', ContactRow>('contact'),
  ContactConnection: searchedConnectionResolvers<ContactRow>(),
  Contact: {
    ...ownedContactInfo('CONTACT'),
    ...ownedCustomFields('CONTACT', 'Contact'),
    company: ({ companyId }, _, { loaders }) =>
      companyId === null ? null : mapValue(loaders.companyById.get(companyId), liveRow),
    owner: ({ ownerId }, _, { loaders }) => (ownerId === null ? null : loaders.userById.get(ownerId)),
  },
  Company: {
    contacts: ({ id }, page, { scope, services, loaders }, { fieldNodes: [field] }) =>
      service.listContactsOfCompany(scope, services, loaders, id, page, field as object),
  },
} satisfies Resolvers
