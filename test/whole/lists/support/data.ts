import { randomUUID } from 'node:crypto'
import { removeInvisible } from '../../../../src/lib/value/invisible.js'
import type { Principal } from '../../../../src/lib/principal.js'
import type { Desk } from '../../../support/desk.js'
import { createModel, readerOf, type DataSet, type Model, type Row } from './model.js'
import type { RecordName } from './schema.js'

/** How a kind of row is stored: its table, and the columns beside tenant and id with their types. */
interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, string>>
}

const MOMENTS = { createdAt: 'timestamptz', updatedAt: 'timestamptz' }
const OWNER = { ...MOMENTS, entityType: 'text', entityId: 'uuid', isPrimary: 'boolean', position: 'int' }

const TABLES: Readonly<Record<RecordName, Table>> = {
  User: {
    name: 'users',
    columns: { ...MOMENTS, email: 'text', name: 'text', role: 'text', deactivatedAt: 'timestamptz' },
  },
  Industry: { name: 'industries', columns: { ...MOMENTS, name: 'text', position: 'int' } },
  CompanySize: {
    name: 'company_sizes',
    columns: { ...MOMENTS, name: 'text', position: 'int', minEmployees: 'int', maxEmployees: 'int' },
  },
  Company: {
    name: 'companies',
    columns: {
      ...MOMENTS,
      name: 'text',
      legalName: 'text',
      domain: 'text',
      website: 'text',
      industryId: 'uuid',
      sizeId: 'uuid',
      employeeCount: 'int',
      annualRevenue: 'numeric',
      annualRevenueCurrency: 'text',
      foundedYear: 'int',
      leadScore: 'int',
      status: 'text',
      priority: 'text',
      assignedToId: 'uuid',
      lastContactedAt: 'timestamptz',
      nextFollowUpAt: 'timestamptz',
      notes: 'text',
      externalId: 'text',
      version: 'int',
      deletedAt: 'timestamptz',
    },
  },
  Contact: {
    name: 'contacts',
    columns: {
      ...MOMENTS,
      firstName: 'text',
      middleName: 'text',
      lastName: 'text',
      jobTitle: 'text',
      department: 'text',
      companyId: 'uuid',
      ownerId: 'uuid',
      emailOptIn: 'boolean',
      smsOptIn: 'boolean',
      callOptIn: 'boolean',
      birthDate: 'date',
      notes: 'text',
      externalId: 'text',
      version: 'int',
      deletedAt: 'timestamptz',
    },
  },
  EmailAddress: {
    name: 'email_addresses',
    columns: { ...OWNER, type: 'text', email: 'text', emailDomain: 'text', optedOutAt: 'timestamptz' },
  },
  PhoneNumber: { name: 'phone_numbers', columns: { ...OWNER, type: 'text', number: 'text', numberE164: 'text' } },
  Address: { name: 'addresses', columns: { ...OWNER, type: 'text', city: 'text', region: 'text', country: 'text' } },
  SocialMediaAccount: { name: 'social_media_accounts', columns: { ...OWNER, platform: 'text', handle: 'text' } },
}

/** Runs SQL as the superuser. */
export type Sql = (...args: Parameters<Desk['sql']>) => ReturnType<Desk['sql']>

/** The superuser's one connection for several lanes: statements wait for each other. */
export function inTurn(desk: Desk): Sql {
  let last: Promise<unknown> = Promise.resolve()
  return (text, values) => {
    const next = last.then(() => desk.sql(text, values))
    last = next.catch(() => undefined)
    return next
  }
}

const ORDER = Object.keys(TABLES) as RecordName[]
const COUNTRY = 'US'

/**
 * Makes a fresh tenant with the rows of a data set, as the superuser; its first user may then read, or a program
 * without any.
 */
export async function insertDataSet(sql: Sql, { rows, zone }: DataSet): Promise<Principal> {
  const id = randomUUID()
  const tenant = {
    id,
    slug: `t-${id}`,
    name: 'Test tenant',
    defaultCountry: COUNTRY,
    defaultCurrency: 'USD',
    timeZone: zone,
    uniqueEmails: false,
  }
  await sql(
    `insert into tenants (id, created_at, updated_at, slug, name, default_country, default_currency, time_zone)
      values ($1, now(), now(), $2, $3, $4, $5, $6)`,
    [id, tenant.slug, tenant.name, tenant.defaultCountry, tenant.defaultCurrency, zone],
  )
  for (const kind of ORDER) await insertRows(sql, id, kind, rows[kind])
  return { tenant, userId: readerOf({ rows }), role: 'ADMIN' }
}

