import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { AggregatorRegistry } from 'prom-client'
import type { Config } from '../config.js'
import { RECOVERED_MS, restartPauseMs } from '../lib/restart-pause.js'
import { programFile } from './program-file.js'
import type { Ready, Serving } from './serve.js'
import { say } from './words.js'
import { WORKER, WorkerEnded, type ToPrimary, type ToWorker } from './worker-messages.js'

type Aggregator = InstanceType<typeof AggregatorRegistry>

/** What all workers of a start have in common. */
interface Crew {
  readonly config: Config
  readonly ready: Ready
  readonly aggregator: Aggregator
  /** from then on a worker that comes to listen is told to stop */
  readonly stop: AbortSignal
}

// Beyond the time of a drain: one that hangs is killed.
const END_MS = 10_000

/**
 * Serves by `KITH_WORKERS` processes, which take connections of one port. One that ends by
 * itself is replaced: at once, then after 0.1 to 10 s until it has lived for a minute.
 * @throws Error where one of the first doesn't come to serve; then none runs
 */
export async function serveByWorkers(config: Config, ready: Ready): Promise<Serving> {
  const count = config.KITH_WORKERS
  const { pool } = ready.database
  const share = (connections: number): number => Math.max(1, Math.floor(connections / count))
  const each = { ...pool, max: share(pool.max), maxIdle: share(pool.maxIdle) }
  const partly: Ready = { ...ready, database: { ...ready.database, pool: each } }
  const aggregator = new AggregatorRegistry()
  const stop = new AbortController()
  const crew: Crew = { config, ready: partly, aggregator, stop: stop.signal }
  // Each takes its connections from the system by itself: one that the first process hands to a worker in the moment of
  // its death is answered by nobody.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ exec: programFile('main'), args: [WORKER], silent: false })

  const keep = async (worker: Worker): Promise<void> => {
    let [current, failures, startedAtMs] = [worker, 0, performance.now()]
    for (;;) {
      await ended(current)
      if (stop.signal.aborted) return
      failures = performance.now() - startedAtMs > RECOVERED_MS ? 0 : failures
      const pauseMs = restartPauseMs(failures)
      failures += 1
      say(`kith: worker ${current.process.pid ?? 0} ended ${howOf(current)}; another one is started.`)
      await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined)
      if (stop.signal.aborted) return
      current = launch(crew).worker
      startedAtMs = performance.now()
    }
  }
  const close = async (): Promise<void> => {
    stop.abort()
    const running = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
    await Promise.all(running.map((worker) => stopWorker(worker, config)))
  }
  const first = Array.from({ length: count }, () => launch(crew))
  try {
    const [address = ''] = await Promise.all(first.map(({ serving }) => serving))
    for (const { worker } of first) void keep(worker)
    return { address, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Starts a worker; `serving` is its address once it listens. */
function launch({ config, ready, aggregator, stop }: Crew) {
  const worker = cluster.fork({ PORT: String(config.PORT) })
  // A message to one that has just ended is lost, and no fault of ours.
  worker.on('error', () => undefined)
  const serving = new Promise<string>((resolve, reject) => {
    worker.on('message', (message: ToPrimary) => {
      if (message.kind === 'loaded') tell(worker, stop.aborted ? { kind: 'stop' } : { kind: 'serve', ready })
      if (message.kind === 'serving') resolve(message.address)
      if (message.kind === 'metrics') void answerMetrics(worker, message.id, aggregator)
    })
    worker.once('exit', () => reject(new WorkerEnded(`A worker ended ${howOf(worker)} before it served.`)))
  })
  // Nobody waits for those that replace others: their end is seen.
  serving.catch(() => undefined)
  return { worker, serving }
}

async function answerMetrics(worker: Worker, id: number, aggregator: Aggregator): Promise<void> {
  const text = await aggregator.clusterMetrics().catch(() => undefined)
  tell(worker, { kind: 'metrics', id, text })
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message)
}

async function ended(worker: Worker): Promise<void> {
  if (!worker.isDead()) await once(worker, 'exit')
}

async function stopWorker(worker: Worker, config: Config): Promise<void> {
  const limit = setTimeout(() => worker.process.kill('SIGKILL'), config.KITH_DRAIN_SECONDS * 1000 + END_MS)
  tell(worker, { kind: 'stop' })
  await ended(worker)
  clearTimeout(limit)
}

function howOf({ process: { exitCode, signalCode } }: Worker): string {
  return signalCode === null ? `with code ${exitCode ?? 'none'}` : `by ${signalCode}`
}
