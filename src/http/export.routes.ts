import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { ApolloServer } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'
import { createScope, type Scope } from '../access/scope.js'
import { GZIP_LEVEL, openDownload, type Download } from '../features/export/download.service.js'
import type { ExportRow } from '../features/export/export.columns.js'
import { readExport } from '../features/export/export-request.service.js'
import type { Authenticator } from '../features/identity/principal.service.js'
import { createContext, type GraphQLContext } from '../graphql/context.js'
import { headersOfStatus } from '../graphql/errors.js'
import type { Services } from '../graphql/services.js'
import { AppError, isErrorCode, type UserError } from '../lib/errors.js'
import type { Principal } from '../lib/principal.js'
import { admitTenantCaller, refuseUnread, type TenantCaller } from './caller.js'
import { sendExportFile } from './export-file.js'
import { refuseHead, refuseRequest, statusOf } from './refusal.js'
import { DATA_HEADERS } from './security-headers.js'

export interface ExportRouteOptions {
  readonly apollo: ApolloServer<GraphQLContext>
  readonly services: Services
  readonly authenticator: Authenticator
}

const MUTATIONS = {
  CONTACT: ['createContactExport', 'CreateContactExportInput'],
  COMPANY: ['createCompanyExport', 'CreateCompanyExportInput'],
} as const

/**
 * Adds the two ways to download an export:
 *
 * - `POST /export` with a token and `{ "type": "CONTACT", … }`, the input of `createContactExport` beside it;
 * - `GET /export?token=…`, the `downloadPath` that the mutation gives, for browsers.
 *
 * An export in the background is asked for by the mutation alone; its `downloadPath` leads to the file that the job wrote.
 * `gzip: true` in the body, `&gzip=true` in the address make a compressed file; `Accept-Encoding: gzip` compresses on the
 * way alone. An export that breaks is seen as broken: its answer has no last chunk.
 */
export function addExportRoutes(app: FastifyInstance, options: ExportRouteOptions): void {
  const { services, authenticator } = options
  const callers = new WeakMap<FastifyRequest, TenantCaller>()
  const data = (_request: FastifyRequest, reply: FastifyReply): void => void reply.headers(DATA_HEADERS)
  app.route({
    method: 'POST',
    url: '/export',
    onRequest: async (request, reply) => {
      data(request, reply)
      const caller = await admitTenantCaller(request, reply, authenticator, 'VIEWER')
      if (!caller) return reply
      callers.set(request, caller)
      return undefined
    },
    handler: async (request, reply) => {
      const caller = callers.get(request)
      if (!caller) throw new Error('the caller is found before the body is read')
      const { type, gzip = false, ...input } = bodyOf(request)
      if (input['inBackground']) {
        const message = 'An export in the background is asked for by the mutation: nothing of it is there at once.'
        return refuseRequest(request, reply, { status: 400, code: 'BAD_USER_INPUT', message })
      }
      if (type !== 'CONTACT' && type !== 'COMPANY') {
        const message = '`type` must be CONTACT or COMPANY.'
        return refuseRequest(request, reply, { status: 400, code: 'BAD_USER_INPUT', message })
      }
      const scope = scopeOf(services, caller.principal, caller.now)
      const asked = await askFor(options, request, caller, type, input)
      if ('errors' in asked) return refuseAll(request, reply, asked.status, asked.errors)
      return send(options, scope, asked.id, request, reply, gzip === true)
    },
  })
  refuseHead(app, '/export', 'GET, POST')
  app.get<{ Querystring: { token?: unknown; gzip?: unknown } }>(
    '/export',
    { compress: false },
    async (request, reply) => {
      data(request, reply)
      const now = new Date()
      const claims = await services.downloads.verify(String(request.query.token), now)
      if (!claims) {
        const message = 'The address has expired, or was altered: ask for the export again.'
        return refuseRequest(request, reply, { status: 404, code: 'NOT_FOUND', message })
      }
      try {
        const scope = scopeOf(services, await authenticator.principalOf(claims), now)
        return await send(options, scope, claims.exportId, request, reply, request.query.gzip === 'true')
      } catch (error) {
        return refuseUnread(request, reply, error)
      }
    },
  )
}

function bodyOf({ body }: FastifyRequest): Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
}

function scopeOf(services: Services, principal: Principal, now: Date): Scope {
  return createScope(principal, services.registry, now, services.accessOf(principal))
}

type Refused = { readonly status: number; readonly errors: readonly GraphQLFormattedError[] }

