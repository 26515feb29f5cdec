import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../features/identity/principal.service.js'
import { AppError, ERROR_CODES } from '../lib/errors.js'
import type { Principal } from '../lib/principal.js'
import { refuseRequest } from './refusal.js'

/** Who sent a request; null where nobody said so and introspection alone is answered. */
export interface Caller {
  readonly principal: Principal | null
  /** whether it is an operator, who belongs to no tenant */
  readonly isOperator: boolean
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
  const now = new Date()
  if (!mayBeNobody || headers.authorization !== undefined) {
    const { authorization } = headers
    try {
      return { principal: await authenticator.authenticate(authorization, now), isOperator: false, now }
    } catch (error) {
      if (!(await authenticator.isOperator(authorization, now))) throw error
      return { principal: null, isOperator: true, now }
    }
  }
  const isOpenEnded = headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined
  const isTooLarge = isOpenEnded || Number(headers['content-length'] ?? 0) > UNKNOWN_BODY_BYTES
  return isTooLarge ? 'TOO_LARGE' : { principal: null, isOperator: false, now }
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
  if (code !== 'UNAUTHENTICATED') {
    request.log.error({ err: error.cause ?? error, requestId: request.id }, 'who sent a request was not found out')
  }
  return refuseRequest(request, reply, { status: ERROR_CODES[code].status, code, message })
}
