import type { Transaction } from '../database/transaction.js'
import type { TenantSettings } from '../lib/principal.js'
import { refreshSearchIndex } from '../search/search-rows.js'
import { demoCompany } from './companies.js'
import { INFO_TABLES, infoOfCompany, infoOfContact, type DemoInfo } from './contact-info.js'
import { demoContact } from './contacts.js'
import { fieldsOfCompany, fieldsOfContact, type DemoValue } from './custom-fields.js'
import { insertValues } from './field-rows.js'
import { propertyOf, type Insert } from './insert.js'
import type { DemoLists } from './lists.js'
import type { DemoRandom } from './random.js'

/** What a load works with; contacts work for the first `companyCount` companies. */
interface Load {
  readonly tenant: TenantSettings
  readonly random: DemoRandom
  readonly lists: DemoLists
  readonly companyCount: number
  readonly insert: Insert
}

/** Inserts the companies at these places of the sequence, as far as they are new, with contact info and custom values. */
export async function insertCompanies(load: Load, tx: Transaction, places: readonly number[]) {
  const { random, lists } = load
  const companies = places.map((place) => demoCompany(random, place))
  return insertOwners(load, tx, 'COMPANY', companies, fieldsOfCompany, infoOfCompany, {
    industryId: ({ industry }) => industry && lists.industries.get(industry),
    sizeId: ({ size }) => size && lists.sizes.get(size),
    assignedToId: ({ assignedTo }) => (assignedTo === null ? null : lists.workers[assignedTo]),
    externalId: ({ index }) => `demo-company-${index}`,
  })
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
  return insertOwners(load, tx, 'CONTACT', contacts, fieldsOfContact, infoOfContact, {
    firstName: ({ first }) => first?.text,
    middleName: ({ middle }) => middle?.text,
    lastName: ({ last }) => last?.text,
    companyId: ({ company }) => (company && present.has(company.id) ? company.id : null),
    ownerId: ({ owner }) => (owner === null ? null : lists.workers[owner]),
    externalId: ({ index }) => `demo-contact-${index}`,
  })
}

/** Returns how many rows were new: owners, and their contact info. */
async function insertOwners<Owner extends { readonly id: string; readonly index: number; readonly createdAt: Date }>(
  load: Load,
  tx: Transaction,
  type: 'COMPANY' | 'CONTACT',
  owners: readonly Owner[],
  fieldsOf: (random: DemoRandom, owner: Owner) => DemoValue[],
  infoOf: (random: DemoRandom, owner: Owner, uniqueEmails: boolean) => DemoInfo[],
  own: Readonly<Record<string, (owner: Owner) => unknown>>,
) {
  const { tenant, random, insert } = load
  const table = type === 'COMPANY' ? 'companies' : 'contacts'
  const ids = await insert(tx, table, tenant.id, owners, (owner, property) =>
    own[property] ? own[property](owner) : propertyOf(owner, property),
  )
  const added = owners.filter(({ id }) => ids.has(id))
  const fields = added.map((owner) => ({ owner, values: fieldsOf(random, owner) }))
  await insertValues(load, tx, type, fields)
  const info = added.flatMap((owner) => infoOf(random, owner, tenant.uniqueEmails))
  let infoCount = 0
  for (const table of INFO_TABLES) infoCount += await insertInfo(insert, tx, tenant, table, info)
  await refreshSearchIndex(tenant.id, tx, type, [...ids])
  return { owners: ids.size, info: infoCount }
}

async function insertInfo(
  insert: Insert,
  tx: Transaction,
  tenant: TenantSettings,
  table: DemoInfo['table'],
  info: DemoInfo[],
) {
  const rows = info.filter((row) => row.table === table)
  const added = await insert(tx, table, tenant.id, rows, (row, property, column) => {
    if (property === 'updatedAt') return row.createdAt
    // All e-mails of the demo are in small letters, as keys are.
    if (property === 'uniqueKey') return tenant.uniqueEmails ? row.values['email'] : undefined
    return column in row.values ? row.values[column] : propertyOf(row, property)
  })
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
