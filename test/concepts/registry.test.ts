import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema, isEnumType, isInputObjectType, type GraphQLEnumType } from 'graphql'
import type { ConceptField, ConceptRelation, FieldKind } from '../../src/concepts/concept-fields.js'
import { operatorsOf } from '../../src/list/operands.js'
import { inCapitals } from '../../src/concepts/registry.js'
import { readSchema } from '../../src/graphql/schema-text.js'
import { createServices } from '../../src/start/services.js'
import { TEST_SECRET } from '../support/api.js'
import { openDesk, type Desk } from '../support/desk.js'

const schema = buildSchema(readSchema())
const { registry } = createServices({} as never, TEST_SECRET)
const { concepts } = registry
const LISTED = concepts.filter(({ list }) => list !== '')

/** The filter of each kind of value; an enum's is named after what it is an enum of. */
const INPUTS: Record<Exclude<FieldKind, 'enum'>, string> = {
  text: 'StringFilter',
  domain: 'StringFilter',
  id: 'IDFilter',
  integer: 'IntFilter',
  decimal: 'DecimalFilter',
  boolean: 'BooleanFilter',
  date: 'DateFilter',
  datetime: 'DateTimeFilter',
  country: 'CountryCodeFilter',
  currency: 'CurrencyCodeFilter',
  phone: 'PhoneFilter',
}

/** The enums that lists know, by what has them. */
const ENUMS: Record<string, string> = {
  'User.role': 'Role',
  'Company.status': 'CompanyStatus',
  'Company.priority': 'CompanyPriority',
  'EmailAddress.type': 'EmailAddressType',
  'PhoneNumber.type': 'PhoneNumberType',
  'Address.type': 'AddressType',
  'SocialMediaAccount.platform': 'SocialMediaPlatform',
}

/** Those of custom fields, whose types aren't those of columns. */
const CUSTOM_FILTERS = ['CustomFieldFilter', 'CurrencyValueFilter', 'NumberFilter', 'OptionFilter', 'OptionsFilter']

/** The fields of an input with the names of their types, as the schema has them. */
function inputFields(name: string): Record<string, string> {
  const type = schema.getType(name)
  if (!isInputObjectType(type)) throw new Error(`no input ${name}`)
  return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, String(field.type)]))
}

function enumOf(name: string): GraphQLEnumType {
  const type = schema.getType(name)
  if (!isEnumType(type)) throw new Error(`no enum ${name}`)
  return type
}

function valuesOf(name: string): string[] {
  return enumOf(name)
    .getValues()
    .map((value) => value.name)
}

function inputOf(path: string, { kind }: ConceptField): string {
  return kind === 'enum' ? `${ENUMS[path] ?? '?'}Filter` : INPUTS[kind]
}

function inputOfRelation({ kind, to }: ConceptRelation): string {
  return kind === 'one' ? `${to}Filter` : `${to}ListFilter`
}

test('the registry has these concepts, of which these have lists', () => {
  expect(concepts.map(({ name }) => name)).toEqual([
    'Contact', 'Company', 'User', 'Industry', 'CompanySize',
    'EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount',
  ]) // prettier-ignore
  expect(LISTED.map(({ list }) => list)).toEqual(['contacts', 'companies', 'users', 'industries', 'companySizes'])
})

