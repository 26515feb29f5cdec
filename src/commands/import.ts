import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Mapping } from '../files/mapping.js'
import { failureFile } from '../features/import/failure-file.js'
import { appendBytes, completeFile, createFile } from '../features/import/import-file.service.js'
import type { ImportCursor, ImportOptions } from '../features/import/import.js'
import { readFailures, startImport, type StartImportInput } from '../features/import/import.service.js'
import { suggestedMapping } from '../features/import/import-preview.service.js'
import type { JobRow } from '../features/job/job.js'
import { findJob } from '../features/job/job.service.js'
import { jobScope } from '../features/job/job-scope.js'
import type { Scope } from '../access/scope.js'
import type { Services } from '../graphql/services.js'
import { roleIncludes } from '../lib/principal.js'
import { createServices } from '../start/services.js'
import { createServerWorker } from '../start/server-jobs.js'
import { findClaims } from './claims.js'
import { openDatabase } from './open-database.js'
import { createRowProgress } from './row-progress.js'
import { runCommand, UsageError } from './run-command.js'
import { serverSecret } from './server-secret.js'

const USAGE = `usage: npm run import -- <file> --tenant <slug> --type CONTACT|COMPANY [--map <map.json>] [--dry-run]
       [--duplicates UPDATE|SKIP|CREATE] [--match-by ID|EXTERNAL_ID|EMAIL|DOMAIN|CUSTOM_FIELD] [--custom-field <key>]
       [--create-companies] [--stop-on-error] [--import-id <text>] [--user <e-mail>] [--errors <file.csv>]
       [--encoding UTF-8|UTF-16LE|UTF-16BE|ISO-8859-1|WINDOWS-1252] [--separator <character>] [--header-row <line>]

Imports a CSV, NDJSON or vCard file, gzip too. Without --map its columns go where their headers seem to belong, which is shown
first. --errors writes the refused rows to a file that can be imported once it is corrected. With --import-id the same import
adds nothing when it is run again. It is done on behalf of the user of --user, else of the longest-serving ADMIN. If this
command is ended, a server goes on with it.

Exit codes: 0 all rows are imported, 2 some were refused, 1 not run or not to its end.`

const LOOK_EVERY_MS = 200
const ROWS_FAILED = 2
let hasFailedRows = false

const ENCODINGS = ['UTF-8', 'UTF-16LE', 'UTF-16BE', 'ISO-8859-1', 'WINDOWS-1252'] as const

function oneOf<const Value extends string>(option: string, text: string, values: readonly Value[]): Value {
  const value = values.find((one) => one === text.toUpperCase())
  if (value === undefined) throw new UsageError(`--${option}: ${values.join(', ')}`)
  return value
}

/** The mapping in a file: `{ "columns": { "First Name": "firstName" } }`. */
function readMapping(path: string): Mapping {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const isMapping = typeof parsed === 'object' && parsed !== null && 'columns' in parsed
  if (!isMapping || typeof parsed.columns !== 'object' || parsed.columns === null) {
    throw new UsageError('--map: a JSON file is needed, as {"columns": {"First Name": "firstName"}}.')
  }
  return parsed as Mapping
}

function describe({ columns }: Mapping): string {
  const lines = Object.entries(columns).map(([column, target]) => {
    const key = typeof target === 'object' ? (target?.key ?? '(left out)') : target
    return `  ${column} -> ${key}`
  })
  return ['Columns go to:', ...lines].join('\n')
}

/** On whose behalf rows are imported: the user's of an address, else the longest-serving ADMIN's. */
async function scopeOf(services: Services, slug: string, email: string | undefined): Promise<Scope> {
  const { tenant, claims } = await findClaims(services.database, slug, { email })
  if (!roleIncludes(claims.role, 'MEMBER'))
    throw new Error(`Importing needs the role MEMBER; theirs is ${claims.role}.`)
  return jobScope(services, tenant.id, { createdById: claims.userId, role: claims.role })
}

