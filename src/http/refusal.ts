import type { FastifyReply, FastifyRequest } from 'fastify'
import { headersOfStatus } from '../graphql/errors.js'

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
