import type { Scope } from '../../access/scope.js'
import type { Statement } from '../../database/statement.js'
import type { ImportRowError } from './import.js'

type Owner = Pick<Scope, 'tenantId'>

/** A row that was refused. */
export interface ImportFailure {
  /** how many records come before it in the file */
  readonly index: number
  /** the line in which it begins */
  readonly line: number
  /** column and cell, in the order of the file */
  readonly cells: readonly (readonly [column: string, cell: string])[]
  readonly errors: readonly ImportRowError[]
}

/** Keeps refused rows of an import. */
export function insertFailures({ tenantId }: Owner, jobId: string, failures: readonly ImportFailure[]): Statement {
  return {
    label: 'insertImportFailures',
    prepared: true,
    text: `insert into import_failures (tenant_id, job_id, row_index, line, cells, errors)
      select $1, $2, r.* from unnest($3::bigint[], $4::bigint[], $5::jsonb[], $6::jsonb[]) as r`,
    values: [
      ...[tenantId, jobId, failures.map(({ index }) => index), failures.map(({ line }) => line)],
      ...[failures.map(({ cells }) => JSON.stringify(cells)), failures.map(({ errors }) => JSON.stringify(errors))],
    ],
  }
}

/** Some refused rows of an import in the order of the file, behind that of an index. */
export function findFailures({ tenantId }: Owner, jobId: string, afterIndex: number, limit: number): Statement {
  return {
    label: 'findImportFailures',
    prepared: true,
    text: `select f.row_index::float8 as index, f.line::float8 as line, f.cells, f.errors from import_failures as f
      where f.tenant_id = $1 and f.job_id = $2 and f.row_index > $3 order by f.row_index limit $4`,
    values: [tenantId, jobId, afterIndex, limit],
  }
}