/** Works on an import, or waits for the server that does, and shows how far it is; the job when it has ended. */
async function follow(services: Services, scope: Scope, job: JobRow, sizeBytes: number): Promise<JobRow> {
  const { fileName, isDryRun } = job.options as ImportOptions
  const progress = createRowProgress(process.stderr, isDryRun ? `${fileName} (dry run)` : fileName)
  const log = { warn: (fields: object, message: string) => console.error(message, fields), info: () => undefined }
  const worker = createServerWorker(services, log)
  worker.start()
  try {
    for (;;) {
      const now = await findJob(scope, services, job.id)
      if (!now) throw new Error('The import is gone.')
      const { readBytes = 0 } = (now.cursor as ImportCursor | null) ?? {}
      const isOver = now.finishedAt !== null
      progress.update(now.read, isOver ? 1 : readBytes / sizeBytes)
      if (isOver) return now
      await sleep(LOOK_EVERY_MS)
    }
  } finally {
    progress.end()
    await worker.stop()
  }
}

await runCommand(async (args) => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ tenant: text, type: text, map: text, duplicates: text, 'match-by': text, 'custom-field': text },
      ...{ 'import-id': text, user: text, errors: text, encoding: text, separator: text, 'header-row': text },
      ...{ 'dry-run': flag, 'create-companies': flag, 'stop-on-error': flag },
    },
  })
  const [path, ...more] = positionals
  const type = values.type?.toUpperCase()
  if (!path || more.length > 0 || !values.tenant || (type !== 'CONTACT' && type !== 'COMPANY'))
    throw new UsageError(USAGE)
  const duplicates = oneOf('duplicates', values.duplicates ?? 'UPDATE', ['UPDATE', 'SKIP', 'CREATE'] as const)
  const sizeBytes = statSync(path).size
  const given = values.map === undefined ? undefined : readMapping(values.map)
  const { config, database, close } = await openDatabase({ mustExist: true })
  try {
    const services = createServices(database, serverSecret(config), {
      uploadLimitBytes: config.KITH_UPLOAD_LIMIT_BYTES,
    })
    const scope = await scopeOf(services, values.tenant, values.user)
    const file = await createFile(scope, services, basename(path), sizeBytes)
    await appendBytes(scope, services, file, 0, createReadStream(path, { highWaterMark: 2 ** 20 }))
    await completeFile(scope, services, file.id)
    const read: StartImportInput['file'] = {
      ...(values.encoding ? { encoding: oneOf('encoding', values.encoding, ENCODINGS) } : {}),
      ...(values.separator ? { separator: values.separator === '\\t' ? '\t' : values.separator } : {}),
      ...(values['header-row'] ? { headerRow: Number(values['header-row']) } : {}),
    }
    const mapping = given ?? (await suggestedMapping(scope, services, { fileId: file.id, type, file: read }))
    if (!given) process.stderr.write(`${describe(mapping)}\n`)
    const started = await startImport(scope, services, {
      ...{ fileId: file.id, type, file: read, mapping, duplicates },
      ...{ matchBy: values['match-by']?.toUpperCase(), customFieldKey: values['custom-field'] },
      ...{ createCompanies: values['create-companies'] ?? false, dryRun: values['dry-run'] ?? false },
      ...{ onError: values['stop-on-error'] ? 'STOP' : 'CONTINUE', importId: values['import-id'] },
    })
    if (!started.record) {
      const reasons = started.userErrors.map(({ field, message }) => `${field.join('.')}: ${message}`)
      throw new Error(reasons.join('\n'))
    }
    if (!started.isNew) process.stderr.write('This import was run before: nothing is added.\n')
    const job = await follow(services, scope, started.record, sizeBytes)
    if (values.errors !== undefined && job.failed > 0) {
      const { columns } = job.options as ImportOptions
      const rows = failureFile(columns, readFailures(scope, services, job.id))
      await pipeline(Readable.from(rows), createWriteStream(values.errors))
    }
    const { id, status, error, read: all, created, updated, unchanged, skipped, failed } = job
    console.log(
      JSON.stringify({ id, status, error, rows: { read: all, created, updated, unchanged, skipped, failed } }),
    )
    if (status !== 'SUCCEEDED') throw new Error(error?.message ?? 'The import was canceled.')
    hasFailedRows = failed > 0
  } finally {
    await close()
  }
}, USAGE)
// For other commands 2 says that arguments are wrong.
if (process.exitCode === ROWS_FAILED) process.exitCode = 1
if (hasFailedRows) process.exitCode = ROWS_FAILED
