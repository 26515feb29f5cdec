import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { once } from '../lib/once.js'
import type { TusOptions } from './import-tus-server.js'

const TUS_PATH = '/import/tus'

/**
 * Adds `/import/tus`: uploads that go on where they broke. The id at the end of an upload's address is the file's. A request that
 * breaks keeps what came of it. The protocol's code, 12 MB in memory, is loaded by the first of them.
 * @see https://tus.io/protocols/resumable-upload
 */
export function addTus(scope: FastifyInstance, options: Omit<TusOptions, 'path'>): void {
  const { callerOf, uploadTime } = options
  const handler = once(async () =>
    (await import('./import-tus-server.js')).createTusHandler({ ...options, path: TUS_PATH }),
  )
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const caller = callerOf(request)
    uploadTime.exempt(request)
    reply.hijack()
    reply.raw.setHeader('x-request-id', request.id)
    await (
      await handler()
    )(caller, request.raw, reply.raw)
  }
  // Bodies are read by the protocol's own code.
  scope.addContentTypeParser('application/offset+octet-stream', (_request, _payload, done) => done(null))
  scope.route({ method: ['POST', 'OPTIONS'], url: TUS_PATH, handler: handle })
  scope.route({ method: ['HEAD', 'PATCH', 'DELETE'], url: `${TUS_PATH}/:id`, handler: handle })
}
