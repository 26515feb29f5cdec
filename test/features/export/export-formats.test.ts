import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startHttpServer, type HttpServer } from '../../whole/support/http-server.js'
import { postExport, sha256 } from './export-desk.js'

let server: HttpServer
let ids: { readonly contact: string; readonly other: string; readonly company: string }

const LINES = 'Head of "R&D"\nand more'

beforeAll(async () => {
  server = await startHttpServer()
  const mutate = async (mutation: string, selection: string, input: object) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
    const query = `mutation ($input: ${type}!) { made: ${mutation}(input: $input) { ${selection} userErrors { message field } } }`
    const { body } = await server.ask(query, { input })
    expect([body.errors, body.data['made'].userErrors]).toEqual([undefined, []])
    return body.data['made']
  }
  const field = (input: object) =>
    mutate('createCustomFieldDefinition', 'customFieldDefinition { id }', { entityType: 'CONTACT', ...input })
  await field({ key: 'tier', label: 'Tier', type: 'DROPDOWN', options: [{ value: 'gold', label: 'Gold' }] })
  await field({
    ...{ key: 'likes', label: 'Likes', type: 'CHECKBOX' },
    options: ['tea', 'jazz'].map((value) => ({ value, label: value })),
  })
  await field({ key: 'budget', label: 'Budget', type: 'CURRENCY' })
  await field({ key: 'points', label: 'Points', type: 'DECIMAL' })
  const industry = (await mutate('createIndustry', 'industry { id }', { name: 'Steel' })).industry.id as string
  const company = (
    await mutate('createCompany', 'company { id }', {
      ...{ name: 'Müller, Söhne & Co.', domain: 'mueller.example', industryId: industry, annualRevenue: '12.50' },
      ...{ ownerId: server.tenant.users.MEMBER, website: 'https://mueller.example/' },
      emailAddresses: [{ email: 'info@mueller.example' }],
    })
  ).company.id as string
  const contact = (
    await mutate('createContact', 'contact { id }', {
      ...{
        firstName: '=1+1',
        lastName: "'-Anna",
        jobTitle: 'CTO',
        notes: LINES,
        externalId: '007',
        companyId: company,
      },
      ...{ birthDate: '1980-02-29', emailOptIn: true, ownerId: server.tenant.users.MEMBER },
      emailAddresses: [{ email: 'a@b.example' }, { email: 'c@d.example', type: 'PERSONAL', isPrimary: true }],
      phoneNumbers: [{ number: '+41 44 123 45 67', type: 'MOBILE', extension: '12' }],
      addresses: [{ line1: 'Bahnhofstr. 1', city: 'Zürich', country: 'CH', latitude: -47.5, longitude: 8.5 }],
      socialMediaAccounts: [{ platform: 'GITHUB', handle: 'anna', url: 'https://github.com/anna' }],
      customFields: [
        { key: 'tier', option: 'gold' },
        { key: 'likes', options: ['tea', 'jazz'] },
        { key: 'budget', currency: { amount: '-12.50', code: 'CHF' } },
        { key: 'points', decimal: '-1.5' },
      ],
    })
  ).contact.id as string
  const other = (await mutate('createContact', 'contact { id }', { firstName: '山田' })).contact.id as string
  ids = { contact, other, company }
})

afterAll(() => server.close())

const ORDER = [{ field: 'FIRST_NAME', direction: 'DESC' }]
const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g