describe('filters', () => {
  test.each(concepts.map((concept) => [concept.name, concept] as const))(
    '%sFilter has what its concept has',
    (name, concept) => {
      const { and, or, not, ...fields } = inputFields(`${name}Filter`)
      expect({ and, or, not }).toEqual({ and: `[${name}Filter!]`, or: `[${name}Filter!]`, not: `${name}Filter` })
      const own = Object.entries(concept.fields).map(([field, known]) => [field, inputOf(`${name}.${field}`, known)])
      const related = Object.entries(concept.relations).map(([field, relation]) => [field, inputOfRelation(relation)])
      const asking = concept.isAsking ? [['isMe', 'Boolean']] : []
      const custom = concept.entityType ? [['customFields', '[CustomFieldFilter!]']] : []
      expect(fields).toEqual(Object.fromEntries([...own, ...related, ...asking, ...custom]))
      expect(concept.isAsking).toBe(name === 'User' || undefined)
    },
  )

  test('of lists have some, none and every', () => {
    const lists = concepts.flatMap(({ relations }) => Object.values(relations).filter(({ kind }) => kind !== 'one'))
    const names = [...new Set(lists.map(({ to }) => to))]
    expect(names).toEqual(['EmailAddress', 'PhoneNumber', 'Address', 'SocialMediaAccount', 'Contact'])
    for (const name of names) {
      const filter = `${name}Filter`
      expect(inputFields(`${name}ListFilter`)).toEqual({ some: filter, none: filter, every: filter })
    }
  })

  test('of values have the operators of their kind, and texts may heed case', () => {
    const fields = concepts.flatMap(({ name, fields: all }) =>
      Object.entries(all).map(([field, known]) => [inputOf(`${name}.${field}`, known), known] as const),
    )
    const checked = new Set<string>()
    for (const [input, field] of fields) {
      const { caseSensitive, ...operators } = inputFields(input)
      expect(Object.keys(operators)).toEqual(operatorsOf(field))
      expect(caseSensitive).toBe(input === 'StringFilter' ? 'Boolean' : undefined)
      checked.add(input)
    }
    // Nothing else in the schema is called a filter but those of records and of their lists.
    const records = concepts.flatMap(({ name }) => [`${name}Filter`, `${name}ListFilter`])
    for (const input of CUSTOM_FILTERS) checked.add(input)
    const others = Object.keys(schema.getTypeMap()).filter((name) => name.endsWith('Filter') && !records.includes(name))
    expect([...checked].sort()).toEqual(others.sort())
  })

  test('lists take the filter and the order of their concept', () => {
    for (const { name, list, entityType, relations } of LISTED) {
      const related = Object.entries(relations).flatMap(([relation, { kind, to }]) =>
        kind === 'one' && registry.concept(to).entityType ? [[`${relation}CustomField`, 'String']] : [],
      )
      const args = schema.getQueryType()?.getFields()[list]?.args ?? []
      const types = Object.fromEntries(args.map((arg) => [arg.name, String(arg.type)]))
      expect([types['filter'], types['orderBy']]).toEqual([`${name}Filter`, `[${name}Order!]`])
      expect(inputFields(`${name}Order`)).toEqual({
        ...(entityType ? { field: `${name}OrderField`, customField: 'String' } : { field: `${name}OrderField!` }),
        ...Object.fromEntries(related),
        direction: 'OrderDirection!',
        nulls: 'NullsOrder!',
      })
    }
  })
})

