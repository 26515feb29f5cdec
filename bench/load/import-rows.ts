import type pg from 'pg'

/** The columns of the files, and where they belong. */
export const COLUMNS = {
  First: 'firstName',
  Last: 'lastName',
  Title: 'jobTitle',
  Mail: 'emailAddresses.1.email',
  Phone: 'phoneNumbers.1.number',
  Company: 'company.name',
  Tier: 'customFields.tier',
  Points: 'customFields.points',
} as const

/** One contact, by the columns of the files. */
export type ImportRow = Readonly<Record<keyof typeof COLUMNS, string>>

// Rows of a bare statement: far more than an import has in a chunk.
const BARE_BATCH = 5000
const ROWS_A_COMPANY = 20

/** Contacts that nobody else has, `count` of them from a number on; each 20 have a company in common, wherever they stand. */
export function rowsOf(prefix: string, from: number, count: number, total: number): ImportRow[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index
    return {
      First: `Ada ${number % 977}`,
      Last: `Lovelace ${number}`,
      Title: 'Engineer',
      Mail: `${prefix}${number}@example.com`,
      Phone: `+1 212 555 ${String(number % 10_000).padStart(4, '0')}`,
      Company: `${prefix} Company ${number % Math.ceil(total / ROWS_A_COMPANY)}`,
      Tier: `tier ${number % 7}`,
      Points: String(number % 100),
    }
  })
}

/** Rows as CSV with a header. */
export function csvOf(rows: readonly ImportRow[]): string {
  const names = Object.keys(COLUMNS) as (keyof ImportRow)[]
  return [names.join(','), ...rows.map((row) => names.map((name) => row[name]).join(','))].join('\n')
}

/**
 * Writes rows by bare statements, some thousands a transaction: what PostgreSQL has to do at least, search rows included.
 * `companies` are those that were made before, by their names.
 */
export async function insertBare(
  database: pg.Client,
  tenantId: string,
  rows: readonly ImportRow[],
  companies: Map<string, string>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += BARE_BATCH) {
    await database.query('begin')
    await insertBatch(database, tenantId, rows.slice(from, from + BARE_BATCH), companies)
    await database.query('commit')
  }
}

async function insertBatch(
  database: pg.Client,
  tenantId: string,
  rows: readonly ImportRow[],
  companies: Map<string, string>,
): Promise<void> {
  const column = (name: keyof ImportRow): string[] => rows.map((row) => row[name])
  const names = [...new Set(column('Company'))].filter((name) => !companies.has(name))
  const made = await database.query<{ id: string; name: string }>(
    `insert into companies (tenant_id, id, created_at, updated_at, name)
     select $1::uuid, gen_random_uuid(), now(), now(), r.name from unnest($2::text[]) as r (name) returning id, name`,
    [tenantId, names],
  )
  for (const { id, name } of made.rows) companies.set(name, id)
  const newIds = made.rows.map(({ id }) => id)
  await database.query('select kith_refresh_company_search($1::uuid, $2::uuid[])', [tenantId, newIds])
  const { rows: contacts } = await database.query<{ id: string }>(
    `insert into contacts (tenant_id, id, created_at, updated_at, first_name, last_name, job_title, company_id)
     select $1::uuid, gen_random_uuid(), now(), now(), r.* from unnest($2::text[], $3::text[], $4::text[], $5::uuid[]) as r returning id`,
    [tenantId, column('First'), column('Last'), column('Title'), column('Company').map((name) => companies.get(name))],
  )
  const ids = contacts.map(({ id }) => id)
  const own = 'tenant_id, id, created_at, updated_at, entity_type, entity_id'
  const values = `$1::uuid, gen_random_uuid(), now(), now(), 'CONTACT', r.id`
  await database.query(
    `insert into email_addresses (${own}, is_primary, position, type, email, email_domain)
     select ${values}, true, 1, 'WORK', r.email, split_part(r.email, '@', 2) from unnest($2::uuid[], $3::text[]) as r (id, email)`,
    [tenantId, ids, column('Mail')],
  )
  await database.query(
    `insert into phone_numbers (${own}, is_primary, position, type, number, number_e164)
     select ${values}, true, 1, 'WORK', r.number, replace(r.number, ' ', '') from unnest($2::uuid[], $3::text[]) as r (id, number)`,
    [tenantId, ids, column('Phone')],
  )
  await database.query(
    `insert into custom_field_values (${own}, definition_id, text_value, number_value)
     select ${values}, d.id, case d.key when 'tier' then r.tier end, case d.key when 'points' then r.points end
     from unnest($2::uuid[], $3::text[], $4::numeric[]) as r (id, tier, points)
     join custom_field_definitions as d on d.tenant_id = $1 and d.entity_type = 'CONTACT' and d.key in ('tier', 'points')`,
    [tenantId, ids, column('Tier'), column('Points')],
  )
  await database.query('select kith_refresh_contact_search($1::uuid, $2::uuid[])', [tenantId, ids])
}
