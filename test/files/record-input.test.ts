import { expect, test } from '@jest/globals'
import { checkMapping, type Mapping } from '../../src/files/mapping.js'
import { createRecordReader, type RecordInput } from '../../src/files/record-input.js'
import { CONTACT_KEYS } from './support.js'

function reader(mapping: Mapping, columns: readonly string[]) {
  const { mapped, errors } = checkMapping(mapping, columns, CONTACT_KEYS)
  expect(errors).toEqual([])
  const read = createRecordReader(mapped, CONTACT_KEYS)
  return (cells: Readonly<Record<string, string>>): RecordInput =>
    read({ row: 7, index: 5, cells: new Map(Object.entries(cells)), text: '' })
}

/** By columns that are called like their keys. */
function read(cells: Readonly<Record<string, string>>): RecordInput {
  const columns = Object.keys(cells)
  return reader({ columns: Object.fromEntries(columns.map((column) => [column, column])) }, columns)(cells)
}

test('cells become fields, lists without gaps, custom fields by their types, and what related records are found by', () => {
  const { input, lookups, errors } = read({
    firstName: 'Ada',
    lastName: '',
    birthDate: '1980-05-17',
    emailOptIn: 'ja',
    'company.name': ' Acme ',
    'company.domain': 'acme.ch',
    'owner.email': '',
    'emailAddresses.1.email': '',
    'emailAddresses.1.type': 'Work',
    'emailAddresses.3.email': 'ada@acme.ch',
    'emailAddresses.3.type': 'home',
    'phoneNumbers.1.number': '044 668 18 00',
    'addresses.1.country': 'Schweiz',
    'addresses.1.latitude': '47.4',
    'customFields.tier': 'Gold',
    'customFields.tags': 'a; C',
    'customFields.budget': '12.50 CHF',
    'customFields.visits': '12',
    'customFields.since': '2024-02-29',
    'customFields.share': '0.25',
    'customFields.vip': 'no',
  })
  expect(errors).toEqual([])
  expect(lookups).toEqual({ company: { name: 'Acme', domain: 'acme.ch' } })
  expect(input).toEqual({
    firstName: 'Ada',
    birthDate: '1980-05-17',
    emailOptIn: true,
    emailAddresses: [{ email: 'ada@acme.ch', type: 'PERSONAL' }],
    phoneNumbers: [{ number: '044 668 18 00' }],
    addresses: [{ country: 'CH', latitude: 47.4 }],
    customFields: [
      { key: 'tier', option: 'gold' },
      { key: 'tags', options: ['a', 'c'] },
      { key: 'budget', currency: { amount: '12.50', code: 'CHF' } },
      { key: 'visits', number: 12 },
      { key: 'since', date: '2024-02-29' },
      { key: 'share', decimal: '0.25' },
      { key: 'vip', boolean: false },
    ],
  })
})

test('every cell that can not be read is told at once, with row, column, code and what to do', () => {
  const { errors } = read({
    birthDate: '1/2/1980',
    emailOptIn: 'perhaps',
    'customFields.visits': 'many',
    'customFields.tier': 'iron',
    firstName: 'A',
  })
  expect(errors).toEqual([
    {
      row: 7,
      column: 'birthDate',
      code: 'AMBIGUOUS_DATE',
      message: '“1/2/1980” may be day first or month first: say which it is in this column (dateOrder: DMY or MDY).',
    },
    {
      row: 7,
      column: 'emailOptIn',
      code: 'INVALID_BOOLEAN',
      message: '“perhaps” is neither yes nor no: write true or false.',
    },
    { row: 7, column: 'customFields.visits', code: 'INVALID_NUMBER', message: '“many” is no number, as -1250.50 is.' },
    {
      row: 7,
      column: 'customFields.tier',
      code: 'UNKNOWN_VALUE',
      message: '“iron” is none of gold, silver: write one of them, or say in the mapping which one it is (values).',
    },
  ])
})

test('lists and custom fields as JSON, as nested exports write them', () => {
  const { input, errors } = read({
    emailAddresses: '[{"id":"1","email":"a@b.ch","type":"WORK","isPrimary":true,"optedOutAt":null}]',
    customFields:
      '{"tier":"gold","tags":["a","b"],"budget":{"amount":"12.50","currency":"CHF"},"visits":3,"vip":true,"share":null}',
  })
  expect([input, errors.map(({ code, message }) => [code, message])]).toEqual([
    {
      emailAddresses: [{ email: 'a@b.ch', type: 'WORK', isPrimary: true }],
      customFields: [
        { key: 'tier', option: 'gold' },
        { key: 'tags', options: ['a', 'b'] },
        { key: 'budget', currency: { amount: '12.50', code: 'CHF' } },
        { key: 'visits', number: 3 },
        { key: 'vip', boolean: true },
      ],
    },
    [['INVALID_JSON', 'Item 1 has an unknown field “id”.']],
  ])
  expect(read({ emailAddresses: '{}', customFields: '[]' }).errors.map(({ column, code }) => [column, code])).toEqual([
    ['emailAddresses', 'INVALID_JSON'],
    ['customFields', 'INVALID_JSON'],
  ])
  expect(
    read({ emailAddresses: `[${Array.from({ length: 26 }, () => '{"email":"a@b.ch"}').join()}]` }).errors,
  ).toMatchObject([{ code: 'TOO_MANY_VALUES' }])
})

