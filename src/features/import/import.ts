import type { FileEncoding, FileFormat, FileRow } from '../../files/row-file.js'
import type { Mapping } from '../../files/mapping.js'
import type { OnDeleted } from '../../records/upsert.js'

/** What is done with a row whose record is there. */
export type ImportDuplicates = 'SKIP' | 'UPDATE' | 'CREATE'

/** Whether a refused row ends the import. */
export type ImportOnError = 'CONTINUE' | 'STOP'

/** How the bytes of a file are read; what isn't said is told by the file. */
export interface ImportFileOptions {
  readonly format?: FileFormat | undefined
  readonly encoding?: FileEncoding | undefined
  readonly separator?: string | undefined
  readonly headerRow?: number | undefined
}

/** What an import does, as its job keeps it. */
export interface ImportOptions {
  readonly fileId: string
  readonly fileName: string
  /** CONTACT or COMPANY */
  readonly type: string
  readonly file: ImportFileOptions
  readonly mapping: Mapping
  /** the columns of the file, in their order */
  readonly columns: readonly string[]
  readonly duplicates: ImportDuplicates
  /** the name of one of the kind's matchers; null where duplicates aren't looked for */
  readonly matchBy: string | null
  readonly customFieldKey: string | null
  readonly onDeleted: OnDeleted
  readonly createsCompanies: boolean
  readonly onError: ImportOnError
  readonly isDryRun: boolean
}

/** How far an import is. */
export interface ImportCursor {
  /** records of the file that are done */
  readonly index: number
  /** bytes of the file that were read so far */
  readonly readBytes: number
  /** of a dry run, once all other rows are done: groups of rows that are done */
  readonly batch?: number
}

/** Some records of a file that are done in one transaction, and where the import is behind them. */
export interface ImportChunk {
  readonly rows: readonly FileRow[]
  readonly cursor: ImportCursor
}

/** What is wrong with a row. */
export interface ImportRowError {
  /** the header of the column; null where it is none alone */
  readonly column: string | null
  readonly code: string
  readonly message: string
}
