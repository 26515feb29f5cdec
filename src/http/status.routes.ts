import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { headersOfStatus } from '../graphql/errors.js'
import { unauthenticated } from '../features/identity/token.js'
import type { Metrics } from '../metrics/metrics.js'
import { refuseRequest } from './refusal.js'

export interface StatusOptions {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  readonly metricsToken: string | undefined
  /** Resolves while the database answers; rejects otherwise. */
  readonly ping: () => Promise<void>
  /** How long ago the database last answered anybody. */
  readonly msSinceAnswer: () => number
  /** Whether the process has begun to stop. */
  readonly isDraining: () => boolean
}

const READY_CACHE_MS = 1000
const READY_TIMEOUT_MS = 500

/**
 * `/livez`: the process runs. `/readyz`: it may be sent requests: the database answers within 500 ms (asked once a
 * second) and it isn't stopping. `/metrics`: for the metrics token alone, as it has names of all tenants' operations;
 * without one set, for nobody. While the database answers nobody the status is 503, with the figures of the process all
 * the same; one that is only busy, so that the ping waits too long, makes no difference.
 */
export function addStatusRoutes(app: FastifyInstance, options: StatusOptions): void {
  let checkedAtMs = -Infinity
  let isReady = Promise.resolve(false)
  const ready = (): Promise<boolean> => {
    const nowMs = performance.now()
    if (nowMs - checkedAtMs >= READY_CACHE_MS) {
      checkedAtMs = nowMs
      isReady = within(options.ping(), READY_TIMEOUT_MS)
    }
    return isReady
  }
  app.get('/livez', () => ({ status: 'live' }))
  app.get('/readyz', async (_request, reply) => {
    if (options.isDraining()) return reply.code(503).send({ status: 'draining' })
    return (await ready()) ? { status: 'ready' } : reply.code(503).send({ status: 'the database does not answer' })
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request.headers.authorization, options)) {
      const { code, message } = unauthenticated()
      return refuseRequest(request, reply, { status: 401, code, message })
    }
    const isAway = !(await ready()) && options.msSinceAnswer() > READY_CACHE_MS
    if (isAway) void reply.code(503).headers(Object.fromEntries(headersOfStatus(503)))
    return reply.type(options.metrics.contentType).send(await options.metrics.text())
  })
}

async function within(promise: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  const answered = promise.then(
    () => true,
    () => false,
  )
  return Promise.race([answered, timeout]).finally(() => clearTimeout(timer))
}

function mayReadMetrics(authorization: string | undefined, { metricsToken }: StatusOptions): boolean {
  return metricsToken !== undefined && isSame(authorization ?? '', `Bearer ${metricsToken}`)
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
