import type { Scope } from '../../access/scope.js'
import { listColumnKeys } from '../../files/column-keys.js'
import { UserErrors, type UserError } from '../../lib/errors.js'
import { kindOf, type ImportServices } from './import-handler.js'
import type { FileRow, RowFile } from '../../files/row-file.js'
import { openOrRefuse, type StartImportInput } from './import.service.js'
import { recordKeys } from './record-keys.js'

const SAMPLES = 3
const SAMPLE_LENGTH = 100
const ITEMS = 3

/** What a file has. */
export interface ImportPreview extends Pick<RowFile, 'format' | 'encoding' | 'separator'> {
  readonly columns: readonly {
    readonly name: string
    readonly samples: readonly string[]
    readonly key: string | null
  }[]
  /** to what columns can be mapped */
  readonly keys: readonly string[]
}

/** What a file has, and where its columns may belong. A file that can't be read is told in `userErrors`. */
export async function previewImport(
  scope: Scope,
  services: ImportServices,
  { fileId, type, file }: Pick<StartImportInput, 'fileId' | 'type' | 'file'>,
): Promise<{ readonly preview: ImportPreview | null; readonly userErrors: readonly UserError[] }> {
  const keys = recordKeys(kindOf(services, type), scope.registry)
  const names = listColumnKeys(keys, ITEMS).map(({ key }) => key)
  try {
    const { rows } = await openOrRefuse(scope, services, fileId, file)
    await rows.close()
    const columns = rows.columns.map((name) => ({
      name,
      samples: samplesOf(rows.sample, name),
      key: null,
    }))
    const { format, encoding, separator } = rows
    return { preview: { format, encoding, separator, columns, keys: names }, userErrors: [] }
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    return { preview: null, userErrors: error.userErrors }
  }
}

/** The first values of a column that differ, cut where they are long. */
function samplesOf(rows: readonly FileRow[], column: string): string[] {
  const cells = rows.map(({ cells: own }) => own.get(column) ?? '').filter((cell) => cell.trim() !== '')
  return [...new Set(cells)].slice(0, SAMPLES).map((cell) => [...cell].slice(0, SAMPLE_LENGTH).join(''))
}
