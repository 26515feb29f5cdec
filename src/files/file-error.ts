/**
 * Why a file as a whole can't be read; the third table of `docs/errors.md`. Codes stay; messages of errors may change, and say
 * what to do.
 */
export const FILE_ERROR_CODES = {
  BAD_OPTION: 'What was said of the file doesn’t fit it, or goes together with nothing.',
  EMPTY_FILE: 'The file has no bytes, no header or no records.',
  UNSUPPORTED_FILE: 'The file is no CSV, NDJSON or vCard, but an archive, a workbook or no text.',
  UNSUPPORTED_ENCODING: 'The file is UTF-32.',
  DAMAGED_FILE: 'The gzip file is damaged or cut off; rows before that place are good.',
  TOO_COMPRESSED: 'The gzip file unpacks to more than 200 times its size.',
  TOO_LARGE: 'The file has more bytes than are read, unpacked.',
  HEADER_NOT_FOUND: 'The first line is blank, a title, or has broken quotes.',
  DUPLICATE_COLUMNS: 'Several columns have one name.',
  TOO_MANY_COLUMNS: 'The header has more than 1,000 columns.',
} as const satisfies Record<string, string>

export type FileErrorCode = keyof typeof FILE_ERROR_CODES

/**
 * A file that can't be read, or not further. `openRowFile` throws it before any row, its rows where a fault shows
 * later (a damaged gzip file): the rows before are good. The message says what happened and what to do, and speaks of the
 * file alone: it may be sent to who uploaded it.
 */
export class FileError extends Error {
  readonly code: FileErrorCode

  constructor(code: FileErrorCode, message: string) {
    super(message)
    this.name = 'FileError'
    this.code = code
  }
}
