import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { testSeed } from '../../setup/test-run.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import { createField } from './support/fields.js'
import { anyFilter, fits, MODEL_FIELDS, orderKey, TEXTS, type Filter, type ModelRow } from './support/model.js'

const SEED = testSeed()
const RUNS = 300
const ROWS = 60
// The last of them is deleted.
const COMPANIES = 9
// The first of May, in New York.
const NOW = new Date('2026-05-01T16:00:00.000Z')

interface Step {
  readonly field?: 'FIRST_NAME'
  readonly customField?: string
  readonly companyCustomField?: string
  readonly direction: 'ASC' | 'DESC'
  readonly nulls: 'FIRST' | 'LAST'
}

const ORDERED = MODEL_FIELDS.filter(({ isOrdered }) => isOrdered).map(({ key }) => key)
const anyStep = fc.record({
  by: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...ORDERED).map((customField) => ({ customField })) },
    { weight: 5, arbitrary: fc.constantFrom(...ORDERED).map((companyCustomField) => ({ companyCustomField })) },
    { weight: 2, arbitrary: fc.constant({ field: 'FIRST_NAME' as const }) },
  ),
  direction: fc.constantFrom('ASC' as const, 'DESC' as const),
  nulls: fc.constantFrom('FIRST' as const, 'LAST' as const),
}).map(({ by, ...rest }): Step => ({ ...by, ...rest })) // prettier-ignore
const anyOrder = fc.uniqueArray(anyStep, {
  minLength: 1,
  maxLength: 2,
  selector: ({ field, customField, companyCustomField }) => `${field} ${customField} ${companyCustomField}`,
})

let desk: Desk
let admin: Awaited<ReturnType<typeof openTenant>>['admin']
let rows: ModelRow[]
let folded: Map<string, string>

beforeAll(async () => {
  desk = await openDesk()
  ;({ admin } = await openTenant(desk))
  for (const entityType of ['CONTACT', 'COMPANY']) {
    for (const { key, type, more } of MODEL_FIELDS) await createField(desk, admin, { key, type, entityType, ...more })
  }
  const wanted = fc.sample(
    fc.record(Object.fromEntries(MODEL_FIELDS.map(({ key, values }) => [key, fc.option(values.length === 0 ? fc.constant('') : fc.constantFrom(...values), { freq: 3 })]))),
    { numRuns: ROWS + COMPANIES, seed: SEED },
  ) as Record<string, ModelRow['values'][string]>[] // prettier-ignore
  const companies: ModelRow[] = []
  for (const [index, given] of wanted.slice(ROWS).entries()) {
    const name = `Company ${index}`
    companies.push({ firstName: name, ...(await create('Company', { name }, valuesOf(given, index))) })
  }
  rows = []
  for (const [index, given] of wanted.slice(0, ROWS).entries()) {
    const firstName = index % 2 === 0 ? `A${index}` : 'B'
    // Each has three to twelve contacts, and some contacts have none.
    const company = index % 7 === 0 ? null : (companies[(index * index) % COMPANIES] ?? null)
    const created = await create('Contact', { firstName, companyId: company?.id ?? null }, valuesOf(given, index))
    rows.push({ firstName, company, ...created })
  }
  const last = companies.at(-1) as ModelRow
  expect(await desk.mutate(admin, 'deleteCompany', { id: last.id, version: 1 })).toMatchObject({ userErrors: [] })
  rows = rows.map((row) => (row.company === last ? { ...row, company: { ...last, values: {} } } : row))
  const texts = [
    ...TEXTS,
    ...[...rows, ...companies]
      .flatMap(({ values }) => Object.values(values))
      .filter((value) => typeof value === 'string'),
  ]
  folded = new Map()
  await foldAll(texts)
}, 120_000)

afterAll(() => desk.close())

/** The values of a record that has some of all fields; those of the unique one are its own. */
function valuesOf(given: Record<string, ModelRow['values'][string]>, index: number): ModelRow['values'] {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) =>
      value === null ? [] : [[key, key === 'code' ? `c${index}` : value]],
    ),
  )
}

/** Creates a record with values, and returns them as they are stored. */
async function create(concept: 'Contact' | 'Company', input: object, values: ModelRow['values']) {
  const customFields = MODEL_FIELDS.flatMap(({ key, name }) => (key in values ? [{ key, [name]: values[key] }] : []))
  const record = concept.toLowerCase()
  const selection = `${record} { id customFields { key value } }`
  const payload = await desk.mutate(admin, `create${concept}`, { ...input, customFields }, selection)
  expect(payload.userErrors).toEqual([])
  const stored = payload[record].customFields as { key: string; value: never }[]
  return { id: payload[record].id as string, values: Object.fromEntries(stored.map(({ key, value }) => [key, value])) }
}

