import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../features/identity/principal.service.js'
import { ERROR_CODES, type AppError } from '../lib/errors.js'
import { roleIncludes, type Principal } from '../lib/principal.js'
import { findCaller, refuseUnread } from './caller.js'
import { refuseRequest } from './refusal.js'

/** Who uploads or downloads files of imports, and since when. */
export interface ImportCaller {
  readonly tenantId: string
  readonly principal: Principal
  readonly now: Date
}

/**
 * Finds out who sent a request, before its body is read: a MEMBER or above. Undefined where the request was refused: 401
 * without a valid token, 403 for lower roles and operators.
 */
export async function findImportCaller(
  request: FastifyRequest,
  reply: FastifyReply,
  authenticator: Authenticator,
): Promise<ImportCaller | undefined> {
  try {
    const caller = await findCaller(request, authenticator, false)
    if (caller === 'TOO_LARGE') throw new Error('who has a token may send a body')
    const { principal, now } = caller
    if (principal && roleIncludes(principal.role, 'MEMBER')) return { tenantId: principal.tenant.id, principal, now }
    const message = principal
      ? `This needs the role MEMBER; yours is ${principal.role}.`
      : "An operator's token belongs to no tenant: it imports nothing."
    void refuseRequest(request, reply.header('connection', 'close'), { status: 403, code: 'FORBIDDEN', message })
  } catch (error) {
    void refuseUnread(request, reply, error)
  }
  return undefined
}

/** The status of a refusal, by its code; what is larger than it may be is 413. */
export function statusOf({ code, extensions }: AppError): number {
  if (extensions['limit'] !== undefined) return 413
  const { status } = ERROR_CODES[code]
  if (status !== 200) return status
  return code === 'NOT_FOUND' ? 404 : code === 'CONFLICT' ? 409 : code === 'FORBIDDEN' ? 403 : 500
}
