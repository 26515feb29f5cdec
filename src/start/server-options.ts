import type { FastifyBaseLogger } from 'fastify'
import type { Registry } from 'prom-client'
import type { DatabaseOptions } from '../database/database.js'
import type { AlertOptions } from '../features/alert/alerting.js'
import type { ExportOptions } from '../features/export/exporting.js'
import type { RequestLimits } from '../graphql/limits.js'
import type { DrainOptions } from '../http/drain.js'
import type { TraceOptions } from '../metrics/tracing.js'
import type { CreateJobThread } from './job-thread.js'

/** What a server is made of: the configuration, as values. */
export interface ServerOptions {
  readonly database: Pick<DatabaseOptions, 'pool' | 'timeouts' | 'readsPerTenant'>
  readonly exports?: ExportOptions
  readonly secret: string
  readonly isLocal: boolean
  readonly slowQueryMs: number
  readonly poolLogSeconds: number
  /** where traces are sent; undefined for nowhere */
  readonly traces: TraceOptions | undefined
  /** how often minutes of the history are kept; 0 for never */
  readonly historySeconds: number
  readonly alerts: AlertOptions
  readonly bodyLimitBytes: number
  readonly limits: RequestLimits
  /** how many custom fields of one entity type a tenant may have in use */
  readonly customFieldLimit: number
  /** of a file that is uploaded to be imported */
  readonly uploadLimitBytes: number
  readonly drain: DrainOptions
  readonly metricsToken: string | undefined
  /** whether this process works on jobs beside answering, or does nothing else */
  readonly worker: 'on' | 'off' | 'only'
  /** What does jobs in a thread of their own; they share the thread of the requests where there is none. */
  readonly createJobThread?: CreateJobThread | undefined
  /** Given this process's metrics, returns how those of all processes that serve together are read. */
  readonly shareMetrics?: ((own: Registry) => () => Promise<string>) | undefined
  /** the built GraphiQL page; undefined where it isn't served */
  readonly graphiqlPage: URL | undefined
  /** whether browsers get Apollo Sandbox at /graphql */
  readonly hasSandbox: boolean
  /** the built files of the dashboard; undefined where it isn't served */
  readonly dashboardFolder: URL | undefined
  /** those of the page for imports; undefined where it isn't served */
  readonly importFolder?: URL | undefined
  /** how often the dashboard is told what happens; every five seconds unless said */
  readonly liveIntervalMs?: number | undefined
  /** whose pages may call the API from a browser; locally all of this machine may too */
  readonly corsOrigins: readonly string[]
  /** the tenant whose ADMIN the pages are filled in with, locally */
  readonly demoTenantId: string | undefined
  readonly logger: FastifyBaseLogger
}
