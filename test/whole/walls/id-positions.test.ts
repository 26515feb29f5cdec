import { describe, expect, test } from '@jest/globals'
import { buildSchema, getNamedType } from 'graphql'
import { readSchema } from '../../../src/server.js'
import { placeOf } from './support/foreign-id-walk.js'
import { coordinateOf, coordinatesOf, idCoordinates, idPositions, rootFields } from './support/id-positions.js'

const schema = buildSchema(readSchema())
const positions = idPositions(schema)

// Their arguments hold no id: what is searched by words, and records made from nothing.
const WITHOUT_IDS = ['me', 'search', 'createIndustry', 'createCompanySize', 'createUser']

describe('the places of the API that take an id', () => {
  test('are found in every root field but those without ids, and in the list of a company', () => {
    const fields = rootFields(schema)
    const walked = new Set(positions.map((position) => position.field))
    expect(fields.filter(({ root }) => root === 'Query')).toHaveLength(11)
    expect(fields.filter(({ root }) => root === 'Mutation')).toHaveLength(32)
    expect(fields.filter(({ root }) => root === 'Company').map(({ field }) => field.name)).toEqual(['contacts'])
    expect(fields.map(({ field }) => field.name).filter((name) => !walked.has(name))).toEqual(WITHOUT_IDS)
    expect(walked.size).toBe(38)
  })

  test('are every argument and input field of type ID, wherever it stands', () => {
    const walked = new Set(positions.map((position) => coordinateOf(schema, position)))
    expect([...walked].sort()).toEqual(idCoordinates(schema).sort())
    expect(walked.size).toBe(53)
  })

  test('are every field of a filter that takes ids, in every list', () => {
    const fields = idCoordinates(schema, 'IDFilter')
    expect(fields).toHaveLength(10)
    const lists = rootFields(schema).filter(({ field }) => field.args.some(({ name }) => name === 'filter'))
    const reached = lists.map(({ root, field }) => {
      const own = positions.filter((position) => position.root === root && position.field === field.name)
      const found = new Set(own.flatMap((position) => coordinatesOf(schema, position)))
      return [`${root}.${field.name}`, fields.filter((name) => found.has(name)).length]
    })
    expect(reached).toEqual([
      ['Query.contacts', 10],
      ['Query.companies', 10],
      ['Query.users', 1],
      ['Query.industries', 1],
      ['Query.companySizes', 1],
      ['Company.contacts', 10],
    ])
  })

  test('are 57 outside of filters, nested ones once for each way that leads to them', () => {
    const places = positions.filter(({ filtered }) => filtered === null).map(placeOf)
    expect(new Set(places).size).toBe(57)
    expect(places).toHaveLength(57)
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

  test('are 198 in filters: all operators where a type is reached first, one for each other way to it', () => {
    const places = positions.filter(({ filtered }) => filtered !== null).map(placeOf)
    expect(new Set(places).size).toBe(198)
    expect(places).toHaveLength(198)
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

  test('stand beside the version that the change must name', () => {
    const beside = (version: string | null) => positions.filter((position) => position.version === version).map(placeOf)
    expect(beside('version')).toEqual([
      'updateContact input.id',
      'deleteContact input.id',
      'updateCompany input.id',
      'deleteCompany input.id',
    ])
    expect(beside('ownerVersion')).toHaveLength(16)
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
    expect(others.sort()).toEqual(['ID', 'Int', 'SearchType', 'String'])
  })
})
