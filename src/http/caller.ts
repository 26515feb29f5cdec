import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../features/identity/principal.service.js'
import { AppError } from '../lib/errors.js'
import { roleIncludes, type Principal, type Role } from '../lib/principal.js'
import { refuseRequest, statusOf } from './refusal.js'

/** Who sent a request; null where nobody said so and introspection alone is answered. */
export interface Caller {
  readonly principal: Principal | null
  /** whether it is an operator, who belongs to no tenant */
  readonly isOperator: boolean
  readonly now: Date
}

/** A user or a program of a tenant. */
export interface TenantCaller {
  readonly tenantId: string
  readonly principal: Principal
  readonly now: Date
}

/** What callers without a token may send: an introspection query. */
const UNKNOWN_BODY_BYTES = 65_536

/**
 * Finds out who sent a request before its body is read, let alone inflated: 4 kB of gzip can be 4 MB of JSON. Who is
 * nobody sends 64 kB at most, of a length that it says, uncompressed.
 * @throws UNAUTHENTICATED, SERVICE_UNAVAILABLE
 */
export async function findCaller(
  { headers }: FastifyRequest,
  authenticator: Authenticator,
  mayBeNobody: boolean,
): Promise<Caller | 'TOO_LARGE'> {
  if (!mayBeNobody || headers.authorization !== undefined) return knownCaller(headers.authorization, authenticator)
  const isOpenEnded = headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined
  const isTooLarge = isOpenEnded || Number(headers['content-length'] ?? 0) > UNKNOWN_BODY_BYTES
  return isTooLarge ? 'TOO_LARGE' : { principal: null, isOperator: false, now: new Date() }
}

async function knownCaller(authorization: string | undefined, authenticator: Authenticator): Promise<Caller> {
  const now = new Date()
  try {
    return { principal: await authenticator.authenticate(authorization, now), isOperator: false, now }
  } catch (error) {
    if (!(await authenticator.isOperator(authorization, now))) throw error
    return { principal: null, isOperator: true, now }
  }
}

/**
 * Who sent a request to an address that is for a role and above, before its body is read; null for an operator, who belongs to
 * no tenant.
 * @throws UNAUTHENTICATED, FORBIDDEN, SERVICE_UNAVAILABLE, TIMEOUT
 */
export async function findTenantCaller(
  { headers }: FastifyRequest,
  authenticator: Authenticator,
  role: Role,
): Promise<TenantCaller | null> {
  const { principal, now } = await knownCaller(headers.authorization, authenticator)
  if (!principal) return null
  if (roleIncludes(principal.role, role)) return { tenantId: principal.tenant.id, principal, now }
  throw new AppError('FORBIDDEN', `This needs the role ${role}; yours is ${principal.role}.`)
}

/** The same, but undefined where the request was refused: 401, 403 (operators too), 503. */
export async function admitTenantCaller(
  request: FastifyRequest,
  reply: FastifyReply,
  authenticator: Authenticator,
  role: Role,
): Promise<TenantCaller | undefined> {
  try {
    const caller = await findTenantCaller(request, authenticator, role)
    if (caller) return caller
    throw new AppError('FORBIDDEN', "An operator's token belongs to no tenant, and this is for tenants.")
  } catch (error) {
    void refuseUnread(request, reply, error)
    return undefined
  }
}

/** Answers a request whose body isn't read. The connection ends with it: nobody waits for the rest of the body. */
export function refuseUnread(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  void reply.header('connection', 'close')
  if (error === 'TOO_LARGE') {
    const message = `Without a token a body has at most ${UNKNOWN_BODY_BYTES} bytes, uncompressed and with its length said.`
    return refuseRequest(request, reply, { status: 413, code: 'LIMIT_BODY', message })
  }
  if (!(error instanceof AppError)) throw error
  const { code, message } = error
  if (code !== 'UNAUTHENTICATED' && code !== 'FORBIDDEN') {
    request.log.error({ err: error.cause ?? error, requestId: request.id }, 'who sent a request was not found out')
  }
  return refuseRequest(request, reply, { status: statusOf(code), code, message })
}
