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

/** Loaders by the ids of records, one for each type of them. */
type OwnerLoaders<Value> = Readonly<Record<EntityType, Pick<Loader<string, Value>, 'get' | 'loadAll'>>> & {
  readonly clearAll: () => void
}

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
  const byOwner = <Kind extends ContactInfoKind>(kind: Kind): OwnerLoaders<ContactInfoRows[Kind][]> => {
    const ofType = (type: EntityType) =>
      new Loader<string, ContactInfoRows[Kind][]>(async (ids) => {
        const rows = await flight.read<ContactInfoRows[Kind]>(
          findContactInfoByOwners(scope, kind, type, ids, columnsOf(kind)),
        )
        return manyByKey(ids, rows, (row: ContactInfoRow) => row.entityId)
      }, options)
    const [CONTACT, COMPANY] = [ofType('CONTACT'), ofType('COMPANY')]
    const clearAll = (): void => {
      CONTACT.clearAll()
      COMPANY.clearAll()
    }
    return { CONTACT, COMPANY, clearAll }
  }
  return {
    emailAddressById: byId('emailAddress'),
    phoneNumberById: byId('phoneNumber'),
    addressById: byId('address'),
    socialMediaAccountById: byId('socialMediaAccount'),
    emailAddressesByOwner: byOwner('emailAddress'),
    phoneNumbersByOwner: byOwner('phoneNumber'),
    addressesByOwner: byOwner('address'),
    socialMediaAccountsByOwner: byOwner('socialMediaAccount'),
  }
}

/** How contact info is read ahead for the rows of a type of record: all of it by their ids. */
export function contactInfoRelations(loaders: ContactInfoLoaders, type: EntityType): Relations {
  const byOwner = (ofTypes: () => OwnerLoaders<unknown>) => () => ({
    link: null,
    loadAll: (ids: readonly string[]) => ofTypes()[type].loadAll(ids),
  })
  return {
    emailAddresses: byOwner(() => loaders.emailAddressesByOwner),
    phoneNumbers: byOwner(() => loaders.phoneNumbersByOwner),
    addresses: byOwner(() => loaders.addressesByOwner),
    socialMediaAccounts: byOwner(() => loaders.socialMediaAccountsByOwner),
  }
}

export type ContactInfoLoaders = ReturnType<typeof createContactInfoLoaders>
