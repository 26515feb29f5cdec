import { demoAddress } from './addresses.js'
import type { DemoCompany } from './companies.js'
import type { DemoContact } from './contacts.js'
import type { City, Country } from './country.js'
import { demoPhone } from './phones.js'
import type { DemoRandom, RowRandom } from './random.js'
import { between, DEMO_NOW_MS, rowId } from './rows.js'
import { companyAccount, personAccount } from './social-accounts.js'

/** A row of contact info with the table it goes to; `values` are its own columns. */
export interface DemoInfo {
  readonly table: 'email_addresses' | 'phone_numbers' | 'addresses' | 'social_media_accounts'
  readonly id: string
  readonly entityType: 'CONTACT' | 'COMPANY'
  readonly entityId: string
  readonly createdAt: Date
  readonly isPrimary: boolean
  readonly position: number
  readonly values: Readonly<Record<string, string | number | Date | null>>
}

type Draft = DemoInfo['values']
interface Owner {
  readonly id: string
  readonly createdAt: Date
  readonly index: number
  readonly country: Country
  readonly city: City
}

const FREE_MAIL = ['gmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'proton.me']
const BOXES = ['info', 'sales', 'office', 'contact', 'hello', 'support']
const PHONE_TYPES = { MOBILE: 50, WORK: 35, HOME: 12, FAX: 2, OTHER: 1 }
// How many owners of a hundred have 0, 1, 2 and 3 rows of a kind; the four means add up to 2.5.
const COUNTS: Readonly<Record<DemoInfo['table'], readonly number[]>> = {
  email_addresses: [14, 69, 14, 3],
  phone_numbers: [40, 46, 12, 2],
  addresses: [60, 35, 4, 1],
  social_media_accounts: [82, 13, 4, 1],
}

/**
 * The contact info of a contact: first work mail at its company, then private mail with other providers. Two people of
 * one name have the same addresses unless `uniqueEmails` puts a number into each.
 */
export function infoOfContact(random: DemoRandom, contact: DemoContact, uniqueEmails = false): DemoInfo[] {
  const row = random.row('contact-info', contact.index)
  const { first, last, company } = contact
  const names = [first?.latin, last?.latin].filter((name) => name !== undefined)
  const handle = names.join('').replaceAll('-', '')
  const serial = uniqueEmails ? String(contact.index) : ''
  const provider = row.int(0, FREE_MAIL.length - 1)
  return build(random, row, 'CONTACT', contact, {
    email_addresses: (position) => {
      const isWork = company !== null && position === 1
      const domain = isWork ? company.domain : (FREE_MAIL[(provider + position) % FREE_MAIL.length] as string)
      const form = isWork || row.chance(0.6) ? names.join('.') : handle
      const year = isWork || uniqueEmails || row.chance(0.7) ? serial : String(row.int(50, 99))
      const type = isWork ? 'WORK' : row.chance(0.95) ? 'PERSONAL' : 'OTHER'
      return email(row, type, `${form}${year}`, domain, contact.createdAt)
    },
    phone_numbers: () => phone(row, contact, row.weighted(Object.entries(PHONE_TYPES))),
    addresses: (position) => demoAddress(row, contact, company && position === 1 ? 'OFFICE' : 'HOME'),
    social_media_accounts: (position) => personAccount(handle, position),
  })
}

/** The contact info of a company: mailboxes of its domain, its switchboard and its offices. */
export function infoOfCompany(random: DemoRandom, company: DemoCompany): DemoInfo[] {
  const row = random.row('company-info', company.index)
  const handle = (company.domain.split('.')[0] ?? '').replaceAll('-', '')
  const box = row.weighted([
    [0, 60],
    [3, 25],
    [4, 15],
  ])
  return build(random, row, 'COMPANY', company, {
    email_addresses: (position) =>
      email(row, 'WORK', BOXES[(box + position - 1) % BOXES.length] as string, company.domain, company.createdAt),
    phone_numbers: (position) => phone(row, company, position === 1 ? 'WORK' : row.pick(['WORK', 'FAX', 'MOBILE'])),
    addresses: (position) => demoAddress(row, company, position === 1 ? 'OFFICE' : row.pick(['BILLING', 'SHIPPING'])),
    social_media_accounts: (position) => companyAccount(handle, position),
  })
}

function build(
  random: DemoRandom,
  row: RowRandom,
  entityType: DemoInfo['entityType'],
  owner: Owner,
  drafts: Record<DemoInfo['table'], (position: number) => Draft>,
): DemoInfo[] {
  const rows: DemoInfo[] = []
  for (const table of Object.keys(COUNTS) as DemoInfo['table'][]) {
    const count = row.weighted(COUNTS[table].map((weight, rows) => [rows, weight] as const))
    const primary = count > 1 && row.chance(0.2) ? 2 : 1
    for (let position = 1; position <= count; position++) {
      rows.push({
        table,
        id: rowId(random, `${entityType}:${table}:${position}`, owner.index, owner.createdAt),
        entityType,
        entityId: owner.id,
        createdAt: owner.createdAt,
        isPrimary: position === primary,
        position,
        values: drafts[table](position),
      })
    }
  }
  return rows
}

function email(row: RowRandom, type: string, local: string, domain: string, created: Date): Draft {
  const optedOutAt = row.chance(0.04) ? between(row, created.getTime(), DEMO_NOW_MS) : null
  return { type, email: `${local}@${domain}`, email_domain: domain, opted_out_at: optedOutAt }
}

function phone(row: RowRandom, { country, city }: Owner, type: string): Draft {
  const { number, e164 } = demoPhone(row, country, city, type === 'MOBILE')
  const extension = type === 'WORK' && row.chance(0.12) ? String(row.int(10, 999)) : null
  return { type, number, number_e164: e164, extension }
}
