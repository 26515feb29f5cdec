import { createScope, FULL_ACCESS } from '../../../src/access/scope.js'
import { appendBytes, completeFile, createFile } from '../../../src/features/import/import-file.service.js'
import { createImportHandler } from '../../../src/features/import/import-handler.js'
import type { JobWorker } from '../../../src/features/job/job-worker.js'
import type { Principal } from '../../../src/lib/principal.js'
import { createServerWorker } from '../../../src/start/server-jobs.js'
import type { Desk } from '../../support/desk.js'

/** Uploads a file and gives its id. */
export async function upload(desk: Desk, principal: Principal, content: string | Buffer, name = 'rows.csv') {
  const { services, registry } = desk.api
  const scope = createScope(principal, registry, new Date(), FULL_ACCESS)
  const file = await createFile(scope, services, name, null)
  async function* bytes() {
    yield Buffer.from(content)
  }
  await appendBytes(scope, services, file, 0, bytes())
  await completeFile(scope, services, file.id)
  return file.id
}

/** A worker that imports so many rows a chunk. */
export function importWorker(desk: Desk, rowsAChunk?: number): JobWorker {
  const { services } = desk.api
  const handlers = { IMPORT: createImportHandler(services, rowsAChunk) }
  return createServerWorker(services, { warn: () => undefined, info: () => undefined }, { handlers })
}

const SHOWN = `id status rows { total read created updated unchanged skipped failed } error { code message }
  import { failures(first: 100) { line errors { column code message } } }`

/** Begins an import; what `startImport` answered. */
export async function start(desk: Desk, principal: Principal, input: object) {
  return desk.mutate(principal, 'startImport', input, `isNew job { ${SHOWN} }`)
}

/** What became of an import. */
export interface Imported {
  readonly id: string
  readonly status: string
  readonly rows: Record<string, number | null>
  readonly error: unknown
  readonly import: { readonly failures: readonly { readonly line: number; readonly errors: readonly object[] }[] }
}

/** Uploads and imports a text as CSV, and gives its job when it is over. */
export async function importText(
  desk: Desk,
  principal: Principal,
  text: string | Buffer,
  mapping: Readonly<Record<string, string | null>> | readonly object[],
  more: object = {},
  rowsAChunk?: number,
): Promise<Imported> {
  const fileId = await upload(desk, principal, text)
  const columns = Array.isArray(mapping) ? mapping : Object.entries(mapping).map(([column, key]) => ({ column, key }))
  const answer = await start(desk, principal, { fileId, type: 'CONTACT', mapping: columns, ...more })
  if (!answer['job']) throw new Error(`refused: ${JSON.stringify(answer.userErrors)}`)
  await importWorker(desk, rowsAChunk).drain()
  const { job } = await desk.ask(principal, `query ($id: ID!) { job(id: $id) { ${SHOWN} } }`, { id: answer['job'].id })
  return job as Imported
}

/** Where the columns of a text belong as the API suggests it, and the columns for which something has to be declared. */
export async function suggestedMapping(desk: Desk, principal: Principal, text: string, type: string) {
  const query = `query ($input: ImportPreviewInput!) { importPreview(input: $input) {
    preview { columns { name key with { field value } declare } } } }`
  const input = { fileId: await upload(desk, principal, text), type }
  const { importPreview: answer } = await desk.ask(principal, query, { input })
  const { columns } = (answer as { preview: { columns: SuggestedColumn[] } }).preview
  return {
    mapping: columns.map(({ name, key, with: beside }) => ({ column: name, key, with: beside })),
    declared: columns.filter(({ declare }) => declare.length > 0).map(({ name }) => name),
  }
}

interface SuggestedColumn {
  readonly name: string
  readonly key: string | null
  readonly with: readonly object[]
  readonly declare: readonly string[]
}

/** The rows of an import, all 0 but some. */
export function rows(counts: Readonly<Record<string, number>>) {
  const none = { total: null, read: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
  return { ...none, ...counts }
}
