import { openDetails, openPlanFlip, openSlowQuery, openTenant, outcomeOf } from './details.js'
import { bar, h, put } from './dom.js'
import { ago, clock, count, duration, percent, short } from './format.js'
import { tenantFacts } from './health.js'
import type { Looker, PageState } from './page-state.js'
import { QUERIES } from './queries.js'
import { WINDOW_WORDS } from './ranges.js'
import { panel, table } from './table.js'
import type { Entry, PlanFlip, SlowQuery, TenantFigures, TimesList } from './types.js'

/** A part of the page that shows what the stream sends. */
export interface Part {
  readonly element: HTMLElement
  readonly show: (state: PageState) => void
}

const ROWS = 10

/** The operations, or the statements, that took most time. */
export function createTimesList(looker: Looker, kind: 'REQUESTS' | 'STATEMENTS'): Part {
  const isOperation = kind === 'REQUESTS'
  const title = isOperation ? 'Operations' : 'Statements'
  const made = panel(title, '', [])
  return {
    element: made.element,
    show({ figures, range }) {
      if (!figures) return
      const query = isOperation ? QUERIES.operations(range.window) : QUERIES.statements(range.window)
      const list: TimesList = isOperation ? figures.operations : figures.statements
      const all = list.entries.reduce((sum, { timing }) => sum + timing.totalMs, 0) + (list.others?.totalMs ?? 0)
      made.note.textContent = `by time, ${isOperation ? 'without those of this page, ' : ''}${WINDOW_WORDS[range.window]} (from ${clock(list.since)})${
        list.evictions > 0 ? `; ${count(list.evictions)} names are counted together` : ''
      }`
      put(made.tools, looker.links.button(title, query))
      put(made.body, timesTable(looker, kind, list.entries.slice(0, ROWS), all, query))
    },
  }
}

function timesTable(
  looker: Looker,
  kind: 'REQUESTS' | 'STATEMENTS',
  entries: readonly Entry[],
  allMs: number,
  query: string,
) {
  const isOperation = kind === 'REQUESTS'
  const { links } = looker
  const { figure } = links
  return table<Entry>(
    isOperation ? 'Operations by their time' : 'Statements by their time',
    [
      {
        label: 'Name',
        className: 'wide',
        cell: (entry) =>
          h(
            'span',
            { class: 'named' },
            h(
              'button',
              {
                type: 'button',
                class: 'name',
                'data-key': `${kind} ${keyOf(entry)}`,
                click: () => openDetails(looker, kind, entry, query),
              },
              entry.name,
            ),
            h('span', { class: 'muted extra' }, isOperation ? (entry.client ?? '') : (entry.role ?? '')),
          ),
      },
      { label: 'Share of time', className: 'share', cell: ({ timing }) => bar(timing.totalMs / Math.max(allMs, 1e-9)) },
      {
        label: '',
        isNumber: true,
        cell: ({ timing }) => figure(percent(timing.totalMs / Math.max(allMs, 1e-9)), query),
      },
      { label: 'p95', isNumber: true, cell: ({ timing }) => figure(duration(timing.p95Ms), query) },
      { label: 'p99', isNumber: true, isExtra: true, cell: ({ timing }) => figure(duration(timing.p99Ms), query) },
      { label: 'Count', isNumber: true, cell: ({ timing }) => figure(short(timing.count), query) },
      {
        label: 'Errors',
        isNumber: true,
        cell: ({ timing }) =>
          figure(timing.failed === 0 ? '0' : short(timing.failed), query, timing.failed > 0 ? 'bad' : ''),
      },
    ],
    entries,
    isOperation ? 'No operation ended in this time.' : 'No statement ended in this time.',
    (text) => links.figure(text, query),
  )
}

function keyOf({ name, role, hash, client, clientVersion }: Entry): string {
  return [name, role, hash, client, clientVersion].join(' ')
}

/** The latest statements over the limit, and the plans that changed. */
export function createSlowQueries(looker: Looker): Part {
  const { links, coverage, isOperator } = looker
  const query = QUERIES.slowQueries(isOperator)
  const made = panel(
    'Slow statements',
    `over ${coverage.slowQueryMs} ms, the latest first; whatever the range`,
    [links.button('slow statements', query)],
    'two-thirds',
  )
  return {
    element: made.element,
    show({ figures }) {
      if (!figures) return
      const { entries, total } = figures.slowQueries
      const most = Math.max(coverage.slowQueryMs, ...entries.map(({ durationMs }) => durationMs))
      if (total !== null)
        made.note.textContent = `over ${coverage.slowQueryMs} ms, the latest of ${count(total)} since the start`
      const named = (slow: SlowQuery): HTMLElement =>
        h(
          'button',
          {
            type: 'button',
            class: 'name',
            'data-key': `slow ${slow.endedAt} ${slow.name}`,
            click: () => openSlowQuery(looker, slow),
          },
          slow.name,
        )
      put(
        made.body,
        table<SlowQuery>(
          'Slow statements, the latest first',
          [
            { label: 'Statement', className: 'wide', cell: named },
            {
              label: 'Took',
              className: 'share',
              cell: ({ durationMs, failed }) => bar(durationMs / most, failed ? 'bad' : ''),
            },
            { label: '', isNumber: true, cell: ({ durationMs }) => links.figure(duration(durationMs), query) },
            { label: 'Rows', isNumber: true, isExtra: true, cell: ({ rows }) => links.figure(short(rows), query) },
            { label: 'Operation', isExtra: true, cell: ({ operation }) => operation ?? '–' },
            { label: 'Outcome', isExtra: true, cell: outcomeOf },
            { label: 'Ended', isNumber: true, cell: ({ endedAt }) => clock(endedAt) },
          ],
          entries.slice(0, ROWS),
          `No statement took over ${coverage.slowQueryMs} ms.`,
          (text) => links.figure(text, query),
        ),
      )
    },
  }
}

