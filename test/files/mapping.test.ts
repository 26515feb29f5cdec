import { describe, expect, test } from '@jest/globals'
import { checkMapping } from '../../src/files/mapping.js'
import { openRowFile } from '../../src/files/open-row-file.js'
import { mappingOf, suggestMapping } from '../../src/files/suggest-mapping.js'
import type { RecordKeys } from '../../src/files/column-keys.js'
import { bytes, COMPANY_KEYS, CONTACT_KEYS } from './support.js'

/** The suggestion for a header, as `column: key (confidence)`. */
async function suggested(header: string, row = '', keys: RecordKeys = CONTACT_KEYS): Promise<Record<string, unknown>> {
  const file = await openRowFile(bytes(`${header}\n${row === '' ? ','.repeat(header.split(',').length - 1) : row}\n`), {
    separator: ',',
  })
  const suggestions = suggestMapping(file.columns, file.sample, keys)
  expect(
    checkMapping(mappingOf(suggestions), file.columns, keys).errors.filter(({ code }) => code !== 'NOTHING_MAPPED'),
  ).toEqual([])
  return Object.fromEntries(
    suggestions.map(({ column, target, confidence }) => [
      column,
      target === null ? confidence : [target.key, confidence, ...(target.with ? [target.with] : [])],
    ]),
  )
}