/** Asks for an export by the mutation of the API, whose checks, limits and metrics are those of every request. */
async function askFor(
  { apollo, services }: ExportRouteOptions,
  { id: requestId }: FastifyRequest,
  { principal, now }: TenantCaller,
  type: keyof typeof MUTATIONS,
  input: object,
): Promise<{ readonly id: string } | Refused> {
  const [mutation, inputType] = MUTATIONS[type]
  const query = `mutation Export($input: ${inputType}!) { made: ${mutation}(input: $input) { export { id } userErrors { code message field } } }`
  const contextValue = createContext(services, requestId, principal, now)
  const { body, http } = await apollo.executeOperation({ query, variables: { input } }, { contextValue })
  if (body.kind !== 'single') throw new Error('the mutation gave several answers')
  const { data, errors } = body.singleResult
  if (errors) {
    const code = errors[0]?.extensions?.['code']
    return { status: http.status ?? (isErrorCode(code) ? statusOf(code) : 400), errors }
  }
  const { export: made, userErrors } = data?.['made'] as {
    readonly export: { readonly id: string } | null
    readonly userErrors: readonly UserError[]
  }
  if (made) return made
  const refused = userErrors.map(({ code, message, field }) => ({
    message,
    extensions: { code, requestId, field: field.join('.') },
  }))
  return { status: 400, errors: refused }
}

function refuseAll(
  _request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  errors: readonly GraphQLFormattedError[],
): FastifyReply {
  const headers = Object.fromEntries(headersOfStatus(status))
  return reply.code(status).headers(headers).type('application/json; charset=utf-8').send({ errors })
}

async function send(
  { services }: ExportRouteOptions,
  scope: Scope,
  id: string,
  request: FastifyRequest,
  reply: FastifyReply,
  isGzipFile: boolean,
): Promise<FastifyReply> {
  if (request.raw.httpVersion === '1.0') {
    const message =
      'An export needs HTTP/1.1: without chunks nobody sees where it breaks off. A proxy may need `proxy_http_version 1.1`.'
    void reply.header('connection', 'close')
    return refuseRequest(request, reply, { status: 426, code: 'BAD_REQUEST', message })
  }
  let download: Download
  try {
    const row: ExportRow | null = await readExport(scope, services, id)
    if (!row) throw new AppError('NOT_FOUND', 'There is no such export, or it is older than a day.')
    if (row.arguments.inBackground) return sendExportFile(request, reply, services, scope, row)
    download = await openDownload(scope, services, row, services.exportLimits)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message } = error
    if (error.cause) request.log.error({ err: error.cause, requestId: request.id }, 'an export could not begin')
    return refuseRequest(request, reply, { status: statusOf(code), code, message })
  }
  reply.hijack()
  const isSent = await sendStream(request, reply, download, id, isGzipFile).then(
    () => true,
    (error: unknown) => {
      request.log.warn({ err: error, requestId: request.id, exportId: id }, 'an export was cut')
      request.raw.socket.destroy()
      return false
    },
  )
  await download.end(isSent).catch((error: unknown) => {
    request.log.error({ err: error, requestId: request.id, exportId: id }, 'how an export ended could not be noted')
  })
  return reply
}

async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { stream, sum, contentType, fileName }: Download,
  id: string,
  isGzipFile: boolean,
): Promise<void> {
  const { raw } = reply
  const isEncoded = !isGzipFile && acceptsGzip(request.headers['accept-encoding'])
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': isGzipFile ? 'application/gzip' : contentType,
    'content-disposition': `attachment; filename="${fileName}${isGzipFile ? '.gz' : ''}"`,
    'cache-control': 'no-store',
    // A proxy that collects answers would have the whole of it on its disk.
    'x-accel-buffering': 'no',
    'kith-export-id': id,
    vary: 'accept-encoding',
    trailer: 'Kith-Rows, Kith-SHA256',
    ...(isEncoded ? { 'content-encoding': 'gzip' } : {}),
  })
  const steps = isGzipFile || isEncoded ? [stream, createGzip({ level: GZIP_LEVEL })] : [stream]
  await pipeline([...steps, raw], { end: false })
  const { rowCount, sha256 } = sum()
  raw.addTrailers({ 'Kith-Rows': String(rowCount), 'Kith-SHA256': sha256 })
  await new Promise<void>((resolve, reject) => {
    raw.once('close', () => reject(new Error('the client has left before the end')))
    raw.end(resolve)
  })
}

/** What is said of gzip itself counts more than what is said of all others: `gzip;q=0, *` refuses it. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .split(',')
    .flatMap((part) => {
      const [, name, quality = '1'] = /^\s*(gzip|\*)\s*(?:;\s*q=([^;]*).*)?$/i.exec(part) ?? []
      return name === undefined ? [] : [{ isGzip: name !== '*', quality: Number(quality) }]
    })
  const said = codings.find(({ isGzip }) => isGzip) ?? codings[0]
  return said !== undefined && said.quality > 0
}
