import type { Row } from '../../database/statement.js'
import { cardComponents, cardText, vcard, type CardProperty } from '../../files/vcard-writer.js'
import type { CustomFieldDefinitionRow } from '../custom-field/custom-field.columns.js'
import { customValueOf } from '../custom-field/owned-values.service.js'
import type { ExportedRecord } from './exported-record.js'

const EMAIL_TYPES: Types = { WORK: 'work', PERSONAL: 'home' }
const PHONE_TYPES: Types = { WORK: 'work', MOBILE: 'cell', HOME: 'home', FAX: 'fax' }
// `billing` and `delivery` are of RFC 9554.
const ADDRESS_TYPES: Types = { OFFICE: 'work', HOME: 'home', BILLING: 'billing', SHIPPING: 'delivery' }

type Types = Readonly<Record<string, string | undefined>>

/**
 * A contact or a company as a card of vCard 4, of what was read of it. What the format has no property for has one of its
 * own: `X-KITH-EXTERNALID`, `X-KITH-FIELD;KEY=tier`.
 */
export function cardOf(
  type: 'CONTACT' | 'COMPANY',
  record: ExportedRecord,
  customFields: readonly CustomFieldDefinitionRow[],
): string {
  const { row, related, info } = record
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null)
  const first = (list: readonly Row[] | undefined, name: string): string | null => (list?.[0]?.[name] as string) ?? null
  const name =
    type === 'COMPANY'
      ? text('name')
      : [text('firstName'), text('middleName'), text('lastName')].filter((part) => part !== null).join(' ')
  const shown = name || first(info.emailAddress, 'email') || first(info.phoneNumber, 'number') || text('id') || ''
  const company = related['company']?.['name'] as string | undefined
  return vcard([
    ...one('UID', `urn:uuid:${text('id') ?? ''}`),
    ...one('KIND', type === 'COMPANY' ? 'org' : 'individual'),
    ...one('FN', cardText(shown)),
    ...(type === 'CONTACT'
      ? [
          ...one('N', cardComponents([text('lastName'), text('firstName'), text('middleName'), null, null])),
          ...(company !== undefined || text('department') !== null
            ? one(
                'ORG',
                cardComponents([company ?? null, ...(text('department') === null ? [] : [text('department')])]),
              )
            : []),
          ...texts('TITLE', text('jobTitle')),
          ...one('BDAY', text('birthDate')?.replaceAll('-', '') ?? null),
        ]
      : [...one('ORG', cardComponents([text('legalName') ?? text('name')])), ...one('URL', text('website'))]),
    ...(info.emailAddress ?? []).map((each) =>
      infoProperty('EMAIL', each, EMAIL_TYPES, cardText(textOf(each, 'email'))),
    ),
    ...(info.phoneNumber ?? []).map((each) => phone(each)),
    ...(info.address ?? []).map((each) => address(each)),
    ...(info.socialMediaAccount ?? []).map((each) => account(each)),
    ...texts('NOTE', text('notes')),
    ...texts('X-KITH-EXTERNALID', text('externalId')),
    ...texts('X-KITH-DOMAIN', text('domain')),
    ...customFields.flatMap((definition) => customProperty(definition, record)),
    ...one('REV', text('updatedAt')?.replace(/[-:]|\.\d+/g, '') ?? null),
  ])
}

function one(name: string, value: string | null): CardProperty[] {
  return value === null || value === '' ? [] : [{ name, value }]
}

function texts(name: string, value: string | null): CardProperty[] {
  return one(name, value === null ? null : cardText(value))
}

function textOf(row: Row, name: string): string {
  const value = row[name]
  return typeof value === 'string' ? value : ''
}

function infoProperty(
  name: string,
  row: Row,
  types: Types,
  value: string,
  more: CardProperty['parameters'] = [],
): CardProperty {
  const type = types[textOf(row, 'type')]
  const parameters = [
    ...(type === undefined ? [] : [['TYPE', type] as const]),
    ...(row['isPrimary'] === true ? [['PREF', '1'] as const] : []),
    ...more,
  ]
  return { name, parameters, value }
}

function phone(row: Row): CardProperty {
  const extension = textOf(row, 'extension')
  const value = textOf(row, 'number') + (extension === '' ? '' : ` ext. ${extension}`)
  return infoProperty('TEL', row, PHONE_TYPES, cardText(value), [['VALUE', 'text']])
}

function address(row: Row): CardProperty {
  const part = (name: string): string => textOf(row, name)
  const value = cardComponents([
    ...['', part('line2'), part('line1'), part('city')],
    ...[part('region'), part('postalCode'), part('country')],
  ])
  const { latitude, longitude } = row
  const hasPlace = typeof latitude === 'number' && typeof longitude === 'number'
  return infoProperty('ADR', row, ADDRESS_TYPES, value, hasPlace ? [['GEO', `geo:${latitude},${longitude}`]] : [])
}

// RFC 9554: an address of the account, or its name.
function account(row: Row): CardProperty {
  const url = textOf(row, 'url')
  const parameters = [
    ['SERVICE-TYPE', textOf(row, 'platform')],
    ...(url === '' ? [['VALUE', 'text']] : []),
    ...(url !== '' && textOf(row, 'handle') !== '' ? [['USERNAME', textOf(row, 'handle')]] : []),
    ...(row['isPrimary'] === true ? [['PREF', '1']] : []),
  ] as [string, string][]
  return { name: 'SOCIALPROFILE', parameters, value: url === '' ? cardText(textOf(row, 'handle')) : url }
}

function customProperty(definition: CustomFieldDefinitionRow, { values }: ExportedRecord): CardProperty[] {
  const value = customValueOf(definition, values.get(definition.id))
  if (value === null) return []
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return [{ name: 'X-KITH-FIELD', parameters: [['KEY', definition.key]], value: cardText(text) }]
}
