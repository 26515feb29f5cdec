import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { demoCompany } from '../../src/demo/companies.js'
import { infoOfCompany, infoOfContact } from '../../src/demo/contact-info.js'
import { demoContact } from '../../src/demo/contacts.js'
import { createDemoRandom } from '../../src/demo/random.js'
import { startOfDayMs } from '../../src/demo/rows.js'
import { createTenant } from '../../src/features/tenant/tenant.service.js'
import { DEMO_TABLES, hashOf, load, NOW, openPlace, rowsOf, type Place } from './place.js'

let here: Place
let there: Place

beforeAll(async () => {
  here = await openPlace()
  there = await openPlace()
})

afterAll(async () => {
  await here.close()
  await there.close()
})

async function countsOf(place: Place, tenantId: string): Promise<Record<string, number>> {
  const rows = await rowsOf(place, tenantId)
  return Object.fromEntries(DEMO_TABLES.map((table) => [table, rows[table]?.length ?? 0]))
}

const COUNTS = {
  users: 13,
  industries: 20,
  company_sizes: 7,
  companies: 200,
  contacts: 500,
  email_addresses: 756,
  phone_numbers: 548,
  addresses: 347,
  social_media_accounts: 165,
  custom_field_definitions: 20,
  custom_field_values: 793,
}

describe('a load', () => {
  test('makes the tenant and brings the same rows everywhere', async () => {
    const [a, b] = [await load(here, { tenantSlug: 'same' }), await load(there, { tenantSlug: 'same' })]
    expect([a.addedContacts, a.addedCompanies, a.addedContactInfo]).toEqual([500, 200, 1816])
    expect(await countsOf(here, a.tenantId)).toEqual(COUNTS)
    expect(await hashOf(here, a.tenantId)).toBe(await hashOf(there, b.tenantId))
    const { rows } = await here.admin.query(
      `select slug, name, default_country, default_currency, time_zone, unique_emails from tenants where id = $1`,
      [a.tenantId],
    )
    expect(rows).toEqual([
      {
        slug: 'same',
        name: 'Same',
        default_country: 'US',
        default_currency: 'USD',
        time_zone: 'America/New_York',
        unique_emails: false,
      },
    ])
  })

  test('brings other rows for another seed and for another tenant', async () => {
    const [a, b] = [await load(here, { tenantSlug: 'seed' }), await load(there, { tenantSlug: 'seed', seed: 'other' })]
    const c = await load(there, { tenantSlug: 'third' })
    const [ofA, ofB, ofC] = [
      await rowsOf(here, a.tenantId),
      await rowsOf(there, b.tenantId),
      await rowsOf(there, c.tenantId),
    ]
    const ids = (rows: Record<string, unknown[]>) =>
      Object.values(rows).flatMap((all) => all.map((row) => (row as { id: string }).id))
    const all = [...ids(ofA), ...ids(ofB), ...ids(ofC)]
    expect(new Set(all).size).toBe(all.length)
  })

  test('tells its progress up to the total', async () => {
    const seen: [number, number][] = []
    await load(here, { tenantSlug: 'progress', contacts: 3000, onProgress: (done, total) => seen.push([done, total]) })
    // 250 contacts and the companies that they work for, 1,650 contacts, the rest.
    expect(seen).toEqual([
      [0, 3200],
      [200, 3200],
      [450, 3200],
      [2100, 3200],
      [3200, 3200],
    ])
  })

  test('begins with a few whole records, and goes on to the rows of one load', async () => {
    const sizes = { tenantSlug: 'begins', contacts: 400, companies: 300 }
    const onProgress = (done: number): void => {
      if (done >= 500) throw new Error('stopped')
    }
    await expect(load(here, { ...sizes, onProgress })).rejects.toThrow('stopped')
    const { rows } = await here.admin.query<{ id: string }>(`select id from tenants where slug = 'begins'`)
    const [{ id } = { id: '' }] = rows
    expect(await countsOf(here, id)).toMatchObject({ users: 13, industries: 20, companies: 250, contacts: 250 })
    const once = await load(there, sizes)
    const whole = await rowsOf(there, once.tenantId)
    // Links, contact info and all.
    for (const [table, begun] of Object.entries(await rowsOf(here, id))) {
      expect(whole[table]).toEqual(expect.arrayContaining(begun))
    }
    const rest = await load(here, sizes)
    expect([rest.addedContacts, rest.addedCompanies]).toEqual([150, 50])
    expect(await hashOf(here, id)).toBe(await hashOf(there, once.tenantId))
  })

  test('gives one person of each role but MEMBER and MANAGER, and one who left', async () => {
    const { tenantId } = await load(here, { tenantSlug: 'people', contacts: 0, companies: 0 })
    const { rows } = await here.admin.query(
      `select role, count(*)::int as total, count(deactivated_at)::int as gone from users where tenant_id = $1
        group by role order by role`,
      [tenantId],
    )
    expect(rows).toEqual([
      { role: 'ADMIN', total: 1, gone: 0 },
      { role: 'MANAGER', total: 2, gone: 0 },
      { role: 'MEMBER', total: 9, gone: 1 },
      { role: 'VIEWER', total: 1, gone: 0 },
    ])
    expect(await countsOf(here, tenantId)).toMatchObject({
      industries: 20,
      company_sizes: 7,
      companies: 0,
      contacts: 0,
    })
  })
})

