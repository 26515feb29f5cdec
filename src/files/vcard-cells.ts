import { PLATFORM_WORDS } from './header-words.js'
import { componentsOf, typesOf, unescapeText, type VCardProperty } from './vcard-property.js'

const EMAIL_TYPES = [
  ['home', 'PERSONAL'],
  ['work', 'WORK'],
  ['other', 'OTHER'],
] as const
const PHONE_TYPES = [
  ['fax', 'FAX'],
  ['cell', 'MOBILE'],
  ['iphone', 'MOBILE'],
  ['mobile', 'MOBILE'],
  ['home', 'HOME'],
  ['work', 'WORK'],
  ['main', 'WORK'],
  ['other', 'OTHER'],
] as const
const ADDRESS_TYPES = [
  ['billing', 'BILLING'],
  ['delivery', 'SHIPPING'],
  ['home', 'HOME'],
  ['work', 'OFFICE'],
  ['other', 'OTHER'],
] as const
/** Our own ids are UUIDs of version 7; those of address books mostly aren't. */
const OWN_ID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const PLATFORMS: ReadonlyMap<string, string> = new Map([...PLATFORM_WORDS, ['x', 'X']])

/**
 * The cells of a card by the keys of our own files: `firstName`, `emailAddresses.1.email` … Names without a field here
 * (`namePrefix`, `nameSuffix`, `nickname`, `categories`) are columns too, so that it is seen that they are left out.
 */
export function cellsOfCard(properties: readonly VCardProperty[]): Map<string, string> {
  const cells = new Map<string, string>()
  const counts = new Map<string, number>()
  const set = (key: string, value: string | undefined): void => {
    const text = value?.trim() ?? ''
    if (key !== '' && text !== '' && !cells.has(key)) cells.set(key, text)
  }
  const addItem = (list: string, fields: Readonly<Record<string, string | undefined>>, isPrimary: boolean): void => {
    const number = (counts.get(list) ?? 0) + 1
    counts.set(list, number)
    for (const [field, value] of Object.entries(fields)) set(`${list}.${String(number)}.${field}`, value)
    if (isPrimary) set(`${list}.${String(number)}.isPrimary`, 'true')
  }
  const isOrganization = organization(properties)
  const wholeName = textOf(properties, 'FN')
  const labels = new Map(
    properties.filter(({ name }) => name === 'X-ABLABEL').map(({ group, value }) => [group, appleLabel(value)]),
  )

  for (const property of properties) {
    const { name, value, parameters } = property
    const text = unescapeText(value)
    const label = property.group === '' ? undefined : labels.get(property.group)
    const types = [...typesOf(property), ...(label === undefined ? [] : [label])]
    const isPrimary = types.includes('pref') || parameters.get('PREF')?.[0] === '1'
    // What the card doesn't say is OTHER, as our own cards have it.
    const type = (known: readonly (readonly [string, string])[]): string =>
      known.find(([word]) => types.includes(word))?.[1] ?? 'OTHER'
    switch (name) {
      case 'N': {
        const [lastName, firstName, middleName, namePrefix, nameSuffix] = componentsOf(value)
        for (const [key, part] of Object.entries({ firstName, middleName, lastName, namePrefix, nameSuffix }))
          set(key, part)
        break
      }
      case 'ORG': {
        const [company, ...departments] = componentsOf(value)
        set(isOrganization && company !== wholeName ? 'legalName' : 'company.name', company)
        set('department', departments.filter((part) => part !== '').join(', '))
        break
      }
      case 'TITLE':
        set('jobTitle', text)
        break
      case 'EMAIL':
        addItem('emailAddresses', { email: text, type: type(EMAIL_TYPES) }, isPrimary)
        break
      case 'TEL': {
        const [number, extension] = text.replace(/^tel:/i, '').split(/;ext=/i)
        addItem('phoneNumbers', { number, extension, type: type(PHONE_TYPES) }, isPrimary)
        break
      }
      case 'ADR':
        addItem('addresses', { ...addressOf(value, parameters), type: type(ADDRESS_TYPES) }, isPrimary)
        break
      case 'BDAY':
        set('birthDate', dayOf(text))
        break
      case 'NOTE':
        set('notes', text)
        break
      case 'URL':
        set('website', text)
        break
      case 'UID':
        if (OWN_ID.test(text)) set('id', text.slice('urn:uuid:'.length))
        else set('uid', text)
        break
      case 'SOCIALPROFILE':
      case 'X-SOCIALPROFILE': {
        const service =
          parameters.get('SERVICE-TYPE')?.[0]?.toLowerCase() ?? types.find((word) => PLATFORMS.has(word)) ?? ''
        const isUrl = /^https?:/i.test(text)
        const platform = PLATFORMS.get(service) ?? 'OTHER'
        addItem(
          'socialMediaAccounts',
          {
            platform,
            [isUrl ? 'url' : 'handle']: text.replace(/^x-apple:/i, ''),
            ...(isUrl ? { handle: parameters.get('USERNAME')?.[0] } : {}),
          },
          isPrimary,
        )
        break
      }
      case 'NICKNAME':
        set('nickname', text)
        break
      case 'CATEGORIES':
        set('categories', text)
        break
      case 'ROLE':
      case 'FN':
      case 'KIND':
        break
      default:
        set(ownKey(property) ?? '', text)
    }
  }
  addFallbacks(properties, cells, set)
  return cells
}

