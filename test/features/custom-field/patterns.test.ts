import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { RE2JS } from 're2js'
import { createPatternPace } from '../../../src/features/custom-field/pattern.js'
import { REQUEST_LIMITS } from '../../../src/graphql/limits.js'
import { mutationText, openDesk, openTenant, plain, userError, type Desk } from '../../support/desk.js'
import { createField } from './support/fields.js'
import { planChange } from './support/change.js'

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const LARGE = '(?:a{0,31}){0,31}b$'
const tooLarge = (steps: string, length: string, most: string, more = '') =>
  `The pattern has ${steps} steps with its repetitions written out; for texts of ${length} characters at most ${most} are allowed: repeat less by {n,m}${more}.`
const SHORTER = ', or give a smaller `maxLength`'

describe('the steps of a pattern', () => {
  test.each<[string, object, string]>([
    ['TEXTAREA', { pattern: LARGE, maxLength: 4000 }, tooLarge('1,956', '4,000', '125', SHORTER)],
    ['TEXTAREA', { pattern: 'a{124}', maxLength: 4000 }, tooLarge('126', '4,000', '125', SHORTER)],
    ['TEXTAREA', { pattern: 'a{999}', maxLength: 10 }, tooLarge('1,001', '10', '1,000', SHORTER)],
    ['TEXT', { pattern: LARGE }, tooLarge('1,956', '255', '1,000')],
    ['TEXT', { pattern: 'a{999}', maxLength: 10 }, tooLarge('1,001', '10', '1,000')],
    ['URL', { pattern: 'a{243}' }, tooLarge('245', '2,048', '244')],
    ['EMAIL', { pattern: 'a{999}' }, tooLarge('1,001', '320', '1,000')],
  ])('are too many: %s %p', async (type, constraints, message) => {
    const { tenant, admin } = await openTenant(desk)
    const input = { entityType: 'CONTACT', key: 'f', label: 'f', type, constraints }
    const { userErrors } = await desk.mutate(admin, 'createCustomFieldDefinition', input)
    expect(userErrors).toEqual([userError('BAD_USER_INPUT', ['constraints', 'pattern'], message)])
    expect((await desk.rowsOf(tenant))['custom_field_definitions']).toEqual([])
  })

  test.each<[string, { pattern: string; maxLength?: number }]>([
    ['TEXTAREA', { pattern: 'a{123}', maxLength: 4000 }],
    ['TEXTAREA', { pattern: 'a{998}', maxLength: 500 }],
    ['TEXT', { pattern: 'a{998}' }],
    ['URL', { pattern: 'a{242}' }],
    ['EMAIL', { pattern: 'a{998}' }],
  ])('are as many as may be: %s %p', async (type, constraints) => {
    const { admin } = await openTenant(desk)
    const field = await createField(desk, admin, { key: 'f', type, constraints })
    expect(field['constraints'].pattern).toBe(constraints.pattern)
  })

  test('are counted where a field is changed or a change is planned', async () => {
    const { admin } = await openTenant(desk)
    const { id } = await createField(desk, admin, { key: 'f', type: 'TEXTAREA' })
    const constraints = { pattern: LARGE, maxLength: 4000 }
    const problem = userError('BAD_USER_INPUT', ['constraints', 'pattern'], tooLarge('1,956', '4,000', '125', SHORTER))
    const { userErrors } = await desk.mutate(admin, 'updateCustomFieldDefinition', { id, constraints })
    expect(userErrors).toEqual([problem])
    const planned = await planChange(desk, admin, { id, type: 'TEXTAREA', constraints })
    expect(planned).toMatchObject({ plan: null, userErrors: [{ field: problem.field, message: problem.message }] })
  })

  test('of a pattern that is there already are no hindrance', async () => {
    const { admin } = await openTenant(desk)
    const id = await openLargeField(desk, admin)
    const give = (text: string) =>
      desk.mutate(admin, 'createContact', { firstName: 'Ada', customFields: [{ key: 'f', text }] })
    expect((await give('aab')).userErrors).toEqual([])
    const refused = userError('BAD_USER_INPUT', ['customFields', 0, 'text'], `“aa” doesn't match the pattern ${LARGE}.`)
    expect((await give('aa')).userErrors).toEqual([refused])
    const input = { id, label: 'New', isRequired: true }
    const { userErrors } = await desk.mutate(admin, 'updateCustomFieldDefinition', input)
    expect(userErrors).toEqual([])
  })
})

