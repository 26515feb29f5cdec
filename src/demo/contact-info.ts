import type { DemoCompany } from './companies.js'
import type { DemoContact } from './contacts.js'
import { demoAddress, demoPhone, type Place } from './places.js'
import { itemAt, type DemoRandom, type RowRandom } from './random.js'
import { between } from './rows.js'

// How many owners of a hundred have 0, 1, 2 and 3 rows of a kind; the four means add up to 2.5.
const COUNTS = {
  email_addresses: [14, 69, 14, 3],
  phone_numbers: [40, 46, 12, 2],
  addresses: [60, 35, 4, 1],
  social_media_accounts: [82, 13, 4, 1],
}

/** The tables of contact info. */
export const INFO_TABLES = Object.keys(COUNTS) as (keyof typeof COUNTS)[]
/** A row of contact info with the table it goes to; `values` are its own columns. */
export type DemoInfo = ReturnType<typeof infoOf>[number]

type Values = Readonly<Record<string, string | number | Date | null>>
type Owner = Place & Pick<DemoContact, 'id' | 'createdAt' | 'index'>

/** What contacts and companies differ in: types and names of the row in a position. */
interface Ways {
  readonly email: (position: number) => readonly [type: string, local: string, domain: string]
  readonly phone: (position: number) => string
  readonly address: (position: number) => string
  readonly account: readonly [handle: string, folderAtLinkedIn: string]
}

const FREE_MAIL = ['gmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'proton.me']
const BOXES = ['info', 'sales', 'office', 'contact', 'hello', 'support']
// Where the accounts in the positions 1, 2 and 3 are.
const NETWORKS = ['LINKEDIN', 'X', 'INSTAGRAM']

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
  return infoOf(random, row, 'CONTACT', contact, {
    email(position) {
      if (company && position === 1) return ['WORK', names.join('.') + serial, company.domain]
      const form = row.chance(0.6) ? names.join('.') : handle
      const year = uniqueEmails || row.chance(0.7) ? serial : String(row.int(50, 99))
      return [row.chance(0.95) ? 'PERSONAL' : 'OTHER', form + year, itemAt(FREE_MAIL, provider + position)]
    },
    phone: () => row.weighted(['MOBILE', 'WORK', 'HOME', 'FAX', 'OTHER'], [50, 35, 12, 2, 1]),
    address: (position) => (company && position === 1 ? 'OFFICE' : 'HOME'),
    account: [handle, 'in'],
  })
}

/** The contact info of a company: mailboxes of its domain, its switchboard and its offices. */
export function infoOfCompany(random: DemoRandom, company: DemoCompany): DemoInfo[] {
  const row = random.row('company-info', company.index)
  const { domain } = company
  const box = row.weighted([0, 3, 4], [60, 25, 15])
  return infoOf(random, row, 'COMPANY', company, {
    email: (position) => ['WORK', itemAt(BOXES, box + position - 1), domain],
    phone: (position) => (position === 1 ? 'WORK' : row.pick(['WORK', 'FAX', 'MOBILE'])),
    address: (position) => (position === 1 ? 'OFFICE' : row.pick(['BILLING', 'SHIPPING'])),
    account: [domain.slice(0, domain.indexOf('.')).replaceAll('-', ''), 'company'],
  })
}

function infoOf(random: DemoRandom, row: RowRandom, entityType: 'CONTACT' | 'COMPANY', owner: Owner, ways: Ways) {
  const { id: entityId, index, createdAt } = owner
  const valuesAt: Record<keyof typeof COUNTS, (position: number) => Values> = {
    email_addresses(position) {
      const [type, local, domain] = ways.email(position)
      const optedOutAt = row.chance(0.04) ? between(row, createdAt.getTime(), random.endMs) : null
      return { type, email: `${local}@${domain}`, email_domain: domain, opted_out_at: optedOutAt }
    },
    phone_numbers(position) {
      const type = ways.phone(position)
      const extension = type === 'WORK' && row.chance(0.12) ? String(row.int(10, 999)) : null
      return { type, ...demoPhone(row, owner, type === 'MOBILE'), extension }
    },
    addresses: (position) => demoAddress(row, owner, ways.address(position)),
    social_media_accounts(position) {
      const [handle, folder] = ways.account
      const platform = itemAt(NETWORKS, position - 1)
      const path = platform === 'LINKEDIN' ? `${folder}/${handle}` : handle
      return { platform, handle, url: `https://${platform === 'X' ? '' : 'www.'}${platform.toLowerCase()}.com/${path}` }
    },
  }
  return INFO_TABLES.flatMap((table) => {
    const count = row.weighted([0, 1, 2, 3], COUNTS[table])
    const primary = count > 1 && row.chance(0.2) ? 2 : 1
    return [1, 2, 3].slice(0, count).map((position) => {
      const id = random.id(`${entityType}:${table}:${position}`, index, createdAt)
      const isPrimary = position === primary
      return { table, id, entityType, entityId, createdAt, isPrimary, position, values: valuesAt[table](position) }
    })
  })
}
