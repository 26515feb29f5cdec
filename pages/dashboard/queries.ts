import type { Range } from './ranges.js'

const TIMING = 'timing { count failed totalMs meanMs p50Ms p95Ms p99Ms maxMs rows statements }'
const LIST = `{ entries { name hash client clientVersion role ${TIMING} } others { count totalMs } evictions since }`
const POINT = 'at isGap count failed totalMs p50Ms p95Ms p99Ms latencyCounts'

const of = (name: string, fields: string, window?: Range['window'] | 'LAST_MINUTE'): string =>
  `query ${name} {\n  performance${window ? `(window: ${window})` : ''} {\n    ${fields}\n  }\n}`
const text = (value: string): string => JSON.stringify(value)

/** The queries of the page: each figure that it shows is in the answer of one of them. */
export const QUERIES = {
  coverage: () =>
    of(
      'DashboardCoverage',
      'coverage { since startedAt processId resolution slowQueryMs plansMissing latencyBoundsMs }\n    pools { total }',
    ),
  me: () => '{ me { role tenant { name } } }',
  recent: (name = '', kind = 'REQUESTS') =>
    of('DashboardRecent', `recentMinutes(kind: ${kind}, name: ${text(name)}) { ${POINT} }`),
  history: (hours: number, name = '', kind = 'REQUESTS') =>
    of('DashboardHistory', `history(kind: ${kind}, name: ${text(name)}, hours: ${Math.max(1, hours)}) { ${POINT} }`),
  lastMinute: () =>
    of('DashboardLastMinute', `operations(first: 200) { entries { name ${TIMING} } others { count } }`, 'LAST_MINUTE'),
  operations: (window: Range['window']) => of('DashboardOperations', `operations(first: 20) ${LIST}`, window),
  statements: (window: Range['window']) => of('DashboardStatements', `statements(first: 20) ${LIST}`, window),
  slowQueries: (isOperator: boolean) =>
    of(
      'DashboardSlowQueries',
      `slowQueries(first: 200) {\n      total\n      evictions\n      entries { endedAt name role sql durationMs rows tenantId operation failed errorCode${
        isOperator ? ' plan { shape json sampledAt }' : ''
      } }\n    }`,
    ),
  planFlips: () =>
    of(
      'DashboardPlanFlips',
      'planFlips { name role sql before { shape json sampledAt } after { shape json sampledAt } }',
    ),
  pools: () =>
    of(
      'DashboardPools',
      'pools { total idle waiting limit waits { count meanMs p95Ms p99Ms maxMs } refused exhausted }',
    ),
  tenants: (window: Range['window']) =>
    of(
      'DashboardTenants',
      `tenants(first: 20) { tenantId connections requests { count p95Ms totalMs } transactions { count totalMs } }`,
      window,
    ),
  tables: () =>
    of(
      'DashboardTables',
      'tables { name bytes indexBytes rows deadRows sequentialScans indexScans cacheHitRatio vacuumedAt analyzedAt }',
    ),
  indexes: () =>
    of('DashboardIndexes', 'indexes { name table bytes writeShare scans isValid coveredBy isUnused definition }'),
  recommendations: () => of('DashboardRecommendations', 'recommendations { kind about evidence ddl cost }'),
  forecast: (kind: string, name: string, measure: string, budget: number | null) =>
    of(
      'DashboardForecast',
      `forecast(kind: ${kind}, name: ${text(name)}, measure: ${measure}${budget === null ? '' : `, budget: ${budget}`}) {
      days missing thisWeek lastWeek level perDay isTrend band errorPart budget inDays earliestInDays latestInDays
    }`,
    ),
  alerts: () =>
    of(
      'DashboardAlerts',
      `alerts {
      id rule labels { name value } summary severity state value threshold unit pendingSince firingSince resolvedAt
      silencedUntil silencedBy acknowledgedAt acknowledgedBy inhibitedBy
    }`,
    ),
  silence: () =>
    'mutation DashboardSilence($input: SilenceAlertInput!) { silenceAlert(input: $input) { userErrors { message } } }',
  acknowledge: () =>
    'mutation DashboardAcknowledge($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) { userErrors { message } } }',
  marks: (hours: number) => of('DashboardMarks', `marks(hours: ${Math.max(1, hours)}) { kind at text }`),
} as const
