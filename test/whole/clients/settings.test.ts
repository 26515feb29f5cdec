import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { buildSchema, getNamedType, isAbstractType, isObjectType } from 'graphql'
import { POSSIBLE_TYPES, TYPE_POLICIES } from './apollo-client/client.js'

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))

// The arguments that choose a page of a list; all others make another list.
const PAGE_ARGUMENTS = ['first', 'after', 'last', 'before', 'offset']

describe("Apollo Client's cache", () => {
  test('knows what each interface and union stands for', () => {
    const possible = types.filter(isAbstractType).map((type) => [
      type.name,
      schema
        .getPossibleTypes(type)
        .map(({ name }) => name)
        .sort(),
    ])
    expect(POSSIBLE_TYPES).toEqual(Object.fromEntries(possible))
  })

  test('puts the pages of every list of the schema together, by the arguments that make the list', () => {
    const lists = types.filter(isObjectType).flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
        .map(({ name, args }) => [
          `${type.name}.${name}`,
          args.map((arg) => arg.name).filter((arg) => !PAGE_ARGUMENTS.includes(arg)),
        ]),
    )
    const { Me, ...policies } = TYPE_POLICIES
    const settings = Object.entries(policies).flatMap(([type, { fields }]) =>
      Object.entries(fields).map(([name, { keyArgs }]) => [`${type}.${name}`, keyArgs]),
    )
    expect(Object.fromEntries(settings)).toEqual(Object.fromEntries(lists))
    expect(Me).toEqual({ keyFields: [] })
  })
})

test('what Relay compiles against leaves out arguments of `node` that a query may leave out', () => {
  const args = schema.getQueryType()?.getFields()['node']?.args ?? []
  expect(args.map(({ name, defaultValue }) => [name, defaultValue])).toEqual([
    ['id', undefined],
    ['deleted', 'EXCLUDE'],
  ])
})

describe('docs/clients.md', () => {
  const FOLDER = 'test/whole/clients'
  const words = (text: string): string => text.replace(/\s+/g, ' ').trim()
  const programs = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.(ts|mjs|json)$/.test(name) && !/generated|graphql\.ts$/.test(name))
    .map((name) => words(readFileSync(join(FOLDER, name), 'utf8')))
  const snippets = [...readFileSync('docs/clients.md', 'utf8').matchAll(/^```(?:ts|js|json)\n(.*?)^```$/gms)]

  test.each(snippets.map(([, text = '']) => [text.split('\n').slice(0, 2).join(' '), text]))(
    'has from a program that runs: %s …',
    (_, text) => {
      expect(programs.filter((program) => program.includes(words(text)))).toHaveLength(1)
    },
  )

  test('has such snippets for every client', () => {
    expect(snippets.length).toBeGreaterThan(5)
  })
})
