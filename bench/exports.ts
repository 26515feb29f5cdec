import { request } from 'node:http'
import { cpus } from 'node:os'
import pg from 'pg'
import { readConnectionFile } from '../src/database/embedded/connection-file.js'
import { readOptions } from './load/checkouts.js'
import { DEMO_COUNT, openDemo, type Demo } from './load/demo.js'
import { ask, type Target } from './load/http.js'
import { cpuMsOfTree, forgetPeak, memoryMb } from './load/process-use.js'
import { saveResult } from './load/report.js'
import { THIS_CHECKOUT } from './load/server.js'
import { startOverPlans } from './load/tenants.js'

const MUST = { ratio: 0.3, aim: 0.5, peakMb: 400 }
const NAMES = ['firstName', 'middleName', 'lastName', 'jobTitle', 'department', 'externalId', 'notes']
const FLAT = ['id', 'birthDate', ...NAMES, 'emailOptIn', 'smsOptIn', 'callOptIn', 'createdAt', 'updatedAt']
const MANY = [
  ...[...FLAT, 'company.id', 'company.name', 'company.domain', 'owner.id', 'owner.email'],
  ...['emailAddresses.1.email', 'emailAddresses.1.type', 'phoneNumbers.1.number', 'phoneNumbers.1.type'],
  ...['customFields.tier', 'customFields.satisfaction'],
]

// A demo tenant takes its time through all indexes; what is larger is the large tenant of the database for plans.
const MOST_LOADED = 100_000

type Exported = Pick<Demo, 'target' | 'pid' | 'urls' | 'stop'>

/** One set of columns by both ways. */
interface Work {
  readonly name: string
  readonly columns: readonly string[]
  readonly select: (tenantId: string) => string
}

interface Sample {
  readonly ms: number
  /** of the server and PostgreSQL together */
  readonly cpuMs: number
  readonly bytes: number
}

/**
 * Exports of all contacts over HTTP beside COPY … TO STDOUT of the same columns in the same order, in turn, and the most
 * memory that the server had. `--contacts 1000000` for a million, the database of which is built in some 15 minutes. Linux alone.
 */
export async function run(): Promise<void> {
  const { contacts = DEMO_COUNT, rounds } = readOptions(process.argv.slice(3))
  const demo = await (contacts > MOST_LOADED ? openLarge(contacts) : openDemo(THIS_CHECKOUT, 'bulk', contacts))
  const database = new pg.Client({ connectionString: demo.urls.migration })
  await database.connect()
  try {
    const { me } = await ask(demo.target, '{ me { tenant { id } } }')
    const tenantId = (me as { tenant: { id: string } }).tenant.id
    const lines: string[] = []
    const results: object[] = []
    for (const work of WORKS) {
      const [copied, exported]: [Sample[], Sample[]] = [[], []]
      // The first round warms up.
      for (let round = 0; round <= rounds; round++) {
        if (round === 1) forgetPeak(demo.pid)
        const text = `copy (${work.select(tenantId)}) to stdout (format csv, header)`
        const copy = await timed(demo, () => copyOut(database, text))
        const ours = await timed(demo, () => exportOf(demo.target, work.columns))
        if (round > 0) copied.push(copy)
        if (round > 0) exported.push(ours)
      }
      const of = (samples: readonly Sample[], name: keyof Sample): number => median(samples.map((each) => each[name]))
      const ratio = median(copied.map(({ ms }, index) => ms / (exported[index]?.ms ?? ms)))
      const cpuRatio = median(copied.map(({ cpuMs }, index) => cpuMs / (exported[index]?.cpuMs ?? cpuMs)))
      const peakMb = memoryMb(demo.pid).peak
      const perRow = (samples: readonly Sample[]): string => ((of(samples, 'cpuMs') * 1000) / contacts).toFixed(1)
      results.push({ name: work.name, ratio, cpuRatio, peakMb, copied, exported })
      lines.push(
        `| ${work.name} | ${(of(exported, 'ms') / 1000).toFixed(2)} | ${(of(copied, 'ms') / 1000).toFixed(2)} | ${ratio.toFixed(2)} | ` +
          `${perRow(exported)} | ${perRow(copied)} | ${cpuRatio.toFixed(2)} | ${peakMb.toFixed(0)} |`,
      )
    }
    const text = [
      `${contacts.toLocaleString('en-US')} contacts as CSV over HTTP, medians of ${rounds} rounds in turn; ${cpus().length} cores for database, server and client. Must: ${MUST.ratio} × COPY (${MUST.aim}), ${MUST.peakMb} MiB.`,
      '',
      '| columns | s | s by COPY | ratio | µs CPU a record | by COPY | ratio of CPU | MiB at most |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...lines,
      '',
    ].join('\n')
    saveResult('exports', text, { contacts, rounds, results })
  } finally {
    await database.end()
    await demo.stop()
  }
}

