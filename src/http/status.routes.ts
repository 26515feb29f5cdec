import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { headersOfStatus } from '../graphql/errors.js'
import { unauthenticated } from '../features/identity/token.js'
import type { Metrics } from '../metrics/metrics.js'
import { isFromThisMachine } from './page-guard.js'
import { refuseRequest } from './refusal.js'

export interface StatusOptions {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  /** undefined: nobody reads the metrics, but locally this machine */
  readonly metricsToken: string | undefined
  readonly isLocal: boolean
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
 * without one set, for nobody, but locally for who is on the same machine. While the database answers nobody the status is 503, with the figures of the process all
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
    if (!mayReadMetrics(request, options)) {
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

function mayReadMetrics({ headers, raw }: FastifyRequest, { metricsToken, isLocal }: StatusOptions): boolean {
  if (metricsToken === undefined) return isLocal && isFromThisMachine(raw)
  return isSame(headers.authorization ?? '', `Bearer ${metricsToken}`)
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
