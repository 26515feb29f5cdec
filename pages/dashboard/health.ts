import { h, put, sparkline, svg } from './dom.js'
import { clock, count, duration, percent, span } from './format.js'
import type { Links } from './links.js'
import type { Looker, PageState } from './page-state.js'
import { openDetails, openTenant } from './details.js'
import { QUERIES } from './queries.js'
import { thinOut } from './timeline.js'
import { BUDGET_MS, FAILED_PART, FAULT_PART, judge, type Level } from './verdict.js'

const MINUTE_MS = 60_000
const SPARK_POINTS = 60
// So many slow statements the stream sends at most, less those of this page.
const MAX_LISTED = 20
// A sign for each level, so that it isn't told by its colour alone.
const SIGNS: Readonly<Record<Level, string>> = {
  GOOD: 'M8 16.5l5 5 11-12',
  IDLE: 'M10 16h12',
  SLOW: 'M16 8v9l6 4',
  FAILING: 'M16 7v11M16 23.5v.5',
  UNKNOWN: 'M12 12a4 4 0 1 1 5 4c-1 .4-1 1-1 2.500M16 23.500v.5',
}

/** The first thing on the page: whether users are served well, since when, and who to look at; and six figures. */
export function createHealth(looker: Looker) {
  const verdict = h('section', { class: 'verdict panel', 'aria-label': 'Health' })
  const tiles = h('div', { class: 'tiles' })
  const spoken = h('p', { class: 'unseen', role: 'status' })
  let lastSpoken = ''
  return {
    element: h('div', { class: 'health' }, verdict, tiles, spoken),
    show(state: PageState): void {
      const { level, title, reason, sinceMs, isSinceAtLeast } = judge(state)
      const since =
        sinceMs === null
          ? null
          : h(
              'span',
              { class: 'since' },
              `${isSinceAtLeast ? 'at least ' : ''}since ${clock(sinceMs)} (${span(Date.now() - sinceMs)})`,
            )
      verdict.dataset['level'] = level
      const sign = svg(
        'svg',
        { viewBox: '0 0 32 32', class: 'sign', 'aria-hidden': 'true' },
        svg('circle', { cx: 16, cy: 16, r: 15 }),
        svg('path', { d: SIGNS[level] }),
      )
      const words = h('div', { class: 'verdict-words' }, h('h2', {}, title), h('p', {}, reason, ' ', since))
      put(verdict, sign, words, suspects(looker, state))
      put(tiles, ...tilesOf(looker, state))
      // Said when it changes, not with each tick.
      if (title !== lastSpoken) spoken.textContent = `${title}. ${reason}`
      lastSpoken = title
    },
  }
}

/** Who takes most of the time: one click leads to how it went and to its plan. */
function suspects(looker: Looker, { figures, range }: PageState): HTMLElement | null {
  if (!figures) return null
  const part = (list: {
    entries: readonly { timing: { totalMs: number } }[]
    others: { totalMs: number } | null
  }): number => {
    const all = list.entries.reduce((sum, { timing }) => sum + timing.totalMs, 0) + (list.others?.totalMs ?? 0)
    return all === 0 ? 0 : (list.entries[0]?.timing.totalMs ?? 0) / all
  }
  const [operation, statement, tenant] = [
    figures.operations.entries[0],
    figures.statements.entries[0],
    figures.tenants?.[0],
  ]
  const held = (figures.tenants ?? []).reduce((sum, { connections }) => sum + connections, 0)
  const queries = {
    operations: QUERIES.operations(range.window),
    statements: QUERIES.statements(range.window),
    tenants: QUERIES.tenants(range.window),
  }
  const items = [
    operation &&
      suspect('Operation', operation.name, part(figures.operations), looker.links, queries.operations, () =>
        openDetails(looker, 'REQUESTS', operation, queries.operations),
      ),
    statement &&
      suspect('Statement', statement.name, part(figures.statements), looker.links, queries.statements, () =>
        openDetails(looker, 'STATEMENTS', statement, queries.statements),
      ),
    tenant &&
      suspect(
        'Tenant',
        tenant.tenantId.slice(0, 13),
        held === 0 ? 0 : tenant.connections / held,
        looker.links,
        queries.tenants,
        () => openTenant(looker, tenant.tenantId, tenantFacts(tenant), queries.tenants),
      ),
  ].filter((item) => item !== undefined)
  if (items.length === 0) return null
  return h('div', { class: 'suspects' }, h('h3', {}, 'Most time goes to'), h('ul', {}, ...items))
}

function suspect(kind: string, name: string, part: number, links: Links, query: string, open: () => void): HTMLElement {
  return h(
    'li',
    {},
    h('span', { class: 'muted' }, kind),
    h('button', { type: 'button', class: 'name', 'data-key': `suspect ${kind}`, click: open }, name),
    links.figure(percent(part), query, 'part'),
  )
}

