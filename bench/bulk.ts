import { Agent } from 'node:http'
import { cpus } from 'node:os'
import pg from 'pg'
import { run as runExports } from './exports.js'
import { readOptions } from './load/checkouts.js'
import { DEMO_COUNT, openDemo, type Demo } from './load/demo.js'
import { ask, dataOf, readServerWork, send } from './load/http.js'
import { saveResult } from './load/report.js'
import { THIS_CHECKOUT } from './load/server.js'

const ROWS = 1000
const EXTERNAL_ID = 'bench-bulk-'
const UPSERT = `mutation ($input: BulkUpsertContactsInput!) { bulkUpsertContacts(input: $input) {
  summary { created updated unchanged skipped failed } results { status id userErrors { code } } } }`

type Row = Readonly<Record<string, unknown>>

/** A way to write 1,000 rows; the must is in rows a second. */
interface Way {
  readonly name: string
  readonly must: number | null
  readonly write: (rows: readonly Row[]) => Promise<void>
  readonly rowsOf: (round: number) => readonly Row[]
}

/**
 * Bulk upserts over HTTP beside 20,000 contacts, 1,000 rows a call over one connection: flat rows and nested ones, new and
 * changed. Beside them the same rows by a bare INSERT … SELECT FROM unnest, with their search rows, into the same tables. Then
 * exports beside COPY.
 */
export async function run(): Promise<void> {
  const { contacts = DEMO_COUNT, rounds } = readOptions(process.argv.slice(3))
  const demo = await openDemo(THIS_CHECKOUT, 'bulk', contacts)
  const database = new pg.Client({ connectionString: demo.urls.migration })
  await database.connect()
  try {
    const ways = await openWays(demo, database)
    const figures = new Map(ways.map(({ name }) => [name, { perSecond: [] as number[], cpuMs: [] as number[] }]))
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      await removeMade(database)
      for (const { name, rowsOf, write } of ways) {
        const rows = rowsOf(round)
        const before = await readServerWork(demo.target)
        const startedAtMs = performance.now()
        await write(rows)
        const seconds = (performance.now() - startedAtMs) / 1000
        const after = await readServerWork(demo.target)
        if (round === 0) continue
        figures.get(name)?.perSecond.push(rows.length / seconds)
        figures.get(name)?.cpuMs.push((after.cpuMs - before.cpuMs) / rows.length)
      }
    }
    report(ways, figures, rounds, contacts)
  } finally {
    await removeMade(database)
    await database.end()
    await demo.stop()
  }
  await runExports()
}

async function openWays({ target }: Demo, database: pg.Client): Promise<Way[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const { companies, me } = await ask(target, '{ companies(first: 200) { nodes { id } } me { tenant { id } } }')
  const companyIds = (companies as { nodes: { id: string }[] }).nodes.map(({ id }) => id)
  const tenantId = (me as { tenant: { id: string } }).tenant.id
  const upsert = async (rows: readonly Row[]): Promise<void> => {
    const body = JSON.stringify({ query: UPSERT, variables: { input: { matchBy: 'EXTERNAL_ID', rows } } })
    const answer = dataOf(await send(agent, target, '/graphql', body))
    const { summary } = answer['bulkUpsertContacts'] as { summary: Record<string, number> }
    if (summary['created'] !== rows.length && summary['updated'] !== rows.length) {
      throw new Error(`not all rows were written: ${JSON.stringify(summary)}`)
    }
  }
  const flat = (prefix: string, first: string) => (round: number) =>
    Array.from({ length: ROWS }, (_, index) => ({
      ...{ externalId: `${EXTERNAL_ID}${prefix}-${round}-${index}`, firstName: first, lastName: `Contact ${index}` },
      ...{ jobTitle: 'Engineer', department: 'Research', birthDate: '1980-05-17' },
    }))
  const nested = (prefix: string) => (round: number) =>
    flat(
      prefix,
      'Ada',
    )(round).map((row, index) => ({
      ...row,
      companyId: companyIds[index % companyIds.length],
      emailAddresses: [{ email: `bulk${round}.${index}@example.com` }],
      phoneNumbers: [{ number: `+1 212 555 ${1000 + index}` }],
      customFields: [
        { key: 'tier', option: 'gold' },
        { key: 'satisfaction', number: 8 },
      ],
    }))
  return [
    {
      name: 'bare INSERT, flat',
      must: null,
      rowsOf: flat('bare', 'Ada'),
      write: (rows) => insertBare(database, tenantId, rows),
    },
    { name: 'upsert of new rows, flat', must: 2000, rowsOf: flat('flat', 'Ada'), write: upsert },
    { name: 'upsert of changed rows, flat', must: 2000, rowsOf: flat('flat', 'Grace'), write: upsert },
    {
      name: 'bare INSERT, nested',
      must: null,
      rowsOf: nested('bare-nested'),
      write: (rows) => insertBare(database, tenantId, rows),
    },
    { name: 'upsert of new rows, nested', must: 1000, rowsOf: nested('nested'), write: upsert },
  ]
}

