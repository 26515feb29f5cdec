import { createScope, FULL_ACCESS } from '../../src/access/scope.js'
import { openDownload } from '../../src/features/export/download.service.js'
import { readExport } from '../../src/features/export/export-request.service.js'
import type { Principal } from '../../src/lib/principal.js'
import type { Desk } from './desk.js'

/** The text of an export of all contacts or companies, unless `input` says which. */
export async function exportText(
  desk: Desk,
  principal: Principal,
  type: 'Contact' | 'Company',
  input: object = {},
): Promise<string> {
  const { services, registry } = desk.api
  const { export: made } = await desk.mutate(principal, `create${type}Export`, input, 'export { id }')
  const scope = createScope(principal, registry, new Date(), FULL_ACCESS)
  const row = await readExport(scope, services, made.id as string)
  if (!row) throw new Error('the export is gone')
  const download = await openDownload(scope, services, row, { totalMs: 60_000, idleMs: 60_000 })
  const text = Buffer.concat((await download.stream.toArray()) as Buffer[]).toString()
  await download.end(true)
  return text
}
