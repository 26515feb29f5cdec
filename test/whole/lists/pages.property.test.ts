import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { openDesk, WIDE_LIMITS, type Desk } from '../../support/desk.js'
import { anyDataSet, fullNameOf, rowId } from './support/arbitrary-data.js'
import { anyReading, anyRootReading, type Reading } from './support/arbitrary.js'
import { inTurn, opener, type Opened } from './support/data.js'
import type { DataSet, Filter, ListWanted, Row } from './support/model.js'
import { checkCompanyPages, checkReading, pageReader } from './support/pages.js'
import { checkProperty, PROPERTY_TIMEOUT_MS } from './support/runs.js'
import { testSeed } from '../../setup/test-run.js'

const seed = testSeed()

let desk: Desk
let open: (data: DataSet) => Promise<Opened>

beforeAll(async () => {
  desk = await openDesk(undefined, { limits: WIDE_LIMITS })
  open = opener(inTurn(desk))
})

afterAll(() => desk.close())

const idsOf = (rows: readonly Row[]): string[] => rows.map((row) => row['id'] as string)

/** Reads a list of a data set; every page must be what the model says. */
async function checkList(data: DataSet, wanted: ListWanted, reading: Reading): Promise<void> {
  const { principal, model, learn } = await open(data)
  await learn(reading)
  await checkReading(pageReader(desk, principal, wanted, data.now), reading, idsOf(model.list(wanted)))
}

test(
  'pages of every list, in every order, under any filter, visit exactly its rows in its order',
  async () => {
    let count = 0
    await checkProperty({
      seed,
      runs: 500,
      data: anyDataSet({ contacts: 70, companies: 30, infos: 20 }),
      cases: anyRootReading,
      async check(data, reading) {
        count += 1
        await checkList(data, reading, reading)
      },
    })
    console.log(`pages: seed ${seed}, ${count} runs`)
    expect(count).toBeGreaterThanOrEqual(500)
  },
  PROPERTY_TIMEOUT_MS,
)

test(
  "pages of companies' contacts visit exactly each company's rows in its order",
  async () => {
    let count = 0
    await checkProperty({
      seed,
      runs: 100,
      data: anyDataSet({ contacts: 60, companies: 5, infos: 10 }),
      cases: anyReading('Contact'),
      async check(data, reading) {
        count += 1
        const { principal, model, learn } = await open(data)
        await learn(reading)
        const companies = idsOf(model.list({ record: 'Company' }))
        const lists = companies.map((companyId) => idsOf(model.list({ ...reading, companyId })))
        await checkCompanyPages(desk, principal, reading, data.now, companies, lists)
        const companyId = companies[reading.pick % companies.length]
        // A company's list has no offset.
        const way = reading.way === 'offsets' ? 'jumps' : reading.way
        if (companyId !== undefined) await checkList(data, { ...reading, companyId }, { ...reading, way })
      },
    })
    console.log(`pages of companies' contacts: seed ${seed}, ${count} runs`)
    expect(count).toBeGreaterThanOrEqual(100)
  },
  PROPERTY_TIMEOUT_MS,
)

test(
  'pages of a list of thousands of rows, under filters of parts and alternatives, visit exactly its rows',
  async () => {
    const anyPart = fc.constantFrom<Filter>(
      { firstName: { contains: '' } },
      { not: { lastName: { contains: 'u' } } },
      { or: [{ fullName: { matches: '' } }, { company: { name: { contains: 'a' } } }] },
      { or: [{ emailOptIn: { eq: true } }, { smsOptIn: { eq: true } }, { ownerId: { isNull: true } }] },
      { and: [{ version: { gte: 1 } }, { or: [{ firstName: { endsWith: '' } }, { jobTitle: { isNull: true } }] }] },
      { company: { contacts: { some: { firstName: { contains: '' } } } } },
    )
    let count = 0
    await checkProperty({
      seed,
      runs: 8,
      sets: 1,
      data: anyDataSet({ contacts: 70, companies: 30, infos: 0 }, 60).map((data) => manyContacts(data, 3600)),
      cases: fc.tuple(anyReading('Contact'), anyPart).map(([reading, filter]) => ({ ...reading, filter })),
      async check(data, reading) {
        count += 1
        await checkList(data, reading, reading)
      },
    })
    console.log(`pages of thousands: seed ${seed}, ${count} runs`)
    expect(count).toBeGreaterThanOrEqual(8)
  },
  PROPERTY_TIMEOUT_MS,
)

/**
 * The same contacts over and over, until there are so many: all live and with a first name, so that filters find most.
 */
function manyContacts(data: DataSet, count: number): DataSet {
  const { Contact: contacts } = data.rows
  const many = Array.from({ length: count }, (_, index) => {
    const contact = contacts[index % contacts.length] as Row
    const named = { ...contact, firstName: contact['firstName'] ?? 'Ada' }
    const id = rowId('Contact', index)
    return { ...named, id, fullName: fullNameOf(named), deletedAt: null, externalId: null }
  })
  return { ...data, rows: { ...data.rows, Contact: many } }
}
