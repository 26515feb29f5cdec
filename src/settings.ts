import { z } from 'zod'
import { ALERT_SETTINGS } from './alert-settings.js'
import { EXPORT_SETTINGS } from './export-settings.js'
import { digits, setting, text, whole, type Setting } from './lib/setting.js'

const postgresUrl = text.refine(
  (value) => value === undefined || /^postgres(ql)?:\/\//.test(value),
  'must start with postgresql://',
)

const listOf = <Item>(item: z.ZodType<Item, string>): z.ZodType<Item[]> =>
  z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.array(item))
// No `*`, in no place: a site that isn't named is none of them.
const isOrigin = (value: string): boolean =>
  /^https?:\/\/[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value
const origin = z
  .string()
  .refine(
    isOrigin,
    'each must be an origin as browsers write it, as https://app.example.com: in lower case, without a path or a / at the end',
  )

/** The pages that a server can have. */
export const PAGES = ['graphiql', 'sandbox', 'dashboard', 'import'] as const

/** Every setting, in the order in which the README shows them. Names are those of the environment. */
export const SETTINGS = {
  KITH_ENV: setting(
    z.enum(['local', 'production']).optional(),
    'local, production',
    'production with DATABASE_URL, else local',
    '',
    'local: embedded database, demo data, GraphiQL and introspection open. production: none of these by itself.',
  ),
  DATABASE_URL: setting(
    postgresUrl,
    'URL',
    'the embedded server',
    '',
    'The server as its login role (`kith`). Without it, an embedded PostgreSQL is started.',
  ),
  MIGRATION_DATABASE_URL: setting(
    postgresUrl,
    'URL',
    'the embedded server',
    '',
    'The same database as its owner (`kith_owner`): `prisma migrate` uses it. Required beside DATABASE_URL for migrations.',
  ),
  ADMIN_DATABASE_URL: setting(
    postgresUrl,
    'URL',
    '',
    '',
    'A superuser, or a role with CREATEROLE and CREATEDB: used by `npm run db:provision` and by tests, never by the server.',
  ),
  KITH_DATA_DIR: setting(
    z.string().trim().min(1).default('.data'),
    'folder',
    '.data',
    '',
    'Data, log and connection.json of the embedded server, and the local secret.',
  ),
  HOST: setting(
    z.string().trim().min(1).default('127.0.0.1'),
    'address',
    '127.0.0.1',
    '',
    'Where the server listens; 0.0.0.0 for all addresses.',
  ),
  PORT: setting(whole(4000, 0, 65535), 'port', '4000', '', 'Where the server listens; 0 for any free port.'),
  KITH_WORKERS: setting(
    whole(1, 1, 64),
    'integer',
    '1',
    'processes',
    'Processes that serve on the same port; they share the connections of KITH_POOL_MAX.',
  ),
  KITH_WORKER: setting(
    z.enum(['on', 'off', 'only']).default('on'),
    'on, off, only',
    'on',
    '',
    'Whether a server works on jobs (imports and the like) beside answering, in a thread of each process with up to 5 connections and one for each export. `only` does nothing else: it answers /livez, /readyz and /metrics.',
  ),
  KITH_SECRET: setting(
    text,
    'text',
    'made in the data folder when local',
    '',
    '32 bytes or more: keys of tokens and cursors are derived from it. Required in production.',
  ),
  KITH_SECRET_FILE: setting(text, 'file', '', '', 'A file that holds KITH_SECRET.'),
  KITH_METRICS_TOKEN: setting(
    text,
    'text',
    '',
    '',
    'The bearer token for /metrics; without it nobody reads them, but locally who is on the same machine.',
  ),
  KITH_PAGES: setting(
    listOf(z.enum(PAGES)).optional(),
    'list',
    'none; locally graphiql,sandbox,dashboard,import',
    '',
    'Pages for browsers: GraphiQL at /graphiql, Apollo Sandbox at /graphql, the dashboard at /dashboard, imports at /import. In production for everyone, without a token.',
  ),
  KITH_CORS_ORIGINS: setting(
    listOf(origin).optional(),
    'list',
    'none',
    '',
    'Sites whose pages may call the API, as https://app.example.com,https://crm.example.com. Locally those of localhost may too.',
  ),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'level',
    'info',
    '',
    'How much is logged: fatal, error, warn, info, debug, trace, silent.',
  ),
  KITH_POOLER: setting(
    z.enum(['transaction']).optional(),
    'transaction',
    '',
    '',
    'Set it behind a pooler in transaction mode whose connections lose prepared statements, as PgBouncer before 1.21: none are made then.',
  ),
  KITH_POOL_MAX: setting(
    whole(200, 1, 10_000),
    'integer',
    '200',
    'connections',
    'Open at most; lowered to what the database server leaves, and shared with other servers of Kith.',
  ),
  KITH_POOL_MAX_IDLE: setting(whole(20, 0, 10_000), 'integer', '20', 'connections', 'Kept idle at most.'),
  KITH_POOL_LIFETIME_SECONDS: setting(
    whole(3600, 1, 604_800),
    'integer',
    '3600',
    's',
    'A connection is replaced after this.',
  ),
  KITH_POOL_IDLE_SECONDS: setting(
    whole(1800, 1, 604_800),
    'integer',
    '1800',
    's',
    'An idle connection is closed after this.',
  ),
  KITH_POOL_ACQUIRE_TIMEOUT_MS: setting(
    whole(2000, 50, 60_000),
    'integer',
    '2000',
    'ms',
    'How long a request waits for a connection before it is answered with SERVICE_UNAVAILABLE.',
  ),
  KITH_READS_PER_TENANT: setting(
    digits(1, 10_000).transform(Number).optional(),
    'integer',
    'the processors of this machine, 2 at least',
    'reads',
    'Reads of one tenant in the database at once, one more for a client that reads nothing yet, and one more for every 100 ms in which none of them ends. As many as the database server has processors are right.',
  ),
  KITH_STATEMENT_TIMEOUT_MS: setting(
    whole(5000, 50, 600_000),
    'integer',
    '5000',
    'ms',
    'A statement that runs longer is ended.',
  ),
  KITH_LOCK_TIMEOUT_MS: setting(
    whole(3000, 50, 600_000),
    'integer',
    '3000',
    'ms',
    "How long a write waits for another's lock; more than the server's deadlock_timeout of 1 s.",
  ),
  KITH_IDLE_IN_TRANSACTION_TIMEOUT_MS: setting(
    whole(10_000, 50, 600_000),
    'integer',
    '10000',
    'ms',
    'A transaction in which nothing happens for this long is ended.',
  ),
  KITH_SLOW_QUERY_MS: setting(
    whole(200, 1, 600_000),
    'integer',
    '200',
    'ms',
    'What takes longer is logged with its name.',
  ),
  KITH_HISTORY_SECONDS: setting(
    whole(60, 0, 600),
    'integer',
    '60',
    's',
    'How often the minutes of `performance { history }` are kept in the database; 0 keeps none.',
  ),
  ...ALERT_SETTINGS,
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    text.refine(
      (value) => value === undefined || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)),
      'must be an address as http://localhost:4318',
    ),
    'URL',
    '',
    '',
    'Where traces from request to statement are sent: a collector of OpenTelemetry, by OTLP over HTTP. Without it none are made.',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: setting(
    text.refine(
      (value) => value === undefined || value.split(',').every((pair) => /^\s*[\w-]+=[\x21-\x7e]+\s*$/.test(pair)),
      'must be as authorization=Bearer%20x,other=value',
    ),
    'list',
    '',
    '',
    'Headers that the collector wants, as `authorization=Bearer%20x`, separated by commas.',
  ),
  KITH_OPTIMIZE_HOURS: setting(
    whole(0, 0, 8760),
    'integer',
    '0',
    'h',
    'How often the server does what `npm run db:optimize` does, by one process for all; 0 for never. Needs MIGRATION_DATABASE_URL beside DATABASE_URL.',
  ),
  KITH_TRACE_PERCENT: setting(whole(100, 1, 100), 'integer', '100', '%', 'How many of all requests are traced.'),
  KITH_POOL_LOG_SECONDS: setting(
    whole(300, 1, 86_400),
    'integer',
    '300',
    's',
    'How often the figures of the pool are logged.',
  ),
  KITH_BODY_LIMIT_BYTES: setting(
    whole(4_194_304, 1024, 104_857_600),
    'integer',
    '4194304',
    'bytes',
    'Largest request body.',
  ),
  KITH_UPLOAD_LIMIT_BYTES: setting(
    whole(5_368_709_120, 1024, 1_099_511_627_776),
    'integer',
    '5368709120',
    'bytes',
    'Largest file of rows that can be uploaded to be imported.',
  ),
  KITH_COST_LIMIT: setting(
    whole(20_000, 100, 10_000_000),
    'integer',
    '20000',
    'objects',
    'What a request may cost: about one for each object that it can return.',
  ),
  KITH_ANSWER_LIMIT_BYTES: setting(
    whole(16_777_216, 65_536, 1_073_741_824),
    'integer',
    '16777216',
    'bytes',
    'Largest answer.',
  ),
  KITH_REQUEST_TIMEOUT_MS: setting(
    whole(8000, 100, 600_000),
    'integer',
    '8000',
    'ms',
    'A request that takes longer is ended, its statements are cancelled.',
  ),
  ...EXPORT_SETTINGS,
  KITH_CUSTOM_FIELD_LIMIT: setting(
    whole(500, 1, 5000),
    'integer',
    '500',
    'fields',
    'Custom fields of contacts, and as many of companies, that a tenant may have in use.',
  ),
  KITH_DRAIN_SECONDS: setting(
    whole(25, 1, 600),
    'integer',
    '25',
    's',
    'How long running requests may take after a stop signal.',
  ),
  KITH_DRAIN_DELAY_MS: setting(
    digits(0, 60_000).transform(Number).optional(),
    'integer',
    '5000 in production, else 250',
    'ms',
    'How long new connections are still taken after a stop signal, while /readyz says 503: longer than a load balancer takes to see it.',
  ),
} as const satisfies Record<string, Setting<unknown>>