/** The least that PostgreSQL has to do for the same rows: one statement a table, and the search rows. */
async function insertBare(database: pg.Client, tenantId: string, rows: readonly Row[]): Promise<void> {
  const column = (name: string): unknown[] => rows.map((row) => row[name] ?? null)
  const first = (list: string, name: string): unknown[] =>
    rows.map((row) => (row[list] as readonly Row[] | undefined)?.[0]?.[name] ?? null)
  await database.query('begin')
  const { rows: made } = await database.query<{ id: string }>(
    `insert into contacts (tenant_id, id, created_at, updated_at, external_id, first_name, last_name, job_title, department, birth_date, company_id)
     select $1::uuid, gen_random_uuid(), now(), now(), r.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::uuid[]) as r
     returning id`,
    [
      tenantId,
      ...['externalId', 'firstName', 'lastName', 'jobTitle', 'department', 'birthDate', 'companyId'].map(column),
    ],
  )
  const ids = made.map(({ id }) => id)
  if (rows[0] && 'emailAddresses' in rows[0]) {
    const own = `tenant_id, id, created_at, updated_at, entity_type, entity_id`
    const values = `$1::uuid, gen_random_uuid(), now(), now(), 'CONTACT', r.id`
    await database.query(
      `insert into email_addresses (${own}, is_primary, position, type, email, email_domain)
       select ${values}, true, 1, 'WORK', r.email, split_part(r.email, '@', 2) from unnest($2::uuid[], $3::text[]) as r (id, email)`,
      [tenantId, ids, first('emailAddresses', 'email')],
    )
    await database.query(
      `insert into phone_numbers (${own}, is_primary, position, type, number, number_e164)
       select ${values}, true, 1, 'WORK', r.number, replace(r.number, ' ', '') from unnest($2::uuid[], $3::text[]) as r (id, number)`,
      [tenantId, ids, first('phoneNumbers', 'number')],
    )
    await database.query(
      `insert into custom_field_values (${own}, definition_id, text_value, number_value)
       select ${values}, d.id, case d.key when 'tier' then 'gold' end, case d.key when 'satisfaction' then 8 end
       from unnest($2::uuid[]) as r (id) join custom_field_definitions as d
         on d.tenant_id = $1 and d.entity_type = 'CONTACT' and d.key in ('tier', 'satisfaction') and d.archived_at is null`,
      [tenantId, ids],
    )
  }
  await database.query('select kith_refresh_contact_search($1::uuid, $2::uuid[])', [tenantId, ids])
  await database.query('commit')
}

async function removeMade(database: pg.Client): Promise<void> {
  await database.query('delete from contacts where external_id like $1', [`${EXTERNAL_ID}%`])
}

function report(
  ways: readonly Way[],
  figures: ReadonlyMap<string, { readonly perSecond: number[]; readonly cpuMs: number[] }>,
  rounds: number,
  contacts: number,
): void {
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  const bareOf = (name: string): number =>
    median(figures.get(name.endsWith('nested') ? 'bare INSERT, nested' : 'bare INSERT, flat')?.perSecond ?? [])
  const results = ways.map(({ name, must }) => {
    const [perSecond, cpuMs] = [median(figures.get(name)?.perSecond ?? []), median(figures.get(name)?.cpuMs ?? [])]
    return { name, must, perSecond, cpuMs, ratio: perSecond / bareOf(name) }
  })
  const lines = results.map(
    ({ name, must, perSecond, cpuMs, ratio }) =>
      `| ${name} | ${perSecond.toFixed(0)} | ${cpuMs.toFixed(3)} | ${ratio.toFixed(2)} | ${must ?? ''} |`,
  )
  const text = [
    `${ROWS} rows a call beside ${contacts.toLocaleString('en-US')} contacts: medians of ${rounds} rounds. CPU of the server in milliseconds a row; ratio to the bare INSERT. ${cpus().length} cores for database, server and load.`,
    '',
    '| work | rows a second | CPU a row | ratio | must |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
  ].join('\n')
  saveResult('bulk', text, { cores: cpus().length, rounds, contacts, results })
}