describe('CSV', () => {
  test('has every column that an import takes, formulas escaped, and says how much it is', async () => {
    const { status, headers, trailers, text } = await postExport(server, { type: 'CONTACT', orderBy: ORDER })
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
    expect(headers['content-disposition']).toMatch(/^attachment; filename="contacts-\d{4}-\d\d-\d\d\.csv"$/)
    const email = ['email', 'type', 'isPrimary', 'optedOutAt']
    const address = ['type', 'line1', 'line2', 'city', 'region', 'postalCode', 'country', 'latitude', 'longitude']
    const header = [
      ...['id', 'birthDate', 'firstName', 'middleName', 'lastName', 'jobTitle', 'department', 'externalId'],
      ...['emailOptIn', 'smsOptIn', 'callOptIn', 'notes', 'company.id', 'company.name', 'company.domain'],
      ...['owner.id', 'owner.email'],
      ...[1, 2].flatMap((number) => email.map((field) => `emailAddresses.${number}.${field}`)),
      ...['number', 'extension', 'type', 'isPrimary'].map((field) => `phoneNumbers.1.${field}`),
      ...[...address, 'isPrimary'].map((field) => `addresses.1.${field}`),
      ...['platform', 'handle', 'url', 'isPrimary'].map((field) => `socialMediaAccounts.1.${field}`),
      ...['tier', 'likes', 'budget', 'points'].map((key) => `customFields.${key}`),
      ...['createdAt', 'updatedAt'],
    ]
    const owner = server.tenant.users.MEMBER
    const lines = [
      header.join(','),
      `${ids.other},,山田,,,,,,false,false,false,,,,,,${','.repeat(31)}<moment>,<moment>`,
      [
        `${ids.contact},1980-02-29,'=1+1,,''-Anna,CTO,,007,true,false,false,"Head of ""R&D""\nand more"`,
        `${ids.company},"Müller, Söhne & Co.",mueller.example,${owner},member@example.com`,
        'a@b.example,WORK,false,,c@d.example,PERSONAL,true,',
        "'+41 44 123 45 67,12,MOBILE,true",
        'OFFICE,Bahnhofstr. 1,,Zürich,,,CH,-47.5,8.5,true',
        'GITHUB,anna,https://github.com/anna,true',
        `gold,"[""tea"",""jazz""]",'-12.50 CHF,-1.5`,
        '<moment>,<moment>',
      ].join(','),
    ]
    expect(text.replace(MOMENT, '<moment>')).toBe(`${lines.join('\n')}\n`)
    expect(trailers).toEqual({ 'kith-rows': '2', 'kith-sha256': sha256(text) })
  })

  test('has the columns that are chosen, in their order', async () => {
    const columns = [
      ...['fullName', 'company.externalId', 'emailAddresses.2.email', 'phoneNumbers', 'customFields.budget.amount'],
      'customFields',
    ]
    const { text } = await postExport(server, { type: 'CONTACT', orderBy: ORDER, columns, escapeFormulas: false })
    const phones = '[{""number"":""+41 44 123 45 67"",""extension"":""12"",""type"":""MOBILE"",""isPrimary"":true}]'
    const values =
      '{""tier"":""gold"",""likes"":[""tea"",""jazz""],""budget"":{""amount"":""-12.50"",""currency"":""CHF""},""points"":""-1.5""}'
    expect(text).toBe(
      `${columns.join(',')}\n山田,,,"[]",,"{}"\n=1+1 '-Anna,,c@d.example,"${phones}",-12.50,"${values}"\n`,
    )
  })

  test('of nothing is its header; a line of an empty cell is no blank line', async () => {
    const none = { type: 'CONTACT', filter: { firstName: { eq: 'nobody' } } }
    const header = (await postExport(server, { ...none, columns: ['id', 'emailAddresses.*'] })).text
    expect(header).toBe('id\n')
    const { text, trailers } = await postExport(server, { type: 'CONTACT', orderBy: ORDER, columns: ['jobTitle'] })
    expect([text, trailers['kith-rows']]).toEqual(['jobTitle\n""\nCTO\n', '2'])
  })

  test('of companies', async () => {
    const columns = [
      'name',
      'industry.name',
      'owner.email',
      'annualRevenue',
      'annualRevenueCurrency',
      'emailAddresses.*',
    ]
    const { text } = await postExport(server, { type: 'COMPANY', columns })
    expect(text).toBe(
      `${columns.slice(0, -1).join(',')},${['email', 'type', 'isPrimary', 'optedOutAt'].map((field) => `emailAddresses.1.${field}`).join(',')}\n` +
        '"Müller, Söhne & Co.",Steel,member@example.com,12.50,USD,info@mueller.example,WORK,true,\n',
    )
  })
})

