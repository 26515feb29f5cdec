import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc, { type Arbitrary } from 'fast-check'
import type { Principal } from '../../src/lib/principal.js'
import { testSeed } from '../setup/test-run.js'
import { openDesk, openTenant, plain, type Desk } from '../support/desk.js'
import { createField } from '../features/custom-field/support/fields.js'

const SEED = testSeed()
const RUNS = 12
const BEGINNING = new Date('2126-01-01T00:00:00.000Z')
type Verb = 'create' | 'update' | 'upsert' | 'delete' | 'restore' | 'destroy'

/** A row by numbers: which contact, which of its e-mail addresses, which version beside the true one. */
interface Row {
  readonly contact: number
  readonly versionOff: number | null
  readonly fields: Readonly<Record<string, unknown>>
  readonly email: { readonly verb: 'add' | 'update' | 'remove'; readonly at: number; readonly email: string } | null
  readonly company: 'own' | 'deleted' | null
}

interface Step {
  readonly verb: Verb
  /** of an upsert, which goes by external id */
  readonly onDeleted: string
  readonly rows: readonly Row[]
}

/** One of two tenants with the same records: what is done by single mutations there is done by bulk ones here. */
interface World {
  readonly admin: Principal
  /** contacts in the order in which they were made; an id is spoken of by its place */
  readonly contacts: string[]
  readonly companies: { readonly own: string; readonly deleted: string }
}

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})

afterAll(() => desk.close())

const mostly = <Value>(bad: Value, ...good: Value[]) =>
  fc.oneof({ weight: 15, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constant(bad) })
const maybe = <Value>(value: Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 1 })
// Few values, so that rows meet each other; some of them are refused.
const EMAILS = mostly('no address', 'a@example.com', 'A@example.com', 'b@example.com', 'c@example.com', 'd@example.com')
const FIELDS = fc
  .record({
    firstName: maybe(mostly('x'.repeat(256), 'Ada', 'Grace', null)),
    externalId: maybe(fc.constantFrom('X-1', 'X-2', 'X-3', ' X-1 ', 'X-4', 'X-5', null)),
    birthDate: maybe(mostly('1980-02-30', '1980-05-17')),
    phoneNumber: maybe(mostly('12', '+1 212 555 0123', '+1 212 555 0124')),
    code: maybe(fc.constantFrom('one', 'two', 'three', 'four', null)),
    level: maybe(mostly(11, 1, 2)),
  })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
const ROW: Arbitrary<Row> = fc.record({
  contact: fc.nat(4),
  versionOff: mostly(1, null, 0),
  fields: FIELDS,
  email: fc.option(fc.record({ verb: fc.constantFrom('add', 'update', 'remove'), at: fc.nat(1), email: EMAILS })),
  company: mostly('deleted' as const, null, 'own' as const),
})
const STEPS = fc.array(
  fc.record({
    verb: fc.constantFrom<Verb>('create', 'update', 'update', 'upsert', 'upsert', 'delete', 'restore', 'destroy'),
    onDeleted: fc.constantFrom('ERROR', 'RESTORE', 'CREATE'),
    rows: fc.uniqueArray(ROW, { minLength: 1, maxLength: 4, selector: ({ contact }) => contact }),
  }),
  { minLength: 2, maxLength: 5 },
)

async function openWorld(uniqueEmails: boolean): Promise<World> {
  const { admin } = await openTenant(desk, { uniqueEmails })
  await createField(desk, admin, { key: 'code', isUnique: true })
  await createField(desk, admin, { key: 'level', type: 'NUMBER', constraints: { max: '10' } })
  const company = async (name: string): Promise<string> =>
    (await desk.mutate(admin, 'createCompany', { name }, 'company { id }'))['company'].id
  const companies = { own: await company('Acme'), deleted: await company('Gone') }
  await desk.mutate(admin, 'deleteCompany', { id: companies.deleted })
  const world: World = { admin, contacts: [], companies }
  for (const [index, email] of ['a@example.com', 'b@example.com', 'd@example.com'].entries()) {
    const customFields = index < 2 ? [{ key: 'code', text: ['one', 'two'][index] }] : []
    const emailAddresses = [{ email }, { email: `other${index}@example.com` }]
    const input = { firstName: 'Ada', externalId: `X-${index + 1}`, emailAddresses, customFields }
    const { contact } = await desk.mutate(admin, 'createContact', input, 'contact { id }', BEGINNING)
    world.contacts.push(contact.id as string)
  }
  return world
}

