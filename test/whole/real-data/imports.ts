import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Principal } from '../../../src/lib/principal.js'
import { importText, rows, suggestedMapping, type Imported } from '../../features/import/import-desk.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { exportText } from '../../support/export-text.js'
import { addedPhones, officeInput, personInput, type Fields, type readRecords } from './records.js'

type Row = Readonly<Record<string, unknown>>

const INFO = `phoneNumbers { type number } addresses { type line1 line2 city region postalCode country latitude longitude }`
const OFFICE = [
  { field: 'type', value: 'OFFICE' },
  { field: 'country', value: 'US' },
]
const EVERYTHING = `notes emailAddresses { type email isPrimary optedOutAt } phoneNumbers { type number e164 extension isPrimary }
  addresses { type line1 line2 city region postalCode country latitude longitude isPrimary }
  socialMediaAccounts { platform handle url isPrimary } customFields { key value }`
const COMPANY = `name legalName domain website status foundedYear employeeCount industry { name } owner { email } ${EVERYTHING}`
const CONTACT = `firstName middleName lastName jobTitle department birthDate company { name domain } owner { email } ${EVERYTHING}`
// Of offices: refused rows, which nothing of is stored.
const WRONG_LINES = [1038, 1141, 1148, 1244]
const FAX = [{ field: 'type', value: 'FAX' }]

