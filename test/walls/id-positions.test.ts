import { describe, expect, test } from '@jest/globals'
import { buildSchema, getNamedType } from 'graphql'
import { readSchema } from '../../src/server.js'
import { placeOf } from '../support/walls/foreign-id-walk.js'
import { coordinateOf, idCoordinates, idPositions, rootFields } from '../support/walls/id-positions.js'

const schema = buildSchema(readSchema())
const positions = idPositions(schema)

// Their arguments hold no id: pages of the tenant's own lists, and records made from nothing.
const WITHOUT_IDS = [
  'me', 'contacts', 'companies', 'users', 'industries', 'companySizes', 'createIndustry', 'createCompanySize', 'createUser',
] // prettier-ignore

describe('the places of the API that take an id', () => {
  test('are found in every root field but those without ids', () => {
    const fields = rootFields(schema)
    const walked = new Set(positions.map((position) => position.field))
    expect(fields.filter(({ root }) => root === 'Query')).toHaveLength(10)
    expect(fields.filter(({ root }) => root === 'Mutation')).toHaveLength(32)
    expect(fields.map(({ field }) => field.name).filter((name) => !walked.has(name))).toEqual(WITHOUT_IDS)
    expect(walked.size).toBe(33)
  })

  test('are every argument and input field of type ID, wherever it stands', () => {
    const walked = new Set(positions.map((position) => coordinateOf(schema, position)))
    expect([...walked].sort()).toEqual(idCoordinates(schema).sort())
    expect(walked.size).toBe(49)
  })

  test('are 57, nested ones once for each way that leads to them', () => {
    const places = positions.map(placeOf)
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

  test('never stand below a root field', () => {
    const roots = ['Query', 'Mutation']
    const below = idCoordinates(schema).filter(
      (coordinate) => /\(/.test(coordinate) && !roots.includes(coordinate.split('.')[0] ?? ''),
    )
    expect(below).toEqual([])
  })

  test('hide in no argument of another type', () => {
    const scalars = rootFields(schema).flatMap(({ field }) => field.args.map((arg) => getNamedType(arg.type).name))
    expect([...new Set(scalars)].filter((name) => !name.endsWith('Input')).sort()).toEqual(['ID', 'Int', 'String'])
  })
})