interface State {
  readonly versions: (number | null)[]
  readonly emails: string[][]
  readonly all: unknown
}

const STATE = `query ($ids: [ID!]!) { nodes(ids: $ids, deleted: INCLUDE) { ... on Contact { version updatedAt deletedAt
  firstName externalId birthDate company { name } emailAddresses { id email isPrimary } phoneNumbers { number }
  customFields { key value } } } }`

async function stateOf({ admin, contacts }: World): Promise<State> {
  const { nodes } = await desk.ask(admin, STATE, { ids: contacts })
  return {
    versions: nodes.map((node: { version: number } | null) => node?.version ?? null),
    emails: nodes.map((node: { emailAddresses: { id: string }[] } | null) =>
      (node?.emailAddresses ?? []).map(({ id }) => id),
    ),
    all: JSON.parse(JSON.stringify(nodes, (key, value: unknown) => (key === 'id' ? undefined : value))) as unknown,
  }
}

/** The id of nobody; another for each place. */
const nobody = (place: number) => `00000000-0000-7000-8000-00000000000${place}`

/** The input of a row in a world whose state is known. */
function inputOf(verb: Verb, row: Row, world: World, state: State): Record<string, unknown> {
  const id = world.contacts[row.contact] ?? nobody(row.contact)
  const version = row.versionOff === null ? {} : { version: (state.versions[row.contact] ?? 1) + row.versionOff }
  if (verb === 'destroy') return { id }
  if (verb === 'delete' || verb === 'restore') return { id, ...version }
  const { phoneNumber, code, level, ...fields } = row.fields
  const customFields = [
    ...(code === undefined ? [] : [{ key: 'code', text: code }]),
    ...(level === undefined ? [] : [{ key: 'level', number: level }]),
  ]
  const common = {
    ...fields,
    ...(row.company ? { companyId: world.companies[row.company] } : {}),
    ...(customFields.length > 0 ? { customFields } : {}),
  }
  if (verb === 'create' || verb === 'upsert') {
    const emailAddresses = row.email ? [{ email: row.email.email }] : []
    return { ...common, emailAddresses, phoneNumbers: phoneNumber === undefined ? [] : [{ number: phoneNumber }] }
  }
  return { id, ...version, ...common, ...emailChanges(row, state), ...phoneChanges(phoneNumber) }
}

function emailChanges({ contact, email }: Row, { emails }: State): object {
  if (!email) return {}
  const id = emails[contact]?.[email.at] ?? nobody(contact)
  const change = { add: [{ email: email.email }], update: [{ id, email: email.email }], remove: [id] }[email.verb]
  return { emailAddresses: { [email.verb]: change } }
}

function phoneChanges(number: unknown): object {
  return number === undefined ? {} : { phoneNumbers: { add: [{ number }] } }
}

/** Ids of contacts by their places, of which two worlds have different ones; all other ids are of nobody. */
function spoken(world: World, value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => {
    const place = typeof part === 'string' ? world.contacts.indexOf(part) : -1
    return place < 0 ? part : `contact ${place}`
  })
}

const RESULT = `results { index status id contact { id version } userErrors { code message field conflictingId currentVersion } }
  summary { created updated unchanged skipped failed }`

/** What an upsert is told beside its rows. */
const optionsOf = ({ verb, onDeleted }: Step): object =>
  verb === 'upsert' ? { matchBy: 'EXTERNAL_ID', onDeleted } : {}

/** The rows of a step that can stand in one call: of an upsert each external id once. */
function rowsOf({ verb, rows }: Step): readonly Row[] {
  const ids = rows.map(({ fields: { externalId } }) => (typeof externalId === 'string' ? externalId.trim() : null))
  return verb === 'upsert'
    ? rows.filter((_, index) => (ids[index] ?? null) === null || ids.indexOf(ids[index] ?? null) === index)
    : rows
}