test('parts of amounts: the amount decides, whatever the order of columns; JSON may name them too', () => {
  const columns = {
    C: { key: 'customFields.budget.currency', emptyClears: true },
    A: { key: 'customFields.budget.amount', emptyClears: true },
  }
  const rows = reader({ columns }, ['C', 'A'])
  const budget = (currency: unknown) => ({ customFields: [{ key: 'budget', currency }] })
  expect(
    [
      { C: 'CHF', A: '5' },
      { C: '', A: '5' },
      { C: 'CHF', A: '' },
    ].map((cells) => rows(cells).input),
  ).toEqual([budget({ amount: '5', code: 'CHF' }), budget({ amount: '5' }), budget(null)])
  // A currency alone says nothing.
  expect(read({ 'customFields.budget.amount': '', 'customFields.budget.currency': 'CHF' }).input).toEqual({})
  expect(read({ customFields: '{"budget.currency":"CHF","budget.amount":"5","tier":"gold"}' })).toMatchObject({
    input: { customFields: [...budget({ amount: '5', code: 'CHF' }).customFields, { key: 'tier', option: 'gold' }] },
    errors: [],
  })
})

test('a member of a JSON cell that is refused is told with the column of the cell', () => {
  const cells = {
    firstName: 'A',
    customFields: '{"budget.amount":"much","constructor":1,"visits":"x"}',
    emailAddresses: '[{"email":"a@b.ch","constructor":1},{"email":"c@d.ch","type":"PIGEON","isPrimary":"perhaps"}]',
  }
  expect(read(cells).errors.map(({ column, code }) => [column, code])).toEqual([
    ['customFields', 'INVALID_NUMBER'],
    ['customFields', 'UNKNOWN_VALUE'],
    ['customFields', 'INVALID_NUMBER'],
    ['emailAddresses', 'INVALID_JSON'],
    ['emailAddresses', 'UNKNOWN_VALUE'],
    ['emailAddresses', 'INVALID_BOOLEAN'],
  ])
})

test('amounts in two columns; values of every row; fields beside a column; empty cells that clear; translated values', () => {
  const rows = reader(
    {
      columns: {
        Amount: { key: 'customFields.budget.amount', decimalSeparator: ',' },
        Currency: 'customFields.budget.currency',
        Mobile: { key: 'phoneNumbers.1.number', with: { type: 'MOBILE' } },
        Notes: { key: 'notes', emptyClears: true },
        Company: { key: 'company.name', emptyClears: true },
        Tier: { key: 'customFields.tier', emptyClears: true, values: { A: 'gold' } },
      },
      values: { 'owner.email': 'ada@kith.example' },
    },
    ['Amount', 'Currency', 'Mobile', 'Notes', 'Company', 'Tier'],
  )
  const first = rows({ Amount: '1.234,5', Currency: 'chf', Mobile: '079', Notes: 'n', Company: 'Acme', Tier: 'A' })
  expect([first.input, first.lookups, first.errors]).toEqual([
    {
      notes: 'n',
      phoneNumbers: [{ number: '079', type: 'MOBILE' }],
      customFields: [
        { key: 'budget', currency: { amount: '1234.5', code: 'CHF' } },
        { key: 'tier', option: 'gold' },
      ],
    },
    { company: { name: 'Acme' }, owner: { email: 'ada@kith.example' } },
    [],
  ])
  const second = rows({ Amount: '', Currency: '', Mobile: '', Notes: ' ', Company: '', Tier: '' })
  expect([second.input, second.lookups]).toEqual([
    { notes: null, customFields: [{ key: 'tier', option: null }] },
    { company: null, owner: { email: 'ada@kith.example' } },
  ])
})

test('an error of the mutation is of the column from which the value came', () => {
  const { columnOf } = reader(
    {
      columns: {
        Vorname: 'firstName',
        Mail: 'emailAddresses.2.email',
        Art: 'emailAddresses.2.type',
        Firma: 'company.name',
        Stufe: 'customFields.tier',
        Budget: 'customFields.budget',
      },
    },
    ['Vorname', 'Mail', 'Art', 'Firma', 'Stufe', 'Budget'],
  )({ Vorname: 'A', Mail: 'a@b.ch', Art: 'WORK', Firma: 'x', Stufe: '', Budget: '5 CHF' })
  expect(
    [
      ['firstName'],
      ['emailAddresses', '0', 'email'],
      ['emailAddresses', '0', 'isPrimary'],
      ['emailAddresses'],
      ['companyId'],
      ['customFields', '0', 'currency', 'amount'],
      ['lastName'],
      ['id'],
    ].map(columnOf),
  ).toEqual(['Vorname', 'Mail', 'Mail', 'Mail', 'Firma', 'Budget', null, null])
})

test('an error of a part of an amount, or of how a company is named, is of its own column', () => {
  const columns = {
    Currency: 'customFields.budget.currency',
    Amount: 'customFields.budget.amount',
    Name: 'company.name',
    Web: 'company.domain',
  }
  const { columnOf } = reader(
    { columns },
    Object.keys(columns),
  )({ Currency: 'CHF', Amount: '5', Name: 'x', Web: 'x.ch' })
  const paths = [
    ['customFields', '0', 'currency', 'amount'],
    ['customFields', '0', 'currency', 'code'],
    ['company', 'domain'],
    ['company', 'name'],
    ['company', 'externalId'],
  ]
  expect(paths.map(columnOf)).toEqual(['Amount', 'Currency', 'Web', 'Name', 'Name'])
})
