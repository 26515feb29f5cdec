/** The formats that are read. */
export type FileFormat = 'CSV' | 'NDJSON' | 'VCARD'
/** The encodings that are read. ISO-8859-1 has control characters at 0x80 to 0x9F, where Windows-1252 has “ ” – and €. */
export type FileEncoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'ISO-8859-1' | 'WINDOWS-1252'

/** Why one row can't be read; in the fourth table of `docs/errors.md`. Codes stay; messages may change. */
export const ROW_ERROR_CODES = {
  RAGGED_ROW: 'The row has more or fewer cells than the header.',
  INVALID_QUOTES: 'A quote stands within a cell with quotes around it.',
  UNCLOSED_QUOTE: 'A quote that opens a cell is never closed.',
  ROW_TOO_LARGE: 'The row or a cell is longer than is read: 1,048,576 and 262,144 characters.',
  INVALID_ENCODING: 'A byte or a half of a pair is no character in the encoding of the file.',
  NUL_CHARACTER: 'A cell holds U+0000.',
  INVALID_JSON: 'The line is no JSON object, or a cell that should be JSON is none.',
  INVALID_CARD: 'The card has no end, too many lines or a bad one; or a line stands outside of a card.',
} as const satisfies Record<string, string>

export type RowErrorCode = keyof typeof ROW_ERROR_CODES

export interface RowError {
  readonly code: RowErrorCode
  /** what happened and what to do, as a sentence for people */
  readonly message: string
  /** the header of the column to blame, where it is one */
  readonly column?: string
}

/** One record of a file. With an `error`, `cells` and `text` are what could be read of it, to be shown, not stored. */
export interface FileRow {
  /** the line of the file in which the record begins, 1 for the first: what an editor shows */
  readonly row: number
  /** how many records of data come before it: 0 for the first; blank lines and the header don't count */
  readonly index: number
  /** column to text, in the order of the file; empty cells of CSV are here as `''` */
  readonly cells: ReadonlyMap<string, string>
  /** the record as it stands in the file, without its line break; 64 Ki characters at most where there is an error */
  readonly text: string
  readonly error?: RowError
}

/** A file that is open. Its rows can be read once. */
export interface RowFile {
  readonly format: FileFormat
  readonly encoding: FileEncoding
  /** the character between cells of CSV; null for other formats */
  readonly separator: string | null
  /** the headers of CSV; of other formats the first 1,000 keys of the first rows, in the order in which they are met */
  readonly columns: readonly string[]
  /** the first data rows (100 at most), to suggest a mapping and to show values; `rows` begins with them again */
  readonly sample: readonly FileRow[]
  /**
   * Every record in order; a bad one is a row with an `error`. Leaving the loop closes the bytes.
   * @throws FileError where nothing more can be read: DAMAGED_FILE, TOO_COMPRESSED, TOO_LARGE
   */
  readonly rows: AsyncIterable<FileRow>
  /** Closes the bytes of a file whose rows aren't read to their end, or not at all. */
  close(): Promise<void>
}

export interface FileLimits {
  /** of the file, decompressed */
  readonly maxBytes: number
  /** of one record, in UTF-16 units; beyond it is a row with ROW_TOO_LARGE, and is not kept in memory */
  readonly maxRowLength: number
  /** of one cell, in UTF-16 units */
  readonly maxCellLength: number
  readonly maxColumns: number
  /** how many times larger than the gzip file its content may be, once it has 16 MiB */
  readonly maxGzipRatio: number
}

export interface RowFileOptions {
  /** told by the content unless given */
  readonly format?: FileFormat | undefined
  /** told by the BOM or the first 64 KiB unless given: what is valid UTF-8 is UTF-8, else it is Windows-1252 */
  readonly encoding?: FileEncoding | undefined
  /** of CSV, one character; told by the first rows unless given */
  readonly separator?: string | undefined
  /** of CSV: the line of the header, 1 unless given; lines before it are left out */
  readonly headerRow?: number | undefined
  /** of CSV: names to use instead of those in the header, as many as it has */
  readonly columns?: readonly string[] | undefined
  /** of CSV: whether `'=1+1` is read as `=1+1`, as our own exports write it; true unless given */
  readonly unescapeFormulas?: boolean | undefined
  /** begins with the row of this `index`: how a run goes on after a crash. Rows before it are read over, not given */
  readonly startAtIndex?: number | undefined
  readonly limits?: Partial<FileLimits> | undefined
}

export const DEFAULT_FILE_LIMITS: FileLimits = {
  maxBytes: 5 * 2 ** 30,
  maxRowLength: 2 ** 20,
  maxCellLength: 2 ** 18,
  maxColumns: 1_000,
  maxGzipRatio: 200,
}
