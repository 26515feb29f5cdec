import { givenOnly, type Given, type InputCheck } from '../../lib/input.js'
import { checkDate } from '../../lib/value/date.js'
import { checkText } from '../../lib/value/text.js'

/** What clients give of a contact; in an update absent stays and null clears. */
export interface ContactInput {
  readonly firstName?: Given<string>
  readonly middleName?: Given<string>
  readonly lastName?: Given<string>
  readonly jobTitle?: Given<string>
  readonly department?: Given<string>
  readonly companyId?: Given<string>
  readonly ownerId?: Given<string>
  readonly emailOptIn?: Given<boolean>
  readonly smsOptIn?: Given<boolean>
  readonly callOptIn?: Given<boolean>
  readonly birthDate?: Given<string>
  readonly notes?: Given<string>
  readonly externalId?: Given<string>
}

const TITLE = { maxLength: 255 }
const NOTES = { maxLength: 65_536, multiline: true }

/** The columns that an input asks for, by their names in the model; problems go to `check`. */
export function checkContact(check: InputCheck, input: ContactInput) {
  const text = (field: 'firstName' | 'middleName' | 'lastName' | 'jobTitle' | 'department' | 'externalId') =>
    check.take(field, input[field], (value) => checkText(value, TITLE))
  const flag = (field: 'emailOptIn' | 'smsOptIn' | 'callOptIn') =>
    check.need(field, input[field], (value) => ({ ok: true, value }))
  const birthDate = check.take('birthDate', input.birthDate, checkDate)
  return givenOnly({
    firstName: text('firstName'),
    middleName: text('middleName'),
    lastName: text('lastName'),
    jobTitle: text('jobTitle'),
    department: text('department'),
    companyId: input.companyId,
    ownerId: input.ownerId,
    emailOptIn: flag('emailOptIn'),
    smsOptIn: flag('smsOptIn'),
    callOptIn: flag('callOptIn'),
    // The data layer takes a day as the moment of its midnight in UTC.
    birthDate: typeof birthDate === 'string' ? new Date(`${birthDate}T00:00:00.000Z`) : birthDate,
    notes: check.take('notes', input.notes, (value) => checkText(value, NOTES)),
    externalId: text('externalId'),
  })
}

/** The columns of a contact that were given, checked. */
export type ContactColumns = ReturnType<typeof checkContact>
