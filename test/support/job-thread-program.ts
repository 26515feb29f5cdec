import { createInterface } from 'node:readline'
import type { Worker } from 'node:worker_threads'
import { databaseOptions } from '../../src/commands/open-database.js'
import { serverSecret } from '../../src/commands/server-secret.js'
import { readConfig } from '../../src/config.js'
import { createDatabase } from '../../src/database/database.js'
import { jobThreadOver } from '../../src/start/job-thread.js'

// A process whose jobs are done in a thread, as in a server: it prints what becomes of the thread and what that tells of, a line each, and does
// what its standard input says: wake, kill, stop.

const IDLE_MS = 100

const say = (what: string): void => void process.stdout.write(`${what}\n`)

const config = readConfig()
const connect = databaseOptions(config, config.DATABASE_URL ?? '')
const database = createDatabase(connect)
let running: Worker | undefined
process.on('worker', (worker) => {
  running = worker
  say('thread began')
  worker.once('exit', (code) => say(`thread ended with ${code}`))
})
const statements = new Set<string>()
const thread = jobThreadOver(
  { connect, config, secret: serverSecret(config) },
  IDLE_MS,
)({
  database,
  observers: {
    observeStatement: ({ label, tenantId, failed }) => statements.add(`${label} ${String(tenantId)} ${String(failed)}`),
    observeOperation: ({ label }) => say(`operation ${label}`),
    observeTransaction: ({ label, failed }) => statements.add(`transaction ${label} ${String(failed)}`),
  },
  metrics: {
    chunk: (kind, durationMs, rows) => say(`chunk of ${kind} ${JSON.stringify(rows)} ${String(durationMs > 0)}`),
    ended: (kind, status) => say(`job ${kind} ${status}`),
  },
  log: { warn: (_fields, message) => say(`warning: ${message}`), info: () => undefined },
})
thread.start()

createInterface(process.stdin).on('line', (line) => {
  if (line === 'wake') thread.wake()
  if (line === 'kill') void running?.terminate()
  if (line === 'stop') void stop()
})

async function stop(): Promise<void> {
  await thread.stop()
  await database.close()
  say(`statements ${[...statements].sort().join(', ')}`)
  process.exit()
}
say('ready')
