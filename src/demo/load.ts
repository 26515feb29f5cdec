import type { Database } from '../database/database.js'
import type { Transaction } from '../database/transaction.js'
import { createTenant, findTenantBySlug } from '../features/tenant/tenant.service.js'
import type { TenantSettings } from '../lib/principal.js'
import { refreshSearchIndex } from '../search/search-rows.js'
import { bulkInsert } from './bulk-insert.js'
import { companyColumns, contactColumns, infoColumns, type DemoLists } from './columns.js'
import { demoCompany } from './companies.js'
import { infoOfCompany, infoOfContact, type DemoInfo } from './contact-info.js'
import { demoContact } from './contacts.js'
import { ensureLists } from './lists.js'
import { createDemoRandom, type DemoRandom } from './random.js'

export interface DemoOptions {
  readonly tenantSlug: string
  /** how many the tenant is to have afterwards, deleted ones and its own included */
  readonly contacts: number
  readonly companies: number
  readonly seed?: string
  readonly onProgress?: (done: number, total: number) => void
}

export interface DemoResult {
  readonly tenantId: string
  readonly addedContacts: number
  readonly addedCompanies: number
  readonly addedContactInfo: number
}

interface Load {
  readonly database: Database
  readonly tenant: TenantSettings
  readonly random: DemoRandom
  readonly lists: DemoLists
  readonly report: (added: number) => void
}

/** Owners a transaction: memory stays bounded, and a load that is killed leaves whole batches. */
const BATCH_SIZE = 2500
const LANES = 2
const TRANSACTION_TIMEOUT_MS = 120_000
const DEFAULT_SEED = 'kith'

/**
 * Fills a tenant up to the wanted numbers; it is made when it is absent. The same seed and tenant give the same rows:
 * each depends on its place in the sequence alone, so a second load goes on where the first one ended.
 */
export async function loadDemo(database: Database, options: DemoOptions): Promise<DemoResult> {
  const { tenantSlug, contacts, companies, seed = DEFAULT_SEED, onProgress = () => undefined } = options
  const tenant = (await findTenantBySlug(database, tenantSlug)) ?? (await createDemoTenant(database, tenantSlug))
  const random = createDemoRandom(`${seed}\n${tenantSlug}`)
  const lists = await ensureLists(database, tenant, random)
  const missing = {
    companies: Math.max(0, companies - (await count(database, tenant, 'companies'))),
    contacts: Math.max(0, contacts - (await count(database, tenant, 'contacts'))),
  }
  const total = missing.companies + missing.contacts
  let done = 0
  const report = (added: number): void => onProgress((done += added), total)
  const load = { database, tenant, random, lists, report }
  onProgress(0, total)
  const first = await fill(load, 'company', missing.companies, (tx, indexes) => insertCompanies(load, tx, indexes))
  const employers = missing.contacts > 0 ? await count(database, tenant, 'companies') : 0
  const second = await fill(load, 'contact', missing.contacts, (tx, indexes) =>
    insertContacts(load, tx, indexes, employers),
  )
  return {
    tenantId: tenant.id,
    addedCompanies: first.owners,
    addedContacts: second.owners,
    addedContactInfo: first.info + second.info,
  }
}

function createDemoTenant(database: Database, slug: string): Promise<TenantSettings> {
  const name = slug.charAt(0).toUpperCase() + slug.slice(1)
  const settings = { slug, name, defaultCountry: 'US', defaultCurrency: 'USD', timeZone: 'America/New_York' }
  return createTenant(database, settings, new Date())
}

async function count(database: Database, tenant: TenantSettings, table: 'contacts' | 'companies'): Promise<number> {
  return database.transaction(tenant.id, 'demo.count', async ({ sql }) => {
    const [row] = await sql<{ total: number }>({
      label: 'demo.count',
      text: `select count(*)::int as total from ${table} where tenant_id = $1`,
      values: [tenant.id],
    })
    return row?.total ?? 0
  })
}

type Added = { readonly owners: number; readonly info: number }

/**
 * Inserts the next `missing` owners of the sequence; places that are taken already are passed over. Two batches are under
 * way at once: one is made while the database stores the other.
 */
async function fill(
  load: Load,
  kind: 'company' | 'contact',
  missing: number,
  insert: (tx: Transaction, indexes: readonly number[]) => Promise<Added>,
): Promise<Added> {
  // A load that was killed may have left out the batches before its last one.
  let index = missing > 0 ? Math.max(0, (await firstFree(load, kind)) - (LANES - 1) * BATCH_SIZE) : 0
  let wanted = missing
  let owners = 0
  let info = 0
  const lane = async (): Promise<void> => {
    while (wanted > 0) {
      const size = Math.min(BATCH_SIZE, wanted)
      const indexes = Array.from({ length: size }, (_, offset) => index + offset)
      index += size
      wanted -= size
      const added = await load.database
        .transaction(load.tenant.id, `demo.${kind}`, (tx) => insert(tx, indexes), { timeoutMs: TRANSACTION_TIMEOUT_MS })
        .catch((error: unknown) => {
          wanted = -Infinity
          throw error
        })
      wanted += size - added.owners
      owners += added.owners
      info += added.info
      load.report(added.owners)
    }
  }
  // A lane that fails stops the other after its batch; nothing runs on behind the caller's back.
  for (const ended of await Promise.allSettled(Array.from({ length: LANES }, lane))) {
    if (ended.status === 'rejected') throw ended.reason
  }
  return { owners, info }
}

