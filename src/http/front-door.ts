import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { ApolloServer } from '@apollo/server'
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify'
import compress from '@fastify/compress'
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type preParsingHookHandler,
} from 'fastify'
import type { Authenticator } from '../features/identity/principal.service.js'
import { unauthenticated } from '../features/identity/token.js'
import { findCaller, refuseUnread, type Caller } from './caller.js'
import { addCors, type CorsOptions } from './cors.js'
import { addJsonBodies } from './json-body.js'
import { refusePage } from './page-guard.js'
import { refuseRequest } from './refusal.js'
import { SANDBOX_POLICY } from './sandbox-page.js'
import { DATA_HEADERS, PAGE_HEADERS } from './security-headers.js'
import { createContext, type GraphQLContext } from '../graphql/context.js'
import type { Services } from '../graphql/services.js'

const GRAPHQL = '/graphql'

export interface FrontDoorOptions {
  readonly logger: FastifyBaseLogger
  readonly bodyLimitBytes: number
}

/** The HTTP server without its routes: limits, request ids, security headers, and JSON for every error. */
export async function createFrontDoor({ logger, bodyLimitBytes }: FrontDoorOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    // One line a request is noise at 200 requests a second; faults are logged where they happen.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    genReqId: () => randomUUID(),
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    // Idle connections are closed when the server drains, busy ones after their answer.
    forceCloseConnections: 'idle',
    // What arrives on an open connection while the server drains is answered, not refused.
    return503OnClosing: false,
  })
  app.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions
    void reply.headers(url === GRAPHQL ? DATA_HEADERS : PAGE_HEADERS).header('x-request-id', request.id)
    done()
  })
  addJsonBodies(app)
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
    if (status === 500) request.log.error({ err: error, requestId: request.id }, 'a request failed')
    const code = status === 500 ? 'INTERNAL_SERVER_ERROR' : status === 413 ? 'LIMIT_BODY' : 'BAD_REQUEST'
    const message = status === 500 ? 'Internal server error.' : error.message
    return refuseRequest(request, reply, { status, code, message })
  })
  app.setNotFoundHandler((request, reply) =>
    refuseRequest(request, reply, { status: 404, code: 'NOT_FOUND', message: 'There is nothing here.' }),
  )
  await app.register(compress, { threshold: 4096 })
  // Behind the hook that compress gives each route.
  app.addHook('onRoute', (route) => {
    route.preParsing = [...[route.preParsing ?? []].flat(), stopInflating]
  })
  return app
}

/**
 * A body that unpacks to more than it may have is answered with 413, and Fastify lets the rest of it run into the void: 152 bytes
 * of Brotli, which are 200 MB, took 0.8 s of CPU, and there is no end to that. So unpacking ends with the answer.
 */
const stopInflating: preParsingHookHandler = (request, reply, payload, done) => {
  if (payload !== request.raw) reply.raw.once('close', () => (payload as Readable).destroy())
  done(null, payload)
}

export interface GraphQLRouteOptions {
  readonly services: Services
  readonly authenticator: Authenticator
  /** introspection is answered without a token, and the landing page holds one */
  readonly isLocal: boolean
  /** whether browsers get Apollo Sandbox there */
  readonly hasSandbox: boolean
  readonly cors: CorsOptions
}

/**
 * Adds `/graphql`. Without a token only introspection is answered, and only locally. The landing page, which locally
 * holds a token, is then for browsers on this machine alone; in production it is for everyone, where it is served.
 */
export async function addGraphQLRoute(
  app: FastifyInstance,
  server: ApolloServer<GraphQLContext>,
  { services, authenticator, isLocal, hasSandbox, cors }: GraphQLRouteOptions,
): Promise<void> {
  server.addPlugin(fastifyApolloDrainPlugin(app))
  await server.start()
  const callers = new WeakMap<FastifyRequest, Caller>()
  const context = (request: FastifyRequest): Promise<GraphQLContext> => {
    const caller = callers.get(request)
    if (!caller) throw new Error('the caller is found before the body is read')
    if (!isLocal && !caller.principal && !caller.isOperator) throw unauthenticated()
    return Promise.resolve(createContext(services, request.id, caller.principal, caller.now, caller.isOperator))
  }
  const handle = fastifyApolloHandler(server, { context })
  app.route({
    method: ['GET', 'POST'],
    url: GRAPHQL,
    config: await addCors(app, GRAPHQL, cors),
    onRequest: async (request, reply) => {
      if (!namesHost(request)) {
        const message = 'The request names no valid host.'
        return refuseRequest(request, reply, { status: 400, code: 'BAD_REQUEST', message })
      }
      try {
        const mayBeNobody = isLocal || (hasSandbox && mayWantPage(request))
        const caller = await findCaller(request, authenticator, mayBeNobody)
        if (caller === 'TOO_LARGE') return refuseUnread(request, reply, caller)
        callers.set(request, caller)
      } catch (error) {
        return refuseUnread(request, reply, error)
      }
      return undefined
    },
    handler: async (request, reply) => {
      if (Array.isArray(request.body)) {
        const message = 'Batching is off: send each operation in a request of its own.'
        return refuseRequest(request, reply, { status: 400, code: 'BAD_REQUEST', message })
      }
      const body: unknown = await handle.call(app, request, reply)
      if (isLandingPage(reply)) {
        if (isLocal && refusePage(request, reply, { mayBeLinked: true })) return reply
        const page = { 'cache-control': 'no-store', 'content-security-policy': SANDBOX_POLICY }
        void reply.headers({ ...PAGE_HEADERS, ...page })
      } else if (!isLocal && !callers.get(request)?.principal && !callers.get(request)?.isOperator) {
        // It might have wanted the page, by its Accept header; Apollo knew better.
        return refuseUnread(request, reply, unauthenticated())
      }
      return reply.statusCode >= 400 && typeof body === 'string' ? withRequestId(body, request.id) : body
    },
  })
}

function mayWantPage({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && /text\/(html|\*)/i.test(headers.accept ?? '')
}

// Whether a GET is answered with the page depends on its Accept header, by rules of Apollo's own: its answer says it.
// Nothing else at this address is HTML.
function isLandingPage(reply: FastifyReply): boolean {
  return String(reply.getHeader('content-type')).startsWith('text/html')
}

// Apollo's handler makes this URL, and would throw: an answer of 500 and a line in the log for a client's mistake.
function namesHost({ url, protocol, hostname }: FastifyRequest): boolean {
  try {
    return new URL(url, `${protocol}://${hostname}/`).host !== ''
  } catch {
    return false
  }
}

// Apollo refuses what isn't a GraphQL request before there is a context, and so without the id.
function withRequestId(body: string, requestId: string): string {
  const answer = JSON.parse(body) as { errors?: { extensions?: object }[] }
  const errors = answer.errors?.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }))
  return JSON.stringify({ ...answer, errors })
}