/** What is told of a tenant. */
export function tenantFacts({
  connections,
  requests,
  transactions,
}: {
  connections: number
  requests: { count: number; p95Ms: number } | null
  transactions: { count: number; totalMs: number } | null
}): [string, string][] {
  return [
    ['connections held', connections.toFixed(2)],
    ['requests', count(requests?.count ?? 0)],
    ['p95', duration(requests?.p95Ms)],
    ['transactions', count(transactions?.count ?? 0)],
  ]
}

interface Tile {
  readonly label: string
  readonly value: string
  readonly more: string
  readonly query: string
  readonly picture?: SVGElement | HTMLElement
  readonly level?: Level
}

function tilesOf({ links, isOperator }: Looker, { tick, points, figures, alerts, range }: PageState): HTMLElement[] {
  const drawn = thinOut(points, SPARK_POINTS)
  const last = tick?.lastMinute
  const perSecond = last ? (last.count * 1000) / Math.max(1, last.durationMs) : null
  const failedPart = last && last.count > 0 ? last.failed / last.count : null
  const faults = last?.faults ?? null
  const pool = tick?.pool
  const recent = (figures?.slowQueries.entries ?? []).filter(
    ({ endedAt }) => Date.parse(endedAt) > Date.now() - 15 * MINUTE_MS,
  )
  const firing = alerts.filter(({ state }) => state === 'FIRING').length
  const pending = alerts.filter(({ state }) => state === 'PENDING').length
  const traffic = range.isRecent ? QUERIES.recent() : QUERIES.history(range.hours)
  const tiles: Tile[] = [
    {
      label: 'Requests a second',
      value: perSecond === null ? '–' : count(Number(perSecond.toFixed(1))),
      more: last ? `${count(last.count)} in ${span(last.durationMs)}` : '',
      query: traffic,
      picture: sparkline(drawn.map(({ count: ended, spanMs }) => (ended === null ? null : (ended * 1000) / spanMs))),
    },
    {
      label: 'p95',
      value: duration(last?.p95Ms),
      more: `p50 ${duration(last?.p50Ms)}, p99 ${duration(last?.p99Ms)}`,
      query: traffic,
      picture: sparkline(drawn.map(({ p95Ms }) => p95Ms)),
      ...((last?.p95Ms ?? 0) > BUDGET_MS ? { level: 'SLOW' } : {}),
    },
    {
      label: 'Requests with errors',
      value: percent(failedPart),
      more: last
        ? faults === null
          ? `${count(last.failed)} in ${span(last.durationMs)}, refused ones too`
          : `${count(last.failed)}, of these ${count(faults)} by the server’s fault`
        : '',
      query: traffic,
      picture: sparkline(
        drawn.map(({ count: ended, failed }) => (ended ? (failed ?? 0) / ended : ended)),
        'bad',
      ),
      ...((faults === null ? (failedPart ?? 0) >= FAILED_PART : faults / Math.max(1, last?.count ?? 0) >= FAULT_PART)
        ? { level: 'FAILING' }
        : {}),
    },
    {
      label: 'Slow statements',
      value: recent.length >= MAX_LISTED ? `${MAX_LISTED}+` : count(recent.length),
      more: 'in 15 minutes',
      query: QUERIES.slowQueries(isOperator),
      picture: sparkline(perSlot(recent.map(({ endedAt }) => Date.parse(endedAt))), 'warn'),
    },
  ]
  if (pool) {
    const used = pool.total - pool.idle
    const gauge = h('meter', {
      min: 0,
      max: pool.limit,
      value: used,
      high: pool.limit * 0.8,
      'aria-label': 'Connections in use',
    })
    const level: Level | undefined = pool.waiting > 0 ? 'SLOW' : undefined
    const more = `${pool.total} open, ${pool.limit} may be; ${pool.waiting} requests wait`
    tiles.push({
      label: 'Connections in use',
      value: count(used),
      more,
      query: QUERIES.pools(),
      picture: gauge,
      ...(level ? { level } : {}),
    })
  }
  if (isOperator) {
    const isCritical = alerts.some(({ state, severity }) => state === 'FIRING' && severity === 'CRITICAL')
    const level: Level | undefined = isCritical ? 'FAILING' : firing > 0 ? 'SLOW' : undefined
    const more = pending > 0 ? `${pending} pending` : 'none pending'
    tiles.push({
      label: 'Alerts firing',
      value: String(firing),
      more,
      query: QUERIES.alerts(),
      ...(level ? { level } : {}),
    })
  }
  return tiles.map(({ label, value, more, query, picture, level }) =>
    h(
      'section',
      { class: 'tile panel', 'aria-label': label, ...(level ? { 'data-level': level } : {}) },
      h('h3', {}, label),
      links.figure(value, query, 'big'),
      h('p', { class: 'note' }, more),
      picture ?? null,
    ),
  )
}

/** How many of the moments fell in each of the last fifteen minutes. */
function perSlot(atMs: readonly number[]): number[] {
  const nowMs = Date.now()
  return Array.from({ length: 15 }, (_, slot) => {
    const fromMs = nowMs - (15 - slot) * MINUTE_MS
    return atMs.filter((at) => at >= fromMs && at < fromMs + MINUTE_MS).length
  })
}
