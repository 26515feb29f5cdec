/** Why a file as a whole can't be read. Codes stay; messages may change. */
export type FileErrorCode =
  | 'BAD_OPTION'
  | 'EMPTY_FILE'
  | 'UNSUPPORTED_FILE'
  | 'UNSUPPORTED_ENCODING'
  | 'DAMAGED_FILE'
  | 'TOO_COMPRESSED'
  | 'TOO_LARGE'
  | 'HEADER_NOT_FOUND'
  | 'DUPLICATE_COLUMNS'
  | 'TOO_MANY_COLUMNS'

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