/** The statements whose plan has another shape than before; asked for when the page says so. */
export function createPlanFlips({ ask, links, coverage }: Looker) {
  const query = QUERIES.planFlips()
  const made = panel(
    'Plans that changed',
    'another shape than before',
    [links.button('plans that changed', query)],
    'third',
  )
  return {
    element: made.element,
    load: async () => {
      const { data } = await ask<{ performance: { planFlips: PlanFlip[] | null } }>(query)
      const flips = data?.performance.planFlips ?? []
      put(
        made.body,
        coverage.plansMissing === null ? null : h('p', { class: 'empty' }, coverage.plansMissing),
        table<PlanFlip>(
          'Plans that changed',
          [
            {
              label: 'Statement',
              className: 'wide',
              cell: (flip) =>
                h(
                  'button',
                  {
                    type: 'button',
                    class: 'name',
                    'data-key': `flip ${flip.name} ${flip.role}`,
                    click: () => openPlanFlip(flip),
                  },
                  flip.name,
                ),
            },
            { label: 'Changed', isNumber: true, cell: ({ after }) => ago(after.sampledAt) },
          ],
          flips.slice(0, ROWS),
          'No plan has changed since the start.',
          (text) => links.figure(text, query),
        ),
      )
    },
  }
}

/** Who takes most of the database. */
export function createTenants(looker: Looker): Part {
  const made = panel('Tenants', 'by the connections that they hold', [], 'two-thirds')
  return {
    element: made.element,
    show({ figures, range }) {
      if (!figures?.tenants) return
      const query = QUERIES.tenants(range.window)
      const { links } = looker
      const { figure } = links
      const most = Math.max(1e-9, ...figures.tenants.map(({ connections }) => connections))
      made.note.textContent = `by the connections that they hold, ${WINDOW_WORDS[range.window]}`
      put(made.tools, looker.links.button('tenants', query))
      put(
        made.body,
        table<TenantFigures>(
          'Tenants by the connections that they hold',
          [
            {
              label: 'Tenant',
              className: 'wide',
              cell: (tenant) =>
                h(
                  'button',
                  {
                    type: 'button',
                    class: 'name mono',
                    'data-key': `tenant ${tenant.tenantId}`,
                    click: () => openTenant(looker, tenant.tenantId, tenantFacts(tenant), query),
                  },
                  tenant.tenantId,
                ),
            },
            { label: 'Connections', className: 'share', cell: ({ connections }) => bar(connections / most) },
            { label: '', isNumber: true, cell: ({ connections }) => figure(connections.toFixed(2), query) },
            { label: 'Requests', isNumber: true, cell: ({ requests }) => figure(short(requests?.count ?? 0), query) },
            { label: 'p95', isNumber: true, cell: ({ requests }) => figure(duration(requests?.p95Ms), query) },
            {
              label: 'Transactions',
              isNumber: true,
              isExtra: true,
              cell: ({ transactions }) => figure(short(transactions?.count ?? 0), query),
            },
          ],
          figures.tenants.slice(0, ROWS),
          'No tenant sent a request in this time.',
          (text) => links.figure(text, query),
        ),
      )
    },
  }
}

/** The connections of the process. */
export function createPools({ links }: Looker): Part {
  const query = QUERIES.pools()
  const made = panel('Connections', 'of this process', [links.button('connections', query)], 'third')
  return {
    element: made.element,
    show({ figures, tick }) {
      const pool = figures?.pools?.[0]
      if (!pool) return put(made.body, h('p', { class: 'empty' }, 'No pool is watched.'))
      const now = tick?.pool ?? pool
      const [used, idle] = [now.total - now.idle, now.idle]
      const part = (name: string, of: number): HTMLElement => {
        const element = h('span', { class: `stack-part ${name}` })
        element.style.width = `${(of / Math.max(1, now.limit)) * 100}%`
        return element
      }
      const { figure } = links
      const facts: [string, HTMLElement][] = [
        ['in use', figure(String(used), query)],
        ['idle', figure(String(idle), query)],
        ['may be open', figure(String(now.limit), query)],
        ['requests waiting', figure(String(now.waiting), query, now.waiting > 0 ? 'bad' : '')],
        ['wait, p95', figure(duration(pool.waits.p95Ms), query)],
        ['longest wait', figure(duration(pool.waits.maxMs), query)],
        ['all in use', figure(`${count(pool.exhausted)} times`, query, pool.exhausted > 0 ? 'warn' : '')],
        ['refused', figure(count(pool.refused), query, pool.refused > 0 ? 'bad' : '')],
      ]
      put(
        made.body,
        h('div', { class: 'stack', 'aria-hidden': 'true' }, part('used', used), part('idle', idle)),
        h(
          'dl',
          { class: 'facts' },
          ...facts.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
        ),
      )
    },
  }
}
