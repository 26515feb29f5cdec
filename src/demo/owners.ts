import type { Transaction } from '../database/transaction.js'
import type { TenantSettings } from '../lib/principal.js'
import { refreshSearchIndex } from '../search/search-rows.js'
import { demoCompany } from './companies.js'
import { INFO_TABLES, infoOfCompany, infoOfContact, type DemoInfo } from './contact-info.js'
import { demoContact } from './contacts.js'
import { fieldsOfCompany, fieldsOfContact } from './custom-fields.js'
import { insertValues } from './field-rows.js'
import { insertRows } from './insert.js'
import type { DemoLists } from './lists.js'
import type { DemoRandom } from './random.js'

/** What a load works with. */
export interface Load {
  readonly tenant: TenantSettings
  readonly random: DemoRandom
  readonly lists: DemoLists
}

/** How many rows were new: companies or contacts, and their contact info. */
export type Added = Awaited<ReturnType<typeof insertInfo>>

/** Inserts the companies at these places of the sequence, as far as they are new, with contact info and custom values. */
export async function insertCompanies(load: Load, tx: Transaction, places: number[]) {
  const { tenant, random, lists } = load
  const companies = places.map((place) => demoCompany(random, place))
  const columns = companies.map(
    ({ index, title: _title, country: _country, city: _city, industry, size, assignedTo, ...own }) => ({
      ...own,
      industryId: industry && lists.industries.get(industry),
      sizeId: size && lists.sizes.get(size),
      assignedToId: assignedTo === null ? null : lists.workers[assignedTo],
      externalId: `demo-company-${index}`,
    }),
  )
  const added = await insertRows(tx, 'companies', tenant.id, columns)
  const fresh = companies.filter(({ id }) => added.has(id))
  const owners = fresh.map((company) => ({ ...company, values: fieldsOfCompany(random, company) }))
  await insertValues(tx, tenant, random, lists.fields, 'COMPANY', owners)
  const info = fresh.flatMap((company) => infoOfCompany(random, company))
  return insertInfo(load, tx, 'COMPANY', added, info)
}

/** Likewise contacts, who work for the first `companyCount` companies as far as the tenant still has them. */
export async function insertContacts(load: Load, tx: Transaction, places: number[], companyCount: number) {
  const { tenant, random, lists } = load
  const contacts = places.map((place) => demoContact(random, place, companyCount))
  const companies = await tx.sql<{ id: string }>({
    label: 'demo.presentCompanies',
    text: 'select id from companies where tenant_id = $1 and id = any($2::uuid[])',
    values: [tenant.id, [...new Set(contacts.flatMap(({ company }) => company?.id ?? []))]],
  })
  const present = new Set(companies.map(({ id }) => id))
  const columns = contacts.map(
    ({ index, first, middle, last, country: _country, city: _city, company, owner, ...own }) => ({
      ...own,
      firstName: first?.text,
      middleName: middle?.text,
      lastName: last?.text,
      companyId: company && present.has(company.id) ? company.id : null,
      ownerId: owner === null ? null : lists.workers[owner],
      externalId: `demo-contact-${index}`,
    }),
  )
  const added = await insertRows(tx, 'contacts', tenant.id, columns)
  const fresh = contacts.filter(({ id }) => added.has(id))
  const owners = fresh.map((contact) => ({ ...contact, values: fieldsOfContact(random, contact) }))
  await insertValues(tx, tenant, random, lists.fields, 'CONTACT', owners)
  const info = fresh.flatMap((contact) => infoOfContact(random, contact, tenant.uniqueEmails))
  return insertInfo(load, tx, 'CONTACT', added, info)
}

async function insertInfo(
  { tenant }: Load,
  tx: Transaction,
  type: 'COMPANY' | 'CONTACT',
  ids: Set<string>,
  info: DemoInfo[],
) {
  const free = tenant.uniqueEmails ? await withoutTakenEmails(tx, tenant.id, info) : info
  let added = 0
  for (const table of INFO_TABLES) {
    // All e-mails of the demo are in small letters, as keys are.
    const isKeyed = table === 'email_addresses' && tenant.uniqueEmails
    const columns = free
      .filter((row) => row.table === table)
      .map(({ table: _table, values, ...row }) => {
        return { ...row, updatedAt: row.createdAt, ...values, ...(isKeyed && { uniqueKey: values['email'] }) }
      })
    added += (await insertRows(tx, table, tenant.id, columns)).size
  }
  await refreshSearchIndex(tenant.id, tx, type, [...ids])
  return { owners: ids.size, info: added }
}

/** Leaves out all e-mails of an owner of which another record has one: those left could be without a primary. */
async function withoutTakenEmails(tx: Transaction, tenantId: string, info: readonly DemoInfo[]): Promise<DemoInfo[]> {
  const emails = info.filter(({ table }) => table === 'email_addresses')
  const taken = await tx.sql<{ unique_key: string }>({
    label: 'demo.takenEmails',
    text: 'select unique_key from email_addresses where tenant_id = $1 and unique_key = any($2::text[])',
    values: [tenantId, emails.map(({ values }) => values['email'])],
  })
  const keys = new Set(taken.map((row) => row.unique_key))
  const owners = new Set(emails.filter(({ values }) => keys.has(String(values['email']))).map((row) => row.entityId))
  return info.filter((row) => row.table !== 'email_addresses' || !owners.has(row.entityId))
}