/** The first place of the sequence that has no row: doubling, then halving, over the ids that the rows would have. */
async function firstFree({ database, tenant, random }: Load, kind: 'company' | 'contact'): Promise<number> {
  const table = kind === 'company' ? 'companies' : 'contacts'
  const idAt = (index: number): string =>
    kind === 'company' ? demoCompany(random, index).id : demoContact(random, index, 0).id
  return database.transaction(tenant.id, 'demo.firstFree', async ({ sql }) => {
    const isTaken = async (index: number): Promise<boolean> => {
      const statement = { label: 'demo.isTaken', text: `select id from ${table} where tenant_id = $1 and id = $2` }
      return (await sql({ ...statement, values: [tenant.id, idAt(index)] })).length > 0
    }
    let high = 1
    while (await isTaken(high - 1)) high *= 2
    let low = Math.floor(high / 2)
    while (low < high - 1) {
      const middle = Math.floor((low + high) / 2)
      if (await isTaken(middle - 1)) low = middle
      else high = middle
    }
    return low
  })
}

async function insertCompanies(
  { tenant, random, lists }: Load,
  tx: Transaction,
  indexes: readonly number[],
): Promise<Added> {
  const rows = indexes.map((index) => demoCompany(random, index))
  const added = await bulkInsert(tx, 'demo.companies', 'companies', tenant.id, companyColumns(lists), rows)
  const info = rows.filter((row) => added.has(row.id)).flatMap((row) => infoOfCompany(random, row))
  const addedInfo = await insertInfo(tx, tenant, info)
  await refreshSearchIndex(tenant.id, tx, 'COMPANY', [...added])
  return { owners: added.size, info: addedInfo }
}

async function insertContacts(
  { tenant, random, lists }: Load,
  tx: Transaction,
  indexes: readonly number[],
  companyCount: number,
): Promise<Added> {
  const rows = indexes.map((index) => demoContact(random, index, companyCount))
  const wanted = [...new Set(rows.flatMap((row) => (row.company ? [row.company.id] : [])))]
  const present = await tx.sql<{ id: string }>({
    label: 'demo.presentCompanies',
    text: 'select id from companies where tenant_id = $1 and id = any($2::uuid[])',
    values: [tenant.id, wanted],
  })
  const columns = contactColumns(lists, new Set(present.map((row) => row.id)))
  const added = await bulkInsert(tx, 'demo.contacts', 'contacts', tenant.id, columns, rows)
  const info = rows.filter((row) => added.has(row.id)).flatMap((row) => infoOfContact(random, row, tenant.uniqueEmails))
  const addedInfo = await insertInfo(tx, tenant, info)
  await refreshSearchIndex(tenant.id, tx, 'CONTACT', [...added])
  return { owners: added.size, info: addedInfo }
}

async function insertInfo(tx: Transaction, tenant: TenantSettings, rows: readonly DemoInfo[]): Promise<number> {
  let added = 0
  const wanted = tenant.uniqueEmails ? await withoutTakenEmails(tx, tenant, rows) : rows
  for (const table of ['email_addresses', 'phone_numbers', 'addresses', 'social_media_accounts'] as const) {
    const ofTable = wanted.filter((row) => row.table === table)
    const columns = infoColumns(table, tenant.uniqueEmails)
    added += (await bulkInsert(tx, `demo.${table}`, table, tenant.id, columns, ofTable)).size
  }
  return added
}

/** Leaves out all e-mails of an owner of which another record has one: those left could be without a primary. */
async function withoutTakenEmails(
  { sql }: Transaction,
  tenant: TenantSettings,
  rows: readonly DemoInfo[],
): Promise<DemoInfo[]> {
  const emails = rows.filter((row) => row.table === 'email_addresses')
  const taken = await sql<{ unique_key: string }>({
    label: 'demo.takenEmails',
    text: 'select unique_key from email_addresses where tenant_id = $1 and unique_key = any($2::text[])',
    values: [tenant.id, emails.map((row) => row.values['email'])],
  })
  const keys = new Set(taken.map((row) => row.unique_key))
  const owners = new Set(emails.filter((row) => keys.has(String(row.values['email']))).map((row) => row.entityId))
  return rows.filter((row) => row.table !== 'email_addresses' || !owners.has(row.entityId))
}