describe('suggestions', () => {
  test('our own exports', async () => {
    expect(
      await suggested(
        'id,firstName,company.name,owner.email,emailAddresses.1.email,emailAddresses.1.isPrimary,customFields.tier,createdAt,version',
      ),
    ).toEqual({
      id: ['id', 'EXACT'],
      firstName: ['firstName', 'EXACT'],
      'company.name': ['company.name', 'EXACT'],
      'owner.email': ['owner.email', 'EXACT'],
      'emailAddresses.1.email': ['emailAddresses.1.email', 'EXACT'],
      'emailAddresses.1.isPrimary': ['emailAddresses.1.isPrimary', 'EXACT'],
      'customFields.tier': ['customFields.tier', 'EXACT'],
      createdAt: 'NONE',
      version: 'NONE',
    })
  })

  test('a CRM like HubSpot', async () => {
    expect(
      await suggested(
        'Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Job Title,Company Name,Contact owner,Street Address,City,State/Region,Postal Code,Country/Region,LinkedIn URL,Create Date,Customer tier',
        '12,A,B,a@b.ch,1,2,x,y,Ada Admin,s,c,r,p,CH,https://l.example/x,2024-01-01,Gold',
      ),
    ).toEqual({
      'Record ID': ['externalId', 'HIGH'],
      'First Name': ['firstName', 'HIGH'],
      'Last Name': ['lastName', 'HIGH'],
      Email: ['emailAddresses.1.email', 'HIGH'],
      'Phone Number': ['phoneNumbers.1.number', 'HIGH'],
      'Mobile Phone Number': ['phoneNumbers.2.number', 'HIGH', { type: 'MOBILE' }],
      'Job Title': ['jobTitle', 'HIGH'],
      'Company Name': ['company.name', 'HIGH'],
      'Contact owner': 'NONE',
      'Street Address': ['addresses.1.line1', 'HIGH'],
      City: ['addresses.1.city', 'HIGH'],
      'State/Region': ['addresses.1.region', 'HIGH'],
      'Postal Code': ['addresses.1.postalCode', 'HIGH'],
      'Country/Region': ['addresses.1.country', 'HIGH'],
      'LinkedIn URL': ['socialMediaAccounts.1.url', 'HIGH', { platform: 'LINKEDIN' }],
      'Create Date': 'NONE',
      'Customer tier': ['customFields.tier', 'HIGH'],
    })
  })

  test('Google Contacts', async () => {
    expect(
      await suggested(
        'First Name,Middle Name,Last Name,Organization Name,Organization Title,Organization Department,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 1 - Country',
      ),
    ).toEqual({
      'First Name': ['firstName', 'HIGH'],
      'Middle Name': ['middleName', 'HIGH'],
      'Last Name': ['lastName', 'HIGH'],
      'Organization Name': ['company.name', 'HIGH'],
      'Organization Title': ['jobTitle', 'HIGH'],
      'Organization Department': ['department', 'HIGH'],
      Birthday: ['birthDate', 'HIGH'],
      Notes: ['notes', 'HIGH'],
      Labels: 'NONE',
      'E-mail 1 - Label': ['emailAddresses.1.type', 'HIGH'],
      'E-mail 1 - Value': ['emailAddresses.1.email', 'HIGH'],
      'E-mail 2 - Label': ['emailAddresses.2.type', 'HIGH'],
      'E-mail 2 - Value': ['emailAddresses.2.email', 'HIGH'],
      'Phone 1 - Label': ['phoneNumbers.1.type', 'HIGH'],
      'Phone 1 - Value': ['phoneNumbers.1.number', 'HIGH'],
      'Address 1 - Street': ['addresses.1.line1', 'HIGH'],
      'Address 1 - City': ['addresses.1.city', 'HIGH'],
      'Address 1 - Postal Code': ['addresses.1.postalCode', 'HIGH'],
      'Address 1 - Country': ['addresses.1.country', 'HIGH'],
    })
  })

  test('Outlook, and German', async () => {
    expect(
      await suggested(
        'Company,Business Street,Business City,Home Street,Home City,Business Fax,Business Phone,Mobile Phone,E-mail Address,E-mail 2 Address,Name',
      ),
    ).toEqual({
      Company: ['company.name', 'HIGH'],
      'Business Street': ['addresses.1.line1', 'HIGH', { type: 'OFFICE' }],
      'Business City': ['addresses.1.city', 'HIGH'],
      'Home Street': ['addresses.2.line1', 'HIGH', { type: 'HOME' }],
      'Home City': ['addresses.2.city', 'HIGH'],
      'Business Fax': ['phoneNumbers.1.number', 'HIGH', { type: 'FAX' }],
      'Business Phone': ['phoneNumbers.2.number', 'HIGH', { type: 'WORK' }],
      'Mobile Phone': ['phoneNumbers.3.number', 'HIGH', { type: 'MOBILE' }],
      'E-mail Address': ['emailAddresses.1.email', 'HIGH'],
      'E-mail 2 Address': ['emailAddresses.2.email', 'HIGH'],
      Name: ['lastName', 'LOW'],
    })
    expect(
      await suggested(
        'Vorname,Nachname,Firma,Funktion,Abteilung,E-Mail,Telefon,Handy,Straße,PLZ,Ort,Land,Geburtsdatum,Bemerkungen',
      ),
    ).toEqual({
      Vorname: ['firstName', 'HIGH'],
      Nachname: ['lastName', 'HIGH'],
      Firma: ['company.name', 'HIGH'],
      Funktion: ['jobTitle', 'HIGH'],
      Abteilung: ['department', 'HIGH'],
      'E-Mail': ['emailAddresses.1.email', 'HIGH'],
      Telefon: ['phoneNumbers.1.number', 'HIGH'],
      Handy: ['phoneNumbers.2.number', 'HIGH', { type: 'MOBILE' }],
      Straße: ['addresses.1.line1', 'HIGH'],
      PLZ: ['addresses.1.postalCode', 'HIGH'],
      Ort: ['addresses.1.city', 'HIGH'],
      Land: ['addresses.1.country', 'HIGH'],
      Geburtsdatum: ['birthDate', 'HIGH'],
      Bemerkungen: ['notes', 'HIGH'],
    })
  })

  test('companies', async () => {
    expect(
      await suggested(
        'Company name,Company Domain Name,Industry,Number of Employees,Year Founded,Company owner,id,City',
        'Acme,acme.ch,Tools,5,1999,ada@kith.example,77,Bern',
        COMPANY_KEYS,
      ),
    ).toEqual({
      'Company name': ['name', 'HIGH'],
      'Company Domain Name': ['domain', 'HIGH'],
      Industry: ['industry.name', 'HIGH'],
      'Number of Employees': ['employeeCount', 'HIGH'],
      'Year Founded': ['foundedYear', 'HIGH'],
      'Company owner': ['owner.email', 'HIGH'],
      id: ['externalId', 'HIGH'],
      City: ['addresses.1.city', 'HIGH'],
    })
  })

  test('headers and keys that are called as what every object has are nothing', async () => {
    const names = ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty', 'constructor.name']
    expect(await suggested(names.join())).toEqual(Object.fromEntries(names.map((name) => [name, 'NONE'])))
    const columns = Object.fromEntries(names.map((name, index) => [`c${String(index)}`, name]))
    expect(checkMapping({ columns }, Object.keys(columns), CONTACT_KEYS).errors).toEqual(
      names.map((name, index) => ({
        code: 'UNKNOWN_KEY',
        message: `There is no key “${name}” to map to: choose another, or leave the column out (null).`,
        path: ['columns', `c${String(index)}`],
      })),
    )
  })

  test('say with samples what has to be declared', async () => {
    const file = await openRowFile(
      bytes(
        'Birthday,customFields.share,customFields.seen_at,x\n1/2/1990,"1,234",2024-01-01 10:00,\n13/2/1990,2.5,,\n1/2/1990,3,,\n',
      ),
    )
    expect(suggestMapping(file.columns, file.sample, CONTACT_KEYS)).toEqual([
      {
        column: 'Birthday',
        target: { key: 'birthDate' },
        confidence: 'HIGH',
        samples: ['1/2/1990', '13/2/1990'],
        declare: ['dateOrder'],
      },
      {
        column: 'customFields.share',
        target: { key: 'customFields.share' },
        confidence: 'EXACT',
        samples: ['1,234', '2.5', '3'],
        declare: ['decimalSeparator'],
      },
      {
        column: 'customFields.seen_at',
        target: { key: 'customFields.seen_at' },
        confidence: 'EXACT',
        samples: ['2024-01-01 10:00'],
        declare: ['timeZone'],
      },
      { column: 'x', target: null, confidence: 'NONE', samples: [], declare: [] },
    ])
  })

  test('say all that a moment needs at once, and nothing that declaring would not mend', async () => {
    const file = await openRowFile(bytes('birthDate,customFields.seen_at\n1/2/90,1/2/1990 10:00\n'))
    expect(suggestMapping(file.columns, file.sample, CONTACT_KEYS).map(({ declare }) => declare)).toEqual([
      [],
      ['dateOrder', 'timeZone'],
    ])
  })
})

