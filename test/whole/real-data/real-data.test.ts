import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { testDataDir } from '../../setup/test-run.js'
import { startHttpServer, type Found, type HttpServer } from '../support/http-server.js'
import { companyValues, defineFields, describeFields, personValues } from './fields.js'
import {
  addedPhones,
  byExternalId,
  companyInput,
  eachOf,
  INFO,
  officeInput,
  personInput,
  readFounded,
  readRecords,
  storedAccount,
  storedPhone,
  withPrimary,
  type Fields,
} from './records.js'
import { describeImports } from './imports.js'
import { describeSearches } from './searches.js'

const folder = testDataDir()
// Wrong in the records themselves: a latitude of 441 degrees.
const WRONG_OFFICE = 'S001225-rock_island'
// And a contact form at hhttps://….
const WRONG_LINK = 'F000484'

let server: HttpServer

describe('years of foundation', () => {
  test('are read from what the column has', () => {
    expect(['1902', '1888 (1985)', '2013 (1888)', '1998 (1923 / 1874)'].map(readFounded)).toEqual([
      { year: 1902, raw: null },
      { year: 1888, raw: '1888 (1985)' },
      { year: 2013, raw: '2013 (1888)' },
      { year: 1998, raw: '1998 (1923 / 1874)' },
    ])
  })
})

async function mutate(name: string, type: string, input: object, selection: string): Promise<Found> {
  const query = `mutation($input: ${type}Input!) { ${name}(input: $input) { ${selection} userErrors { code message field } } }`
  const { status, body } = await server.ask(query, { input }, 'ADMIN')
  expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined })
  return body.data[name]
}

/** All records of a list, page by page. */
async function readAll(list: string, selection: string): Promise<Found[]> {
  const records: Found[] = []
  let after: string | null = null
  do {
    const query = `query($after: String) { ${list}(first: 100, after: $after) { nodes { ${selection} } pageInfo { hasNextPage endCursor } } }`
    const { body } = await server.ask(query, { after }, 'VIEWER')
    expect(body.errors).toBeUndefined()
    records.push(...body.data[list].nodes)
    after = body.data[list].pageInfo.hasNextPage ? body.data[list].pageInfo.endCursor : null
  } while (after !== null)
  return records
}

