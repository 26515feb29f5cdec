import type { Database } from '../database/database.js'
import type { Transaction } from '../database/transaction.js'
import { createTenant, findTenantBySlug } from '../features/tenant/tenant.service.js'
import { capitalized } from '../lib/capitalized.js'
import { ensureLists, findEndOfEarlierLoad } from './lists.js'
import { insertCompanies, insertContacts, type Added } from './owners.js'
import { createDemoRandom } from './random.js'
import { startOfDayMs } from './rows.js'

export interface DemoOptions {
  readonly tenantSlug: string
  /** how many the tenant is to have afterwards, deleted ones and its own included */
  readonly contacts: number
  readonly companies: number
  readonly seed?: string
  /** the clock of the load: the data ends with the day before */
  readonly now: Date
  readonly onProgress?: (done: number, total: number) => void
}

type InsertBatch = (tx: Transaction, places: number[]) => Promise<Added>

/** What is left to insert: how many, and the place of the sequence where that begins. */
interface Left {
  readonly missing: number
  readonly start: number
}

/** Owners a transaction: memory stays bounded, and a load that is killed leaves whole batches. */
const BATCH_SIZE = 2500
const LANES = 2
/** Contacts of the first steps, each with the companies that they work for: lists show something within a second. */
const FIRST_STEPS = [250, 2500]
const TRANSACTION_TIMEOUT_MS = 600_000
const SETTINGS = { defaultCountry: 'US', defaultCurrency: 'USD', timeZone: 'America/New_York' }

/**
 * Fills a tenant up to the wanted numbers; it is made when it is absent. Returns its id and the numbers of new rows.
 * The same seed, tenant and day of `now` give the same rows: each depends on its place in the sequence and the end of
 * the data alone. A few contacts come first, with their companies, then all companies, then all contacts: whoever reads
 * meanwhile finds whole records. A second load goes on where the first one stopped, and its data ends when that of the first one does:
 * else its companies would have other ids than those for which contacts work.
 */
export async function loadDemo(database: Database, options: DemoOptions) {
  const { tenantSlug: slug, seed = 'kith', now, onProgress = () => undefined } = options
  const name = capitalized(slug)
  const tenant =
    (await findTenantBySlug(database, slug)) ?? (await createTenant(database, { slug, name, ...SETTINGS }, now))
  const ofToday = createDemoRandom(`${seed}\n${slug}`, startOfDayMs(now.getTime()))
  const endMs = await findEndOfEarlierLoad(database, tenant, ofToday)
  const random = endMs === null ? ofToday : createDemoRandom(`${seed}\n${slug}`, endMs)
  const load = { tenant, random, lists: await ensureLists(database, tenant, random) }
  const companies = await countRecords(database, tenant.id, 'companies', options.companies)
  const contacts = await countRecords(database, tenant.id, 'contacts', options.contacts)
  const employers = companies.total + companies.missing
  let done = 0
  const report = (added: number): void => onProgress((done += added), companies.missing + contacts.missing)
  report(0)
  const fill = (from: Left, insert: InsertBatch) =>
    insertBatches(from, report, (places) =>
      database.transaction(tenant.id, 'demo.batch', (tx) => insert(tx, places), { timeoutMs: TRANSACTION_TIMEOUT_MS }),
    )
  const sum = { companies: 0, contacts: 0, info: 0 }
  let left: { readonly companies: Left; readonly contacts: Left } = { companies, contacts }
  for (const step of [...FIRST_STEPS, Infinity]) {
    const now = nextStep(left, step)
    const first = await fill(now.companies, (tx, places) => insertCompanies(load, tx, places))
    const second = await fill(now.contacts, (tx, places) => insertContacts(load, tx, places, employers))
    left = { companies: leftOf(left.companies, first), contacts: leftOf(left.contacts, second) }
    sum.companies += first.owners
    sum.contacts += second.owners
    sum.info += first.info + second.info
  }
  return {
    tenantId: tenant.id,
    addedCompanies: sum.companies,
    addedContacts: sum.contacts,
    addedContactInfo: sum.info,
  }
}

/** So many contacts of what is left, and the companies that they work for: a contact's has no later place than its own. */
function nextStep({ companies, contacts }: { readonly companies: Left; readonly contacts: Left }, size: number) {
  const count = Math.min(contacts.missing, size)
  const employers = size === Infinity ? Infinity : Math.max(0, contacts.start + count - companies.start)
  return {
    companies: { ...companies, missing: Math.min(companies.missing, employers) },
    contacts: { ...contacts, missing: count },
  }
}

function leftOf({ missing }: Left, { owners, next }: { readonly owners: number; readonly next: number }): Left {
  return { missing: missing - owners, start: next }
}

/**
 * How many records the tenant has, how many are missing, and the place of the sequence where a load goes on: behind the
 * last one that is there. Where some before it aren't (destroyed, or left out by a load that was killed), it goes back
 * by what may have been under way.
 */
async function countRecords(database: Database, tenantId: string, table: 'contacts' | 'companies', wanted: number) {
  return database.transaction(tenantId, 'demo.count', async ({ sql }) => {
    const [row] = await sql<{ total: number; loaded: number; next: number }>({
      label: 'demo.count',
      text: `select count(*)::int as total, count(place)::int as loaded, coalesce(max(place) + 1, 0) as next
        from (select substring(external_id from '^demo-[a-z]+-([0-9]{1,9})$')::int as place
          from ${table} where tenant_id = $1) as record`,
      values: [tenantId],
    })
    const { total, loaded, next } = row ?? { total: 0, loaded: 0, next: 0 }
    const start = loaded === next ? next : Math.max(0, loaded - (LANES - 1) * BATCH_SIZE)
    return { total, missing: Math.max(0, wanted - total), start }
  })
}

/**
 * Inserts the next `missing` owners of the sequence; places that are taken already are passed over. Two batches are
 * under way at once: one is made while the database stores the other. Returns also the place behind the last one.
 */
async function insertBatches(
  { missing, start }: Left,
  report: (added: number) => void,
  insert: (places: number[]) => Promise<Added>,
): Promise<Added & { readonly next: number }> {
  let [next, wanted, owners, info] = [start, missing, 0, 0]
  const lane = async (): Promise<void> => {
    while (wanted > 0) {
      const size = Math.min(BATCH_SIZE, wanted)
      const places = Array.from({ length: size }, (_, offset) => next + offset)
      next += size
      wanted -= size
      const added = await insert(places).catch((error: unknown) => {
        wanted = -Infinity
        throw error
      })
      wanted += size - added.owners
      owners += added.owners
      info += added.info
      report(added.owners)
    }
  }
  // A lane that fails stops the other after its batch; nothing runs on behind the caller's back.
  for (const ended of await Promise.allSettled(Array.from({ length: LANES }, lane))) {
    if (ended.status === 'rejected') throw ended.reason
  }
  return { owners, info, next }
}
