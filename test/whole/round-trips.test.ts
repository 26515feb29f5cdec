import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { readSchema } from '../../src/graphql/schema-text.js'
import { createConnectionPool } from '../../src/database/connection-pool.js'
import { testDatabaseOptions } from '../support/api.js'
import { openDesk, type Desk } from '../support/desk.js'
import { countRoundTrips, openCountedDatabase, type RoundTrips } from '../support/round-trips.js'
import { alertMutationCases, alertQueryCases } from './round-trip-alerts.js'
import { bulkCases } from './round-trip-bulk.js'
import { rootFieldsOf, type RoundTripCase } from './round-trip-cases.js'
import { customFieldMutationCases, customFieldQueryCases } from './round-trip-custom-fields.js'
import { exportMutationCases, exportQueryCases } from './round-trip-exports.js'
import { jobMutationCases, jobQueryCases } from './round-trip-jobs.js'
import { mutationCases } from './round-trip-mutations.js'
import { queryCases } from './round-trip-queries.js'

const QUERIES = () => [
  ...[...queryCases(), ...customFieldQueryCases(), ...exportQueryCases(), ...jobQueryCases()],
  ...alertQueryCases,
]
const MUTATIONS = () => [
  ...[...mutationCases(), ...bulkCases(), ...customFieldMutationCases(), ...exportMutationCases()],
  ...jobMutationCases(),
  ...alertMutationCases,
]

const EXPECTED = 'test/whole/round-trips.expected.md'
const MEASURED = 'test-results/round-trips.md'

const trips: RoundTrips = { count: 0 }
let desk: Desk

beforeAll(async () => {
  desk = await openDesk((options) => openCountedDatabase(options, trips))
})

afterAll(() => desk.close())

/**
 * What one request costs. Round trips are those of all its connections: two lists side by side count two, though they
 * take the time of one. Who asks is known here; over HTTP a look-up of the principal may come first.
 */
interface Measured {
  readonly name: string
  readonly fields: readonly string[]
  readonly roundTrips: number
  readonly labels: readonly string[]
}

async function measure({ name, prepare }: RoundTripCase): Promise<Measured> {
  const { principal, query, variables, refusals = [] } = await prepare(desk)
  const from = trips.count
  const statements = await desk.api.statements(async () => {
    const data = await desk.ask(principal, query, variables)
    const codes = Object.values(data)
      .flatMap((value) => value?.userErrors ?? [])
      .map(({ code }) => code as string)
    if (codes.join() !== refusals.join()) throw new Error(`${name}: refused with ${JSON.stringify(data)}`)
  })
  const labels = statements.map(({ label }) => label).sort()
  return { name, fields: rootFieldsOf(query), roundTrips: trips.count - from, labels }
}

/** The table as Markdown: one row a request, its statements by label, `× 2` where one ran twice. */
function table(rows: readonly Measured[]): string {
  const lines = rows.map(({ name, roundTrips, labels }) => {
    const which = [...new Set(labels)].map((label) => {
      const count = labels.filter((other) => other === label).length
      return count === 1 ? label : `${label} × ${count}`
    })
    return `| ${name} | ${roundTrips} | ${labels.length} | ${which.join(', ')} |`
  })
  return ['| request | round trips | statements | which |', '| --- | ---: | ---: | --- |', ...lines, ''].join('\n')
}

describe('what each query and mutation sends to the database', () => {
  const measured: Measured[] = []

  beforeAll(async () => {
    for (const each of [...QUERIES(), ...MUTATIONS()]) measured.push(await measure(each))
    mkdirSync('test-results', { recursive: true })
    writeFileSync(MEASURED, table(measured))
  })

  test(`is what ${EXPECTED} says; after a change that is meant, ${MEASURED} takes its place`, () => {
    expect(table(measured).split('\n')).toEqual(readFileSync(EXPECTED, 'utf8').split('\n'))
  })

  test('is two round trips at most for a mutation', () => {
    const isMutation = new Set(MUTATIONS().map(({ name }) => name))
    const mutations = measured.filter(({ name }) => isMutation.has(name))
    expect(mutations).toHaveLength(isMutation.size)
    // The one that has to read all addresses before it knows which of them stand twice; it runs once in a tenant's
    // life. Whether a value of a unique custom field is taken is asked when its definition is known.
    expect(mutations.filter(({ roundTrips }) => roundTrips > 2).map(({ name }) => name)).toEqual([
      'updateTenant: unique e-mails turned on',
      // An upsert knows its record, and so what else is to be read, when that is found.
      ...['bulkUpsertContacts', 'upsertContact: by external id', 'upsertContact: by e-mail address'],
      ...['bulkUpsertCompanies', 'upsertCompany: by external id', 'upsertCompany: by e-mail address'],
      'createContact: with a value of a unique custom field',
      // Its values are copied in a transaction of its own.
      'applyCustomFieldChange',
      // What they are about is read before there is anything to write.
      ...['startImport', 'undoJob'],
    ])
  })

  test('is said for every field of Query and Mutation', () => {
    const schema = buildSchema(readSchema())
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    )
    expect([...new Set(measured.flatMap((row) => row.fields))].sort()).toEqual([...fields].sort())
  })

  test('is said under the name of the field that is asked, once for each way', () => {
    expect(measured.filter(({ name, fields }) => fields.join() !== name.split(':')[0])).toEqual([])
    expect(new Set(measured.map(({ name }) => name)).size).toBe(measured.length)
  })
})

describe('a round trip begins with what is sent on a connection that owes no answer', () => {
  const counted = async (work: (acquire: ReturnType<typeof countRoundTrips>['acquire']) => Promise<unknown>) => {
    const own: RoundTrips = { count: 0 }
    const pool = countRoundTrips(createConnectionPool(testDatabaseOptions(desk.databaseUrl).pool), own)
    const held: Awaited<ReturnType<typeof pool.acquire>>[] = []
    try {
      await work(async () => {
        const connection = await pool.acquire()
        held.push(connection)
        return connection
      })
      return own.count
    } finally {
      for (const connection of held) connection.release()
      await pool.close()
    }
  }

  test('what is sent at once is one, refused statements too', async () => {
    const count = await counted(async (acquire) => {
      const { client } = await acquire()
      const sent = ['begin', 'select 1', 'select 1 / 0', 'rollback'].map((text) => client.query(text))
      expect((await Promise.allSettled(sent)).map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ])
    })
    expect(count).toBe(1)
  })

  test('what waits for an answer begins another, after a refusal too', async () => {
    const count = await counted(async (acquire) => {
      const { client } = await acquire()
      await client.query('select 1')
      await expect(client.query('select 1 / 0')).rejects.toThrow('division by zero')
      await client.query('select 1')
    })
    expect(count).toBe(3)
  })

  test('each connection has its own', async () => {
    const count = await counted(async (acquire) => {
      const connections = [await acquire(), await acquire()]
      await Promise.all(connections.map(({ client }) => client.query('select 1')))
    })
    expect(count).toBe(2)
  })
})
