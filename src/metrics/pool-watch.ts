import { Counter, Gauge, type Registry } from 'prom-client'
import { once } from '../lib/once.js'
import type { Backlog } from './backlog.js'
import { BUCKETS_SECONDS } from './exposition.js'
import { createHistogram, recordDuration, type Histogram } from './histogram.js'
import { addDuration, createDurationMetric } from './labelled-metrics.js'
import type { MetricsLog } from './metrics-log.js'

/** A pool of connections at a moment. */
export interface PoolFigures {
  readonly total: number
  readonly idle: number
  /** requests without a connection */
  readonly waiting: number
  /** connections that it may have now: less than configured where other processes hold what the server has */
  readonly limit: number
}

/** Is told by a pool when connections are asked for. */
export interface PoolObserver {
  /** Somebody waits for a connection from now on. */
  readonly waits: () => void
  /** A connection was had after so long, or given up. */
  readonly waited: (waitMs: number, isHad: boolean) => void
}

/** A pool that is watched. */
export interface PoolWatch {
  readonly figures: () => PoolFigures
  /** how long connections were waited for since the start; 0 where one was free */
  readonly waits: () => Histogram
  /** how many got none in time */
  readonly refused: () => number
  /** how many began to wait while all connections that may be open were in use */
  readonly exhausted: () => number
  readonly stop: () => void
}

export interface Watched {
  readonly figures: () => PoolFigures
  readonly intervalSeconds: number
}

/** The waits of a pool, which is watched as soon as it stands. */
export interface PoolWaits extends PoolObserver {
  readonly watch: (watched: Watched) => PoolWatch
}

const EXHAUSTED_LOG_MS = 10_000
// The first is for who waited for nothing.
const WAIT_BUCKETS_SECONDS = [0, ...BUCKETS_SECONDS]

/**
 * Counts the waits for connections; watched, it exposes a pool's figures, logs them every `intervalSeconds`, and warns
 * where somebody waits while all that may be open is: once in ten seconds at most. `onExhausted` is called each time.
 */
export function createPoolWaits(
  registry: Registry,
  log: MetricsLog,
  nowMs: () => number,
  backlog: Backlog,
  onExhausted: () => void,
): PoolWaits {
  const registers = [registry]
  const described = {
    name: 'kith_pool_wait_seconds',
    help: 'How long a connection of the pool was waited for',
    settle: backlog.settle,
  }
  const exposed = createDurationMetric(registry, described, WAIT_BUCKETS_SECONDS)
  const exhaustions = new Counter({
    name: 'kith_pool_exhausted_total',
    help: 'How often a connection was waited for while all that may be open were in use',
    registers,
  })
  const waits = createHistogram()
  const countBy = (outcome: 'ok' | 'error') => {
    const series = once(() => exposed.at({ outcome }))
    return (waitMs: number): void => {
      recordDuration(waits, waitMs)
      addDuration(series(), WAIT_BUCKETS_SECONDS, waitMs / 1000)
    }
  }
  const [countHad, countRefused] = [countBy('ok'), countBy('error')]
  let figures: (() => PoolFigures) | undefined
  let [refused, exhausted, toldAtMs] = [0, 0, -Infinity]
  return {
    waits() {
      const now = figures?.()
      if (!now || now.total < now.limit) return
      exhausted++
      exhaustions.inc()
      onExhausted()
      if (nowMs() - toldAtMs < EXHAUSTED_LOG_MS) return
      toldAtMs = nowMs()
      log.warn({ pool: now }, 'all connections of the pool are in use')
    },
    waited(waitMs, isHad) {
      if (!isHad) refused++
      backlog.add(isHad ? countHad : countRefused, waitMs)
    },
    watch(watched) {
      figures = watched.figures
      const gauge = new Gauge({
        name: 'kith_pool_connections',
        help: 'Connections of the pool; waiting counts requests without one, limit is how many there may be',
        labelNames: ['state'],
        registers,
        collect() {
          for (const [state, count] of Object.entries(watched.figures())) this.set({ state }, count as number)
        },
      })
      const timer = setInterval(() => log.info({ pool: watched.figures() }, 'pool'), watched.intervalSeconds * 1000)
      timer.unref()
      return {
        figures: watched.figures,
        waits() {
          backlog.settle()
          return waits
        },
        refused: () => refused,
        exhausted: () => exhausted,
        stop() {
          clearInterval(timer)
          registry.removeSingleMetric('kith_pool_connections')
          gauge.reset()
        },
      }
    },
  }
}