/** The rows one after the other, by single mutations: what bulk results should be. */
async function doSingly(world: World, step: Step, inputs: readonly object[], now: Date) {
  const { verb } = step
  const results: Record<string, unknown>[] = []
  for (const [index, input] of inputs.entries()) {
    const more = verb === 'update' || verb === 'restore' ? 'isChanged' : ''
    const selection =
      verb === 'destroy' ? 'destroyedId' : `contact { id version } ${verb === 'upsert' ? 'status' : more}`
    const given = verb === 'upsert' ? { contact: input, ...optionsOf(step) } : input
    const payload = await desk.mutate(world.admin, `${verb}Contact`, given, selection, now)
    const contact = payload['contact'] ?? null
    const id: string | null = verb === 'destroy' ? payload['destroyedId'] : (contact?.id ?? null)
    const isRefused = payload.userErrors.length > 0
    const done = verb === 'create' ? 'CREATED' : payload['isChanged'] === false ? 'UNCHANGED' : 'UPDATED'
    const userErrors = payload.userErrors.map((error) => ({
      ...error,
      field: ['rows', String(index), ...(error['field'] as string[]).slice(verb === 'upsert' ? 1 : 0)],
    }))
    const status: string = payload['status'] ?? (isRefused ? 'FAILED' : done)
    if (status === 'CREATED' && id !== null) world.contacts.push(id)
    results.push({ index, status, id, contact, userErrors })
  }
  return results
}

async function doInBulk(world: World, step: Step, rows: readonly object[], mode: string, now: Date) {
  const { verb } = step
  const name = `bulk${verb.charAt(0).toUpperCase()}${verb.slice(1)}Contacts`
  const payload = await desk.mutate(world.admin, name, { rows, mode, ...optionsOf(step) }, RESULT, now)
  const results = payload['results'] as { status: string; id: string; userErrors: { conflictingId: string | null }[] }[]
  world.contacts.push(...results.flatMap(({ status, id }) => (status === 'CREATED' ? [id] : [])))
  expect(Object.values(payload['summary'] as object).reduce((sum: number, count: number) => sum + count, 0)).toBe(
    rows.length,
  )
  expect(payload.userErrors).toEqual(results.flatMap(({ userErrors }) => userErrors))
  return results
}

test('a bulk mutation does what single ones do, row after row, and refuses what they refuse', async () => {
  let refused = 0
  let done = 0
  const property = fc.asyncProperty(fc.boolean(), STEPS, async (uniqueEmails, steps) => {
    const [singles, bulk] = [await openWorld(uniqueEmails), await openWorld(uniqueEmails)]
    for (const [index, step] of (steps as readonly Step[]).entries()) {
      const { verb } = step
      const rows = rowsOf(step)
      const now = new Date(Date.UTC(2126, 1, index + 1))
      const [before, bulkBefore] = [await stateOf(singles), await stateOf(bulk)]
      const known = bulk.contacts.length
      const inputs = rows.map((row) => inputOf(verb, row, bulk, bulkBefore))
      const expected = await doSingly(
        singles,
        step,
        rows.map((row) => inputOf(verb, row, singles, before)),
        now,
      )
      const isRefused = expected.some(({ status }) => status === 'FAILED')
      if (isRefused) {
        refused++
        const nothing = await doInBulk(bulk, step, inputs, 'ALL_OR_NOTHING', now)
        const statuses = expected.map(({ status }) => (status === 'FAILED' ? 'FAILED' : 'SKIPPED'))
        expect(nothing.map(({ status }) => status)).toEqual(statuses)
        // A record that an earlier row was to make is nobody's: it isn't named.
        const made = new Set(singles.contacts.slice(known))
        const errors = expected.map(({ userErrors }) =>
          (userErrors as { conflictingId: string | null }[]).map((error) =>
            made.has(error.conflictingId ?? '') ? { ...error, conflictingId: null } : error,
          ),
        )
        expect(
          spoken(
            bulk,
            nothing.map(({ userErrors }) => userErrors),
          ),
        ).toEqual(spoken(singles, errors))
        expect(isDeepStrictEqual(await stateOf(bulk), bulkBefore)).toBe(true)
      } else {
        done++
      }
      const results = await doInBulk(bulk, step, inputs, isRefused ? 'PARTIAL' : 'ALL_OR_NOTHING', now)
      expect(spoken(bulk, results)).toEqual(spoken(singles, plain(expected)))
      const [after, bulkAfter] = [await stateOf(singles), await stateOf(bulk)]
      expect(bulkAfter.all).toEqual(after.all)
    }
  })
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true })
  // The steps reach both ways.
  expect(Math.min(refused, done)).toBeGreaterThan(RUNS / 4)
}, 120_000)
