import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { pino } from 'pino'
import { serverSecret } from '../commands/server-secret.js'
import { readConfig } from '../config.js'
import { createDatabase } from '../database/database.js'
import type { FromJobThread, JobThreadData, ToJobThread } from './job-thread-messages.js'
import { logOptions } from './log-options.js'
import { createServerWorker } from './server-jobs.js'
import { chosenServices } from './service-options.js'
import { createServices } from './services.js'

// The program of the thread in which a server does jobs (see job-thread.ts).

// Two jobs at once have a connection each, renew their leases and read what they are allowed beside it.
const CONNECTIONS = 5
// Who waits for an answer comes first. Linux has priorities of threads; elsewhere the whole process would have it.
const PRIORITY = 5

if (process.platform === 'linux') setPriority(0, PRIORITY)
const { connect } = workerData as JobThreadData
const config = readConfig()
const log = pino(logOptions(config))

function tell(message: FromJobThread): void {
  parentPort?.postMessage(message)
}

const { pool } = connect
const database = createDatabase({
  ...connect,
  // Other pools see its connections as those of other applications: they leave room for them.
  pool: { ...pool, max: Math.min(pool.max, CONNECTIONS), name: 'kith-jobs' },
  observeStatement: (event) => tell({ kind: 'observeStatement', event }),
  observeOperation: (event) => tell({ kind: 'observeOperation', event }),
  observeTransaction: (event) => tell({ kind: 'observeTransaction', event }),
})
const services = createServices(database, serverSecret(config), chosenServices(config))
const worker = createServerWorker(services, log, {
  onChunk: ({ kind }, durationMs, counts) => tell({ kind: 'chunk', job: kind, durationMs, counts }),
  onEnd: ({ kind, status }) => tell({ kind: 'ended', job: kind, status }),
})

let drained: Promise<void> | undefined
let isAskedAgain = false
/** Works until no job is due, and says so. */
async function work(): Promise<void> {
  do {
    isAskedAgain = false
    await worker.drain()
  } while (isAskedAgain)
  tell({ kind: 'idle' })
}
function wake(): void {
  isAskedAgain = true
  // Where the database is away, the worker looks again by itself.
  drained ??= work()
    .catch(() => undefined)
    .finally(() => (drained = undefined))
}

parentPort?.on('message', (message: ToJobThread) => {
  if (message.kind === 'wake') return wake()
  void worker
    .stop()
    .then(() => database.close())
    .finally(() => parentPort?.close())
})
worker.start()
wake()
