import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Principal } from '../../../src/lib/principal.js'
import { testSeed } from '../../setup/test-run.js'
import { openDesk, openTenant, type Desk } from '../../support/desk.js'
import type { TestTenant } from '../../support/records.js'
import { createField } from '../custom-field/support/fields.js'
import { doJobs, makeContacts, previewContacts, startContacts, undo } from './bulk-desk.js'

const SEED = testSeed()
const RUNS = 5
const CONTACTS = 5

let desk: Desk

beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

// Few values, so that filters find some of the contacts, and changes find them as they are to be.
const TITLES = ['Ops', 'Dev', null]
const filter = fc.oneof(
  fc.constant({}),
  fc.constantFrom(...TITLES).map((value) => ({ jobTitle: value === null ? { isNull: true } : { eq: value } })),
  fc.constantFrom('one', 'two').map((value) => ({ customFields: [{ key: 'code', text: { eq: value } }] })),
  fc.constant({ emailAddresses: { some: { optedOutAt: { isNull: true } } } }),
)
const patch = fc.oneof(
  fc.constantFrom(...TITLES).map((jobTitle) => ({ jobTitle })),
  fc.constantFrom('x', null).map((department) => ({ department, emailOptIn: department === null })),
  fc.constantFrom('one', 'two', 'no', null).map((text) => ({ customFields: [{ key: 'code', text }] })),
)
const step = fc.record({
  filter,
  what: fc.oneof(
    patch.map((update) => ({ action: 'UPDATE', update })),
    fc.constantFrom(true, false).map((hasOwner) => ({ action: 'SET_OWNER', hasOwner })),
    fc.constant({ action: 'OPT_OUT' }),
    fc.constant({ action: 'DELETE' }),
    fc.constant({ action: 'RESTORE' }),
  ),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

interface World {
  readonly tenant: TestTenant
  readonly admin: Principal
  readonly ids: readonly string[]
}

async function openWorld(): Promise<World> {
  const { tenant, admin } = await openTenant(desk)
  await createField(desk, admin, { key: 'code', constraints: { pattern: 'one|two' } })
  const ids = await makeContacts(desk, admin, CONTACTS, (index) => ({
    ...{ jobTitle: TITLES[index % 3], emailOptIn: true, callOptIn: index === 0 },
    ...(index < 3 ? { emailAddresses: [{ email: `a${index}@example.com` }, { email: `b${index}@example.com` }] } : {}),
    ...(index > 1 ? { customFields: [{ key: 'code', text: index === 2 ? 'one' : 'two' }] } : {}),
  }))
  return { tenant, admin, ids }
}

const STATE = `query ($ids: [ID!]!) { nodes(ids: $ids, deleted: INCLUDE) { ... on Contact { version deletedAt jobTitle department
  emailOptIn smsOptIn callOptIn owner { role } emailAddresses { email isPrimary optedOutAt } customFields { key value } } } }`

interface State {
  readonly version: number
  readonly deletedAt: string | null
  readonly emailAddresses: readonly { readonly optedOutAt: string | null }[]
}

/** The contacts as they are, moments as whether there is one. */
async function stateOf({ admin, ids }: World): Promise<State[]> {
  const { nodes } = await desk.ask(admin, STATE, { ids })
  const text = JSON.stringify(nodes, (key, value: unknown) => (/At$/.test(key) && value !== null ? 'then' : value))
  return JSON.parse(text) as State[]
}

const withoutVersion = (states: readonly State[]) => states.map(({ version: _, ...rest }) => rest)

function changeOf({ filter, what }: Step, { tenant }: World): Record<string, unknown> {
  const { action, update } = what as { action: string; update?: object }
  const owner = 'hasOwner' in what && what.hasOwner ? { ownerId: tenant.users.MEMBER } : {}
  return { action, filter, ...(update ? { update } : {}), ...(action === 'SET_OWNER' ? owner : {}) }
}

/** What the change does, by single mutations of what the list with its filter has. */
async function byHand({ filter, what }: Step, world: World): Promise<void> {
  const { admin, tenant } = world
  const { action } = what
  const query = `query ($filter: ContactFilter, $deleted: DeletedRecords!) {
    contacts(first: 200, filter: $filter, deleted: $deleted) { nodes { id emailAddresses { id optedOutAt } } } }`
  const deleted = action === 'RESTORE' ? 'ONLY' : 'EXCLUDE'
  const { contacts } = await desk.ask(admin, query, { filter, deleted })
  const nodes = contacts.nodes as { id: string; emailAddresses: { id: string; optedOutAt: string | null }[] }[]
  for (const { id, emailAddresses } of nodes) {
    if (action === 'DELETE' || action === 'RESTORE') {
      await desk.mutate(admin, `${action.toLowerCase()}Contact`, { id })
    } else if (action === 'OPT_OUT') {
      const moment = new Date().toISOString()
      const open = emailAddresses.filter(({ optedOutAt }) => optedOutAt === null)
      const update = open.map((email) => ({ id: email.id, optedOutAt: moment }))
      const optIns = { emailOptIn: false, smsOptIn: false, callOptIn: false }
      await desk.mutate(admin, 'updateContact', { id, ...optIns, emailAddresses: { update } })
    } else if ('update' in what) {
      await desk.mutate(admin, 'updateContact', { id, ...what.update })
    } else {
      await desk.mutate(admin, 'updateContact', {
        id,
        ownerId: 'hasOwner' in what && what.hasOwner ? tenant.users.MEMBER : null,
      })
    }
  }
}

test(`changes by a filter do what the same single mutations do, and undo brings back what was (seed ${SEED})`, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
    const [one, other] = [await openWorld(), await openWorld()]
    for (const each of steps) {
      const change = changeOf(each, one)
      const before = await stateOf(one)
      if ((await previewContacts(desk, one.admin, change)).total > 0) {
        const id = await startContacts(desk, one.admin, change)
        await doJobs(desk)
        const after = await stateOf(one)
        await undo(desk, one.admin, id)
        expect(withoutVersion(await stateOf(one))).toEqual(withoutVersion(before))
        await startContacts(desk, one.admin, change)
        await doJobs(desk)
        expect(withoutVersion(await stateOf(one))).toEqual(withoutVersion(after))
      }
      await byHand(each, other)
      expect(withoutVersion(await stateOf(one))).toEqual(withoutVersion(await stateOf(other)))
    }
    expect(desk.api.faults).toEqual([])
  })
  await fc.assert(property, { numRuns: RUNS, seed: SEED })
})