// A named folder without the files fails.
if (folder !== undefined) {
  describeImports(folder, readRecords(folder))

  describe('real records over HTTP', () => {
    const records = readRecords(folder)
    const { companies, people, offices } = records
    const officesOf = (id: string | undefined): Fields[] => offices.filter((office) => office['bioguide'] === id)
    const industryIds = new Map<string, string>()
    let loadedCompanies: Map<string, Found>
    let loadedPeople: Map<string, Found>

    beforeAll(async () => {
      server = await startHttpServer()
      for (const name of new Set(companies.map((row) => row['GICS Sector'] ?? ''))) {
        const made = await mutate('createIndustry', 'CreateIndustry', { name }, 'industry { id }')
        industryIds.set(name, String(made['industry'].id))
      }
      await defineFields(mutate, records)
      const inputs = (values: ReturnType<typeof companyValues>) => ({ customFields: values.map(({ input }) => input) })
      await eachOf(companies, async (row) => {
        const input = { ...companyInput(row, industryIds), ...inputs(companyValues(row)) }
        const made = await mutate('createCompany', 'CreateCompany', input, 'company { id }')
        expect(made['userErrors']).toEqual([])
      })
      await eachOf(people, async (row) => {
        const input = { ...personInput(row), ...inputs(personValues(row)) }
        const made = await mutate('createContact', 'CreateContact', input, 'contact { id version }')
        expect(made['userErrors']).toEqual([])
        const { id, version } = made['contact']
        const given = personInput(row).phoneNumbers
        const added = officesOf(row['bioguide_id']).map((office) => ({ id: office['id'], ...officeInput(office) }))
        for (const office of added) if (office.id === WRONG_OFFICE) office.address.latitude = null
        if (added.length === 0) return
        const changes = {
          id,
          version,
          addresses: { add: added.map((office) => office.address) },
          phoneNumbers: {
            add: addedPhones(
              given,
              added.flatMap((office) => office.phones),
            ),
          },
        }
        const changed = await mutate('updateContact', 'UpdateContact', changes, 'contact { version }')
        expect(changed).toEqual({ contact: { version: 2 }, userErrors: [] })
      })
      loadedCompanies = byExternalId(
        await readAll('companies', `externalId name foundedYear notes status version industry { name } ${INFO}`),
      )
      loadedPeople = byExternalId(
        await readAll(
          'contacts',
          `externalId firstName middleName lastName jobTitle department birthDate company { id } ${INFO}`,
        ),
      )
    }, 300_000)

    afterAll(async () => {
      await server.close()
    })

    test('are all there: 503 companies, 537 people, 1,312 offices', async () => {
      const { body } = await server.ask(
        '{ contacts { totalCount } companies { totalCount } industries { totalCount } }',
      )
      expect(body.data).toEqual({
        contacts: { totalCount: 537 },
        companies: { totalCount: 503 },
        industries: { totalCount: 11 },
      })
      const rows = (kind: string): Found[] => [...loadedPeople.values()].flatMap((person) => person[kind])
      expect({
        addresses: rows('addresses').length,
        phones: rows('phoneNumbers').filter((row) => row['type'] === 'WORK').length,
        faxes: rows('phoneNumbers').filter((row) => row['type'] === 'FAX').length,
        accounts: rows('socialMediaAccounts').length,
        emails: rows('emailAddresses').length,
      }).toEqual({
        addresses: 536 + 1312,
        phones: 536 + 1204,
        faxes: 453,
        accounts: 506 + 490 + 255 + 13 + 536,
        emails: 0,
      })
    })

    test('read back as they were given: companies', () => {
      for (const row of companies) {
        const { industryId, addresses, ...given } = companyInput(row, industryIds)
        expect(industryId).toBeDefined()
        const none = { line1: null, line2: null, postalCode: null, country: null, latitude: null, longitude: null }
        expect(loadedCompanies.get(row['Symbol'] ?? '')).toEqual({
          ...given,
          status: 'LEAD',
          version: 1,
          industry: { name: row['GICS Sector'] },
          emailAddresses: [],
          phoneNumbers: [],
          socialMediaAccounts: [],
          addresses: withPrimary(addresses.map((address) => ({ ...none, ...address, region: address.region || null }))),
        })
      }
    })

    test('read back as they were given: people with all their offices', () => {
      for (const row of people) {
        const given = personInput(row)
        const added = officesOf(row['bioguide_id']).map((office) => ({ id: office['id'], ...officeInput(office) }))
        const phones = addedPhones(
          given.phoneNumbers,
          added.flatMap((office) => office.phones),
        )
        const none = { line2: null, city: null, region: null, postalCode: null, latitude: null, longitude: null }
        expect(loadedPeople.get(row['bioguide_id'] ?? '')).toEqual({
          ...given,
          company: null,
          emailAddresses: [],
          phoneNumbers: withPrimary([...given.phoneNumbers, ...phones].map(storedPhone)),
          addresses: withPrimary([
            ...given.addresses.map((address) => ({ ...none, ...address })),
            ...added.map(({ id, address }) => (id === WRONG_OFFICE ? { ...address, latitude: null } : address)),
          ]),
          socialMediaAccounts: withPrimary(given.socialMediaAccounts.map(storedAccount)),
        })
      }
    })

    test('some of them by name', () => {
      expect(loadedPeople.get('C000127')).toMatchObject({
        firstName: 'Maria',
        lastName: 'Cantwell',
        jobTitle: 'Senator',
        birthDate: '1958-10-13',
        phoneNumbers: expect.arrayContaining([
          { type: 'WORK', number: '202-224-3441', e164: '+12022243441', isPrimary: true },
        ]),
        socialMediaAccounts: expect.arrayContaining([
          { platform: 'X', handle: 'SenatorCantwell', url: null, isPrimary: true },
        ]),
      })
      expect(loadedPeople.get('S001156')).toMatchObject({
        firstName: 'Linda',
        middleName: 'T.',
        lastName: 'Sánchez',
        jobTitle: 'Representative',
        department: 'Democrat, CA',
      })
      const manyOffices = loadedPeople.get('K000393')
      expect(manyOffices?.['addresses']).toHaveLength(10)
      expect(manyOffices?.['addresses'][1]).toEqual({
        type: 'OFFICE',
        line1: '1611 Arnold Drive',
        line2: 'England Airpark, Suite 126',
        city: 'Alexandria',
        region: 'LA',
        postalCode: '71303',
        country: 'US',
        latitude: 31.3239969,
        longitude: -92.5372977,
        isPrimary: false,
      })
      expect(loadedCompanies.get('ABBV')).toMatchObject({
        name: 'AbbVie',
        foundedYear: 2013,
        notes: 'Biotechnology, CIK 1551152\nFounded 2013 (1888)',
        addresses: [{ city: 'North Chicago', region: 'Illinois', isPrimary: true }],
      })
    })

    const ask =
      (role: 'ADMIN' | 'VIEWER') =>
      async (query: string, variables?: object): Promise<Found> => {
        const { status, body } = await server.ask(query, variables, role)
        expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined })
        return body.data
      }
    describeSearches(ask('VIEWER'), records)
    describeFields(ask('ADMIN'), mutate, records)

    test('a founding year that is a text is refused before anything runs', async () => {
      const query = 'mutation($input: CreateCompanyInput!) { createCompany(input: $input) { company { id } } }'
      const { status, body } = await server.ask(query, { input: { name: 'Old', foundedYear: '1888 (1985)' } })
      expect(status).toBe(400)
      expect(body.errors).toEqual([
        {
          message:
            'Variable "$input" got invalid value "1888 (1985)" at "input.foundedYear"; Int cannot represent non-integer value: "1888 (1985)"',
          locations: [{ line: 1, column: 10 }],
          extensions: { code: 'BAD_USER_INPUT', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        },
      ])
      expect((await server.ask('{ companies { totalCount } }')).body.data).toEqual({ companies: { totalCount: 503 } })
    })

    test('what is wrong in the records is refused, with the place', async () => {
      const office = offices.find((row) => row['id'] === WRONG_OFFICE) ?? {}
      const nobody = { lastName: 'Nobody', customFields: [{ key: 'term', option: 'rep' }] }
      const input = { ...nobody, addresses: [officeInput(office).address] }
      const made = await mutate('createContact', 'CreateContact', input, 'contact { id }')
      expect(made).toEqual({
        contact: null,
        userErrors: [
          {
            code: 'BAD_USER_INPUT',
            message: 'The latitude must be a number of degrees from -90 to 90; it is 441.5080197.',
            field: ['addresses', '0', 'latitude'],
          },
        ],
      })
      const twice = offices.filter((row) => row['bioguide'] === 'W000437').flatMap((row) => officeInput(row).phones)
      expect(await mutate('createContact', 'CreateContact', { ...nobody, phoneNumbers: twice }, '')).toEqual({
        userErrors: [
          {
            code: 'BAD_USER_INPUT',
            message: 'The same phone number stands twice on this record.',
            field: ['phoneNumbers', '8', 'number'],
          },
        ],
      })
      const { contact_form: url } = people.find((row) => row['bioguide_id'] === WRONG_LINK) ?? {}
      const account = { ...nobody, socialMediaAccounts: [{ platform: 'OTHER', url }] }
      expect(await mutate('createContact', 'CreateContact', account, 'contact { id }')).toEqual({
        contact: null,
        userErrors: [
          {
            code: 'BAD_USER_INPUT',
            message:
              '“hhttps://fine.house.gov/address_authentication?form=/contact…” is not a web address: it must begin with https:// or http://.',
            field: ['socialMediaAccounts', '0', 'url'],
          },
        ],
      })
      expect((await server.ask('{ contacts { totalCount } }')).body.data).toEqual({ contacts: { totalCount: 537 } })
    })
  })
}