/** The three files as somebody would import them, a mapping for each; an office is a further row of its person. */
export function describeImports(folder: string, { companies, people, offices }: ReturnType<typeof readRecords>): void {
  describe('real files through imports', () => {
    const file = (name: string) => readFileSync(join(folder, name))
    let desk: Desk
    let admin: Principal
    const imported: Record<string, Imported> = {}

    const all = async (list: string, selection: string, principal = admin): Promise<Map<string, Row>> => {
      const found = new Map<string, Row>()
      for (let offset = 0; ; offset += 200) {
        const { [list]: page } = await desk.ask(
          principal,
          `{ ${list}(first: 200, offset: ${offset}) { nodes { externalId ${selection} } } }`,
        )
        const { nodes } = page as { nodes: Row[] }
        for (const node of nodes) found.set(String(node['externalId']), node)
        if (nodes.length < 200) return found
      }
    }

    /** Gives a tenant the industries and custom fields that the files need. */
    const prepare = async (principal: Principal): Promise<void> => {
      for (const name of new Set(companies.map((row) => row['GICS Sector'] ?? ''))) {
        await desk.mutate(principal, 'createIndustry', { name }, 'industry { id }')
      }
      for (const [key, type] of [['sub_industry', 'TEXT'], ['cik', 'TEXT'], ['founded', 'TEXT'], ['added', 'DATE']] as const) {
        const field = { entityType: 'COMPANY', key, label: key, type }
        const made = await desk.mutate(principal, 'createCustomFieldDefinition', field, 'customFieldDefinition { id }')
        expect(made.userErrors).toEqual([])
      } // prettier-ignore
    }

    beforeAll(async () => {
      desk = await openDesk()
      ;({ admin } = await openTenant(desk))
      await prepare(admin)
      imported['companies'] = await importText(
        desk,
        admin,
        file('sp500-constituents.csv'),
        [
          { column: 'Symbol', key: 'externalId' },
          { column: 'Security', key: 'name' },
          { column: 'GICS Sector', key: 'industry.name' },
          { column: 'GICS Sub-Industry', key: 'customFields.sub_industry' },
          { column: 'Headquarters Location', key: 'addresses.1.city', with: [{ field: 'type', value: 'OFFICE' }] },
          { column: 'Date added', key: 'customFields.added' },
          { column: 'CIK', key: 'customFields.cik' },
          { column: 'Founded', key: 'customFields.founded' },
        ],
        { type: 'COMPANY' },
      )
      imported['people'] = await importText(desk, admin, file('legislators-current.csv'), [
        { column: 'bioguide_id', key: 'externalId' },
        { column: 'first_name', key: 'firstName' },
        { column: 'middle_name', key: 'middleName' },
        { column: 'last_name', key: 'lastName' },
        { column: 'birthday', key: 'birthDate' },
        { column: 'phone', key: 'phoneNumbers.1.number' },
        { column: 'address', key: 'addresses.1.line1', with: OFFICE },
      ])
      imported['offices'] = await importText(desk, admin, file('legislators-district-offices.csv'), [
        { column: 'bioguide', key: 'externalId' },
        { column: 'address', key: 'addresses.1.line1', with: OFFICE },
        { column: 'suite', key: 'addresses.1.line2' },
        { column: 'city', key: 'addresses.1.city' },
        { column: 'state', key: 'addresses.1.region' },
        { column: 'zip', key: 'addresses.1.postalCode' },
        { column: 'latitude', key: 'addresses.1.latitude' },
        { column: 'longitude', key: 'addresses.1.longitude' },
        { column: 'phone', key: 'phoneNumbers.1.number' },
        { column: 'fax', key: 'phoneNumbers.2.number', with: FAX },
      ])
    }, 120_000)

    afterAll(() => desk.close())

    test('books balance, and the four wrong rows are told: a latitude of 441 degrees, and numbers that stand twice', () => {
      const { companies: firms, people: persons, offices: places } = imported
      expect(firms).toMatchObject({ status: 'SUCCEEDED', rows: rows({ read: 503, created: 503 }) })
      expect(persons).toMatchObject({ status: 'SUCCEEDED', rows: rows({ read: 537, created: 537 }) })
      expect(places).toMatchObject({ status: 'SUCCEEDED', rows: rows({ read: 1312, updated: 1308, failed: 4 }) })
      const code = 'BAD_USER_INPUT'
      const twice = [{ column: 'fax', code, message: 'The same phone number stands twice on this record.' }]
      const latitude = 'The latitude must be a number of degrees from -90 to 90; it is 441.5080197.'
      expect(places?.import.failures).toEqual([
        { line: 1038, errors: [{ column: 'latitude', code, message: latitude }] },
        ...WRONG_LINES.slice(1).map((line) => ({ line, errors: twice })),
      ])
    })

    test('companies have every cell', async () => {
      const stored = await all('companies', 'name industry { name } addresses { city } customFields { key value }')
      for (const row of companies) {
        const { customFields, ...company } = stored.get(row['Symbol'] ?? '') as { customFields: { key: string; value: unknown }[] }
        expect({ ...company, ...Object.fromEntries(customFields.map(({ key, value }) => [key, value])) }).toEqual({
          externalId: row['Symbol'],
          name: row['Security'],
          industry: { name: row['GICS Sector'] },
          addresses: [{ city: row['Headquarters Location'] }],
          sub_industry: row['GICS Sub-Industry'],
          cik: row['CIK'],
          founded: row['Founded'],
          added: row['Date added'],
        })
      }
    }) // prettier-ignore

    test('people have every cell, and those of their offices', async () => {
      const stored = await all('contacts', `firstName middleName lastName birthDate ${INFO}`)
      const officesOf = (id: string | undefined): Fields[] =>
        offices.filter((office, index) => office['bioguide'] === id && !WRONG_LINES.includes(index + 2))
      for (const row of people) {
        const { firstName, middleName, lastName, birthDate, externalId, phoneNumbers } = personInput(row)
        const places = officesOf(row['bioguide_id'])
        const text = (office: Fields, name: string) => office[name] || null
        const degrees = (office: Fields, name: string) => (office[name] ? Number(office[name]) : null)
        const none = { line2: null, city: null, region: null, postalCode: null, latitude: null, longitude: null }
        const added = places.flatMap((office) => officeInput(office).phones)
        expect(stored.get(externalId ?? '')).toEqual({
          ...{ externalId, firstName, middleName, lastName, birthDate },
          phoneNumbers: [...phoneNumbers, ...addedPhones(phoneNumbers, added)],
          addresses: [
            ...(row['address'] ? [{ type: 'OFFICE', line1: row['address'], country: 'US', ...none }] : []),
            ...places.map((office) => ({
              type: 'OFFICE',
              country: 'US',
              line1: text(office, 'address'),
              line2: text(office, 'suite'),
              city: text(office, 'city'),
              region: text(office, 'state'),
              postalCode: text(office, 'zip'),
              latitude: degrees(office, 'latitude'),
              longitude: degrees(office, 'longitude'),
            })),
          ],
        })
      }
    })

    test('what is exported is imported elsewhere by the mapping that is suggested, equal in every record', async () => {
      const links = people.slice(0, 50).map((row, index) => `${row['bioguide_id'] ?? ''},"${companies[index]?.['Security'] ?? ''}"`)
      const employers = await importText(desk, admin, ['Id,Company', ...links].join('\n'), { Id: 'externalId', Company: 'company.name' })
      expect(employers.rows).toEqual(rows({ read: 50, updated: 50 }))
      const exported = {
        COMPANY: await exportText(desk, admin, 'Company'),
        CONTACT: await exportText(desk, admin, 'Contact'),
      }
      const { admin: other } = await openTenant(desk)
      await prepare(other)
      for (const type of ['COMPANY', 'CONTACT'] as const) {
        const { mapping, declared } = await suggestedMapping(desk, other, exported[type], type)
        expect(declared).toEqual([])
        // Records of another tenant are made anew: they have no ids yet.
        const foreign = mapping.map((one) => (/^(id|.*\.id)$/.test(one.key ?? '') ? { ...one, key: null } : one))
        const job = await importText(desk, other, exported[type], foreign, { type })
        const read = type === 'COMPANY' ? 503 : 537
        expect([job.status, job.rows, job.import.failures]).toEqual(['SUCCEEDED', rows({ read, created: read }), []])
      }
      for (const [list, selection] of [['companies', COMPANY], ['contacts', CONTACT]] as const) {
        expect(await all(list, selection, other)).toEqual(await all(list, selection, admin))
      }
    }, 60_000) // prettier-ignore

    test('each file again changes nothing', async () => {
      const before = await desk.sql('select id, version from contacts union all select id, version from companies order by 1')
      const again = await importText(desk, admin, file('legislators-current.csv'), [
        { column: 'bioguide_id', key: 'externalId' },
        { column: 'phone', key: 'phoneNumbers.1.number' },
      ])
      expect(again.rows).toEqual(rows({ read: 537, unchanged: 537 }))
      expect(await desk.sql('select id, version from contacts union all select id, version from companies order by 1')).toEqual(before)
    }) // prettier-ignore
  })
}