describe('NDJSON', () => {
  test('nests what belongs to a record', async () => {
    const { text, headers, trailers } = await postExport(server, { type: 'CONTACT', format: 'NDJSON', orderBy: ORDER })
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(trailers).toEqual({ 'kith-rows': '2', 'kith-sha256': sha256(text) })
    const records = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line.replace(MOMENT, '<moment>')) as unknown)
    const empty = { middleName: null, department: null, smsOptIn: false, callOptIn: false }
    const moments = { createdAt: '<moment>', updatedAt: '<moment>' }
    expect(records).toEqual([
      {
        ...{ ...empty, ...moments, id: ids.other, birthDate: null, firstName: '山田', lastName: null, jobTitle: null },
        ...{ externalId: null, emailOptIn: false, notes: null, company: null, owner: null, customFields: {} },
        ...{ emailAddresses: [], phoneNumbers: [], addresses: [], socialMediaAccounts: [] },
      },
      {
        ...{ ...empty, ...moments, id: ids.contact, birthDate: '1980-02-29', firstName: '=1+1', lastName: "'-Anna" },
        ...{ jobTitle: 'CTO', externalId: '007', emailOptIn: true, notes: LINES },
        company: { id: ids.company, name: 'Müller, Söhne & Co.', domain: 'mueller.example' },
        owner: { id: server.tenant.users.MEMBER, email: 'member@example.com' },
        emailAddresses: [
          { email: 'a@b.example', type: 'WORK', isPrimary: false },
          { email: 'c@d.example', type: 'PERSONAL', isPrimary: true },
        ],
        phoneNumbers: [{ number: '+41 44 123 45 67', extension: '12', type: 'MOBILE', isPrimary: true }],
        addresses: [
          {
            ...{ type: 'OFFICE', line1: 'Bahnhofstr. 1', city: 'Zürich', country: 'CH' },
            ...{ latitude: -47.5, longitude: 8.5, isPrimary: true },
          },
        ],
        socialMediaAccounts: [{ platform: 'GITHUB', handle: 'anna', url: 'https://github.com/anna', isPrimary: true }],
        customFields: {
          ...{ tier: 'gold', likes: ['tea', 'jazz'] },
          ...{ budget: { amount: '-12.50', currency: 'CHF' }, points: '-1.5' },
        },
      },
    ])
  })

  test('places chosen columns by their keys', async () => {
    const columns = ['lastName', 'emailAddresses.1.email', 'emailAddresses.2.type', 'company.name']
    const { text } = await postExport(server, { type: 'CONTACT', format: 'NDJSON', orderBy: ORDER, columns })
    const lines = [
      '{"lastName":null,"emailAddresses":[],"company":null}',
      `{"lastName":"'-Anna","emailAddresses":[{"email":"a@b.example"},{"type":"PERSONAL"}],"company":{"name":"Müller, Söhne & Co."}}`,
    ]
    expect(text).toBe(`${lines.join('\n')}\n`)
  })
})

describe('vCard', () => {
  test('of contacts, folded at 75 bytes', async () => {
    const { text, headers } = await postExport(server, { type: 'CONTACT', format: 'VCARD', orderBy: ORDER })
    expect(headers['content-type']).toBe('text/vcard; charset=utf-8; version=4.0')
    const card = text
      .replace(/REV:.*/g, 'REV:<moment>')
      .split('BEGIN:VCARD')
      .at(-1)
    expect(card?.split('\r\n')).toEqual([
      ...['', 'VERSION:4.0', `UID:urn:uuid:${ids.contact}`, 'KIND:individual', "FN:=1+1 '-Anna", "N:'-Anna;=1+1;;;"],
      ...['ORG:Müller\\, Söhne & Co.', 'TITLE:CTO', 'BDAY:19800229'],
      ...['EMAIL;TYPE=work:a@b.example', 'EMAIL;TYPE=home;PREF=1:c@d.example'],
      'TEL;TYPE=cell;PREF=1;VALUE=text:+41 44 123 45 67 ext. 12',
      ...['ADR;TYPE=work;PREF=1;GEO="geo:-47.5,8.5":;;Bahnhofstr. 1;Zürich;;;CH'],
      ...['SOCIALPROFILE;SERVICE-TYPE=GITHUB;USERNAME=anna;PREF=1:https://github.com/a', ' nna'],
      ...['NOTE:Head of "R&D"\\nand more', 'X-KITH-EXTERNALID:007'],
      ...['X-KITH-FIELD;KEY=tier:gold', 'X-KITH-FIELD;KEY=likes:["tea"\\,"jazz"]'],
      ...['X-KITH-FIELD;KEY=budget:{"amount":"-12.50"\\,"currency":"CHF"}', 'X-KITH-FIELD;KEY=points:-1.5'],
      ...['REV:<moment>', 'END:VCARD', ''],
    ])
  })

  test('of companies are organizations', async () => {
    const { text } = await postExport(server, { type: 'COMPANY', format: 'VCARD' })
    expect(text.replace(/REV:.*/g, 'REV:<moment>').split('\r\n')).toEqual([
      ...['BEGIN:VCARD', 'VERSION:4.0', `UID:urn:uuid:${ids.company}`, 'KIND:org', 'FN:Müller\\, Söhne & Co.'],
      ...['ORG:Müller\\, Söhne & Co.', 'URL:https://mueller.example/', 'EMAIL;TYPE=work;PREF=1:info@mueller.example'],
      ...['X-KITH-DOMAIN:mueller.example', 'REV:<moment>', 'END:VCARD', ''],
    ])
  })
})
