import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Live, LiveEvent } from '../features/performance/live/live.js'
import type { PerformanceWindow } from '../features/performance/view.js'
import { expiryMsOf, type Authenticator } from '../features/identity/principal.service.js'
import { AppError } from '../lib/errors.js'
import { findTenantCaller, refuseUnread, type TenantCaller } from './caller.js'
import { refuseHead, refuseRequest } from './refusal.js'

export interface DashboardEventsOptions {
  readonly live: Live
  readonly authenticator: Authenticator
}

const WINDOWS: readonly PerformanceWindow[] = ['SINCE_START', 'LAST_HOUR', 'LAST_FIFTEEN_MINUTES', 'LAST_MINUTE']
// A viewer that takes nothing for a minute has about this much waiting for it.
const MAX_BEHIND_BYTES = 1_000_000

/**
 * `/dashboard/events?window=LAST_HOUR`: server-sent events `hello`, `tick`, `figures` and `end`, for an operator or an ADMIN,
 * who sees the own tenant. The token comes in the header, so that the page reads the stream by fetch; `Last-Event-ID` goes on
 * after that event where its followers are still known. 401 without a token, 403 for other roles, 503 where there are as
 * many viewers as may be, or the server is about to stop.
 */
export function addDashboardEvents(app: FastifyInstance, { live, authenticator }: DashboardEventsOptions): void {
  refuseHead(app, '/dashboard/events', 'GET')
  app.get('/dashboard/events', { compress: false }, async (request, reply) => {
    const { authorization } = request.headers
    let watcher: TenantCaller | null
    try {
      watcher = await findTenantCaller(request, authenticator, 'ADMIN')
    } catch (error) {
      return refuseUnread(request, reply, error)
    }
    const tenantId = watcher?.tenantId
    const window = windowOf(request)
    if (!window) {
      const message = `window must be one of ${WINDOWS.join(', ')}.`
      return refuseRequest(request, reply, { status: 400, code: 'BAD_REQUEST', message })
    }
    const stream = new Readable({ read: () => undefined })
    const stopWatching = live.watch({
      tenantId,
      window,
      lastEventId: headerOf(request, 'last-event-id'),
      expiresAtMs: expiryMsOf(authorization),
      mayWatch: () => isStill(request, authenticator, tenantId),
      send: (event) => stream.push(frameOf(event)) || stream.readableLength < MAX_BEHIND_BYTES,
      end: () => stream.push(null),
    })
    if (!stopWatching) {
      const message = 'The dashboard takes no more viewers at the moment.'
      return refuseRequest(request, reply, { status: 503, code: 'SERVICE_UNAVAILABLE', message })
    }
    stream.once('close', stopWatching)
    return sendStream(reply, stream)
  })
}

function sendStream(reply: FastifyReply, stream: Readable): FastifyReply {
  // A proxy that collects answers before it hands them on would make it anything but live.
  const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
  return reply.headers(headers).type('text/event-stream; charset=utf-8').send(stream)
}

function frameOf({ id, name, data }: LiveEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${data}\n\n`
}

/** Whether a token still says what it said: a user can be deactivated meanwhile. */
async function isStill(
  request: FastifyRequest,
  authenticator: Authenticator,
  tenantId: string | undefined,
): Promise<boolean> {
  try {
    const watcher = await findTenantCaller(request, authenticator, 'ADMIN')
    return watcher?.tenantId === tenantId
  } catch (error) {
    if (error instanceof AppError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN')) return false
    throw error
  }
}

function windowOf({ query }: FastifyRequest): PerformanceWindow | undefined {
  const { window = 'LAST_FIFTEEN_MINUTES' } = query as { window?: unknown }
  return WINDOWS.find((known) => known === window)
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}