describe('orders', () => {
  // Of what a relation leads to: its links, its own bookkeeping, and what nobody would look through a list by.
  const LEFT_OUT: Record<string, string[]> = {
    Contact: [
      'COMPANY_VERSION', 'COMPANY_DELETED_AT', 'COMPANY_WEBSITE', 'COMPANY_INDUSTRY_ID', 'COMPANY_SIZE_ID', 'COMPANY_ANNUAL_REVENUE_CURRENCY',
      'COMPANY_ASSIGNED_TO_ID', 'COMPANY_EXTERNAL_ID', 'COMPANY_OWNER_ID',
      'OWNER_CREATED_AT', 'OWNER_UPDATED_AT', 'OWNER_ROLE', 'OWNER_DEACTIVATED_AT',
    ], // prettier-ignore
    Company: [
      'INDUSTRY_CREATED_AT', 'INDUSTRY_UPDATED_AT',
      'SIZE_CREATED_AT', 'SIZE_UPDATED_AT', 'SIZE_MIN_EMPLOYEES', 'SIZE_MAX_EMPLOYEES',
      'ASSIGNED_TO_CREATED_AT', 'ASSIGNED_TO_UPDATED_AT', 'ASSIGNED_TO_ROLE', 'ASSIGNED_TO_DEACTIVATED_AT',
      'OWNER_CREATED_AT', 'OWNER_UPDATED_AT', 'OWNER_ROLE', 'OWNER_DEACTIVATED_AT',
    ], // prettier-ignore
    User: [],
    Industry: [],
    CompanySize: [],
  }

  test.each(LISTED.map((concept) => [concept.name, concept] as const))(
    '%sOrderField leaves out nothing but this',
    (name, concept) => {
      const known = [...registry.orderColumns(concept).keys()]
      const offered = valuesOf(`${name}OrderField`)
      expect(offered.filter((field) => !known.includes(field))).toEqual([])
      expect(new Set(offered).size).toBe(offered.length)
      expect(known.filter((field) => !offered.includes(field))).toEqual(LEFT_OUT[name])
    },
  )

  test.each(LISTED.map((concept) => [concept.name, concept] as const))(
    'every field of %s but notes can be ordered by',
    (name, { fields }) => {
      const offered = valuesOf(`${name}OrderField`)
      const missing = Object.keys(fields).filter((field) => !offered.includes(inCapitals(field)))
      expect(missing).toEqual('notes' in fields ? ['notes'] : [])
    },
  )
})

describe('enums', () => {
  test.each(Object.entries(ENUMS))('%s has the values of %s', (path, name) => {
    const [concept = '', field = ''] = path.split('.')
    const values = registry.concept(concept).fields[field]?.values ?? []
    // Roles are told from the highest down, and ranked from the lowest up.
    expect(name === 'Role' ? [...values].reverse() : values).toEqual(valuesOf(name))
  })

  test('are all of the enums that fields have', () => {
    const found = concepts.flatMap(({ name, fields }) =>
      Object.entries(fields).flatMap(([field, { kind, values }]) =>
        kind === 'enum' || values ? [`${name}.${field}`] : [],
      ),
    )
    expect(found.sort()).toEqual(Object.keys(ENUMS).sort())
  })
})

describe('tables', () => {
  const TYPES: Record<FieldKind, string> = {
    text: 'text', domain: 'text', id: 'uuid', integer: 'int4', decimal: 'numeric', boolean: 'bool', date: 'date',
    datetime: 'timestamptz', enum: 'text', country: 'text', currency: 'text', phone: 'text',
  } // prettier-ignore
  let desk: Desk

  beforeAll(async () => {
    desk = await openDesk()
  })

  afterAll(() => desk.close())

  test.each(concepts.map((concept) => [concept.name, concept] as const))(
    '%s has the columns that lists read, and lets the role of lists read them',
    async (_, concept) => {
      const rows = await desk.sql(
        `select column_name as name, udt_name as type, is_nullable = 'YES' as nullable, collation_name as collation,
          has_column_privilege('kith_keys', format('%I.%I', table_schema, table_name), column_name, 'SELECT') as readable
        from information_schema.columns where table_schema = 'public' and table_name = $1`,
        [concept.table],
      )
      const columns = new Map(rows.map(({ name, ...column }) => [name as string, column]))
      expect(columns.get('deleted_at')?.['readable']).toBe(concept.hasDeletedAt || undefined)
      for (const { column, kind, isNullable, folded } of Object.values(concept.fields)) {
        expect({ column, ...columns.get(column) }).toMatchObject({
          column,
          type: TYPES[kind],
          nullable: isNullable,
          readable: true,
        })
        if (folded && kind !== 'domain' && kind !== 'phone') {
          expect({ folded, ...columns.get(folded) }).toMatchObject({
            folded,
            type: 'text',
            collation: 'C',
            readable: true,
          })
        }
      }
      const links = Object.values(concept.relations).flatMap((relation) =>
        relation.kind === 'one' ? [relation.column] : [],
      )
      expect(links.filter((link) => columns.get(link)?.['type'] !== 'uuid')).toEqual([])
    },
  )
})
