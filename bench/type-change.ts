import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openEmbeddedServer } from '../src/database/embedded/server.js'
import { findTenantBySlug } from '../src/features/tenant/tenant.service.js'
import type { Principal } from '../src/lib/principal.js'
import { createTestApi, type TestApi } from '../test/support/api.js'
import { preparePlansDatabase } from '../test/whole/plans/plans-database.js'
import { plansSpec } from '../test/whole/plans/plans-spec.js'
import { readOptions } from './load/checkouts.js'

// How long others wait while a custom field of 200,000 values changes its type: a client that reads and one that writes values of
// that field, before the change and until it has ended. In process, over a copy of the database for plans.

const DEFAULT_CONTACTS = 200_000
const COPY = 'kith_type_change'
const QUIET_MS = 15_000
const PAUSE_MS = 10
const PROMISE_MS = 200
const TELL_MS = 30_000
const FIELD = 'plan_note'
const READ = `{ contacts(first: 50, filter: { customFields: [{ key: "plan_tenth", option: { eq: "tenth_3" } }] }) {
  nodes { id fullName customField(key: "${FIELD}") { value } } } }`
const PLAN = `mutation ($input: PlanCustomFieldChangeInput!) {
  planCustomFieldChange(input: $input) { plan { total planHash } userErrors { code message } } }`
const APPLY = `mutation ($input: ApplyCustomFieldChangeInput!) {
  applyCustomFieldChange(input: $input) { userErrors { code message } } }`
const WRITE = `mutation ($input: UpdateContactInput!) { updateContact(input: $input) { userErrors { code message } } }`

/** Prints how long reads and writes took before the change and during it. */
export async function run(): Promise<void> {
  const { contacts = DEFAULT_CONTACTS } = readOptions(process.argv.slice(3))
  const dataDir = await preparePlansDatabase(plansSpec(contacts), (line) => console.error(line))
  const server = await openEmbeddedServer({ dataDir })
  const admin = new pg.Client({ connectionString: server.urls.admin })
  await admin.connect()
  try {
    await admin.query(`drop database if exists ${COPY} with (force)`)
    await admin.query(`create database ${COPY} template kith owner kith_owner strategy file_copy`)
    await measure(createTestApi(Object.assign(new URL(server.urls.app), { pathname: `/${COPY}` }).href))
  } finally {
    await admin.query(`drop database if exists ${COPY} with (force)`)
    await admin.end()
    await server.stop()
  }
}

async function measure(api: TestApi): Promise<void> {
  const tenant = await findTenantBySlug(api.database, 'large')
  if (!tenant) throw new Error('There is no tenant large.')
  const admin: Principal = { tenant, userId: null, role: 'ADMIN' }
  const ask = async (query: string, variables = {}) => {
    const { data, errors } = await api.run(admin, query, variables)
    const refused = Object.values(data ?? {}).flatMap((payload) => (payload as { userErrors?: object[] } | null)?.userErrors ?? [])
    if (!data || errors || refused.length > 0) throw new Error(JSON.stringify(errors ?? refused))
    return data
  }
  const { customFieldDefinitions } = await ask('{ customFieldDefinitions(entityType: CONTACT) { id key } }')
  const { id } = (customFieldDefinitions as { id: string; key: string }[]).find(({ key }) => key === FIELD) ?? { id: '' }
  const { contacts } = await ask('{ contacts(first: 200) { nodes { id } } }')
  const ids = (contacts.nodes as { id: string }[]).map((contact) => contact.id)
  let turn = 0
  const write = () =>
    ask(WRITE, { input: { id: ids[turn++ % ids.length], customFields: [{ key: FIELD, text: `note ${turn}` }] } })
  // Compiled, and everything in memory.
  for (let count = 0; count < 200; count++) await Promise.all([ask(READ), write()])
  const quiet = await waitsUntil(sleep(QUIET_MS), () => ask(READ), write)
  const input = { id, type: 'TEXTAREA' }
  // A machine that is busy with more takes longer for a plan than a request may.
  const { planCustomFieldChange: planned } = await again(5, () => ask(PLAN, { input }))
  await ask(APPLY, { input: { ...input, planHash: planned.plan.planHash } })
  const startedAtMs = performance.now()
  const changed = await waitsUntil(untilDone(ask, id), () => ask(READ), write, (waits) =>
    console.error(`${((performance.now() - startedAtMs) / 1000).toFixed(0)} s\n${tableOf({ ...of('before', quiet), ...of('so far', waits) })}`),
  )
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0)
  await api.close()
  console.log(`${planned.plan.total} values changed in ${seconds} s, beside a reader and a writer of the field (ms; promised: ${PROMISE_MS} at most).\n`)
  console.log(tableOf({ ...of('before', quiet), ...of('during it', changed) }))
} // prettier-ignore

async function again<Result>(times: number, work: () => Promise<Result>): Promise<Result> {
  return times <= 1 ? work() : work().catch(() => again(times - 1, work))
}

interface Waits {
  readonly reads: number[]
  readonly writes: number[]
}

const of = (when: string, { reads, writes }: Waits) => ({ [`reads ${when}`]: reads, [`writes ${when}`]: writes })

function tableOf(figures: Readonly<Record<string, readonly number[]>>): string {
  const rows = Object.entries(figures).map(([name, waits]) => {
    const sorted = [...waits].sort((a, b) => a - b)
    const at = (share: number): string => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(0)
    const late = sorted.filter((ms) => ms > PROMISE_MS).length
    return `| ${name} | ${sorted.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${late} |`
  })
  return ['| | requests | p50 | p99 | longest | over the promise |', '| --- | ---: | ---: | ---: | ---: | ---: |', ...rows].join('\n')
} // prettier-ignore

/** Until the field has been changed. */
async function untilDone(ask: (query: string) => Promise<Record<string, unknown>>, id: string): Promise<void> {
  for (;;) {
    const { customFieldDefinitions } = await ask('{ customFieldDefinitions(entityType: CONTACT, includeArchived: true) { id change { state } } }')
    const field = (customFieldDefinitions as { id: string; change: { state: string } | null }[]).find((each) => each.id === id)
    if (field?.change?.state !== 'RUNNING') return
    await sleep(500)
  }
} // prettier-ignore

/** How long reads and writes took, one after the other of each, until something has ended. */
async function waitsUntil(
  end: Promise<unknown>,
  read: () => Promise<unknown>,
  write: () => Promise<unknown>,
  tell: (waits: Waits) => void = () => undefined,
): Promise<Waits> {
  let isOver = false
  const waits: Waits = { reads: [], writes: [] }
  const telling = setInterval(() => tell(waits), TELL_MS)
  const repeat = async (work: () => Promise<unknown>, durationsMs: number[]): Promise<void> => {
    while (!isOver) {
      const startedAtMs = performance.now()
      await work()
      durationsMs.push(performance.now() - startedAtMs)
      await sleep(PAUSE_MS)
    }
  }
  const ended = end.finally(() => (isOver = true))
  await Promise.all([repeat(read, waits.reads), repeat(write, waits.writes), ended]).finally(() =>
    clearInterval(telling),
  )
  return waits
}
