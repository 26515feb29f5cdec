import { rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { readConnectionFile } from '../src/database/embedded/connection-file.js'
import { makeOpenFolder } from '../test/support/embedded-process.js'
import { ask, type Target } from './load/http.js'
import { COLUMNS, csvOf, insertBare, rowsOf } from './load/import-rows.js'
import { cpuMsOfProcess, cpuMsOfTree, forgetPeak, memoryMb } from './load/process-use.js'
import { saveResult } from './load/report.js'
import { startServer, THIS_CHECKOUT } from './load/server.js'

const MUST = { ratio: 0.5, aim: 0.7, secondsFor100k: 80, peakMb: 400, p95: 2 }
const SLUG = 'imports'
// Alternating, so that both ways meet the same machine and tables of the same size.
const TURNS = 4
const MAX_ROWS_A_TURN = 50_000
const ENDS = 100_000
const PAGE_EVERY_MS = 100
const PAGES_BEFORE = 50
const PAGE =
  '{ contacts(first: 50) { nodes { id fullName company { name } emailAddresses { email } phoneNumbers { number } } } }'
const START = `mutation ($input: StartImportInput!) { startImport(input: $input) { job { id } userErrors { message } } }`
const JOB = 'query ($id: ID!) { job(id: $id) { status finishedAt rows { created } error { message } } }'

interface Turn {
  readonly rows: number
  readonly ms: number
  /** of the server with its PostgreSQL, and of the server alone */
  readonly cpuMs: number
  readonly serverCpuMs: number
}

/**
 * Imports of contacts as CSV over HTTP, by upload and job, beside bare INSERTs of rows like them into the same tables, in turn; each
 * has an e-mail address, a phone number, one of new companies and two custom fields. Meanwhile another tenant's page is asked
 * for. `--rows 1000000` for a million. Linux alone.
 */
export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { rows: { type: 'string', default: '100000' } },
  })
  const rows = Number(values.rows.replaceAll(/[_,]/g, ''))
  if (!Number.isInteger(rows) || rows < TURNS) throw new Error(`--rows: ${TURNS} or more`)
  const dataDir = makeOpenFolder()
  const server = await startServer(THIS_CHECKOUT, dataDir)
  const database = new pg.Client({ connectionString: readConnectionFile(dataDir)?.urls.migration ?? '' })
  try {
    await server.loaded()
    const made = await server.command('tenant', '--slug', SLUG, '--name', SLUG, '--admin-email', 'admin@example.com')
    const { tenantId } = JSON.parse(made) as { tenantId: string }
    const [target, other] = [await server.target(SLUG), await server.target('demo')]
    await makeFields(target)
    await database.connect()
    const before = await pagesUntil(other, async () => void (await sleep(PAGES_BEFORE * PAGE_EVERY_MS)))
    const [bare, imported]: [Turn[], Turn[]] = [[], []]
    const during: number[] = []
    const companies = new Map<string, string>()
    const ofTurn = Math.min(MAX_ROWS_A_TURN, Math.ceil(rows / TURNS))
    const timed = async (into: Turn[], count: number, work: () => Promise<void>): Promise<void> => {
      const cpu = (): [number, number] => [cpuMsOfTree(server.pid), cpuMsOfProcess(server.pid)]
      const [startMs, [all, own]] = [performance.now(), cpu()]
      await work()
      const [ms, [allAfter, ownAfter]] = [performance.now() - startMs, cpu()]
      into.push({ rows: count, ms, cpuMs: allAfter - all, serverCpuMs: ownAfter - own })
    }
    forgetPeak(server.pid)
    for (let from = 0; from < rows; from += ofTurn) {
      const count = Math.min(ofTurn, rows - from)
      const plain = rowsOf('bare', from, count, rows)
      await timed(bare, count, () => insertBare(database, tenantId, plain, companies))
      const text = csvOf(rowsOf('import', from, count, rows))
      during.push(...(await pagesUntil(other, () => timed(imported, count, () => importText(target, text, count)))))
      console.error(
        `${from + count} rows: ${perSecond(imported.slice(-1))} a second, bare ${perSecond(bare.slice(-1))}`,
      )
    }
    report({ rows, bare, imported, before, during, peakMb: memoryMb(server.pid).peak })
  } finally {
    await database.end()
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function makeFields(target: Target): Promise<void> {
  const create = `mutation ($input: CreateCustomFieldDefinitionInput!) { createCustomFieldDefinition(input: $input) { userErrors { message } } }`
  for (const [key, type] of [
    ['tier', 'TEXT'],
    ['points', 'NUMBER'],
  ] as const) {
    await ask(target, create, { input: { entityType: 'CONTACT', key, label: key, type } })
  }
}

/** Uploads a file and waits for the end of its import. @throws Error where a row isn't made */
async function importText(target: Target, text: string, count: number): Promise<void> {
  const form = new FormData()
  form.set('file', new Blob([text]), 'rows.csv')
  const headers = { authorization: `Bearer ${target.token}` }
  const answer = await fetch(`${target.address}/import/files`, { method: 'POST', headers, body: form })
  const { id: fileId } = (await answer.json()) as { id: string }
  const mapping = Object.entries(COLUMNS).map(([column, key]) => ({ column, key }))
  const input = { fileId, type: 'CONTACT', mapping, createCompanies: true }
  const { startImport } = (await ask(target, START, { input })) as { startImport: { job: { id: string } | null } }
  if (!startImport.job) throw new Error(`the import was refused: ${JSON.stringify(startImport)}`)
  for (;;) {
    const { job } = (await ask(target, JOB, { id: startImport.job.id })) as { job: Job }
    if (job.finishedAt === null) await sleep(PAGE_EVERY_MS)
    else if (job.status === 'SUCCEEDED' && job.rows.created === count) return
    else throw new Error(`not all rows were made: ${JSON.stringify(job)}`)
  }
}

interface Job {
  readonly status: string
  readonly finishedAt: string | null
  readonly rows: { readonly created: number }
}

/** How long a page took each time that it was asked for, ten times a second, until some work is done. */
async function pagesUntil(target: Target, work: () => Promise<void>): Promise<number[]> {
  const latencies: number[] = []
  let isDone = false
  const asking = (async () => {
    while (!isDone) {
      const startMs = performance.now()
      await ask(target, PAGE)
      latencies.push(performance.now() - startMs)
      await sleep(PAGE_EVERY_MS)
    }
  })()
  await work().finally(() => (isDone = true))
  await asking
  return latencies
}

interface Measured {
  readonly rows: number
  readonly bare: readonly Turn[]
  readonly imported: readonly Turn[]
  readonly before: readonly number[]
  readonly during: readonly number[]
  readonly peakMb: number
}

function report({ rows, bare, imported, before, during, peakMb }: Measured): void {
  const turnsOfEnd = Math.max(1, Math.min(imported.length >> 1, Math.floor(ENDS / (imported[0]?.rows ?? ENDS))))
  const [first, last] = [perSecond(imported.slice(0, turnsOfEnd)), perSecond(imported.slice(-turnsOfEnd))]
  const [p95Before, p95During] = [p95(before), p95(during)]
  const cpuPer1000 = (turns: readonly Turn[], name: 'cpuMs' | 'serverCpuMs'): number => (sum(turns, name) * 1000) / rows
  const figures = {
    rowsPerSecond: perSecond(imported),
    barePerSecond: perSecond(bare),
    ratio: perSecond(imported) / perSecond(bare),
    cpuRatio: sum(bare, 'cpuMs') / sum(imported, 'cpuMs'),
    serverCpuMsPer1000: cpuPer1000(imported, 'serverCpuMs'),
    databaseCpuMsPer1000: cpuPer1000(imported, 'cpuMs') - cpuPer1000(imported, 'serverCpuMs'),
    secondsFor100k: ENDS / perSecond(imported),
    lastToFirst: last / first,
    peakMb,
    p95BeforeMs: p95Before,
    p95DuringMs: p95During,
  }
  const lines: [what: string, measured: string, must: string][] = [
    ['rows a second, import', figures.rowsPerSecond.toFixed(0), ''],
    ['rows a second, bare INSERT', figures.barePerSecond.toFixed(0), ''],
    ['import : bare', figures.ratio.toFixed(2), `${MUST.ratio} (${MUST.aim})`],
    ['the same by CPU of server and database', figures.cpuRatio.toFixed(2), ''],
    ['CPU a 1,000 rows, server', `${figures.serverCpuMsPer1000.toFixed(0)} ms`, ''],
    ['CPU a 1,000 rows, database', `${figures.databaseCpuMsPer1000.toFixed(0)} ms`, ''],
    ['seconds for 100,000', figures.secondsFor100k.toFixed(1), `${MUST.secondsFor100k}`],
    ['rate of the last 100,000 : the first (halves of fewer)', figures.lastToFirst.toFixed(2), ''],
    ['most memory of the server', `${peakMb.toFixed(0)} MiB`, `${MUST.peakMb}`],
    [
      "another tenant's page, p95 before and during",
      `${p95Before.toFixed(0)} and ${p95During.toFixed(0)} ms: × ${(p95During / p95Before).toFixed(2)}`,
      `× ${MUST.p95}`,
    ],
  ]
  const text = [
    `${rows.toLocaleString('en-US')} contacts by import and as many by bare INSERT, in ${imported.length} turns each; ${cpus().length} cores for database, server and client.`,
    '',
    '| what | measured | must |',
    '| --- | ---: | ---: |',
    ...lines.map((line) => `| ${line.join(' | ')} |`),
    '',
  ].join('\n')
  saveResult('imports', text, { rows, ...figures, bare, imported })
}

function sum(turns: readonly Turn[], name: keyof Turn): number {
  return turns.reduce((total, turn) => total + turn[name], 0)
}

function perSecond(turns: readonly Turn[]): number {
  return Math.round((sum(turns, 'rows') * 1000) / sum(turns, 'ms'))
}

function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(0.95 * (values.length - 1))] ?? 0
}
