import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'

export type Fields = Record<string, string>

/** All contact info of a record, as it is asked for. */
export const INFO = `emailAddresses { email } phoneNumbers { type number e164 isPrimary }
  addresses { type line1 line2 city region postalCode country latitude longitude isPrimary }
  socialMediaAccounts { platform handle url isPrimary }`

/** The three files of real records. @throws where one is missing: a folder that was said must have them */
export function readRecords(folder: string) {
  const read = (name: string): Fields[] => parse(readFileSync(join(folder, name)), { columns: true, bom: true })
  return {
    companies: read('sp500-constituents.csv'),
    people: read('legislators-current.csv'),
    offices: read('legislators-district-offices.csv'),
  }
}

/** Runs `work` for each item, eight at a time, as a client with a few connections would. */
export async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items]
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

/** A year as a column has it, `1888 (1985)` for example: the first year, and the raw text where that isn't all. */
export function readFounded(text: string): { year: number; raw: string | null } {
  const year = Number(/^\d{4}/.exec(text)?.[0])
  return { year, raw: /^\d{4}$/.test(text) ? null : text }
}

function present<Value>(values: (Value | null)[]): Value[] {
  return values.filter((value) => value !== null)
}

/** A company as a client would give it. */
export function companyInput(row: Fields, industryIds: ReadonlyMap<string, string>) {
  const { year, raw } = readFounded(row['Founded'] ?? '')
  const [city = '', ...region] = (row['Headquarters Location'] ?? '').split(', ')
  return {
    name: row['Security'],
    externalId: row['Symbol'],
    industryId: industryIds.get(row['GICS Sector'] ?? ''),
    foundedYear: year,
    notes: present([`${row['GICS Sub-Industry'] ?? ''}, CIK ${row['CIK'] ?? ''}`, raw && `Founded ${raw}`]).join('\n'),
    addresses: [{ type: 'OFFICE', city, region: region.join(', ') }],
  }
}

const NETWORKS = [
  ['X', 'twitter'],
  ['FACEBOOK', 'facebook'],
  ['YOUTUBE', 'youtube'],
  ['MASTODON', 'mastodon'],
] as const

/** A person as a client would give it, with the office in the capital. */
export function personInput(row: Fields) {
  const text = (name: string): string | null => row[name] || null
  return {
    firstName: text('first_name'),
    middleName: text('middle_name'),
    lastName: text('last_name'),
    jobTitle: row['type'] === 'sen' ? 'Senator' : 'Representative',
    department: `${row['party'] ?? ''}, ${row['state'] ?? ''}`,
    birthDate: text('birthday'),
    externalId: text('bioguide_id'),
    phoneNumbers: present([row['phone'] ? { type: 'WORK', number: row['phone'] } : null]),
    addresses: present([row['address'] ? { type: 'OFFICE', line1: row['address'], country: 'US' } : null]),
    socialMediaAccounts: present([
      ...NETWORKS.map(([platform, column]) => (row[column] ? { platform, handle: row[column] } : null)),
      row['url'] ? { platform: 'OTHER', url: row['url'] } : null,
    ]),
  }
}

/** What an office adds to its person. */
export function officeInput(row: Fields) {
  const text = (name: string): string | null => row[name] || null
  const degrees = (name: string): number | null => (row[name] ? Number(row[name]) : null)
  return {
    address: {
      type: 'OFFICE',
      line1: text('address'),
      line2: present([text('building'), text('suite')]).join(', ') || null,
      city: text('city'),
      region: text('state'),
      postalCode: text('zip'),
      country: 'US',
      latitude: degrees('latitude'),
      longitude: degrees('longitude'),
    },
    phones: present([
      row['phone'] ? { type: 'WORK', number: row['phone'] } : null,
      row['fax'] ? { type: 'FAX', number: row['fax'] } : null,
    ]),
  }
}

/**
 * The phone numbers that offices add to their person, each once: a record has a number once, and one fax often serves
 * several offices (115 of the 1,772 numbers repeat one that is there).
 */
export function addedPhones(given: { number: string }[], added: { type: string; number: string }[]) {
  const digits = ({ number }: { number: string }): string => number.replace(/\D/g, '').slice(-10)
  const seen = new Set(given.map(digits))
  return added.filter((row) => !seen.has(digits(row)) && seen.add(digits(row)))
}

/** A phone number as it is read back. */
export const storedPhone = (given: { type: string; number: string }) => ({
  ...given,
  e164: `+1${given.number.replace(/\D/g, '').slice(-10)}`,
})

/** An account as it is read back: a handle loses the @ in front of it. */
export const storedAccount = (given: { platform: string; handle?: string | null; url?: string | null }) => ({
  platform: given.platform,
  handle: given.handle?.replace(/^@/, '') ?? null,
  url: given.url ?? null,
})

/** Records by their external ids. */
export function byExternalId<Row extends { readonly [field: string]: unknown }>(
  records: readonly Row[],
): Map<string, Row> {
  return new Map(records.map((record) => [String(record['externalId']), record]))
}

/** Contact info as it is read back: the first row is primary. */
export function withPrimary<Row extends object>(rows: readonly Row[]) {
  return rows.map((row, index) => ({ ...row, isPrimary: index === 0 }))
}
