import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startHttpServer, type HttpServer } from '../../whole/support/http-server.js'
import { postExport } from './export-desk.js'

let server: HttpServer

// More than are looked up one by one: of all seven a record's values are read by the record.
const KEYS = Array.from({ length: 7 }, (_, index) => `field_${index}`)
const PEOPLE = ['Ada', 'Ben', 'Cyd']

beforeAll(async () => {
  server = await startHttpServer()
  for (const key of KEYS) {
    const input = { entityType: 'CONTACT', key, label: key, type: 'TEXT' }
    await mutate('createCustomFieldDefinition', 'CreateCustomFieldDefinitionInput', input)
  }
  // Ada has all, Ben every second one, Cyd none.
  for (const [index, firstName] of PEOPLE.entries()) {
    const given = KEYS.filter((_, place) => index === 0 || (index === 1 && place % 2 === 0))
    const customFields = given.map((key) => ({ key, text: `${firstName} ${key}` }))
    await mutate('createContact', 'CreateContactInput', { firstName, customFields })
  }
})

afterAll(() => server.close())

async function mutate(mutation: string, type: string, input: object): Promise<void> {
  const query = `mutation ($input: ${type}!) { made: ${mutation}(input: $input) { userErrors { message } } }`
  const { body } = await server.ask(query, { input })
  expect([body.errors, body.data]).toEqual([undefined, { made: { userErrors: [] } }])
}

/** The lines of an export of some fields, by first name. */
async function exported(keys: readonly string[]): Promise<string[]> {
  const columns = ['firstName', ...keys.map((key) => `customFields.${key}`)]
  const { status, text } = await postExport(server, { type: 'CONTACT', columns, orderBy: [{ field: 'FIRST_NAME' }] })
  expect(status).toBe(200)
  return text.trim().split('\n').slice(1)
}

test.each([
  ['one', ['field_3']],
  ['two, in another order', ['field_6', 'field_0']],
  ['five', KEYS.slice(1, 6)],
  ['six', KEYS.slice(0, 6)],
  ['all', KEYS],
])('the values of %s of seven custom fields are those of each record', async (_, keys) => {
  const has = (firstName: string, key: string) =>
    firstName === 'Ada' || (firstName === 'Ben' && KEYS.indexOf(key) % 2 === 0)
  const lines = PEOPLE.map((firstName) =>
    [firstName, ...keys.map((key) => (has(firstName, key) ? `${firstName} ${key}` : ''))].join(','),
  )
  expect(await exported(keys)).toEqual(lines)
})
