import type { Columns } from '../../concepts/columns.js'
import { selectedColumns, type SelectedFields } from '../../concepts/selected-columns.js'
import type { TickFlight } from '../../database/tick-flight.js'
import { manyByKey, oneByKey } from '../../lib/batch.js'
import { Loader } from '../../lib/loader.js'
import type { Scope } from '../../access/scope.js'
import { findContactInfoByIds, findContactInfoByOwners } from './contact-info.repository.js'
import type { Relations } from '../../list/read-ahead.js'
import {
  CONTACT_INFO_KINDS,
  type ContactInfoKind,
  type ContactInfoRow,
  type ContactInfoRows,
  type EntityType,
} from './contact-info.columns.js'

/** Loaders of contact info for one request: by owner, all rows in their order, and by id. */
export function createContactInfoLoaders(scope: Scope, flight: TickFlight, selected: SelectedFields) {
  const options = { batchScheduleFn: flight.schedule }
  const columnsOf = (kind: ContactInfoKind) =>
    selectedColumns(CONTACT_INFO_KINDS[kind].columns as Columns, selected(CONTACT_INFO_KINDS[kind].concept))
  const byId = <Kind extends ContactInfoKind>(kind: Kind) =>
    new Loader<string, ContactInfoRows[Kind] | null>(
      async (ids) =>
        oneByKey(
          ids,
          await flight.read<ContactInfoRows[Kind]>(findContactInfoByIds(scope, kind, ids, columnsOf(kind))),
          (row) => row.id,
        ),
      options,
    )
  const byOwner = <Kind extends ContactInfoKind>(kind: Kind, type: EntityType) =>
    new Loader<string, ContactInfoRows[Kind][]>(async (ids) => {
      const rows = await flight.read<ContactInfoRows[Kind]>(
        findContactInfoByOwners(scope, kind, type, ids, columnsOf(kind)),
      )
      return manyByKey(ids, rows, (row: ContactInfoRow) => row.entityId)
    }, options)
  return {
    emailAddressById: byId('emailAddress'),
    phoneNumberById: byId('phoneNumber'),
    addressById: byId('address'),
    socialMediaAccountById: byId('socialMediaAccount'),
    emailAddressesByContact: byOwner('emailAddress', 'CONTACT'),
    emailAddressesByCompany: byOwner('emailAddress', 'COMPANY'),
    phoneNumbersByContact: byOwner('phoneNumber', 'CONTACT'),
    phoneNumbersByCompany: byOwner('phoneNumber', 'COMPANY'),
    addressesByContact: byOwner('address', 'CONTACT'),
    addressesByCompany: byOwner('address', 'COMPANY'),
    socialMediaAccountsByContact: byOwner('socialMediaAccount', 'CONTACT'),
    socialMediaAccountsByCompany: byOwner('socialMediaAccount', 'COMPANY'),
  }
}

/** How contact info is read ahead for the rows of a type of record: all of it by their ids. */
export function contactInfoRelations(loaders: ContactInfoLoaders, type: EntityType): Relations {
  const isContact = type === 'CONTACT'
  const byOwner = (loader: { loadAll(ids: readonly string[]): Promise<unknown> | undefined }) => () => ({
    link: null,
    loadAll: (ids: readonly string[]) => loader.loadAll(ids),
  })
  return {
    emailAddresses: byOwner(isContact ? loaders.emailAddressesByContact : loaders.emailAddressesByCompany),
    phoneNumbers: byOwner(isContact ? loaders.phoneNumbersByContact : loaders.phoneNumbersByCompany),
    addresses: byOwner(isContact ? loaders.addressesByContact : loaders.addressesByCompany),
    socialMediaAccounts: byOwner(
      isContact ? loaders.socialMediaAccountsByContact : loaders.socialMediaAccountsByCompany,
    ),
  }
}

export type ContactInfoLoaders = ReturnType<typeof createContactInfoLoaders>
