import type { Scope } from '../../access/scope.js'
import { AppError, type UserError } from '../../lib/errors.js'
import { newId } from '../../lib/new-id.js'
import { isStorable, UNSTORABLE } from '../../lib/storable.js'
import { refusedResult, type MutationResult } from '../../records/mutation.js'
import type { CustomFieldServices } from '../custom-field/definition.service.js'
import { withTenantFields } from '../custom-field/scope-registry.js'
import type { Registry } from '../../concepts/registry.js'
import type { DownloadLinks } from './download-link.js'
import type { ExportRow } from './export.columns.js'
import {
  planExport,
  type ExportArguments,
  type ExportPlan,
  type ExportPlanServices,
  type ExportType,
} from './export-plan.js'
import { deleteOldExports, findExport, insertExport } from './export.repository.js'
import type { ExportPlaces } from './export-places.js'

/** What exports need beside a scope: made once, in server.ts. */
export interface ExportServices extends ExportPlanServices, CustomFieldServices {
  readonly registry: Registry
  readonly downloads: DownloadLinks
  readonly exportPlaces: ExportPlaces
}

const KEPT_MS = 24 * 3600 * 1000
const DOWNLOADABLE_MS = 10 * 60 * 1000

/**
 * Notes an export that was asked for, after it was checked as a whole; it is read when it is downloaded.
 * @throws FORBIDDEN, SERVICE_UNAVAILABLE, TIMEOUT
 */
export async function createExport(
  scope: Scope,
  services: ExportServices,
  type: ExportType,
  args: ExportArguments,
): Promise<MutationResult<ExportRow>> {
  const userErrors: UserError[] = []
  try {
    await planOf(scope, services, type, args, userErrors)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'BAD_USER_INPUT') throw error
    const { field } = error.extensions
    userErrors.push({
      code: error.code,
      message: error.message,
      field: typeof field === 'string' ? field.split('.') : [],
    })
  }
  for (const field of ['filter', 'search'] as const) {
    const isTold = userErrors.some((error) => error.field[0] === field)
    if (!isTold && !isStorable(args[field])) {
      userErrors.push({ code: 'BAD_USER_INPUT', message: UNSTORABLE, field: [field] })
    }
  }
  if (userErrors.length > 0) return refusedResult(userErrors)
  const id = newId(scope.now)
  const row = { id, type, format: args.format ?? 'CSV', arguments: args }
  const record = await services.database.change(scope.tenantId, async (change) => {
    const [[inserted] = []] = await change.commit([
      insertExport(scope, row),
      deleteOldExports(scope, new Date(scope.now.getTime() - KEPT_MS)),
    ])
    return inserted as ExportRow
  })
  return { id, record, userErrors: [] }
}

/** The export of an id that is younger than a day, for who asked for it and ADMINs; null for everybody else. */
export async function readExport(
  scope: Scope,
  { database }: Pick<ExportServices, 'database'>,
  id: string,
): Promise<ExportRow | null> {
  const notBefore = new Date(scope.now.getTime() - KEPT_MS)
  const [row] = await database.reader(scope.tenantId).read<ExportRow>(findExport(scope, id, notBefore))
  const { userId, role } = scope.principal
  return row && (role === 'ADMIN' || (userId !== null && row.createdById === userId)) ? row : null
}

/** The path of an export's download; null where it has expired, or another user asked for it. */
export async function downloadPathOf(
  { principal: { userId, role }, tenantId, now }: Scope,
  { downloads }: Pick<ExportServices, 'downloads'>,
  { id, createdAt, createdById }: ExportRow,
): Promise<string | null> {
  const expiresAt = new Date(Date.parse(createdAt) + DOWNLOADABLE_MS)
  if (userId === null || createdById !== userId || expiresAt <= now) return null
  return downloads.sign({ exportId: id, tenantId, userId, role }, expiresAt)
}

/** An export as it was asked for, read and checked anew. @throws FORBIDDEN, BAD_USER_INPUT where a field is gone meanwhile */
export async function planOfExport(scope: Scope, services: ExportServices, row: ExportRow): Promise<ExportPlan> {
  const userErrors: UserError[] = []
  const plan = await planOf(scope, services, row.type, row.arguments, userErrors)
  const [problem] = userErrors
  if (problem) throw new AppError('BAD_USER_INPUT', problem.message, { extensions: { field: problem.field.join('.') } })
  return plan
}

async function planOf(
  scope: Scope,
  services: ExportServices,
  type: ExportType,
  args: ExportArguments,
  userErrors: UserError[],
): Promise<ExportPlan> {
  return planExport(await withTenantFields(scope, services), services, type, args, userErrors)
}