async function openLarge(contacts: number): Promise<Exported> {
  const { dataDir, server } = await startOverPlans(contacts)
  const { pid, target, stop } = server
  const urls = readConnectionFile(dataDir)?.urls
  if (!urls) throw new Error(`${dataDir} has no database.`)
  return { pid, urls, stop, target: await target('large') }
}

const FLAT_SQL = `c.id, c.birth_date, c.first_name, c.middle_name, c.last_name, c.job_title, c.department, c.external_id, c.notes,
  c.email_opt_in, c.sms_opt_in, c.call_opt_in, c.created_at, c.updated_at`
const listOf = (tenantId: string): string =>
  `where c.tenant_id = '${tenantId}' and c.deleted_at is null order by c.created_at desc, c.id desc`
/** The first row of a kind of each contact, by one pass over all of them. */
const firstOf = (table: string, tenantId: string): string =>
  `(select distinct on (entity_id) * from ${table} where tenant_id = '${tenantId}' and entity_type = 'CONTACT' order by entity_id, position, id)`
const valueOf = (key: string, tenantId: string): string =>
  `(select v.* from custom_field_values as v join custom_field_definitions as d on d.tenant_id = v.tenant_id and d.id = v.definition_id
    where v.tenant_id = '${tenantId}' and v.entity_type = 'CONTACT' and d.key = '${key}' and d.archived_at is null)`

const WORKS: readonly Work[] = [
  {
    name: `${FLAT.length} of contacts alone`,
    columns: FLAT,
    select: (tenantId) => `select ${FLAT_SQL} from contacts as c ${listOf(tenantId)}`,
  },
  {
    name: `${MANY.length} with company, owner, e-mail, phone, two custom fields`,
    columns: MANY,
    select: (tenantId) => `select ${FLAT_SQL}, o.id, o.name, o.domain, u.id, u.email, e.email, e.type, p.number, p.type,
        t.text_value, s.number_value
      from contacts as c
      left join companies as o on o.tenant_id = c.tenant_id and o.id = c.company_id and o.deleted_at is null
      left join users as u on u.tenant_id = c.tenant_id and u.id = c.owner_id
      left join ${firstOf('email_addresses', tenantId)} as e on e.entity_id = c.id
      left join ${firstOf('phone_numbers', tenantId)} as p on p.entity_id = c.id
      left join ${valueOf('tier', tenantId)} as t on t.entity_id = c.id
      left join ${valueOf('satisfaction', tenantId)} as s on s.entity_id = c.id
      ${listOf(tenantId)}`,
  },
]

async function timed({ pid }: Exported, work: () => Promise<number>): Promise<Sample> {
  // PostgreSQL is a child of the server.
  const [startMs, startCpuMs] = [performance.now(), cpuMsOfTree(pid)]
  const bytes = await work()
  return { ms: performance.now() - startMs, cpuMs: cpuMsOfTree(pid) - startCpuMs, bytes }
}

/** Runs a COPY and counts the bytes that came. */
function copyOut(client: pg.Client, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    const query = Object.assign(Object.create(pg.Query.prototype) as object, {
      submit(connection: { query(text: string): void }) {
        connection.query(text)
        return null
      },
      handleCopyData: ({ chunk }: { chunk: Buffer }) => void (bytes += chunk.length),
      handleCommandComplete: () => undefined,
      handleError: reject,
      handleReadyForQuery: () => resolve(bytes),
    })
    client.query(query as never)
  })
}

function exportOf({ address, token }: Target, columns: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const asked = request(new URL('/export', address), { method: 'POST', headers, agent: false }, (answer) => {
      let bytes = 0
      answer.on('data', (chunk: Buffer) => void (bytes += chunk.length))
      answer.once('error', reject)
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(bytes)
        else reject(new Error(`the export was answered with ${String(answer.statusCode)}`))
      })
    })
    asked.once('error', reject)
    asked.end(JSON.stringify({ type: 'CONTACT', columns }))
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
