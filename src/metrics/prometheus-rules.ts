import { ALERT_RULES, type AlertRuleName, type AlertThresholds } from './alert-rules.js'

/** How a rule reads as an expression over what `/metrics` exposes; undefined where it exposes nothing of it. */
type Expression = (threshold: number, job: string) => { readonly expr: string; readonly summary: string }

const EXPRESSIONS: Readonly<Partial<Record<AlertRuleName, Expression>>> = {
  // /metrics answers 503 while the database is away, and Prometheus keeps nothing of a 503.
  DATABASE_DOWN: (_, job) => ({
    expr: `up{job="${job}"} == 0`,
    summary: 'Kith or its database does not answer.',
  }),
  REQUEST_P95: (ms) => ({
    expr: `histogram_quantile(0.95, sum by (le) (rate(kith_request_duration_seconds_bucket[5m]))) > ${ms / 1000}`,
    summary: '95 of 100 requests took up to {{ $value | humanizeDuration }}.',
  }),
  ERROR_RATE: (part) => ({
    expr: `sum(rate(kith_request_faults_total[5m])) / sum(rate(kith_request_duration_seconds_count[5m])) > ${part}`,
    summary: '{{ $value | humanizePercentage }} of requests failed by a fault of the server.',
  }),
  SLOW_STATEMENTS: (perMinute) => ({
    expr: `sum(rate(kith_slow_statements_total[5m])) * 60 > ${perMinute}`,
    summary: '{{ $value | humanize }} slow statements a minute.',
  }),
  POOL_WAITING: (perMinute) => ({
    expr: `sum(rate(kith_pool_exhausted_total[5m])) * 60 > ${perMinute}`,
    summary: 'All connections were in use {{ $value | humanize }} times a minute when one was wanted.',
  }),
  PLAN_FLIP: (count) => ({
    expr: `sum(increase(kith_plan_flips_total[10m])) > ${count}`,
    summary: 'Plans of statements have changed.',
  }),
}

/**
 * The rules that are on as a rule file of Prometheus, in YAML. What `/metrics` doesn't expose (cache, disk, dead rows: the
 * database server's own figures) is named in a comment. `job` is what Prometheus calls the server where it scrapes it.
 */
export function prometheusRules(thresholds: AlertThresholds, job: string): string {
  const names = Object.keys(ALERT_RULES) as AlertRuleName[]
  const on = names.filter((name) => thresholds[name] !== null)
  const rules = on.flatMap((name) => {
    const found = EXPRESSIONS[name]?.(thresholds[name] ?? 0, job)
    if (!found) return []
    const { severity, forMs, keepFiringForMs } = ALERT_RULES[name]
    // An `up` of one scrape says little: two are waited for.
    const waitMs = name === 'DATABASE_DOWN' ? (thresholds[name] ?? 0) * 1000 : forMs
    return [
      `      - alert: ${name}`,
      `        expr: ${JSON.stringify(found.expr)}`,
      `        for: ${waitMs / 1000}s`,
      `        keep_firing_for: ${keepFiringForMs / 1000}s`,
      `        labels:`,
      `          severity: ${severity.toLowerCase()}`,
      `        annotations:`,
      `          summary: ${JSON.stringify(found.summary)}`,
    ]
  })
  const others = on.filter((name) => !EXPRESSIONS[name])
  const note = others.length === 0 ? [] : [`# Not in /metrics, hence not here: ${others.join(', ')}.`]
  const body = rules.length === 0 ? ['    rules: []'] : ['    rules:', ...rules]
  return [...note, 'groups:', '  - name: kith', ...body, ''].join('\n')
}