/** Inserts rows of one kind into a tenant: one statement. */
export async function insertRows(sql: Sql, tenantId: string, kind: RecordName, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const { name, columns } = TABLES[kind]
  const names = ['id', ...Object.keys(columns).map(inSnakes)]
  const types = ['id uuid', ...Object.entries(columns).map(([column, type]) => `${inSnakes(column)} ${type}`)]
  const stored = rows.map((row, index) => inSnakeKeys(toStored(kind, row, index)))
  await sql(
    `insert into ${name} (tenant_id, ${names.join(', ')})
      select $1, ${names.join(', ')} from jsonb_to_recordset($2::jsonb) as row (${types.join(', ')})`,
    [tenantId, JSON.stringify(stored)],
  )
}

/** Changes columns of one row. */
export async function changeRow(sql: Sql, tenantId: string, kind: RecordName, id: string, changes: Row): Promise<void> {
  const stored = Object.entries(changes).filter(([column]) => column in TABLES[kind].columns)
  if (stored.length === 0) return
  const set = stored.map(([column], index) => `${inSnakes(column)} = $${index + 3}`)
  await sql(`update ${TABLES[kind].name} set ${set.join(', ')} where tenant_id = $1 and id = $2`, [
    tenantId,
    id,
    ...stored.map(([, value]) => value),
  ])
}

/** Deletes a row for good. */
export async function destroyRow(sql: Sql, tenantId: string, kind: RecordName, id: string): Promise<void> {
  await sql(`delete from ${TABLES[kind].name} where tenant_id = $1 and id = $2`, [tenantId, id])
}

/**
 * The folding of texts, which is the database's own: `learn` asks for those of values, `fold` knows them afterwards.
 */
export interface Folding {
  /** Learns every text in values, however deep it stands. */
  readonly learn: (...given: unknown[]) => Promise<void>
  /** @throws Error for a text that wasn't learnt */
  readonly fold: (text: string) => string
}

/** Folding that remembers what it was told. */
export function createFolding(sql: Sql): Folding {
  const known = new Map<string, string>()
  return {
    async learn(...given) {
      const texts = new Set<string>()
      collectTexts(given, texts)
      const unknown = [...texts].filter((text) => !known.has(text))
      if (unknown.length === 0) return
      const rows = await sql('select text, kith_fold(text) as folded from unnest($1::text[]) as text', [unknown])
      for (const row of rows) known.set(row['text'] as string, row['folded'] as string)
    },
    fold(text) {
      const folded = known.get(text)
      if (folded === undefined) throw new Error(`not learnt: ${JSON.stringify(text)}`)
      return folded
    },
  }
}

function collectTexts(value: unknown, texts: Set<string>): void {
  if (typeof value === 'string') {
    texts.add(value)
    // As the API reads it: composed, and without what is drawn as nothing.
    for (const multiline of [false, true]) texts.add(removeInvisible(value, { multiline }).normalize('NFC'))
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) collectTexts(item, texts)
  }
}

function toStored(kind: RecordName, row: Row, index: number): Row {
  if (!('ownerType' in row)) return row
  const stored: Row = {
    ...row,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    entityType: String(row['ownerType']).toUpperCase(),
    entityId: row['ownerId'] ?? null,
    position: index,
  }
  if (kind === 'EmailAddress') return { ...stored, emailDomain: row['domain'] ?? null }
  return kind === 'PhoneNumber' ? { ...stored, number: 'as it was given', numberE164: row['number'] ?? null } : stored
}

function inSnakeKeys(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [inSnakes(name), value]))
}

function inSnakes(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** A data set in the database: who may read it, and the model of it. */
export interface Opened {
  readonly principal: Principal
  readonly model: Model
  /** tells the model of texts that it doesn't have itself */
  readonly learn: Folding['learn']
}

/** Opens data sets, each once. */
export function opener(sql: Sql): (data: DataSet) => Promise<Opened> {
  const folding = createFolding(sql)
  const opened = new WeakMap<DataSet, Promise<Opened>>()
  const open = async (data: DataSet): Promise<Opened> => {
    const [principal] = await Promise.all([insertDataSet(sql, data), folding.learn(data.rows)])
    // The planner knows of many rows, as it does soon after they came.
    if (data.rows.Contact.length > 1000) await sql('analyze contacts, companies')
    return { principal, model: createModel(data, folding.fold), learn: folding.learn }
  }
  return (data) => {
    const opening = opened.get(data) ?? open(data)
    opened.set(data, opening)
    return opening
  }
}
