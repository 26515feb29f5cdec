import type { Transaction } from '../database/transaction.js'
import type { TenantSettings } from '../lib/principal.js'
import { refreshSearchIndex } from '../search/search-rows.js'
import { demoCompany } from './companies.js'
import { INFO_TABLES, infoOfCompany, infoOfContact, type DemoInfo } from './contact-info.js'
import { demoContact } from './contacts.js'
import { fieldsOfCompany, fieldsOfContact, type DemoValue } from './custom-fields.js'
import { insertValues } from './field-rows.js'
import { insertRows } from './insert.js'
import type { DemoLists } from './lists.js'
import type { DemoRandom } from './random.js'

/** What a load works with; contacts work for the first `companyCount` companies. */
interface Load {
  readonly tenant: TenantSettings
  readonly random: DemoRandom
  readonly lists: DemoLists
  readonly companyCount: number
}

/** Inserts the companies at these places of the sequence, as far as they are new, with contact info and custom values. */
export async function insertCompanies(load: Load, tx: Transaction, places: readonly number[]) {
  const { random, lists } = load
  const companies = places.map((place) => demoCompany(random, place))
  const rows = companies.map(
    ({ index, title: _title, country: _country, city: _city, industry, size, assignedTo, ...own }) => ({
      ...own,
      industryId: industry && lists.industries.get(industry),
      sizeId: size && lists.sizes.get(size),
      assignedToId: assignedTo === null ? null : lists.workers[assignedTo],
      externalId: `demo-company-${index}`,
    }),
  )
  return insertOwners(load, tx, 'COMPANY', rows, companies, fieldsOfCompany, infoOfCompany)
}

/** Likewise contacts, who work for their companies as far as the tenant still has them. */
export async function insertContacts(load: Load, tx: Transaction, places: readonly number[]) {
  const { tenant, random, lists, companyCount } = load
  const contacts = places.map((place) => demoContact(random, place, companyCount))
  const companies = await tx.sql<{ id: string }>({
    label: 'demo.presentCompanies',
    text: 'select id from companies where tenant_id = $1 and id = any($2::uuid[])',
    values: [tenant.id, [...new Set(contacts.flatMap(({ company }) => company?.id ?? []))]],
  })
  const present = new Set(companies.map(({ id }) => id))
  const rows = contacts.map(
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
  return insertOwners(load, tx, 'CONTACT', rows, contacts, fieldsOfContact, infoOfContact)
}

/** Returns how many rows were new: owners, and their contact info. */
async function insertOwners<Owner extends { readonly id: string; readonly index: number; readonly createdAt: Date }>(
  { tenant, random, lists }: Load,
  tx: Transaction,
  type: 'COMPANY' | 'CONTACT',
  rows: readonly Readonly<Record<string, unknown>>[],
  owners: readonly Owner[],
  fieldsOf: (random: DemoRandom, owner: Owner) => DemoValue[],
  infoOf: (random: DemoRandom, owner: Owner, uniqueEmails: boolean) => DemoInfo[],
) {
  const ids = await insertRows(tx, type === 'COMPANY' ? 'companies' : 'contacts', tenant.id, rows)
  const added = owners.filter(({ id }) => ids.has(id))
  const fields = added.map((owner) => ({ ...owner, values: fieldsOf(random, owner) }))
  await insertValues(tx, tenant, random, lists.fields, type, fields)
  const info = added.flatMap((owner) => infoOf(random, owner, tenant.uniqueEmails))
  let infoCount = 0
  for (const table of INFO_TABLES) infoCount += await insertInfo(tx, tenant, table, info)
  await refreshSearchIndex(tenant.id, tx, type, [...ids])
  return { owners: ids.size, info: infoCount }
}

async function insertInfo(tx: Transaction, tenant: TenantSettings, table: DemoInfo['table'], info: DemoInfo[]) {
  // All e-mails of the demo are in small letters, as keys are.
  const isKeyed = table === 'email_addresses' && tenant.uniqueEmails
  const own = info.filter((row) => row.table === table)
  const rows = own.map(({ table: _table, values, ...row }) => {
    return { ...row, updatedAt: row.createdAt, ...values, ...(isKeyed && { uniqueKey: values['email'] }) }
  })
  const added = await insertRows(tx, table, tenant.id, rows)
  const refused = rows.filter(({ id }) => !added.has(id)).map(({ entityId }) => entityId)
  if (refused.length === 0) return added.size
  // Of an owner with an e-mail that another record has, none is kept: those left could be without a primary.
  const removed = await tx.sql({
    label: 'demo.incompleteEmails',
    text: 'delete from email_addresses where tenant_id = $1 and entity_id = any($2::uuid[]) returning id',
    values: [tenant.id, refused],
  })
  return added.size - removed.length
}
