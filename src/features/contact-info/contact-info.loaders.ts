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

/** A contact or a company. */
interface Entity {
  readonly type: EntityType
  readonly id: string
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
  const byOwner = <Kind extends ContactInfoKind>(kind: Kind) =>
    new Loader<Entity, ContactInfoRows[Kind][], string>(
      async (owners) => {
        const read = async (type: Entity['type']): Promise<ContactInfoRows[Kind][]> => {
          const ids = owners.filter((owner) => owner.type === type).map((owner) => owner.id)
          return ids.length === 0 ? [] : flight.read(findContactInfoByOwners(scope, kind, type, ids, columnsOf(kind)))
        }
        const rows = (await Promise.all([read('CONTACT'), read('COMPANY')])).flat()
        return manyByKey(owners.map(ownerKey), rows, (row: ContactInfoRow) =>
          ownerKey({ type: row.entityType, id: row.entityId }),
        )
      },
      { ...options, idOf: ownerKey },
    )
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
  const byOwner = (loader: { loadAll(owners: readonly Entity[]): Promise<unknown> | undefined }) => () => ({
    link: null,
    loadAll: (ids: readonly string[]) => loader.loadAll(ids.map((id) => ({ type, id }))),
  })
  return {
    emailAddresses: byOwner(loaders.emailAddressesByOwner),
    phoneNumbers: byOwner(loaders.phoneNumbersByOwner),
    addresses: byOwner(loaders.addressesByOwner),
    socialMediaAccounts: byOwner(loaders.socialMediaAccountsByOwner),
  }
}

function ownerKey({ type, id }: Entity): string {
  return `${type}:${id}`
}

export type ContactInfoLoaders = ReturnType<typeof createContactInfoLoaders>
