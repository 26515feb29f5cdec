import { groupByKey } from '../../lib/batch.js'
import { createInputCheck, type InputCheck } from '../../lib/input.js'
import type { TenantSettings } from '../../lib/principal.js'
import { checkEmail } from '../../lib/value/email.js'
import type { ContactInfoKind } from './contact-info.columns.js'
import { checkContactInfo, type ContactInfoColumns, type ContactInfoInputs } from './contact-info.input.js'
import type { ChangePlaces, ContactInfoChanges, StoredInfo } from './contact-info.plan.js'

/** What a row of contact info is known by: two with the same values of these are one. */
const IDENTITIES: Readonly<Record<ContactInfoKind, (row: ContactInfoColumns) => readonly unknown[]>> = {
  emailAddress: ({ email }) => {
    const checked = checkEmail(String(email))
    return [checked.ok ? checked.value.key : email]
  },
  phoneNumber: ({ numberE164, number, extension }) => [numberE164 ?? number, extension],
  address: ({ line1, line2, city, region, postalCode, country }) => [line1, line2, city, region, postalCode, country],
  socialMediaAccount: ({ platform, handle, url }) => [platform, handle ?? url],
}

/** The changes that lead to a list of rows, and where in that list each of them stands. */
export interface MergedChanges<Kind extends ContactInfoKind> {
  readonly changes: ContactInfoChanges<Kind>
  readonly row: ChangePlaces['row']
}

/**
 * The changes after which a record has at least some given rows: one that it has already is updated, another is added.
 * With `ann@a.com` (WORK) stored,
 *
 * | given                 | becomes                                     |
 * | --------------------- | ------------------------------------------- |
 * | `Ann@a.com` (PERSONAL) | an update of the stored row                 |
 * | `bob@a.com`           | a new row                                   |
 *
 * Each stored row is taken once, so that a list which says a row twice finds both the next time. A row that is refused is
 * taken for a new one, whose problems are told at its place.
 */
export function mergeRows<Kind extends ContactInfoKind>(
  kind: Kind,
  tenant: TenantSettings,
  given: readonly ContactInfoInputs[Kind][],
  stored: readonly StoredInfo[],
  list: InputCheck,
): MergedChanges<Kind> {
  const left = groupByKey(stored, (row) => keyOf(kind, row))
  const add: ContactInfoInputs[Kind][] = []
  const update: (ContactInfoInputs[Kind] & { readonly id: string })[] = []
  const places: { readonly add: number[]; readonly update: number[] } = { add: [], update: [] }
  for (const [index, input] of given.entries()) {
    const columns = checkContactInfo(kind, createInputCheck(), input, tenant)
    const row = left.get(keyOf(kind, columns))?.shift()
    if (row) {
      update.push({ ...input, id: row.id })
      places.update.push(index)
    } else {
      add.push(input)
      places.add.push(index)
    }
  }
  return {
    changes: { add, update },
    row: (verb, index) => list.at(verb === 'remove' ? index : (places[verb][index] ?? index)),
  }
}

function keyOf(kind: ContactInfoKind, row: ContactInfoColumns): string {
  return JSON.stringify(IDENTITIES[kind](row).map((value) => value ?? null))
}
