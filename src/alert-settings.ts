import { z } from 'zod'
import { setting, text, whole, wholeOrOff, type Setting } from './lib/setting.js'

const number = 'integer, off'
const url = text.refine(
  (value) => value === undefined || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)),
  'must be an address as https://alerts.example.com/hook',
)
const secret = text.refine(
  (value) => value === undefined || /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(value),
  'must be whsec_ and 24 bytes or more in Base64, as `echo whsec_$(openssl rand -base64 32)` makes one',
)

/** The settings of alerts, of which SETTINGS is made. */
export const ALERT_SETTINGS = {
  KITH_ALERT_SECONDS: setting(
    whole(30, 0, 600),
    'integer',
    '30',
    's',
    'How often the rules of alerts are evaluated, by one process for all; 0 for never.',
  ),
  KITH_ALERT_DATABASE_DOWN_SECONDS: setting(
    wholeOrOff(30, 1, 3600),
    number,
    '30',
    's',
    'DATABASE_DOWN: the database has answered nobody for longer. While it fires, nobody is told of other alerts.',
  ),
  KITH_ALERT_REQUEST_P95_MS: setting(
    wholeOrOff(200, 1, 600_000),
    number,
    '200',
    'ms',
    'REQUEST_P95: p95 of all requests in five minutes is above, for five minutes.',
  ),
  KITH_ALERT_ERROR_PERCENT: setting(
    wholeOrOff(5, 0, 99),
    number,
    '5',
    '%',
    "ERROR_RATE: more requests of five minutes failed by the server's fault, for five minutes.",
  ),
  KITH_ALERT_SLOW_STATEMENTS_PER_MINUTE: setting(
    wholeOrOff(10, 0, 1_000_000),
    number,
    '10',
    'per minute',
    'SLOW_STATEMENTS: more statements took longer than KITH_SLOW_QUERY_MS, for five minutes.',
  ),
  KITH_ALERT_POOL_WAITING_PER_MINUTE: setting(
    wholeOrOff(60, 0, 1_000_000),
    number,
    '60',
    'per minute',
    'POOL_WAITING: a connection was waited for more often while all were in use, for five minutes.',
  ),
  KITH_ALERT_CACHE_HIT_PERCENT: setting(
    wholeOrOff(90, 1, 100),
    number,
    '90',
    '%',
    'CACHE_HIT_RATIO: fewer blocks of ten minutes were in memory when they were asked for, for fifteen minutes.',
  ),
  KITH_ALERT_PLAN_FLIPS: setting(
    wholeOrOff(0, 0, 1000),
    number,
    '0',
    'changes',
    'PLAN_FLIP: the plan of a statement has changed more often in ten minutes.',
  ),
  KITH_ALERT_DISK_PERCENT: setting(
    wholeOrOff(90, 1, 99),
    number,
    '90',
    '%',
    'DISK: more of the disk is used, or of KITH_ALERT_DISK_BYTES, for five minutes.',
  ),
  KITH_ALERT_DISK_BYTES: setting(
    whole(0, 0, Number.MAX_SAFE_INTEGER),
    'integer',
    '0',
    'bytes',
    'What the database may take where it is on another machine, whose disk nobody sees from here; 0 looks at the disk of KITH_DATA_DIR.',
  ),
  KITH_ALERT_DEAD_ROWS_PERCENT: setting(
    wholeOrOff(20, 1, 99),
    number,
    '20',
    '%',
    'DEAD_ROWS: more rows of a table are dead, and 10,000 at least, for thirty minutes.',
  ),
  KITH_ALERT_WEBHOOK_URL: setting(
    url,
    'URL',
    '',
    '',
    "Who is told of alerts, beside the log: gets Alertmanager's JSON, signed by Standard Webhooks. http:// only with KITH_ALERT_WEBHOOK_PRIVATE.",
  ),
  KITH_ALERT_WEBHOOK_SECRET: setting(
    secret,
    'text',
    '',
    '',
    'Signs what the webhook gets: `whsec_` and 24 bytes or more in Base64. Required with KITH_ALERT_WEBHOOK_URL.',
  ),
  KITH_ALERT_WEBHOOK_PRIVATE: setting(
    z.enum(['allow', 'refuse']).default('refuse'),
    'allow, refuse',
    'refuse',
    '',
    'Whether the webhook may be on a private address, this machine included, and without TLS.',
  ),
} as const satisfies Record<string, Setting<unknown>>
