import { createWriteStream } from 'node:fs'
import { access, constants, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { createGzip } from 'node:zlib'
import { createScope, FULL_ACCESS } from '../access/scope.js'
import { openDownload, type Download } from '../features/export/download.service.js'
import { createExport, readExport } from '../features/export/export-request.service.js'
import type { ExportArguments, ExportType } from '../features/export/export-plan.js'
import { registryOfTenant } from '../features/custom-field/scope-registry.js'
import { coerceInput } from '../graphql/coerce-input.js'
import { countRows } from '../list/count.js'
import { readListQuery } from '../list/list-query.js'
import { kindOf } from '../records/record-kind.js'
import { readSchema } from '../graphql/schema-text.js'
import { createServices } from '../start/services.js'
import { findClaims } from './claims.js'
import { openDatabase } from './open-database.js'
import { createProgress } from './progress.js'
import { runCommand, UsageError } from './run-command.js'
import { serverSecret } from './server-secret.js'

const USAGE = `usage: npm run -s export -- --tenant <slug> --type CONTACT|COMPANY --out <file> [--format csv|ndjson|vcard] [--gzip]
       [--columns a,b,c] [--filter '<JSON>'] [--search <text>] [--order-by '<JSON>'] [--deleted EXCLUDE|INCLUDE|ONLY]
       [--no-formula-escape] [--user <e-mail>]

Writes what a list of the API finds into a file, as of one moment. --filter and --order-by are those of the API, as JSON:
'{"jobTitle":{"contains":"engineer"}}'. It has what the user may see; without --user an ADMIN of the tenant. --out - writes to
standard output. The file has its name once it is whole: until then it is called <file>.partial. The number of records and the
SHA-256 of the file's content, uncompressed, go to standard error.`

const INPUTS = { CONTACT: 'CreateContactExportInput', COMPANY: 'CreateCompanyExportInput' } as const
const LIMITS = { totalMs: 24 * 3600 * 1000, idleMs: 3600 * 1000 }
const MAX_COUNT = 100_000_000

function readJson(option: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new UsageError(`--${option}: is no JSON`)
  }
}

/** What must be so at the end is looked at before anything is read. @throws Error where no file can be written there */
async function checkOut(out: string): Promise<void> {
  if (out === '-') return
  const folder = dirname(out)
  if ((await stat(out).catch(() => undefined))?.isDirectory()) {
    throw new Error(`--out: ${out} is a folder; name a file in it.`)
  }
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new Error(`--out: there is no folder ${folder}; make it, or name another one.`)
  }
  await access(folder, constants.W_OK).catch(() => {
    throw new Error(`--out: nothing may be written to ${folder}; name another folder.`)
  })
}

/** Writes a download to a file, or to standard output; what isn't whole has another name, and is removed. */
async function write(download: Download, out: string, isGzipped: boolean): Promise<void> {
  const steps = isGzipped ? [download.stream, createGzip()] : [download.stream]
  if (out === '-') return pipeline([...steps, process.stdout], { end: false })
  const partial = `${out}.partial`
  try {
    await pipeline([...steps, createWriteStream(partial)])
    await rename(partial, out)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

await runCommand(async (args) => {
  const [text, boolean] = [{ type: 'string' }, { type: 'boolean' }] as const
  const { values } = parseArgs({
    args,
    options: {
      ...{
        tenant: text,
        type: text,
        out: text,
        format: text,
        columns: text,
        filter: text,
        search: text,
        deleted: text,
      },
      ...{ 'order-by': text, user: text, gzip: boolean, 'no-formula-escape': boolean },
    },
  })
  const type = values.type?.toUpperCase() as ExportType
  if (!values.tenant || !values.out || !Object.hasOwn(INPUTS, type)) throw new UsageError(USAGE)
  const { out } = values
  const input = coerceInput(readSchema(), INPUTS[type], {
    format: values.format?.toUpperCase(),
    columns: values.columns?.split(',').map((column) => column.trim()),
    filter: readJson('filter', values.filter),
    orderBy: readJson('order-by', values['order-by']),
    search: values.search,
    deleted: values.deleted?.toUpperCase(),
    escapeFormulas: values['no-formula-escape'] !== true,
  })
  if ('problem' in input) throw new UsageError(input.problem)
  const exported = input.value as ExportArguments
  await checkOut(out)
  const { config, database, close } = await openDatabase({ mustExist: true })
  try {
    const { tenant, claims } = await findClaims(database, values.tenant, { email: values.user })
    const services = createServices(database, serverSecret(config))
    const registry = await registryOfTenant(tenant.id, services)
    const scope = createScope({ tenant, ...claims }, registry, new Date(), FULL_ACCESS)
    const { record, userErrors } = await createExport(scope, services, type, exported)
    const [problem] = userErrors
    if (problem) throw new UsageError(`${problem.field.join('.')}: ${problem.message}`)
    const row = record && (await readExport(scope, services, record.id))
    if (!row) throw new Error('the export is gone')
    const { concept } = kindOf(services.recordKinds, type)
    const listed = readListQuery(scope, services, concept, { ...exported })
    const total = await countRows(scope, services, { ...listed, isOrdered: true }, MAX_COUNT)
    const progress = createProgress(process.stderr, `${type.toLowerCase()} export`)
    const startedAtMs = performance.now()
    const download = await openDownload(scope, services, row, LIMITS, (done) => progress.update(done, total))
    const isWritten = await write(download, out, values.gzip === true).then(
      () => null,
      (error: unknown) => error,
    )
    progress.end()
    await download.end(isWritten === null)
    if (isWritten !== null) throw isWritten as Error
    const { rowCount, sizeBytes, sha256 } = download.sum()
    const seconds = (performance.now() - startedAtMs) / 1000
    console.error(
      `Wrote ${rowCount} records, ${sizeBytes} bytes in ${seconds.toFixed(1)} s (${Math.round(rowCount / seconds)} a second). SHA-256: ${sha256}`,
    )
  } finally {
    await close()
  }
}, USAGE)
