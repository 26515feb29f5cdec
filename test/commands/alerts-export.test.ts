import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { DEFAULT_THRESHOLDS } from '../../src/metrics/alert-rules.js'
import { createMetrics } from '../../src/metrics/metrics.js'
import { prometheusRules } from '../../src/metrics/prometheus-rules.js'
import { testPromtool } from '../setup/test-run.js'
import { runCommandProcess } from '../support/command-process.js'

const SILENT = { warn: () => undefined, info: () => undefined }
const RULES = prometheusRules(DEFAULT_THRESHOLDS, 'kith')
const promtool = testPromtool()

/** The names that a process exposes, those of the parts of its histograms too. */
async function exposedNames(): Promise<Set<string>> {
  const { registry } = createMetrics(SILENT, 200)
  const all = await registry.getMetricsAsJSON()
  return new Set(all.flatMap(({ name }) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]))
}

test('rules are what the thresholds say, over what /metrics exposes', async () => {
  const { stdout, stderr, code } = await runCommandProcess('alerts-export', ['--job', 'crm'], {
    KITH_ALERT_REQUEST_P95_MS: '50',
    KITH_ALERT_PLAN_FLIPS: 'off',
    KITH_ALERT_DISK_PERCENT: 'off',
  })
  expect([stderr, code]).toEqual(['', 0])
  expect(stdout).toBe(prometheusRules({ ...DEFAULT_THRESHOLDS, REQUEST_P95: 50, PLAN_FLIP: null, DISK: null }, 'crm'))
  expect(stdout.split('\n').slice(0, 20)).toEqual([
    '# Not in /metrics, hence not here: CACHE_HIT_RATIO, DEAD_ROWS.',
    'groups:',
    '  - name: kith',
    '    rules:',
    '      - alert: DATABASE_DOWN',
    '        expr: "up{job=\\"crm\\"} == 0"',
    '        for: 30s',
    '        keep_firing_for: 60s',
    '        labels:',
    '          severity: critical',
    '        annotations:',
    '          summary: "Kith or its database does not answer."',
    '      - alert: REQUEST_P95',
    '        expr: "histogram_quantile(0.95, sum by (le) (rate(kith_request_duration_seconds_bucket[5m]))) > 0.05"',
    '        for: 300s',
    '        keep_firing_for: 300s',
    '        labels:',
    '          severity: critical',
    '        annotations:',
    '          summary: "95 of 100 requests took up to {{ $value | humanizeDuration }}."',
  ])
  const names = [...stdout.matchAll(/kith_\w+/g)].map(([name]) => name)
  const exposed = await exposedNames()
  expect(names.length).toBeGreaterThan(4)
  expect(names.filter((name) => !exposed.has(name))).toEqual([])
})

test('a job that could end the text of an expression is refused', async () => {
  const { stdout, code } = await runCommandProcess('alerts-export', ['--job', 'a"} or {b="'], {})
  expect([stdout, code]).toEqual(['', 2])
})

/** By Prometheus's own program. */
function describePromtool(program: string): void {
  describe('promtool', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kith-rules-'))
    afterAll(() => rmSync(folder, { recursive: true }))

    const check = (rules: string) => {
      const file = join(folder, 'kith.rules.yml')
      writeFileSync(file, rules)
      return spawnSync(program, ['check', 'rules', file], { encoding: 'utf8' })
    }

    test('takes the rules', () => {
      const { stdout, status } = check(RULES)
      expect([stdout.match(/\d+ rules found/)?.[0], status]).toEqual(['6 rules found', 0])
    })

    test('takes a file without any rule', () => {
      const none = Object.fromEntries(Object.keys(DEFAULT_THRESHOLDS).map((name) => [name, null]))
      expect(check(prometheusRules(none as unknown as typeof DEFAULT_THRESHOLDS, 'kith')).status).toBe(0)
    })

    test('refuses what is no rule', () => {
      expect(check(RULES.replace('sum(', 'sum((')).status).toBe(1)
    })
  })
}

// Registered where Prometheus is installed, or PROMTOOL names its program.
if (promtool !== undefined) describePromtool(promtool)
