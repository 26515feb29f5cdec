import type { Scope } from '../../access/scope.js'
import type { DeletedRecords } from '../../access/deleted-records.js'
import type { Statement } from '../../database/statement.js'
import type { UserError } from '../../lib/errors.js'
import { checkListArguments, readListQuery, type ListArguments } from '../../list/list-query.js'
import type { Lister } from '../../list/lister.js'
import { allIds } from '../../list/all-ids.js'
import { kindOf, type RecordKind } from '../../records/record-kind.js'
import type { CustomFieldDefinitionRow } from '../custom-field/custom-field.columns.js'
import type { CustomFieldServices } from '../custom-field/definition.service.js'
import { definitionsInUse } from '../custom-field/owned-values.service.js'
import { columnCatalogue } from './column-catalogue.js'
import { chooseColumns, usualColumns, type ChosenColumn } from './column-choice.js'

export type ExportFormat = 'CSV' | 'NDJSON' | 'VCARD'
export type ExportType = 'CONTACT' | 'COMPANY'

/** What is exported, as clients say it; the filter and the order fit their types. */
export interface ExportArguments extends Pick<ListArguments, 'filter' | 'orderBy' | 'search'> {
  readonly format?: ExportFormat | null | undefined
  readonly deleted?: DeletedRecords | null | undefined
  /** column keys; the usual ones unless given */
  readonly columns?: readonly string[] | null | undefined
  /** of CSV: whether what a spreadsheet would run is escaped; true unless said */
  readonly escapeFormulas?: boolean | null | undefined
  /** whether a job writes it into a file; else it is read when it is downloaded */
  readonly inBackground?: boolean | null | undefined
}

/** An export that was read and checked: what is listed, in which form. */
export interface ExportPlan {
  readonly scope: Scope
  readonly kind: RecordKind
  readonly format: ExportFormat
  readonly list: Statement
  /** those that the principal may see: cards have all of them */
  readonly customFields: readonly CustomFieldDefinitionRow[]
  readonly columns: readonly ChosenColumn[]
  readonly isFormulaEscaped: boolean
}

export type ExportPlanServices = Lister &
  Pick<CustomFieldServices, 'database' | 'definitions'> & {
    readonly recordKinds: readonly RecordKind[]
  }

/**
 * Reads and checks an export before any of it runs; the registry of `scope` knows the tenant's custom fields. What is wrong
 * with the columns is told to `errors`.
 * @throws BAD_USER_INPUT, FORBIDDEN with the place in `extensions.field`; SERVICE_UNAVAILABLE, TIMEOUT
 */
export async function planExport(
  scope: Scope,
  services: ExportPlanServices,
  type: ExportType,
  args: ExportArguments,
  errors: UserError[],
): Promise<ExportPlan> {
  const kind = kindOf(services.recordKinds, type)
  const { access, registry, principal } = scope
  const rules = { registry, access, country: principal.tenant.defaultCountry, userId: principal.userId }
  const { filter, orderBy, search, deleted } = args
  const listArguments = { filter, orderBy, search, deleted }
  checkListArguments(rules, kind.concept, listArguments, [])
  const query = readListQuery(scope, services, kind.concept, listArguments)
  const format = args.format ?? 'CSV'
  const catalogue = columnCatalogue(scope, kind, await definitionsInUse(scope, services, type))
  const keys = args.columns ?? null
  if (keys !== null && format === 'VCARD') {
    const message = 'A card has properties of its own: columns are for CSV and NDJSON.'
    errors.push({ code: 'BAD_USER_INPUT', message, field: ['columns'] })
  }
  const columns =
    keys === null || format === 'VCARD'
      ? usualColumns(catalogue, format !== 'CSV', (deleted ?? 'EXCLUDE') !== 'EXCLUDE')
      : chooseColumns(scope, kind, catalogue, keys, errors)
  return {
    scope,
    kind,
    format,
    list: allIds(scope, query, `export.${kind.concept.list}`),
    customFields: catalogue.customFields ?? [],
    columns,
    isFormulaEscaped: args.escapeFormulas ?? true,
  }
}
