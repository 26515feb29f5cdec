import { describe, expect, test } from '@jest/globals'
import type { Found } from '../support/http-server.js'
import type { Fields, readRecords } from './records.js'

type Records = ReturnType<typeof readRecords>
type Ask = (query: string, variables?: object) => Promise<Found>
type Mutate = (name: string, type: string, input: object, selection: string) => Promise<Found>

/** A value as an input gives it, and as an answer has it. */
interface Value {
  readonly key: string
  readonly input: object
  readonly value: unknown
}

// The files have the term that a member serves, no number of terms.
const TERMS = ['rep', 'sen_1', 'sen_2', 'sen_3']
const column = (row: Fields, name: string): string => row[name] ?? ''
const termOf = (row: Fields): string => (row['type'] === 'rep' ? 'rep' : `sen_${column(row, 'senate_class')}`)
/** The distinct values of a column, in the order of their code points. */
const distinct = (rows: readonly Fields[], name: string): string[] =>
  [...new Set(rows.map((row) => column(row, name)))].sort()

const option = (key: string, value: string): Value => ({ key, input: { key, option: value }, value })

/** The custom values of a person: a senator has no district, district 0 is the whole state. */
export function personValues(row: Fields): Value[] {
  const district = row['district'] ? Number(row['district']) : null
  return [
    option('party', column(row, 'party')),
    option('state', column(row, 'state')),
    ...(district === null ? [] : [{ key: 'district', input: { key: 'district', number: district }, value: district }]),
    option('term', termOf(row)),
  ]
}

/** The custom values of a company. */
export function companyValues(row: Fields): Value[] {
  const cik = column(row, 'CIK')
  return [
    option('gics_sector', column(row, 'GICS Sector')),
    option('gics_sub_industry', column(row, 'GICS Sub-Industry')),
    { key: 'cik', input: { key: 'cik', text: cik }, value: cik },
  ]
}

/** Defines the fields; options stand in the order of their values. */
export async function defineFields(mutate: Mutate, { companies, people }: Records): Promise<void> {
  const options = (values: readonly string[]) => values.map((value) => ({ value, label: value }))
  const fields = [
    { entityType: 'CONTACT', key: 'party', type: 'RADIO', options: options(distinct(people, 'party')) },
    { entityType: 'CONTACT', key: 'state', type: 'DROPDOWN', options: options(distinct(people, 'state')) },
    { entityType: 'CONTACT', key: 'district', type: 'NUMBER', constraints: { min: '0', max: '53' } },
    { entityType: 'CONTACT', key: 'term', type: 'RADIO', isRequired: true, options: options(TERMS) },
    { entityType: 'COMPANY', key: 'gics_sector', type: 'DROPDOWN', options: options(distinct(companies, 'GICS Sector')) },
    { entityType: 'COMPANY', key: 'gics_sub_industry', type: 'DROPDOWN', options: options(distinct(companies, 'GICS Sub-Industry')) },
    { entityType: 'COMPANY', key: 'cik', type: 'TEXT', isSearchable: true, constraints: { pattern: '[0-9]{1,10}' } },
  ] // prettier-ignore
  for (const field of fields) {
    const made = await mutate(
      'createCustomFieldDefinition',
      'CreateCustomFieldDefinition',
      { label: field.key, ...field },
      '',
    )
    expect(made['userErrors']).toEqual([])
  }
}

