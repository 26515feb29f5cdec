import { expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { OPERATORS_OPERATIONS, PERMISSIONS } from '../../src/access/permissions.js'
import { readSchema } from '../../src/graphql/schema-text.js'

test('every operation of the schema needs a role or is for operators alone, and nothing else does', () => {
  const schema = buildSchema(readSchema())
  const operations = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  )
  expect([...Object.keys(PERMISSIONS), ...OPERATORS_OPERATIONS].sort()).toEqual(operations.sort())
})
