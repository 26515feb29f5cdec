/** What the API says, as far as the page shows it. */

export type RecordType = 'CONTACT' | 'COMPANY'
export type Declaration = 'DATE_ORDER' | 'DECIMAL_SEPARATOR' | 'TIME_ZONE'

export interface UserError {
  readonly code: string
  readonly message: string
  readonly field: readonly string[]
}

export interface UploadedFile {
  readonly id: string
  readonly name: string
  readonly sizeBytes: number
}

export interface FileColumn {
  readonly name: string
  readonly samples: readonly string[]
  readonly key: string | null
  readonly confidence: 'EXACT' | 'HIGH' | 'LOW' | 'NONE'
  readonly with: readonly { readonly field: string; readonly value: string }[]
  readonly declare: readonly Declaration[]
}

export interface Preview {
  readonly format: 'CSV' | 'NDJSON' | 'VCARD'
  readonly encoding: string
  readonly separator: string | null
  readonly columns: readonly FileColumn[]
  readonly keys: readonly string[]
}

/** How the bytes of the file are read, where somebody chose it. */
export interface FileOptions {
  readonly encoding?: string
  readonly separator?: string
  readonly headerRow?: number
}

/** Where a column belongs, as the API takes it. */
export interface ColumnInput {
  readonly column: string
  readonly key: string
  readonly with?: FileColumn['with']
  readonly dateOrder?: string
  readonly decimalSeparator?: string
  readonly timeZone?: string
}

export interface Rows {
  readonly total: number | null
  readonly read: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
}

export interface Failure {
  readonly line: number
  readonly errors: readonly { readonly column: string | null; readonly code: string; readonly message: string }[]
}

export interface Job {
  readonly id: string
  readonly kind: string
  readonly status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED'
  readonly isCancelRequested: boolean
  readonly rows: Rows
  readonly error: { readonly code: string; readonly message: string } | null
  readonly import: {
    readonly isDryRun: boolean
    readonly readBytes: number
    readonly errorFile: string | null
    readonly failures: readonly Failure[]
  } | null
}
