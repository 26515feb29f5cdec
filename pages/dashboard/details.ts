import { createTimeChart } from './charts.js'
import { openDialog } from './dialog.js'
import { h, put } from './dom.js'
import { clock, count, duration, percent } from './format.js'
import type { Looker } from './page-state.js'
import { planTree } from './plan.js'
import { QUERIES } from './queries.js'
import { table } from './table.js'
import { pointsOfHistory } from './timeline.js'
import type { Entry, HistoryPoint, PlanFlip, SlowQuery } from './types.js'

const HOUR_MS = 3_600_000
const PER_MINUTE = 60_000

/** Shows an operation, or a statement: how it went, which slow statements it has, and their plans. */
export function openDetails(looker: Looker, kind: 'REQUESTS' | 'STATEMENTS', entry: Entry, query: string): void {
  const { name, role, client, clientVersion, hash, timing } = entry
  const isOperation = kind === 'REQUESTS'
  const facts: [string, string][] = [
    ['p50', duration(timing.p50Ms)],
    ['p95', duration(timing.p95Ms)],
    ['p99', duration(timing.p99Ms)],
    ['longest', duration(timing.maxMs)],
    ['count', count(timing.count)],
    ['failed', percent(timing.count === 0 ? null : timing.failed / timing.count)],
    ['all time', duration(timing.totalMs)],
    isOperation
      ? ['statements each', count(timing.statements / Math.max(1, timing.count))]
      : ['rows each', count(timing.rows / Math.max(1, timing.count))],
  ]
  const from = [
    isOperation ? (client === '' ? 'a client without a name' : `${client ?? ''} ${clientVersion ?? ''}`) : role,
    hash && `document ${hash}`,
  ]
  const slow = h('div', { class: 'slow' }, h('p', { class: 'empty' }, 'Loading …'))
  const chart = historyChart(looker, kind, isOperation ? name : `${name} ${role ?? ''}`)
  openDialog(name, [
    h('p', { class: 'note' }, `${isOperation ? 'Operation' : 'Statement'} of ${from.filter(Boolean).join(', ')}`),
    factList(looker, facts, query),
    chart.element,
    h('h3', {}, 'Slow statements'),
    slow,
  ])
  void chart.load().catch(() => undefined)
  void showSlow(looker, slow, (query) =>
    isOperation ? query.operation === name : query.name === name && query.role === role,
  )
}

/** Shows a slow statement with its text and its plan. */
export function openSlowQuery(looker: Looker, seen: SlowQuery): void {
  const slow = h('div', { class: 'slow' }, h('p', { class: 'empty' }, 'Loading …'))
  openDialog(seen.name, [
    h('p', { class: 'note' }, `Statement of ${seen.role}, from the operation ${seen.operation ?? '(none)'}`),
    slow,
  ])
  void showSlow(looker, slow, ({ name, role }) => name === seen.name && role === seen.role)
}

/** Shows what a tenant takes, and its slow statements. */
export function openTenant(looker: Looker, tenantId: string, facts: readonly [string, string][], query: string): void {
  const slow = h('div', { class: 'slow' }, h('p', { class: 'empty' }, 'Loading …'))
  openDialog(`Tenant ${tenantId}`, [factList(looker, facts, query), h('h3', {}, 'Slow statements'), slow])
  void showSlow(looker, slow, (query) => query.tenantId === tenantId)
}

/** Shows the plans of a statement before and after they changed. */
export function openPlanFlip({ name, role, sql, before, after }: PlanFlip): void {
  openDialog(name, [
    h('p', { class: 'note' }, `The plan of this statement of ${role} has another shape than before.`),
    h(
      'div',
      { class: 'two' },
      h('div', {}, h('h3', {}, 'Before'), planTree(before)),
      h('div', {}, h('h3', {}, 'After'), planTree(after)),
    ),
    h('h3', {}, 'Text'),
    h('pre', { class: 'code', tabindex: '0' }, sql),
  ])
}