/** A field of contacts, with the key `f` and a pattern that was taken before patterns had a limit. */
async function openLargeField(at: Desk, admin: Parameters<Desk['mutate']>[0]): Promise<string> {
  const { id } = await createField(at, admin, { key: 'f', type: 'TEXTAREA' })
  const constraints = { pattern: LARGE, maxLength: 4000 }
  await at.sql('update custom_field_definitions set constraints = $2 where id = $1', [id, constraints])
  return id
}

test('a pattern is compiled once for 1,000 rows, that of a default too', async () => {
  const { admin } = await openTenant(desk)
  await createField(desk, admin, { key: 'given', constraints: { pattern: '[0-9]+' }, isUnique: true })
  const defaultValue = { text: 'abc' }
  await createField(desk, admin, { key: 'left', constraints: { pattern: '[a-z]+' }, defaultValue })
  const rows = Array.from({ length: 1000 }, (_, index) => ({
    firstName: 'Ada',
    customFields: [{ key: 'given', text: String(index) }],
  }))
  const compile = jest.spyOn(RE2JS, 'compile')
  try {
    const { summary } = await desk.mutate(admin, 'bulkCreateContacts', { rows }, 'summary { created }')
    expect(summary).toEqual({ created: 1000 })
    expect(compile.mock.calls.map(([pattern]) => pattern).sort()).toEqual(['[0-9]+', '[a-z]+'])
    compile.mockClear()
    const upsert = { rows: rows.slice(0, 50), matchBy: 'CUSTOM_FIELD', customFieldKey: 'given' }
    const matched = await desk.mutate(admin, 'bulkUpsertContacts', upsert, 'summary { unchanged }')
    expect(matched['summary']).toEqual({ unchanged: 50 })
    // To find the records, and to change them.
    expect(compile.mock.calls.map(([pattern]) => pattern)).toEqual(['[0-9]+', '[0-9]+'])
  } finally {
    compile.mockRestore()
  }
})

test('checks of many rows end with the time of the request, and nothing is written', async () => {
  const limited = await openDesk(undefined, { limits: { ...REQUEST_LIMITS, durationMs: 1000 } })
  try {
    const { tenant, admin } = await openTenant(limited)
    await openLargeField(limited, admin)
    const before = await limited.rowsOf(tenant)
    // 100 s and more without an end.
    const text = 'a'.repeat(3999)
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      firstName: 'Ada',
      customFields: [{ key: 'f', text: `${text}${'bc'.charAt(index % 2)}` }],
    }))
    const { errors } = await limited.api.run(admin, mutationText('bulkCreateContacts'), { input: { rows } })
    expect(plain(errors)?.map(({ extensions }) => extensions?.['code'])).toEqual(['TIMEOUT'])
    expect(await limited.rowsOf(tenant)).toEqual(before)
  } finally {
    await limited.close()
  }
})

test('others have their turn after 500,000 steps, or one text that took more', async () => {
  let pauses = 0
  const pace = createPatternPace(() => {
    pauses++
    return Promise.resolve()
  })
  const seen: number[] = []
  for (const steps of [0, 499_999, 1, 400_000, 200_000, 7_800_000, 1, 1]) {
    await pace.next()
    pace.note(steps)
    seen.push(pauses)
  }
  expect(seen).toEqual([0, 0, 0, 1, 1, 2, 3, 3])
})
