import type { Database } from '../database/database.js'
import type { Transaction } from '../database/transaction.js'
import { createTenant, findTenantBySlug } from '../features/tenant/tenant.service.js'
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

/** Owners a transaction: memory stays bounded, and a load that is killed leaves whole batches. */
const BATCH_SIZE = 2500
const LANES = 2
const TRANSACTION_TIMEOUT_MS = 600_000
const SETTINGS = { defaultCountry: 'US', defaultCurrency: 'USD', timeZone: 'America/New_York' }

/**
 * Fills a tenant up to the wanted numbers; it is made when it is absent. Returns its id and the numbers of new rows.
 * The same seed, tenant and day of `now` give the same rows: each depends on its place in the sequence and the end of
 * the data alone. A second load goes on where the first one stopped, and its data ends when that of the first one does:
 * else its companies would have other ids than those for which contacts work.
 */
export async function loadDemo(database: Database, options: DemoOptions) {
  const { tenantSlug: slug, seed = 'kith', now, onProgress = () => undefined } = options
  const name = slug.charAt(0).toUpperCase() + slug.slice(1)
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
  const fill = (from: typeof companies, insert: InsertBatch): Promise<Added> =>
    insertBatches(from, report, (places) =>
      database.transaction(tenant.id, 'demo.batch', (tx) => insert(tx, places), { timeoutMs: TRANSACTION_TIMEOUT_MS }),
    )
  const first = await fill(companies, (tx, places) => insertCompanies(load, tx, places))
  const second = await fill(contacts, (tx, places) => insertContacts(load, tx, places, employers))
  return {
    tenantId: tenant.id,
    addedCompanies: first.owners,
    addedContacts: second.owners,
    addedContactInfo: first.info + second.info,
  }
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
 * under way at once: one is made while the database stores the other.
 */
async function insertBatches(
  { missing, start }: { readonly missing: number; readonly start: number },
  report: (added: number) => void,
  insert: (places: number[]) => Promise<Added>,
): Promise<Added> {
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
  return { owners, info }
}