/** Terms with their figures, each of which leads to its query. */
function factList({ links }: Looker, facts: readonly (readonly [string, string])[], query: string): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    ...facts.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, links.figure(value, query)))),
  )
}

/** The p95 and the count of a name by the minute, for the last hour. */
function historyChart({ ask, links }: Looker, kind: string, name: string) {
  const query = QUERIES.recent(name, kind)
  const chart = createTimeChart({
    title: 'Last hour',
    unit: 'ms',
    height: 150,
    lines: [
      { label: 'p95', color: '--p95', value: ({ p95Ms }) => p95Ms, width: 2 },
      { label: 'p50', color: '--p50', value: ({ p50Ms }) => p50Ms },
    ],
    format: (value) => duration(value),
    tools: [links.button(name, query)],
    more: ({ count: ended, spanMs }) => `${count(((ended ?? 0) * PER_MINUTE) / spanMs)} a minute`,
  })
  return {
    element: chart.element,
    load: async () => {
      const { data } = await ask<{ performance: { recentMinutes: HistoryPoint[] } }>(query)
      const nowMs = Date.now()
      const points = pointsOfHistory(data?.performance.recentMinutes ?? [], nowMs)
      chart.show(points, [], Math.max(nowMs - HOUR_MS, points[0]?.atMs ?? nowMs - HOUR_MS), nowMs)
    },
  }
}

async function showSlow(looker: Looker, place: HTMLElement, isMeant: (query: SlowQuery) => boolean): Promise<void> {
  const { ask, isOperator, coverage, links } = looker
  const query = QUERIES.slowQueries(isOperator)
  const { data } = await ask<{ performance: { slowQueries: { entries: SlowQuery[] } } }>(query)
  const found = data?.performance.slowQueries.entries.filter(isMeant) ?? []
  if (found.length === 0) {
    return put(place, h('p', { class: 'empty' }, `None of the kept ones took over ${coverage.slowQueryMs} ms.`))
  }
  const rows = found.slice(0, 10)
  const list = table<SlowQuery>(
    'Slow statements, the latest first',
    [
      { label: 'Statement', cell: ({ name }) => name },
      { label: 'Ended', cell: ({ endedAt }) => clock(endedAt) },
      { label: 'Took', isNumber: true, cell: ({ durationMs }) => duration(durationMs) },
      { label: 'Rows', isNumber: true, cell: ({ rows: found }) => count(found) },
      { label: 'Outcome', cell: outcomeOf },
    ],
    rows,
    '',
    (text) => links.figure(text, query),
  )
  // One statement runs often: its text and its plan are the same each time.
  const byName = new Map(found.map((slow) => [`${slow.name} ${slow.role}`, slow]))
  const statements = [...byName.values()].flatMap(({ name, role, sql, plan }) => [
    h('h3', {}, `${name}, ${role}`),
    plan ? planTree(plan) : h('p', { class: 'empty' }, whyNoPlan(looker)),
    h('details', {}, h('summary', {}, 'Text'), h('pre', { class: 'code', tabindex: '0' }, sql ?? '')),
  ])
  put(place, h('div', { class: 'scroll', tabindex: '0' }, list), ...statements)
}

function whyNoPlan({ isOperator, coverage }: Looker): string {
  if (!isOperator) return 'Plans are for operators: their estimates come from the rows of all tenants.'
  return coverage.plansMissing ?? 'No plan was sampled yet.'
}

/** How a slow statement ended, in a word. */
export function outcomeOf({ failed, errorCode }: SlowQuery): Node | string {
  if (!failed) return 'answered'
  const words = errorCode === '57014' ? 'timeout or cancel' : errorCode === '55P03' ? 'lock' : 'failed'
  return h('span', { class: 'bad' }, `${words}${errorCode === null ? '' : ` ${errorCode}`}`)
}
