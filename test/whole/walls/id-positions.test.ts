import { describe, expect, test } from '@jest/globals'
import { buildSchema, getNamedType } from 'graphql'
import { readSchema } from '../../../src/graphql/schema-text.js'
import { expectedPlaces } from './support/expected-walk.js'
import { placeOf } from './support/foreign-id-walk.js'
import { coordinateOf, coordinatesOf, idCoordinates, idPositions, rootFields } from './support/id-positions.js'
import { countInputValues, fieldNames } from './support/schema-places.js'

const text = readSchema()
const schema = buildSchema(text)
const positions = idPositions(schema)

// Their arguments hold no id: what is searched by words, records made from nothing, and what is read later by a filter.
const WITHOUT_IDS = [
  ...[
    'me',
    'performance',
    'customFieldDefinitions',
    'customFieldUsage',
    'jobs',
    'search',
    'customField',
    'createIndustry',
    'createCompanySize',
    'createUser',
  ],
  ...['createCustomFieldDefinition', 'updateTenant', 'createContactExport', 'createCompanyExport'],
]

describe('the places of the API that take an id', () => {
  test('are found in every root field but those without ids, and in the list of a company', () => {
    const fields = rootFields(schema)
    const walked = new Set(positions.map((position) => position.field))
    const namesOf = (type: string) => fields.filter(({ root }) => root === type).map(({ field }) => field.name)
    expect(namesOf('Query')).toEqual(fieldNames(text, 'Query'))
    expect(namesOf('Mutation')).toEqual(fieldNames(text, 'Mutation'))
    expect(namesOf('Company')).toEqual(['contacts', 'customField'])
    expect(fields.map(({ field }) => field.name).filter((name) => !walked.has(name))).toEqual(WITHOUT_IDS)
  })

  test('are every argument and input field of type ID, wherever it stands', () => {
    const walked = new Set(positions.map((position) => coordinateOf(schema, position)))
    expect([...walked].sort()).toEqual(idCoordinates(schema).sort())
    expect(walked.size).toBe(countInputValues(text, 'ID'))
  })

  test('are every field of a filter that takes ids, in every list', () => {
    const fields = idCoordinates(schema, 'IDFilter')
    expect(fields).toHaveLength(countInputValues(text, 'IDFilter'))
    const lists = rootFields(schema).filter(({ field }) => field.args.some(({ name }) => name === 'filter'))
    const reached = lists.map(({ root, field }) => {
      const own = positions.filter((position) => position.root === root && position.field === field.name)
      const found = new Set(own.flatMap((position) => coordinatesOf(schema, position)))
      return [`${root}.${field.name}`, fields.filter((name) => found.has(name)).length]
    })
    expect(reached).toEqual([
      ['Query.contacts', fields.length],
      ['Query.companies', fields.length],
      ['Query.users', 1],
      ['Query.industries', 1],
      ['Query.companySizes', 1],
      ['Company.contacts', fields.length],
    ])
  })

  test('outside of filters are those that lead up to an argument, nested ones once for each way', () => {
    const places = positions.filter(({ filtered }) => filtered === null).map(placeOf)
    expect(places.toSorted()).toEqual(expectedPlaces(({ isFiltered }) => !isFiltered))
    expect(new Set(places).size).toBe(places.length)
    expect(places.filter((place) => place.startsWith('updateContact '))).toEqual([
      'updateContact input.id',
      'updateContact input.companyId',
      'updateContact input.ownerId',
      'updateContact input.emailAddresses.update[].id',
      'updateContact input.emailAddresses.remove[]',
      'updateContact input.phoneNumbers.update[].id',
      'updateContact input.phoneNumbers.remove[]',
      'updateContact input.addresses.update[].id',
      'updateContact input.addresses.remove[]',
      'updateContact input.socialMediaAccounts.update[].id',
      'updateContact input.socialMediaAccounts.remove[]',
    ])
  })

  test('in filters have all operators where a type is reached first, and one for each other way to it', () => {
    const places = positions.filter(({ filtered }) => filtered !== null).map(placeOf)
    expect(places.toSorted()).toEqual(expectedPlaces(({ isFiltered }) => isFiltered))
    expect(new Set(places).size).toBe(places.length)
    expect(places.filter((place) => place.startsWith('industries '))).toEqual([
      ...['eq', 'ne', 'in[]', 'notIn[]'].map((operator) => `industries filter.id.${operator}`),
      ...['and[]', 'or[]', 'not'].map((way) => `industries filter.${way}.id.eq`),
    ])
    const ofCompanies = places.filter((place) => place.startsWith('companies ') && place.endsWith('.eq'))
    expect(ofCompanies.filter((place) => place.includes('filter.contacts'))).toEqual([
      'companies filter.contacts.none.id.eq',
      'companies filter.contacts.every.id.eq',
      'companies filter.contacts.some.id.eq',
      'companies filter.contacts.some.companyId.eq',
      'companies filter.contacts.some.ownerId.eq',
      'companies filter.contacts.some.and[].id.eq',
      'companies filter.contacts.some.or[].id.eq',
      'companies filter.contacts.some.not.id.eq',
      'companies filter.contacts.some.company.id.eq',
      'companies filter.contacts.some.owner.id.eq',
    ])
  })

  test('stand beside the version that the change may name', () => {
    const beside = (version: string | null) => positions.filter((position) => position.version === version).map(placeOf)
    expect(beside('version')).toEqual([
      'updateContact input.id',
      'deleteContact input.id',
      'restoreContact input.id',
      'updateCompany input.id',
      'deleteCompany input.id',
      'restoreCompany input.id',
      ...['Contacts', 'Companies'].flatMap((list) =>
        ['Update', 'Delete', 'Restore'].map((verb) => `bulk${verb}${list} input.rows[].id`),
      ),
      ...['update', 'archive', 'restore'].map((verb) => `${verb}CustomFieldDefinition input.id`),
      'mergeCustomFieldOption input.id',
    ])
    expect(beside('ownerVersion').toSorted()).toEqual(expectedPlaces(({ version }) => version === 'ownerVersion'))
  })

  test('never stand below a root field, but in the filter of a list', () => {
    const roots = ['Query', 'Mutation']
    const below = idCoordinates(schema).filter(
      (coordinate) => /\(/.test(coordinate) && !roots.includes(coordinate.split('.')[0] ?? ''),
    )
    expect(below).toEqual([])
  })

  test('hide in no argument of another type', () => {
    const scalars = rootFields(schema).flatMap(({ field }) => field.args.map((arg) => getNamedType(arg.type).name))
    const others = [...new Set(scalars)].filter((name) => !/(Input|Filter|Order)$/.test(name))
    expect(others.sort()).toEqual([
      ...[
        'Boolean',
        'CustomFieldEntityType',
        'DeletedRecords',
        'ID',
        'Int',
        'JobKind',
        'JobStatus',
        'PerformanceWindow',
        'SearchType',
        'String',
      ],
    ])
  })
})