/** Compares two texts or numbers; null comes last. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a < b ? -1 : a > b ? 1 : 0
}

/** Filters, orders, searches and counts by custom fields over the real records; answers are worked out from the files. */
export function describeFields(ask: Ask, mutate: Mutate, { companies, people }: Records): void {
  /** The external ids of a list, page by page. */
  const all = async (list: string, type: string, variables: object): Promise<string[]> => {
    const ids: string[] = []
    for (let after: string | null = null; ;) {
      const { [list]: page } = await ask(
        `query ($filter: ${type}Filter, $orderBy: [${type}Order!], $after: String) {
          ${list}(first: 100, filter: $filter, orderBy: $orderBy, after: $after) { nodes { externalId } pageInfo { hasNextPage endCursor } } }`,
        { ...variables, after },
      )
      ids.push(...page.nodes.map(({ externalId }: Found) => String(externalId)))
      if (!page.pageInfo.hasNextPage) return ids
      after = page.pageInfo.endCursor as string
    }
  }
  const count = async (list: string, type: string, customFields: object[]): Promise<number> =>
    (
      await ask(`query ($filter: ${type}Filter) { ${list}(filter: $filter) { totalCount } }`, {
        filter: { customFields },
      })
    )[list].totalCount
  const byId = (a: Fields, b: Fields): number => compare(column(a, 'bioguide_id'), column(b, 'bioguide_id'))
  const districtOf = (row: Fields): number | null => (row['district'] ? Number(row['district']) : null)

  describe('custom fields of real records', () => {
    test.each([
      ['contacts', 'bioguide_id', people, personValues],
      ['companies', 'Symbol', companies, companyValues],
    ] as const)('read back as they were given: %s', async (list, id, rows, values) => {
      const found = new Map<string, object[]>()
      for (let after: string | null = null; ;) {
        const { [list]: page } = await ask(
          `query ($after: String) { ${list}(first: 100, after: $after) { nodes { externalId customFields { key value } } pageInfo { hasNextPage endCursor } } }`,
          { after },
        )
        for (const { externalId, customFields } of page.nodes) found.set(externalId as string, customFields as object[])
        if (!page.pageInfo.hasNextPage) break
        after = page.pageInfo.endCursor as string
      }
      const given = rows.map((row) => [column(row, id), values(row).map(({ key, value }) => ({ key, value }))] as const)
      expect(found).toEqual(new Map(given))
    })

    test('count each party, term and sector', async () => {
      for (const party of distinct(people, 'party')) {
        for (const term of TERMS) {
          const rows = people.filter((row) => row['party'] === party && termOf(row) === term)
          const filter = [
            { key: 'party', option: { eq: party } },
            { key: 'term', option: { eq: term } },
          ]
          expect([party, term, await count('contacts', 'Contact', filter)]).toEqual([party, term, rows.length])
        }
      }
      expect(await count('contacts', 'Contact', [{ key: 'party', option: { eq: 'Independent' } }])).toBe(3)
      expect(await count('contacts', 'Contact', [{ key: 'term', option: { ne: 'rep' } }])).toBe(100)
      for (const sector of distinct(companies, 'GICS Sector')) {
        const rows = companies.filter((row) => row['GICS Sector'] === sector)
        expect(await count('companies', 'Company', [{ key: 'gics_sector', option: { eq: sector } }])).toBe(rows.length)
      }
    })

    test('find members by state, district and a column', async () => {
      const filter = {
        birthDate: { lt: '1950-01-01' },
        or: [
          { customFields: [{ key: 'state', option: { in: ['CA', 'TX'] } }, { key: 'district', number: { between: { from: 10, to: 30 } } }] },
          { customFields: [{ key: 'district', isNull: true }] },
        ],
      } // prettier-ignore
      const isWanted = (row: Fields): boolean => {
        const district = districtOf(row)
        const isOld = row['birthday'] !== '' && column(row, 'birthday') < '1950-01-01'
        const isNear = ['CA', 'TX'].includes(column(row, 'state')) && district !== null && district >= 10 && district <= 30
        return isOld && (isNear || district === null)
      }
      const wanted = people.filter(isWanted).sort(byId).map((row) => column(row, 'bioguide_id'))
      expect(wanted).toHaveLength(17)
      expect(await all('contacts', 'Contact', { filter, orderBy: [{ field: 'EXTERNAL_ID' }] })).toEqual(wanted)
    }) // prettier-ignore

    test('order all members by state and district, senators behind them', async () => {
      const orderBy = [{ customField: 'state' }, { customField: 'district' }, { field: 'EXTERNAL_ID' }]
      const ordered = [...people].sort(
        (a, b) =>
          compare(column(a, 'state'), column(b, 'state')) || compare(districtOf(a), districtOf(b)) || byId(a, b),
      )
      expect(await all('contacts', 'Contact', { orderBy })).toEqual(ordered.map((row) => column(row, 'bioguide_id')))
    })

    test('order all companies by their sub-industries, of which there are 127', async () => {
      const orderBy = [{ customField: 'gics_sub_industry', direction: 'DESC' }, { field: 'EXTERNAL_ID' }]
      const ordered = [...companies].sort(
        (a, b) =>
          compare(column(b, 'GICS Sub-Industry'), column(a, 'GICS Sub-Industry')) ||
          compare(column(a, 'Symbol').toLowerCase(), column(b, 'Symbol').toLowerCase()),
      )
      expect(await all('companies', 'Company', { orderBy })).toEqual(ordered.map((row) => column(row, 'Symbol')))
    })

    test('find a company by its CIK, whole and by its start, in searches and filters', async () => {
      const { search } = await ask(
        '{ search(query: "1551152") { nodes { record { ... on Company { name } } matches { field key text } } } }',
      )
      expect(search.nodes).toEqual([
        { record: { name: 'AbbVie' }, matches: [{ field: 'CUSTOM_FIELD', key: 'cik', text: '1551152' }] },
      ])
      const rows = companies.filter((row) => column(row, 'CIK').startsWith('10'))
      expect(await count('companies', 'Company', [{ key: 'cik', text: { startsWith: '10' } }])).toBe(rows.length)
    })

    test('tell which companies have one CIK when it is to be unique', async () => {
      const { customFieldDefinitions } = await ask('{ customFieldDefinitions(entityType: COMPANY) { id key } }')
      const { id } = customFieldDefinitions.find(({ key }: Found) => key === 'cik')
      const twice = distinct(companies, 'CIK').filter(
        (cik) => companies.filter((row) => row['CIK'] === cik).length === 2,
      )
      expect(twice).toHaveLength(3)
      const made = await mutate(
        'updateCustomFieldDefinition',
        'UpdateCustomFieldDefinition',
        { id, isUnique: true },
        'isChanged',
      )
      const errors = made['userErrors'] as { code: string; message: string }[]
      expect([made['isChanged'], errors.map(({ code, message }) => `${code} ${message}`).sort()]).toEqual([
        false,
        twice.map((cik) => `ALREADY_EXISTS “${cik}” stands on 2 live records.`).sort(),
      ])
    })

    test('are counted as the files have them', async () => {
      const usage = async (entityType: string): Promise<unknown> => {
        const { customFieldUsage } = await ask(
          'query ($entityType: CustomFieldEntityType!) { customFieldUsage(entityType: $entityType) { fields { definition { key } recordCount distinctValueCount } } }',
          { entityType },
        )
        return customFieldUsage.fields.map((field: Found) => [
          field['definition'].key,
          field['recordCount'],
          field['distinctValueCount'],
        ])
      }
      const districts = people.map(districtOf).filter((district) => district !== null)
      expect(await usage('CONTACT')).toEqual([
        ['party', 537, 3],
        ['state', 537, 56],
        ['district', 437, new Set(districts).size],
        ['term', 537, 4],
      ])
      expect(await usage('COMPANY')).toEqual([
        ['gics_sector', 503, 11],
        ['gics_sub_industry', 503, 127],
        ['cik', 503, 500],
      ])
    })
  })
}
