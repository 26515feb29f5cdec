import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql'
import { readSchema } from '../../src/graphql/schema-text.js'
import { openDesk, openTenant, type Desk } from '../support/desk.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

test('the schema that is served is the one of the file, with all descriptions and specifications', async () => {
  const { admin } = await openTenant(desk)
  const data = await desk.ask(
    admin,
    getIntrospectionQuery({ schemaDescription: true, specifiedByUrl: true, inputValueDeprecation: true }),
  )
  const served = printSchema(lexicographicSortSchema(buildClientSchema(data as never)))
  const written = printSchema(lexicographicSortSchema(buildSchema(readSchema())))
  expect(served).toBe(written)
})
