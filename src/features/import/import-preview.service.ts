import type { Scope } from '../../access/scope.js'
import { listColumnKeys, type RecordKeys } from '../../files/column-keys.js'
import { UserErrors, type UserError } from '../../lib/errors.js'
import type { ImportServices } from './import-handler.js'
import { kindOf } from '../../records/record-kind.js'
import type { Mapping } from '../../files/mapping.js'
import type { RowFile } from '../../files/row-file.js'
import { mappingOf, suggestMapping, type ColumnSuggestion } from '../../files/suggest-mapping.js'
import { openOrRefuse, type StartImportInput } from './import.service.js'
import { recordKeys } from './record-keys.js'

const ITEMS = 3

/** What a file has. */
export interface ImportPreview extends Pick<RowFile, 'format' | 'encoding' | 'separator'> {
  readonly columns: readonly ColumnSuggestion[]
  /** to what columns can be mapped */
  readonly keys: readonly string[]
}

/** What a file has, and where its columns may belong. A file that can't be read is told in `userErrors`. */
export async function previewImport(
  scope: Scope,
  services: ImportServices,
  { fileId, type, file }: Pick<StartImportInput, 'fileId' | 'type' | 'file'>,
): Promise<{ readonly preview: ImportPreview | null; readonly userErrors: readonly UserError[] }> {
  const keys = keysOf(scope, services, type)
  const names = listColumnKeys(keys, ITEMS).map(({ key }) => key)
  try {
    const { rows } = await openOrRefuse(scope, services, fileId, file)
    await rows.close()
    const columns = suggestMapping(rows.columns, rows.sample, keys)
    const { format, encoding, separator } = rows
    return { preview: { format, encoding, separator, columns, keys: names }, userErrors: [] }
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    return { preview: null, userErrors: error.userErrors }
  }
}

/** The mapping that a file suggests by itself. @throws UserErrors where it can't be read */
export async function suggestedMapping(
  scope: Scope,
  services: ImportServices,
  { fileId, type, file }: Pick<StartImportInput, 'fileId' | 'type' | 'file'>,
): Promise<Mapping> {
  const { rows } = await openOrRefuse(scope, services, fileId, file)
  await rows.close()
  return mappingOf(suggestMapping(rows.columns, rows.sample, keysOf(scope, services, type)))
}

/** To what columns of a type of record can be mapped. */
function keysOf({ registry }: Scope, { recordKinds }: ImportServices, type: string): RecordKeys {
  return recordKeys(kindOf(recordKinds, type), registry)
}