test('everything that is wrong with a mapping is said at once', () => {
  const { mapped, errors } = checkMapping(
    {
      columns: {
        Mail: 'emailAddresses.1.email',
        'Second mail': 'emailAddresses',
        Nobody: 'firstName',
        Made: 'createdAt',
        Name: 'fistName',
        Cell: { key: 'phoneNumbers.26.number' },
        Born: { key: 'birthDate', dateOrder: 'YDM' as 'YMD', timeZone: 'Mars/Olympus', decimalSeparator: '_' as ',' },
        Work: { key: 'phoneNumbers.1.number', with: { type: 'WORK', kind: 'x' } },
        Out: null,
      },
      values: { 'owner.email': 'ada@kith.example', 'emailAddresses.1.email': 'x' },
    },
    ['Mail', 'Second mail', 'Made', 'Name', 'Cell', 'Born', 'Work', 'Out'],
    CONTACT_KEYS,
  )
  expect(mapped.map(({ column, value, target }) => [column, value, target.key])).toEqual([
    ['Mail', '', 'emailAddresses.1.email'],
    ['Born', '', 'birthDate'],
    ['Work', '', 'phoneNumbers.1.number'],
    ['Work', 'WORK', 'phoneNumbers.1.type'],
    [null, 'ada@kith.example', 'owner.email'],
  ])
  expect(errors.map(({ code, path }) => [code, path])).toEqual([
    ['KEY_TWICE', ['columns', 'Second mail']],
    ['UNKNOWN_COLUMN', ['columns', 'Nobody']],
    ['READ_ONLY_KEY', ['columns', 'Made']],
    ['UNKNOWN_KEY', ['columns', 'Name']],
    ['UNKNOWN_KEY', ['columns', 'Cell']],
    ['BAD_OPTION', ['columns', 'Born', 'dateOrder']],
    ['BAD_OPTION', ['columns', 'Born', 'decimalSeparator']],
    ['BAD_OPTION', ['columns', 'Born', 'timeZone']],
    ['UNKNOWN_KEY', ['columns', 'Work', 'with', 'kind']],
    ['KEY_TWICE', ['values', 'emailAddresses.1.email']],
  ])
  expect(errors[0]?.message).toBe(
    '“emailAddresses” is mapped from “Second mail” and from “Mail”: leave one of them out (null).',
  )
  expect(checkMapping({ columns: { Out: null } }, ['Out'], CONTACT_KEYS).errors).toEqual([
    { code: 'NOTHING_MAPPED', message: 'No column is mapped: say where at least one belongs.', path: ['columns'] },
  ])
})
