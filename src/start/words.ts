import { LoadInterrupted } from './demo-load.js'
import { NoDatabase } from '../commands/database-url.js'
import { ConfigError } from '../config.js'
import { StartRefused } from '../database/admin/start-checks.js'
import { NoEmbeddedPostgres } from '../database/embedded/binaries.js'
import { NoDataFolder } from '../database/embedded/data-folder.js'
import { DiskFull } from '../database/embedded/disk.js'
import { DEMO_SLUG } from '../lib/demo-slug.js'
import { WorkerEnded } from './worker-messages.js'

/** Says a line to whoever started the process. The log goes to standard output. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** What the greeting tells of a server that is ready. */
export interface Greeting {
  /** as `http://127.0.0.1:4000` */
  readonly address: string
  readonly isLocal: boolean
  readonly hasDemo: boolean
  readonly hasSandbox: boolean
  readonly hasGraphiQL: boolean
  readonly hasDashboard: boolean
  readonly hasImportPage: boolean
  readonly isLoading: boolean
  readonly durationMs: number
}

/** Where the server is, and a first query to paste. */
export function greeting(greeting: Greeting): string {
  const { address, isLocal, hasDemo, hasSandbox, hasGraphiQL, hasDashboard, hasImportPage, isLoading, durationMs } =
    greeting
  const base = address.replace('[::1]', 'localhost').replace('0.0.0.0', 'localhost')
  const body = JSON.stringify({
    query: '{ contacts(first: 3) { totalCount totalCountIsExact nodes { fullName company { name } } } }',
  })
  const token = hasDemo ? `$(npm run -s token -- --tenant ${DEMO_SLUG} --role ADMIN)` : '$TOKEN'
  const lines = [
    `Kith is ready after ${(durationMs / 1000).toFixed(1)} s.`,
    ...(isLoading ? ['Its demo data is still being loaded: lists answer what is there so far.'] : []),
    '',
    `  ${hasSandbox ? 'Apollo Sandbox' : 'GraphQL       '}  ${base}/graphql`,
    ...(hasGraphiQL ? [`  GraphiQL        ${base}/graphiql   (works offline)`] : []),
    ...(hasDashboard ? [`  dashboard       ${base}/dashboard`] : []),
    ...(hasImportPage ? [`  import          ${base}/import`] : []),
    `  a token         npm run -s token -- --tenant ${hasDemo ? DEMO_SLUG : '<slug>'} --role ADMIN`,
    ...(isLocal && !hasDemo
      ? [`  demo data       npm run db:seed -- --tenant ${DEMO_SLUG}   (there is none yet)`]
      : []),
    '  a first query',
    '',
    `curl -s ${base}/graphql -H "authorization: Bearer ${token}" -H 'content-type: application/json' -d '${body}'`,
    '',
  ]
  return lines.join('\n')
}

const REFUSALS = [
  ...[ConfigError, StartRefused, NoEmbeddedPostgres, LoadInterrupted],
  ...[DiskFull, NoDataFolder, NoDatabase, WorkerEnded],
]

/** The reason for people: known refusals and the system's own errors without a stack, faults of ours with it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (REFUSALS.some((known) => error instanceof known)) return error.message
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') return `${error.message}. Another server listens there; PORT names another port.`
  return code === '' ? (error.stack ?? error.message) : `${error.message || code} (${code})`
}
