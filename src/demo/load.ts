import type { Database } from '../database/database.js'
import { createTenant, findTenantBySlug } from '../features/tenant/tenant.service.js'
import { capitalized } from '../lib/capitalized.js'
import { createInsert } from './insert.js'
import { ensureLists, findEndOfEarlierLoad } from './lists.js'
import { insertCompanies, insertContacts } from './owners.js'
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

/** What is left to insert: how many, and the next place of the sequence. */
type Left = Awaited<ReturnType<typeof countLeft>>

/**
 * Owners a transaction: memory stays bounded, and a load that is killed leaves whole batches. 20,000 are 250 and twelve of one
 * size, so that both lanes end together.
 */
const BATCH_SIZE = 1650
/** Contacts of the first steps, each with the companies that they work for: lists show something within a second. */
const FIRST_STEPS = [250, BATCH_SIZE]
const TRANSACTION = { timeoutMs: 600_000 }
const SETTINGS = { defaultCountry: 'US', defaultCurrency: 'USD', timeZone: 'America/New_York' }

/**
 * Fills a tenant up to the wanted numbers; it is made when it is absent. Returns its id and the numbers of new rows.
 * The same seed, tenant and day of `now` give the same rows: each depends on its place in the sequence and the end of
 * the data alone. A few contacts come first, with their companies, then all companies, then all contacts: whoever reads
 * meanwhile finds whole records. A second load goes on where the first one stopped, and its data ends when that of the first one does:
 * else its companies would have other ids than those for which contacts work.
 */
export async function loadDemo(database: Database, options: DemoOptions) {
  const { tenantSlug: slug, seed = 'kith', now } = options
  const settings = { slug, name: capitalized(slug), ...SETTINGS }
  const tenant = (await findTenantBySlug(database, slug)) ?? (await createTenant(database, settings, now))
  const ofToday = createDemoRandom(`${seed}\n${slug}`, startOfDayMs(now.getTime()))
  const endMs = await findEndOfEarlierLoad(database, tenant, ofToday)
  const random = endMs === null ? ofToday : createDemoRandom(`${seed}\n${slug}`, endMs)
  const companies = await countLeft(database, tenant.id, 'companies', options.companies)
  const contacts = await countLeft(database, tenant.id, 'contacts', options.contacts)
  const insert = createInsert()
  const lists = await ensureLists(database, insert, tenant, random)
  const load = { tenant, random, lists, insert, companyCount: companies.total + companies.missing }
  const missing = { companies: companies.missing, contacts: contacts.missing }
  let [done, addedContactInfo] = [0, 0]
  const report = (owners: number): void => options.onProgress?.((done += owners), missing.companies + missing.contacts)
  const fill = (left: Left, limit: number, insertOwners: typeof insertCompanies) =>
    insertNext(left, limit, async (places) => {
      const added = await database.transaction(
        tenant.id,
        'demo.batch',
        (tx) => insertOwners(load, tx, places),
        TRANSACTION,
      )
      addedContactInfo += added.info
      report(added.owners)
      return added.owners
    })
  report(0)
  for (const step of FIRST_STEPS) {
    // A contact's company has no later place than the contact itself.
    await fill(companies, contacts.next + Math.min(step, contacts.missing) - companies.next, insertCompanies)
    await fill(contacts, step, insertContacts)
  }
  await fill(companies, Infinity, insertCompanies)
  await fill(contacts, Infinity, insertContacts)
  return {
    tenantId: tenant.id,
    addedCompanies: missing.companies - companies.missing,
    addedContacts: missing.contacts - contacts.missing,
    addedContactInfo,
  }
}

/** How many records the tenant has, how many are missing, and the first place of the sequence that is free. */
async function countLeft(database: Database, tenantId: string, table: 'contacts' | 'companies', wanted: number) {
  return database.transaction(tenantId, 'demo.count', async ({ sql }) => {
    const [row] = await sql<{ total: number; next: number }>({
      label: 'demo.count',
      text: `with taken as (select substring(external_id from '^demo-[a-z]+-([0-9]{1,9})$')::int as place
          from ${table} where tenant_id = $1), records as (select count(*)::int as total from taken)
        select total, (select min(place) from (select generate_series(0, total) as place
          except select place from taken) as free) as next from records`,
      values: [tenantId],
    })
    const { total, next } = row ?? { total: 0, next: 0 }
    return { total, missing: Math.max(0, wanted - total), next }
  })
}

/**
 * Inserts missing owners, `limit` at most; places that are taken already are passed over. Two batches are under way at
 * once: one is made while the database stores the other.
 */
async function insertNext(left: Left, limit: number, insert: (places: number[]) => Promise<number>): Promise<void> {
  let wanted = Math.min(limit, left.missing)
  const lane = async (): Promise<void> => {
    while (wanted > 0) {
      const places = Array.from({ length: Math.min(BATCH_SIZE, wanted) }, () => left.next++)
      wanted -= places.length
      const added = await insert(places)
      wanted += places.length - added
      left.missing -= added
    }
  }
  const stop = (error: unknown): never => {
    wanted = -Infinity
    throw error
  }
  // A lane that fails stops the other after its batch; nothing runs on behind the caller's back.
  const lanes = [lane().catch(stop), lane().catch(stop)]
  await Promise.allSettled(lanes)
  await Promise.all(lanes)
}
