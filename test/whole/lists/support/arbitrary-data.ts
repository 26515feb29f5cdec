import { createHash } from 'node:crypto'
import fc, { type Arbitrary } from 'fast-check'
import { anyOffset, momentAt, oneOf, orNull } from './arbitrary-values.js'
import type { DataSet, Row, Value } from './model.js'
import { enumValues } from './schema.js'
import * as values from './values.js'

/** How many rows of each kind a data set has at most. */
export interface DataSetSize {
  readonly contacts: number
  readonly companies: number
  readonly infos: number
}

/** The id of the n-th row of a kind, the same in every data set: also in those of other tenants. In no order. */
export function rowId(kind: string, index: number): string {
  const hex = createHash('sha256').update(`${kind} ${index}`).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `7${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)]
  return parts.join('-')
}

const anyName = oneOf(values.TEXTS)
const anyLink = orNull(fc.nat(1000), 4)
const anyDeletion = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: anyOffset })
const anyVersion = fc.integer({ min: 1, max: 3 })
const moments = { createdAt: anyOffset, updatedAt: anyOffset }

const anyUser = fc.record({
  ...moments,
  email: anyName,
  name: anyName,
  role: oneOf(enumValues('Role')),
  deactivatedAt: orNull(anyOffset, 1),
})

const anyIndustry = fc.record({ ...moments, position: fc.nat(3) })
const anySize = fc.record({ ...moments, position: fc.nat(3), minEmployees: orNull(fc.nat(3)), more: orNull(fc.nat(2)) })

const anyCompany = fc.record({
  ...moments,
  name: anyName,
  legalName: orNull(anyName),
  domain: fc.boolean(),
  website: orNull(oneOf(values.WEBSITES)),
  industryId: anyLink,
  sizeId: anyLink,
  employeeCount: orNull(fc.nat(3)),
  annualRevenue: orNull(oneOf(values.AMOUNTS)),
  annualRevenueCurrency: oneOf(values.CURRENCIES),
  foundedYear: orNull(fc.integer({ min: 1999, max: 2001 })),
  leadScore: orNull(fc.nat(2)),
  status: oneOf(enumValues('CompanyStatus')),
  priority: oneOf(enumValues('CompanyPriority')),
  assignedToId: anyLink,
  lastContactedAt: orNull(anyOffset),
  nextFollowUpAt: orNull(anyOffset),
  notes: orNull(oneOf(values.NOTES), 1),
  externalId: fc.boolean(),
  version: anyVersion,
  deletedAt: anyDeletion,
})

/** The fields of a contact before they are resolved among the other rows. */
export const anyContact = fc.record({
  ...moments,
  firstName: orNull(anyName),
  middleName: orNull(anyName, 1),
  lastName: orNull(anyName),
  jobTitle: orNull(anyName),
  department: orNull(oneOf(values.TEXTS.slice(0, 6))),
  companyId: anyLink,
  ownerId: anyLink,
  emailOptIn: fc.boolean(),
  smsOptIn: fc.boolean(),
  callOptIn: fc.boolean(),
  birthDate: orNull(anyOffset),
  notes: orNull(oneOf(values.NOTES), 1),
  externalId: fc.boolean(),
  version: anyVersion,
  deletedAt: anyDeletion,
})

const info = { isContact: fc.boolean(), ownerId: fc.nat(1000), isPrimary: fc.boolean() }
const anyEmail = fc.record({
  ...info,
  email: oneOf(values.EMAILS),
  type: oneOf(enumValues('EmailAddressType')),
  optedOutAt: orNull(anyOffset, 1),
})
const anyPhone = fc.record({
  ...info,
  number: orNull(oneOf(values.PHONE_NUMBERS), 6),
  type: oneOf(enumValues('PhoneNumberType')),
})
const anyAddress = fc.record({
  ...info,
  city: orNull(anyName),
  region: orNull(oneOf(values.TEXTS.slice(0, 8))),
  country: orNull(oneOf(values.COUNTRIES)),
  type: oneOf(enumValues('AddressType')),
})
const anyAccount = fc.record({
  ...info,
  handle: orNull(anyName),
  platform: oneOf(enumValues('SocialMediaPlatform')),
})

/** Some rows, up to a number. */
function some<Item>(item: Arbitrary<Item>, maxLength: number, minLength = 0): Arbitrary<Item[]> {
  return fc.array(item, { minLength, maxLength, size: 'max' })
}

/** Data sets with nulls, ties, deleted rows and links to them; they shrink to fewer and simpler rows. */
export function anyDataSet(size: DataSetSize, minContacts = 0): Arbitrary<DataSet> {
  const parts = {
    now: oneOf(values.NOWS),
    zone: oneOf(values.ZONES),
    User: some(anyUser, 5),
    Industry: some(anyIndustry, values.LIST_NAMES.length),
    CompanySize: some(anySize, 4),
    Company: some(anyCompany, size.companies),
    Contact: some(anyContact, size.contacts, minContacts),
    EmailAddress: some(anyEmail, size.infos),
    PhoneNumber: some(anyPhone, size.infos),
    Address: some(anyAddress, size.infos),
    SocialMediaAccount: some(anyAccount, size.infos),
  }
  return fc.record(parts).map(({ now, zone, ...drawn }) => ({ now: new Date(now), zone, rows: resolve(now, drawn) }))
}

type Drawn = { readonly [Name in keyof DataSet['rows']]: readonly Record<string, unknown>[] }

function resolve(now: string, drawn: Drawn): DataSet['rows'] {
  const rows = Object.fromEntries(
    Object.entries(drawn).map(([kind, items]) => [
      kind,
      items.map((item, index) => resolveRow(now, kind, item, index, (to) => drawn[to].length)),
    ]),
  ) as Record<keyof DataSet['rows'], Row[]>
  const owners = new Set<string>()
  const owned = (kind: keyof DataSet['rows']): Row[] =>
    rows[kind]
      .filter((row) => row['ownerId'] !== null)
      .map((row) => {
        const key = `${kind} ${String(row['ownerId'])}`
        const isPrimary = row['isPrimary'] === true && !owners.has(key)
        if (isPrimary) owners.add(key)
        return { ...row, isPrimary }
      })
  return {
    ...rows,
    EmailAddress: owned('EmailAddress'),
    PhoneNumber: owned('PhoneNumber'),
    Address: owned('Address'),
    SocialMediaAccount: owned('SocialMediaAccount'),
  }
}

const LINKS = {
  companyId: 'Company',
  ownerId: 'User',
  industryId: 'Industry',
  sizeId: 'CompanySize',
  assignedToId: 'User',
} as const
const DAYS = new Set(['birthDate'])

/** A row as the API shows it: drawn numbers become ids of rows that there are, and moments around `now`. */
export function resolveRow(
  now: string,
  kind: string,
  drawn: Readonly<Record<string, unknown>>,
  index: number,
  count: (kind: 'Company' | 'Contact' | 'User' | 'Industry' | 'CompanySize') => number,
): Row {
  const link = (to: Parameters<typeof count>[0], number: unknown): string | null =>
    number === null || count(to) === 0 ? null : rowId(to, Number(number) % count(to))
  const row: Record<string, Value> = { id: rowId(kind, index) }
  for (const [name, value] of Object.entries(drawn)) {
    if (name === 'isContact' || name === 'more') continue
    const to = LINKS[name as keyof typeof LINKS]
    if (name.endsWith('At')) row[name] = value === null ? null : momentAt(now, value as number)
    else if (DAYS.has(name)) row[name] = value === null ? null : momentAt(now, value as number).slice(0, 10)
    else row[name] = to && !('isContact' in drawn) ? link(to, value) : (value as Value)
  }
  const own = OWN_FIELDS[kind]?.(drawn, index) ?? {}
  if (!('isContact' in drawn)) return { ...row, ...own }
  const owner = drawn['isContact'] === true ? 'Contact' : 'Company'
  return { ...row, ...own, ownerType: owner, ownerId: link(owner, drawn['ownerId']) }
}

// What must be unique is made from the row's number; each two rows have external ids that differ in case and accents
// only.
const OWN_FIELDS: Readonly<Record<string, (drawn: Readonly<Record<string, unknown>>, index: number) => Row>> = {
  User: ({ email }, index) => ({ email: `${[...String(email)].slice(0, 60).join('')}${index}@Example.com` }),
  Industry: (_, index) => ({ name: values.LIST_NAMES[index] ?? '' }),
  CompanySize: ({ minEmployees, more }, index) => ({
    name: values.LIST_NAMES[index] ?? '',
    maxEmployees: more === null ? null : Number(minEmployees) + Number(more),
  }),
  Company: ({ domain, externalId, annualRevenue, annualRevenueCurrency }, index) => ({
    domain: domain === true ? values.domainNumber(index) : null,
    externalId: externalId === true ? externalIdNumber(index) : null,
    annualRevenueCurrency: annualRevenue === null ? null : (annualRevenueCurrency as string),
  }),
  Contact: ({ externalId, ...names }, index) => ({
    fullName: fullNameOf(names),
    externalId: externalId === true ? externalIdNumber(index) : null,
  }),
  EmailAddress: ({ email }) => ({ ...(email as (typeof values.EMAILS)[number]) }),
}

/** First, middle and last name in this order; null when there is none. */
export function fullNameOf({ firstName, middleName, lastName }: Readonly<Record<string, unknown>>): string | null {
  return [firstName, middleName, lastName].filter((part) => typeof part === 'string').join(' ') || null
}

function externalIdNumber(index: number): string {
  return `${['Müller', 'MULLER', '100%', '100_'][index % 4]}-${index >> 2}`
}