/** What is taken where the exact property is missing. A whole name is never cut into parts: it is a last name. */
function addFallbacks(
  properties: readonly VCardProperty[],
  cells: ReadonlyMap<string, string>,
  set: (key: string, value: string | undefined) => void,
): void {
  set('jobTitle', textOf(properties, 'ROLE'))
  const wholeName = textOf(properties, 'FN')
  if (organization(properties)) return set('company.name', wholeName)
  // Cards must have a whole name: of who has none it is an address, a number or an id.
  const isElsewhere = [...cells.values()].some((cell) => cell === wholeName)
  if (!cells.has('firstName') && !cells.has('lastName') && !isElsewhere) set('lastName', wholeName)
}

function organization(properties: readonly VCardProperty[]): boolean {
  const isOrg = textOf(properties, 'KIND')?.toLowerCase() === 'org'
  return isOrg || textOf(properties, 'X-ABSHOWAS')?.toUpperCase() === 'COMPANY'
}

function textOf(properties: readonly VCardProperty[], wanted: string): string | undefined {
  const property = properties.find(({ name }) => name === wanted)
  return property && unescapeText(property.value)
}

function addressOf(value: string, parameters: VCardProperty['parameters']): Record<string, string | undefined> {
  const [box = '', extended = '', street = '', city, region, postalCode, country] = componentsOf(value)
  const lines = [...street.split('\n'), extended, box].map((line) => line.trim()).filter((line) => line !== '')
  const [latitude, longitude] = (parameters.get('GEO')?.[0] ?? '').replace(/^geo:/i, '').split(/[,;]/)
  return { line1: lines[0], line2: lines.slice(1).join(', '), city, region, postalCode, country, latitude, longitude }
}

/** `19800517` and `1980-05-17T00:00:00Z` as a day; Apple writes a birthday without a year as one of 1604. */
function dayOf(text: string): string {
  const day = /^([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T.*)?$/.exec(text)
  if (!day) return text
  const [, year = '', month = '', date = ''] = day
  return year === '1604' ? `--${month}-${date}` : `${year}-${month}-${date}`
}

/** `_$!<Mobile>!$_` is `mobile`. */
function appleLabel(value: string): string {
  return value.replace(/^_\$!<(.*)>!\$_$/, '$1').toLowerCase()
}

/** The key of a property that only our own cards have: `X-KITH-FIELD;KEY=tier` is `customFields.tier`. */
function ownKey({ name, parameters }: VCardProperty): string | undefined {
  if (name === 'X-KITH-FIELD') return `customFields.${parameters.get('KEY')?.[0] ?? ''}`
  return name === 'X-KITH-EXTERNALID' ? 'externalId' : name === 'X-KITH-DOMAIN' ? 'domain' : undefined
}
