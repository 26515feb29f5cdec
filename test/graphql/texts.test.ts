import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema, isEnumType, isInputObjectType, isListType, isNonNullType, type GraphQLInputType } from 'graphql'
import { OPERATORS_OPERATIONS } from '../../src/access/permissions.js'
import type { Principal } from '../../src/lib/principal.js'
import { readSchema } from '../../src/graphql/schema-text.js'
import { KIND_SAMPLES, openOwner, type KindSample } from '../support/contact-info.js'
import { openDesk, type Desk } from '../support/desk.js'
import type { TestTenant } from '../support/records.js'

const schema = buildSchema(readSchema())
const MUTATIONS = Object.values(schema.getMutationType()?.getFields() ?? {})
// Rows within an update; that there is none such is one more problem.
const NO_ROW = '01a223a3-0000-7000-8000-000000000000'
const NOW = new Date('2026-03-04T05:06:07.089Z')

let desk: Desk
let tenant: TestTenant
let admin: Principal
/** ids by the place where they stand: `UpdateContactInput.id` */
let ids: Record<string, string> = {}

beforeAll(async () => {
  desk = await openDesk()
  const [emails] = KIND_SAMPLES as [KindSample]
  const opened = await openOwner(desk, 'contact', emails, 1, NOW)
  ;({ tenant, admin } = opened)
  ids = {
    UpdateContactInput: opened.ownerId,
    RenameUserInput: tenant.users.MEMBER,
    UpdateUserInput: tenant.users.MEMBER,
  }
  for (const [mutation, record] of [
    ['createCompany', 'company'],
    ['createIndustry', 'industry'],
    ['createCompanySize', 'companySize'],
  ] as const) {
    const made = await desk.mutate(admin, mutation, { name: 'Other' }, `${record} { id }`)
    const type = mutation === 'createCompany' ? 'UpdateCompanyInput' : `Rename${mutation.slice('create'.length)}Input`
    ids[type] = made[record].id as string
  }
  for (const { kind, record, input } of KIND_SAMPLES) {
    const added = { ownerId: opened.ownerId, [record]: input(9) }
    const row = await desk.mutate(admin, `add${kind}`, added, `${record} { id }`)
    ids[`Update${kind}Input`] = row[record].id as string
    ids[`Add${kind}Input`] = opened.ownerId
  }
})

afterAll(() => desk.close())

/**
 * An input whose every text is `text`, with what it needs beside; null where a type has no text. `paths` are those of
 * the texts.
 */
function inputOf(type: GraphQLInputType, text: string, path: string[], paths: string[][], owner = ''): unknown {
  if (isNonNullType(type)) return inputOf(type.ofType, text, path, paths, owner)
  if (isListType(type)) {
    const item = inputOf(type.ofType, text, [...path, '0'], paths, owner)
    return item === null ? null : [item]
  }
  // An upsert finds its record by a text; the key of a custom field is for those alone that match by one.
  if (/^(Contact|Company)UpsertInput$/.test(owner) && path.at(-1) === 'id') return null
  if (path.at(-1) === 'customFieldKey') return null
  if (/^(Contact|Company)Match$/.test(type.name)) return 'EXTERNAL_ID'
  // Of these exactly one text is given: test/features/custom-field/texts.test.ts gives each.
  if (type.name === 'CustomFieldValueInput') return null
  if (isInputObjectType(type)) {
    const from = paths.length
    const entries = Object.values(type.getFields()).flatMap((field): [string, unknown][] => {
      const value = inputOf(field.type, text, [...path, field.name], paths, type.name)
      return value === null ? [] : [[field.name, value]]
    })
    return paths.length === from ? null : Object.fromEntries(entries)
  }
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (type.name === 'String') {
    paths.push(path)
    return text
  }
  return type.name === 'ID' && (path.at(-1) === 'id' || path.at(-1) === 'ownerId') ? (ids[owner] ?? NO_ROW) : null
}

const CASES = MUTATIONS.flatMap(({ name, args: [arg] }) => {
  // Those of alerts are for operators, and have tests of their own: test/features/alert.
  // So have jobs and exports, whose filters contain themselves: test/features/bulk, test/features/import, test/features/export.
  const isJob = /^start(Bulk|Import)|^create(Contact|Company)Export$/.test(name)
  if (name.includes('CustomField') || isJob || OPERATORS_OPERATIONS.includes(name)) return []
  const paths: string[][] = []
  const type = arg?.type as GraphQLInputType
  inputOf(type, '', [], paths)
  return paths.length === 0 ? [] : [[name, type] as const]
})

describe('a text that no database or no line can hold is a user error of its field', () => {
  test('in these mutations', () => {
    expect(CASES.length).toBeGreaterThan(15)
  })

  test.each(CASES)('%s', async (mutation, type) => {
    const answers: unknown[] = []
    for (const text of ['a\0b', 'a\u0001b', 'a\ud800b']) {
      const paths: string[][] = []
      const input = inputOf(type, text, [], paths) as object
      const before = await desk.rowsOf(tenant)
      const payload = await desk.mutate(admin, mutation, input)
      const errors = payload.userErrors.map(({ code, field }) => ({ code, field: field as string[] }))
      const found = errors.filter(({ code }) => code === 'BAD_USER_INPUT').map(({ field }) => field.join('.'))
      expect(found.sort()).toEqual(paths.map((path) => path.join('.')).sort())
      expect(await desk.rowsOf(tenant)).toEqual(before)
      answers.push(errors)
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[2]).toEqual(answers[1])
    expect(desk.api.faults).toEqual([])
  })
})
