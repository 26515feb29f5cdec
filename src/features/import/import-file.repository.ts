import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'

type Owner = Pick<Scope, 'tenantId'>

/** A file that was uploaded, or written by an export; or what has come of it so far. */
export interface ImportFileRow {
  readonly id: string
  readonly createdAt: string
  readonly name: string
  /** null where nobody said it before the end */
  readonly sizeBytes: number | null
  readonly receivedBytes: number
  readonly parts: number
  readonly completedAt: string | null
  readonly expiresAt: string
}

const COLUMNS = `f.id, f.created_at as "createdAt", f.name, f.size_bytes::float8 as "sizeBytes",
  f.received_bytes::float8 as "receivedBytes", f.parts, f.completed_at as "completedAt", f.expires_at as "expiresAt"`

/** Adds a file without bytes, and gives it. */
export function insertFile(
  { tenantId, principal, now }: Pick<Scope, 'tenantId' | 'principal' | 'now'>,
  file: { readonly id: string; readonly name: string; readonly sizeBytes: number | null; readonly expiresAt: Date },
): Statement {
  return {
    label: 'insertImportFile',
    prepared: true,
    text: `insert into import_files as f (tenant_id, id, created_at, updated_at, created_by_id, name, size_bytes, expires_at)
      values ($1, $2, $3, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    values: [tenantId, file.id, now, principal.userId, file.name, file.sizeBytes, file.expiresAt],
  }
}

/** A file by its id. */
export function findFile({ tenantId }: Owner, id: string): Statement {
  return {
    label: 'findImportFile',
    prepared: true,
    text: `select ${COLUMNS} from import_files as f where f.tenant_id = $1 and f.id = $2`,
    values: [tenantId, id],
  }
}

/**
 * Notes that a file has more bytes from an offset on, and gives it; no row where it isn't there, is complete, or has bytes
 * there already: whoever sends the same twice adds them once.
 */
export function noteReceived(
  { tenantId }: Owner,
  { id, offsetBytes, bytes, now }: { id: string; offsetBytes: number; bytes: number; now: Date },
): Statement {
  return {
    label: 'noteReceivedBytes',
    prepared: true,
    text: `update import_files as f set received_bytes = f.received_bytes + $4, parts = f.parts + 1, updated_at = $5
      where f.tenant_id = $1 and f.id = $2 and f.received_bytes = $3 and f.completed_at is null returning ${COLUMNS}`,
    values: [tenantId, id, offsetBytes, bytes, now],
  }
}

/** Adds the bytes themselves, behind all parts that the file has. */
export function insertPart({ tenantId }: Owner, fileId: string, number: number, bytes: Buffer): Statement {
  return {
    label: 'insertImportFilePart',
    prepared: true,
    text: 'insert into import_file_parts (tenant_id, file_id, number, bytes) values ($1, $2, $3, $4)',
    values: [tenantId, fileId, number, bytes],
  }
}

/** The bytes of one part. */
export function findPart({ tenantId }: Owner, fileId: string, number: number): Statement {
  return {
    label: 'findImportFilePart',
    prepared: true,
    text: 'select p.bytes from import_file_parts as p where p.tenant_id = $1 and p.file_id = $2 and p.number = $3',
    values: [tenantId, fileId, number],
  }
}

/** Notes how large a file will be, where that wasn't known before. */
export function declareSize({ tenantId }: Owner, id: string, sizeBytes: number): Statement {
  return {
    label: 'declareImportFileSize',
    prepared: true,
    text: `update import_files as f set size_bytes = $3
      where f.tenant_id = $1 and f.id = $2 and f.size_bytes is null returning ${COLUMNS}`,
    values: [tenantId, id, sizeBytes],
  }
}

/** Notes that all bytes of a file are there, and gives it; no row where some of those that were said are missing. */
export function completeFile({ tenantId }: Owner, id: string, now: Date): Statement {
  return {
    label: 'completeImportFile',
    prepared: true,
    text: `update import_files as f set completed_at = coalesce(f.completed_at, $3), size_bytes = f.received_bytes, updated_at = $3
      where f.tenant_id = $1 and f.id = $2 and (f.size_bytes is null or f.size_bytes = f.received_bytes) returning ${COLUMNS}`,
    values: [tenantId, id, now],
  }
}

/** Where an expired file is. */
export interface ExpiredFile {
  readonly tenantId: string
  readonly id: string
}

/** Some files of all tenants that have expired. */
export function findExpiredFiles(now: Date): Statement {
  return {
    label: 'findExpiredImportFiles',
    prepared: true,
    text: `select f.tenant_id as "tenantId", f.id from import_files as f where f.expires_at <= $1
      order by f.tenant_id, f.expires_at limit 100`,
    values: [now],
  }
}

/** Removes some parts of a file, the last ones first, and says how many. */
export function deleteParts({ tenantId }: Owner, fileId: string, limit: number): Statement {
  return {
    label: 'deleteImportFileParts',
    prepared: true,
    text: `with gone as (
        delete from import_file_parts as p where p.tenant_id = $1 and p.file_id = $2 and p.number in (
          select q.number from import_file_parts as q where q.tenant_id = $1 and q.file_id = $2 order by q.number desc limit $3)
        returning p.number
      ) select count(*)::int as deleted from gone`,
    values: [tenantId, fileId, limit],
  }
}

/** Removes a file. */
export function deleteFile({ tenantId }: Owner, id: string): Statement {
  return {
    label: 'deleteImportFile',
    prepared: true,
    text: 'delete from import_files as f where f.tenant_id = $1 and f.id = $2',
    values: [tenantId, id],
  }
}
