import pg from 'pg'
import type { OwnContact, Samples } from './works.js'

/** The rows that the sides share, as their owner sees them: row-level security doesn't bind the owner of a table. */
export interface BenchDatabase {
  readonly samples: Samples
  /** as 18.4 */
  readonly postgresVersion: string
  /** Contacts to change, none of them a sample; each is kept as it is now, for `restore`. */
  readonly takeContacts: (count: number) => Promise<OwnContact[]>
  /** Brings all contacts back that were taken, and removes all that were created, by this run or by one that was killed. */
  readonly restore: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The last name of all contacts that are created here, to find them again. */
export const CREATED_LAST_NAME = 'Created Beside Its Peers'

const CONTACTS = 40
const DOMAINS = 5
const TEXTS = 20
const HITS = 20

// PostGraphile makes one mutation a table; several tables in one go are a function, of which it makes a mutation.
const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS bench;
  CREATE TABLE IF NOT EXISTS bench.contacts_before (
    id uuid PRIMARY KEY, job_title text, version integer NOT NULL, updated_at timestamptz NOT NULL);
  COMMENT ON TABLE bench.contacts_before IS '@omit';
  CREATE OR REPLACE FUNCTION bench.add_contact(
    tenant uuid, first_name text, last_name text, job_title text, email text, phone text
  ) RETURNS public.contacts LANGUAGE plpgsql AS $$
  DECLARE
    added public.contacts;
  BEGIN
    INSERT INTO contacts (tenant_id, id, first_name, last_name, job_title, created_at, updated_at)
      VALUES (tenant, uuidv7(), add_contact.first_name, add_contact.last_name, add_contact.job_title, now(), now())
      RETURNING * INTO added;
    INSERT INTO email_addresses (tenant_id, id, entity_type, entity_id, type, email, email_domain, is_primary, position,
        created_at, updated_at)
      VALUES (tenant, uuidv7(), 'CONTACT', added.id, 'WORK', add_contact.email, split_part(add_contact.email, '@', 2),
        true, 1, now(), now());
    INSERT INTO phone_numbers (tenant_id, id, entity_type, entity_id, type, number, number_e164, is_primary, position,
        created_at, updated_at)
      VALUES (tenant, uuidv7(), 'CONTACT', added.id, 'WORK', phone, replace(phone, ' ', ''), true, 1, now(), now());
    RETURN added;
  END $$;`

const HAS = (table: string): string =>
  `EXISTS (SELECT FROM ${table} i WHERE i.tenant_id = $1 AND i.entity_type = 'CONTACT' AND i.entity_id = c.id)`
const SAMPLE_CONTACTS = `SELECT c.id FROM contacts c
  WHERE c.tenant_id = $1 AND c.deleted_at IS NULL AND c.company_id IS NOT NULL AND c.owner_id IS NOT NULL AND
    ${['email_addresses', 'phone_numbers', 'addresses', 'social_media_accounts'].map(HAS).join(' AND ')}
  ORDER BY c.id DESC LIMIT ${CONTACTS}`
const SAMPLE_DOMAINS = `SELECT email_domain FROM email_addresses
  WHERE tenant_id = $1 AND entity_type = 'CONTACT' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${DOMAINS}`
const SAMPLE_TEXTS = `WITH starts AS (
    SELECT lower(left(last_name, 4)) AS start FROM contacts
    WHERE tenant_id = $1 AND deleted_at IS NULL AND last_name ~ '^[A-Za-z]{4}')
  SELECT start FROM starts GROUP BY 1 HAVING count(*) >= ${HITS} ORDER BY md5(start) LIMIT ${TEXTS}`

/**
 * Opens the database of a tenant as the owner of its tables, with what PostGraphile needs for a nested create, and
 * removes what a killed run left.
 * @throws Error where the tenant or samples are missing
 */
export async function openBenchDatabase(url: string, tenantSlug: string): Promise<BenchDatabase> {
  const client = new pg.Client({ connectionString: url, application_name: 'kith bench' })
  await client.connect()
  const column = async (text: string, ...values: unknown[]): Promise<string[]> =>
    (await client.query<string[]>({ text, values, rowMode: 'array' })).rows.map(([value]) => value as string)
  const restore = async (): Promise<void> => {
    await client.query('DELETE FROM contacts WHERE last_name = $1', [CREATED_LAST_NAME])
    await client.query(`UPDATE contacts c
      SET job_title = before.job_title, version = before.version, updated_at = before.updated_at
      FROM bench.contacts_before before WHERE c.id = before.id AND c.version <> before.version`)
    await client.query('TRUNCATE bench.contacts_before')
  }
  await client.query(SCHEMA)
  await restore()
  for (const table of ['contacts', 'email_addresses', 'phone_numbers', 'contact_search'])
    await client.query(`VACUUM (ANALYZE) ${table}`)
  const [tenantId] = await column('SELECT id FROM tenants WHERE slug = $1', tenantSlug)
  if (!tenantId) throw new Error(`There is no tenant ${tenantSlug}.`)
  const samples: Samples = {
    tenantId,
    contactIds: await column(SAMPLE_CONTACTS, tenantId),
    domains: await column(SAMPLE_DOMAINS, tenantId),
    texts: await column(SAMPLE_TEXTS, tenantId),
  }
  for (const [name, wanted] of [
    ['contactIds', CONTACTS],
    ['domains', DOMAINS],
    ['texts', TEXTS],
  ] as const)
    if (samples[name].length < wanted) throw new Error(`The tenant has ${samples[name].length} of ${wanted} ${name}.`)
  return {
    samples,
    postgresVersion: (await column('SHOW server_version'))[0] ?? '',
    async takeContacts(count) {
      const { rows } = await client.query<OwnContact>(
        `INSERT INTO bench.contacts_before (id, job_title, version, updated_at)
         SELECT id, job_title, version, updated_at FROM contacts
          WHERE tenant_id = $1 AND deleted_at IS NULL AND id <> ALL ($2)
            AND id NOT IN (SELECT id FROM bench.contacts_before) ORDER BY id LIMIT $3
         RETURNING id, version`,
        [tenantId, samples.contactIds, count],
      )
      if (rows.length < count) throw new Error(`The tenant has only ${rows.length} of ${count} contacts.`)
      return rows
    },
    restore,
    close: () => client.end(),
  }
}
