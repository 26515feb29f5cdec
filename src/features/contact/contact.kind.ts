import type { InputCheck } from '../../lib/input.js'
import { matchByColumn, matchById } from '../../records/match.js'
import type { Draft, PartPlan, RecordKind, Values } from '../../records/record-kind.js'
import { matchByEmail } from '../contact-info/contact-info.match.js'
import { contactInfoPart } from '../contact-info/contact-info.part.js'
import { matchByCustomField } from '../custom-field/custom-field.match.js'
import { customFieldPart } from '../custom-field/custom-field.part.js'
import { CONTACT, CONTACT_COLUMNS } from './contact.columns.js'

const NAMES = ['firstName', 'middleName', 'lastName'] as const

/** Contacts as records. */
export const CONTACT_KIND: RecordKind = {
  type: 'CONTACT',
  concept: CONTACT,
  columns: CONTACT_COLUMNS,
  noun: 'contact',
  parts: [contactInfoPart, customFieldPart],
  matchers: {
    ID: matchById,
    EXTERNAL_ID: matchByColumn('externalId'),
    EMAIL: matchByEmail,
    CUSTOM_FIELD: matchByCustomField,
  },
  checkOutcome: requireReachable,
  needsParts: (values) => NAMES.some((name) => values[name] === null),
}

/** A contact needs a part of a name, an e-mail address or a phone number; what is wrong beside is said first. */
function requireReachable(draft: Draft, plans: readonly PartPlan[], place: InputCheck = draft.check): void {
  const { stored, values, check } = draft
  if (check.errors.length > 0) return
  const named: Values = { ...stored, ...values }
  if (NAMES.some((name) => named[name])) return
  const { emailAddress, phoneNumber } = Object.assign({}, ...plans.map(({ counts }) => counts)) as Record<
    string,
    number
  >
  // What wasn't read didn't change, and the contact had one of them before.
  if (emailAddress === 0 && phoneNumber === 0) {
    place.refuse('', 'A contact needs a part of a name, an e-mail address or a phone number.')
  }
}
