import { getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { createDatabase } from '../database/database.js'
import { LOOK_EVERY_MS } from '../features/job/job-worker.js'
import type { MetricsLog } from '../metrics/metrics-log.js'
import type { FromJobThread, JobThreadData, ToJobThread } from './job-thread-messages.js'
import { createServerWorker } from './server-jobs.js'
import { chosenServices } from './service-options.js'
import { createServices } from './services.js'

// The program of the thread in which a server does jobs (see job-thread.ts).

// Two jobs at once have a connection each, renew their leases and read what they are allowed beside it.
const CONNECTIONS = 5
const LOWER_BY = 5
const LOWEST_PRIORITY = 19

process.setSourceMapsEnabled(true)
lowerPriority()
const { connect, config, secret } = workerData as JobThreadData
const chosen = chosenServices(config)
const database = createDatabase({
  ...connect,
  // Other pools see its connections as those of other applications: they leave room for them.
  pool: { ...connect.pool, max: Math.min(connect.pool.max, CONNECTIONS), name: 'kith-jobs' },
  snapshots: chosen.exports.atOnce,
  observeStatement: (event) => tell({ kind: 'observeStatement', event }),
  observeOperation: (event) => tell({ kind: 'observeOperation', event }),
  observeTransaction: (event) => tell({ kind: 'observeTransaction', event }),
})
const log: MetricsLog = {
  warn: (fields, message) => tell({ kind: 'warn', fields, message }),
  info: () => undefined,
}
const worker = createServerWorker(createServices(database, secret, chosen), log, {
  onChunk: ({ kind }, durationMs, counts) => tell({ kind: 'chunk', job: kind, durationMs, counts }),
  onEnd: ({ kind, status }) => tell({ kind: 'ended', job: kind, status }),
})
let working: Promise<void> | undefined
let isAskedAgain = false
let stopping: Promise<void> | undefined

parentPort?.on('message', ({ kind }: ToJobThread) => {
  if (kind === 'wake') wake()
  else if (kind === 'stop') stop()
  else if (!working && !stopping) {
    tell({ kind: 'leaving' })
    stop()
  }
})
setInterval(wake, LOOK_EVERY_MS).unref()
wake()

function tell(message: FromJobThread): void {
  parentPort?.postMessage(message)
}

// Who waits for an answer comes first. Linux has priorities of threads; elsewhere the whole process would have it.
function lowerPriority(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(0, Math.min(LOWEST_PRIORITY, getPriority(0) + LOWER_BY))
  } catch {
    // Where the system forbids it, jobs are as urgent as requests.
  }
}

function wake(): void {
  if (stopping) return
  // A place that is free is taken at once, whatever is waited for below.
  worker.wake()
  isAskedAgain = true
  working ??= work()
    // The worker has said why; the next look comes in five seconds.
    .catch(() => undefined)
    .finally(() => (working = undefined))
}

/** Works until no job is due, and says so. */
async function work(): Promise<void> {
  while (isAskedAgain) {
    isAskedAgain = false
    await worker.drain()
  }
  tell({ kind: 'idle' })
}

function stop(): void {
  stopping ??= worker
    .stop()
    .then(() => database.close())
    .catch(() => undefined)
    .finally(() => parentPort?.close())
}
