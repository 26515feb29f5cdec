import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { headersOfStatus } from '../graphql/errors.js'
import { ERROR_CODES, type ErrorCode } from '../lib/errors.js'

// GraphQL answers these with 200, as they belong to a field there.
const STATUS: Partial<Record<ErrorCode, number>> = {
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  ALREADY_EXISTS: 409,
  AMBIGUOUS: 409,
  TIMEOUT: 503,
  INTERNAL_SERVER_ERROR: 500,
}

/** The HTTP status of an error that answers for a request outside of GraphQL. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? ERROR_CODES[code].status
}

/**
 * Answers a request that didn't reach GraphQL, in the form of its errors, with the headers that the status asks for.
 */
export function refuseRequest(
  { id }: FastifyRequest,
  reply: FastifyReply,
  { status, code, message }: { readonly status: number; readonly code: string; readonly message: string },
): FastifyReply {
  return reply
    .code(status)
    .headers(Object.fromEntries(headersOfStatus(status)))
    .type('application/json; charset=utf-8')
    .send({ errors: [{ message, extensions: { code, requestId: id } }] })
}

/**
 * Answers HEAD with 405 at an address where GET does or reads much, of which HEAD would show nothing. To be called before its GET
 * is added, for which Fastify makes a HEAD by itself.
 */
export function refuseHead(app: FastifyInstance, url: string, allow: string): void {
  app.head(url, (request, reply) => {
    const message = `HEAD is not for this address: ${allow} is.`
    return refuseRequest(request, reply.header('allow', allow), { status: 405, code: 'BAD_REQUEST', message })
  })
}