async function foldAll(texts: readonly string[]): Promise<void> {
  const unknown = texts.filter((text) => !folded.has(text))
  const found = await desk.sql('select text, kith_fold(text) as folded from unnest($1::text[]) as text', [unknown])
  for (const row of found) folded.set(row['text'] as string, row['folded'] as string)
}

function fold(text: string): string {
  const known = folded.get(text)
  if (known === undefined) throw new Error(`not folded: ${text}`)
  return known
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value, value.normalize('NFC')]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : []
}

/** Which of two keys of one field comes first: texts by their code points. */
function compareKeys(x: string | number | bigint, y: string | number | bigint): number {
  if (typeof x === 'string') return Buffer.compare(Buffer.from(x), Buffer.from(String(y)))
  const other = y as number | bigint
  return x < other ? -1 : x > other ? 1 : 0
}

/** The ids of a list by the model: a filter and a sort. */
function listed(filter: Filter | null, steps: readonly Step[]): string[] {
  const days = { now: NOW, zone: 'America/New_York' }
  const keyOf = (row: ModelRow, { customField, companyCustomField }: Step) => {
    if (companyCustomField !== undefined) return row.company ? orderKey(row.company, companyCustomField, fold) : null
    return customField === undefined ? row.firstName.toLowerCase() : orderKey(row, customField, fold)
  }
  const last = steps.at(-1)
  const compare = (a: ModelRow, b: ModelRow): number => {
    for (const step of steps) {
      const [x, y] = [keyOf(a, step), keyOf(b, step)]
      if (x === null && y === null) continue
      if (x === null || y === null) return (x === null) === (step.nulls === 'FIRST') ? -1 : 1
      const order = compareKeys(x, y)
      if (order !== 0) return step.direction === 'DESC' ? -order : order
    }
    // Of one value contacts stand together by their company, those without one before all others.
    const link = ({ company }: ModelRow): string => (last?.companyCustomField === undefined ? '' : (company?.id ?? ''))
    const order = compareKeys(link(a), link(b)) || compareKeys(a.id, b.id)
    return last?.direction === 'DESC' ? -order : order
  } // prettier-ignore
  return rows.filter((row) => filter === null || fits(row, filter, fold, days)).sort(compare).map(({ id }) => id)
} // prettier-ignore

// What a record links to changes what is read of it with the page.
const pageOf = (
  selection: string,
): string => `query ($filter: ContactFilter, $orderBy: [ContactOrder!], $first: Int, $after: String, $last: Int, $before: String, $isFirst: Boolean!) {
  contacts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    nodes { ${selection} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount @include(if: $isFirst) } }`
const PAGES = [pageOf('id'), pageOf('id company { id }')] as const

/** All ids of a list, read page by page, and how many pages they were. */
async function readAll(filter: Filter | null, orderBy: readonly Step[], size: number, isBackward: boolean) {
  const ids: string[] = []
  let cursor: string | null = null
  let total = 0
  for (let pages = 1; ; pages++) {
    const sides: object = isBackward ? { last: size, before: cursor } : { first: size, after: cursor }
    const query = PAGES[(size + pages) % 2] ?? ''
    const { data, errors } = await desk.api.run(admin, query, { filter, orderBy, ...sides, isFirst: pages === 1 }, NOW)
    if (errors) throw new Error(JSON.stringify([errors, desk.api.faults]))
    const { nodes, pageInfo, totalCount = total } = data?.['contacts']
    total = totalCount
    const page = nodes.map(({ id }: { id: string }) => id) as string[]
    if (query === PAGES[1]) {
      const companyOf = new Map(rows.map(({ id, company }) => [id, company]))
      expect(nodes.map(({ company }: { company: { id: string } | null }) => company?.id)).toEqual(
        page.map((id) => companyOf.get(id)?.id),
      )
    }
    ids.splice(isBackward ? 0 : ids.length, 0, ...page)
    cursor = isBackward ? pageInfo.startCursor : pageInfo.endCursor
    if (!(isBackward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return { ids, pages, total }
  }
}

describe(`lists by custom fields, seed ${SEED}`, () => {
  test('have the rows of the model in its order, page by page, forwards and backwards', async () => {
    let readings = 0
    await fc.assert(
      fc.asyncProperty(fc.option(anyFilter, { freq: 7 }), anyOrder, fc.constantFrom(4, 9, 20), fc.boolean(), async (filter, orderBy, size, isBackward) => {
        await foldAll(textsOf(filter))
        const { ids, pages, total } = await readAll(filter, orderBy, size, isBackward)
        readings += pages
        expect(ids).toEqual(listed(filter, orderBy))
        expect(total).toBe(ids.length)
      }),
      { seed: SEED, numRuns: RUNS },
    )
    expect(readings).toBeGreaterThan(1000)
  }, 300_000)
}) // prettier-ignore