describe('a further load', () => {
  test('adds what is missing: the rows of one load', async () => {
    const steps = { tenantSlug: 'steps' }
    await load(here, { ...steps, contacts: 130, companies: 150 })
    await load(here, { ...steps, contacts: 130, companies: 200 })
    const last = await load(here, { ...steps, contacts: 200, companies: 200 })
    expect([last.addedContacts, last.addedCompanies]).toEqual([70, 0])
    const once = await load(there, { ...steps, contacts: 200, companies: 200 })
    expect(await hashOf(here, last.tenantId)).toBe(await hashOf(there, once.tenantId))
  })

  test('changes nothing where nothing is missing', async () => {
    const { tenantId } = await load(here, { tenantSlug: 'again' })
    const before = await hashOf(here, tenantId)
    const again = await load(here, { tenantSlug: 'again', contacts: 400, companies: 0 })
    expect(again).toEqual({ tenantId, addedContacts: 0, addedCompanies: 0, addedContactInfo: 0 })
    expect(await hashOf(here, tenantId)).toBe(before)
  })

  test("counts the tenant's own records and leaves them alone", async () => {
    const now = new Date()
    const { id } = await createTenant(here.database, { slug: 'own', name: 'Own' }, now)
    const random = createDemoRandom('kith\nown', startOfDayMs(NOW.getTime()))
    const taken = demoCompany(random, 3).domain
    await here.admin.query(
      `insert into industries (tenant_id, id, created_at, updated_at, name, position)
         values ($1, gen_random_uuid(), $2, $2, 'SOFTWARE', 1)`,
      [id, now],
    )
    await here.admin.query(
      `insert into companies (tenant_id, id, created_at, updated_at, name, domain)
         select $1, gen_random_uuid(), $2, $2, 'Own ' || n, case n when 1 then $3 end from generate_series(1, 10) n`,
      [id, now, taken],
    )
    const result = await load(here, { tenantSlug: 'own', contacts: 50, companies: 60 })
    expect([result.addedContacts, result.addedCompanies]).toEqual([50, 50])
    const { rows } = await here.admin.query(
      `select (select count(*)::int from companies where tenant_id = $1) as companies,
        (select array_agg(name) from companies where tenant_id = $1 and domain = $2) as holders,
        (select array_agg(name) from industries where tenant_id = $1 and name_folded = 'software') as software,
        (select count(*)::int from companies c join industries i on i.tenant_id = c.tenant_id and i.id = c.industry_id
          where c.tenant_id = $1 and i.name = 'SOFTWARE') as in_software`,
      [id, taken],
    )
    expect(rows).toEqual([{ companies: 60, holders: ['Own 1'], software: ['SOFTWARE'], in_software: 14 }])
  })

  test('goes on after a destroyed company', async () => {
    const { tenantId } = await load(here, { tenantSlug: 'gone', contacts: 0, companies: 100 })
    const random = createDemoRandom('kith\ngone', startOfDayMs(NOW.getTime()))
    await here.admin.query('delete from companies where tenant_id = $1 and id = $2', [
      tenantId,
      demoCompany(random, 0).id,
    ])
    const result = await load(here, { tenantSlug: 'gone', contacts: 100, companies: 99 })
    expect([result.addedContacts, result.addedCompanies]).toEqual([100, 0])
    const { rows } = await here.admin.query(
      'select count(*)::int as total, count(company_id)::int as employed from contacts where tenant_id = $1',
      [tenantId],
    )
    expect(rows).toEqual([{ total: 100, employed: 71 }])
  })
})

test('a tenant with unique e-mails gets unique keys, and keeps the addresses of its own records', async () => {
  const now = new Date()
  const { id } = await createTenant(here.database, { slug: 'unique', name: 'Unique', uniqueEmails: true }, now)
  const random = createDemoRandom('kith\nunique', startOfDayMs(NOW.getTime()))
  const indexes = Array.from({ length: 500 }, (_, index) => index)
  const company = indexes
    .map((index) => demoCompany(random, index))
    .find((each) => infoOfCompany(random, each).some((row) => row.table === 'email_addresses' && row.position === 2))
  const contact = indexes
    .map((index) => demoContact(random, index, 500))
    .find((each) =>
      infoOfContact(random, each, true).some((row) => row.table === 'email_addresses' && row.position === 2),
    )
  if (!company || !contact) throw new Error('no record with two addresses')
  const taken = [infoOfCompany(random, company), infoOfContact(random, contact, true)].map((rows) =>
    String(rows.find((row) => row.table === 'email_addresses')?.values['email']),
  )
  await here.admin.query(
    `with own as (insert into contacts (tenant_id, id, created_at, updated_at, first_name)
         values ($1, gen_random_uuid(), $2, $2, 'Own') returning id)
       insert into email_addresses (tenant_id, id, created_at, updated_at, entity_type, entity_id, type, email, email_domain,
         position, unique_key)
       select $1, gen_random_uuid(), $2, $2, 'CONTACT', own.id, 'OTHER', email, 'x.example', 1, email
         from own, unnest($3::text[]) as email`,
    [id, now, taken],
  )
  await load(here, { tenantSlug: 'unique', contacts: 501, companies: 500 })
  const { rows } = await here.admin.query(
    `select count(*)::int as emails, count(distinct unique_key)::int as keys, bool_and(unique_key = email) as same,
      count(*) filter (where entity_id = any($2::uuid[]))::int as of_clashing,
      (select count(*)::int from (select entity_id from email_addresses where tenant_id = $1 and email_domain <> 'x.example'
        group by entity_id having count(*) filter (where is_primary) <> 1) as bad) as without_primary
    from email_addresses where tenant_id = $1`,
    [id, [company.id, contact.id]],
  )
  expect(rows).toEqual([{ emails: 1076, keys: 1076, same: true, of_clashing: 0, without_primary: 0 }])
})
