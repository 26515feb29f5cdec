import { companyMailbox, type DemoCompany } from './companies.js'
import type { DemoContact } from './contacts.js'
import type { City, Country } from './countries.js'
import { namePool } from './names.js'
import { demoPhone } from './phones.js'
import type { DemoRandom, RowRandom } from './random.js'
import { DEMO_NOW_MS, rowId } from './rows.js'

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
}

const FREE_MAIL = ['gmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'proton.me']
// 0 to 3 rows of a kind; the four means below add up to 2.5.
const COUNTS = {
  email_addresses: [
    [0, 12],
    [1, 68],
    [2, 17],
    [3, 3],
  ],
  phone_numbers: [
    [0, 38],
    [1, 45],
    [2, 14],
    [3, 3],
  ],
  addresses: [
    [0, 58],
    [1, 38],
    [2, 4],
  ],
  social_media_accounts: [
    [0, 78],
    [1, 16],
    [2, 5],
    [3, 1],
  ],
} as const

/** The contact info of a contact: work mail at its company, private mail with a provider. */
export function infoOfContact(random: DemoRandom, contact: DemoContact): DemoInfo[] {
  const row = random.row('contact-info', contact.index)
  const { first, last, company, country } = contact
  const person = `${first.latin}.${last.latin}`.replace(/[^a-z0-9.-]/g, '')
  const city = company && company.country === country ? company.city : row.pick(country.cities)
  const emails = (position: number): Draft => {
    const isWork = company !== null && position === 1
    const local = isWork
      ? person
      : row.pick([person, `${first.latin}${last.latin}`, `${first.latin}.${last.latin}${row.int(1, 99)}`])
    const domain = isWork ? company.domain : row.pick(FREE_MAIL)
    const optedOutAt = row.chance(0.04) ? new Date(DEMO_NOW_MS - row.int(1, 300) * 86_400_000) : null
    return {
      type: isWork ? 'WORK' : 'PERSONAL',
      email: `${local}@${domain}`,
      email_domain: domain,
      opted_out_at: optedOutAt,
    }
  }
  const handle = `${first.latin}${last.latin}`.replace(/[^a-z0-9]/g, '')
  return build(random, row, 'CONTACT', contact, {
    email_addresses: emails,
    phone_numbers: () => phone(row, country, ['WORK', 'MOBILE', 'HOME']),
    addresses: (position) => address(row, country, city, company && position === 1 ? 'OFFICE' : 'HOME'),
    social_media_accounts: (position) => social(handle, position),
  })
}

/** The contact info of a company: mailboxes of its domain, its switchboard and its offices. */
export function infoOfCompany(random: DemoRandom, company: DemoCompany): DemoInfo[] {
  const row = random.row('company-info', company.index)
  const boxes = ['info', 'sales', 'office']
  const handle = (company.domain.split('.')[0] ?? '').replaceAll('-', '')
  return build(random, row, 'COMPANY', company, {
    email_addresses: (position) => {
      const email = companyMailbox(boxes[position - 1] ?? 'info', company.domain)
      return { type: 'WORK', email, email_domain: company.domain, opted_out_at: null }
    },
    phone_numbers: () => phone(row, company.country, ['WORK', 'FAX']),
    addresses: (position) => address(row, company.country, company.city, position === 1 ? 'OFFICE' : 'BILLING'),
    social_media_accounts: (position) => social(handle, position),
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
    const count = row.weighted(COUNTS[table])
    for (let position = 1; position <= count; position++) {
      rows.push({
        table,
        id: rowId(random, `${entityType}:${table}:${position}`, owner.index, owner.createdAt),
        entityType,
        entityId: owner.id,
        createdAt: owner.createdAt,
        isPrimary: position === 1,
        position,
        values: drafts[table](position),
      })
    }
  }
  return rows
}

function phone(row: RowRandom, country: Country, types: readonly string[]): Draft {
  const { number, e164 } = demoPhone(row, country.code)
  return {
    type: row.pick(types),
    number,
    number_e164: e164,
    extension: row.chance(0.06) ? String(row.int(10, 999)) : null,
  }
}

function address(row: RowRandom, country: Country, city: City, type: string): Draft {
  const street = row.pick(namePool(country.names).family).text
  const postal = city.postal.replace(/#/g, () => String(row.int(0, 9))).replace(/@/g, () => row.pick(POSTAL_LETTERS))
  return {
    type,
    line1: country.street.replace('{name}', street).replace('{n}', String(row.int(1, 240))),
    line2: row.chance(0.12) ? `${row.int(1, 12)}/F` : null,
    city: city.name,
    region: city.region,
    postal_code: postal,
    country: country.code,
    latitude: Number((city.latitude + (row.next() - 0.5) / 10).toFixed(6)),
    longitude: Number((city.longitude + (row.next() - 0.5) / 10).toFixed(6)),
  }
}

const POSTAL_LETTERS = [...'ABDEFGHJLNPQRSTUWXYZ']
const NETWORKS = [
  ['LINKEDIN', 'https://www.linkedin.com/in/'],
  ['X', 'https://x.com/'],
  ['GITHUB', 'https://github.com/'],
] as const

function social(handle: string, position: number): Draft {
  const [platform, base] = NETWORKS[(position - 1) % NETWORKS.length] as (typeof NETWORKS)[number]
  return { platform, handle, url: `${base}${handle}` }
}
