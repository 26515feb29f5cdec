import { openDialog } from './dialog.js'
import { bar, h, put } from './dom.js'
import { ago, bytes, percent, short } from './format.js'
import type { Looker } from './page-state.js'
import { QUERIES } from './queries.js'
import { panel, table } from './table.js'
import type { Index, Recommendation, Table } from './types.js'

const ROWS = 12
const MANY_DEAD = 0.2
const LOW_HITS = 0.95

/** A part of the page that asks the API when it is shown, and now and then. */
export interface LoadedPart {
  readonly element: HTMLElement
  readonly load: () => Promise<void>
}

/** The largest tables. */
export function createTables({ ask, links }: Looker): LoadedPart {
  const query = QUERIES.tables()
  const { figure } = links
  const made = panel('Tables', 'the largest first', [links.button('tables', query)])
  return {
    element: made.element,
    load: async () => {
      const { data } = await ask<{ performance: { tables: Table[] | null } }>(query)
      const tables = data?.performance.tables ?? []
      const most = Math.max(1, ...tables.map((one) => one.bytes))
      const dead = ({ deadRows, rows }: Table): number => deadRows / Math.max(1, rows + deadRows)
      put(
        made.body,
        table<Table>(
          'Tables, the largest first',
          [
            { label: 'Table', className: 'wide', cell: ({ name }) => name },
            { label: 'Size', className: 'share', cell: (one) => sizeBar(one, most) },
            { label: '', isNumber: true, cell: (one) => figure(bytes(one.bytes), query) },
            { label: 'Rows', isNumber: true, cell: ({ rows }) => figure(short(rows), query) },
            {
              label: 'Dead',
              isNumber: true,
              cell: (one) => figure(percent(dead(one)), query, dead(one) > MANY_DEAD ? 'warn' : ''),
            },
            {
              label: 'Cached',
              isNumber: true,
              cell: ({ cacheHitRatio }) =>
                figure(percent(cacheHitRatio), query, (cacheHitRatio ?? 1) < LOW_HITS ? 'warn' : ''),
            },
            {
              label: 'Whole reads',
              isNumber: true,
              isExtra: true,
              cell: ({ sequentialScans }) => figure(short(sequentialScans), query),
            },
            { label: 'Analyzed', isNumber: true, isExtra: true, cell: ({ analyzedAt }) => ago(analyzedAt) },
          ],
          tables.slice(0, ROWS),
          'There are no tables.',
          (text) => links.figure(text, query),
        ),
      )
    },
  }
}

/** Rows in a strong colour, indexes in a weak one behind them. */
function sizeBar({ bytes: all, indexBytes }: Table, most: number): HTMLElement {
  const element = bar(all / most, 'weak')
  const rows = h('span', { class: 'bar-fill over' })
  rows.style.width = `${((all - indexBytes) / most) * 100}%`
  element.append(rows)
  return element
}

/** The largest indexes. */
export function createIndexes({ ask, links }: Looker): LoadedPart {
  const query = QUERIES.indexes()
  const { figure } = links
  const made = panel('Indexes', 'the largest first', [links.button('indexes', query)])
  const signOf = ({ isValid, coveredBy, isUnused }: Index): Node | string => {
    if (!isValid) return h('span', { class: 'bad' }, 'broken')
    if (coveredBy !== null) return h('span', { class: 'warn' }, 'covered')
    return isUnused ? h('span', { class: 'warn' }, 'unused') : ''
  }
  return {
    element: made.element,
    load: async () => {
      const { data } = await ask<{ performance: { indexes: Index[] | null } }>(query)
      const indexes = data?.performance.indexes ?? []
      const most = Math.max(1, ...indexes.map((one) => one.bytes))
      const named = ({ name, definition }: Index): HTMLElement =>
        h(
          'button',
          {
            type: 'button',
            class: 'name',
            'data-key': `index ${name}`,
            click: () => void openDialog(name, [h('pre', { class: 'code', tabindex: '0' }, definition)]),
          },
          name,
        )
      put(
        made.body,
        table<Index>(
          'Indexes, the largest first',
          [
            { label: 'Index', className: 'wide', cell: named },
            { label: 'Size', className: 'share', cell: (one) => bar(one.bytes / most) },
            { label: '', isNumber: true, cell: (one) => figure(bytes(one.bytes), query) },
            { label: 'Reads', isNumber: true, cell: ({ scans }) => figure(short(scans), query) },
            {
              label: 'Of writes',
              isNumber: true,
              isExtra: true,
              cell: ({ writeShare }) => figure(percent(writeShare), query),
            },
            { label: '', isNumber: true, cell: signOf },
          ],
          indexes.slice(0, ROWS),
          'There are no indexes.',
          (text) => links.figure(text, query),
        ),
      )
    },
  }
}

/** What tables and indexes give reason for. */
export function createRecommendations({ ask, links }: Looker): LoadedPart {
  const query = QUERIES.recommendations()
  const made = panel('What to do', 'with what speaks for it', [links.button('recommendations', query)])
  return {
    element: made.element,
    load: async () => {
      const { data } = await ask<{ performance: { recommendations: Recommendation[] | null } }>(query)
      const found = data?.performance.recommendations ?? []
      const items = found
        .slice(0, ROWS)
        .map(({ kind, about, evidence, ddl, cost }) =>
          h(
            'li',
            {},
            h('b', {}, `${kind[0]}${kind.slice(1).toLowerCase().replaceAll('_', ' ')}: `),
            h('span', { class: 'mono' }, about),
            h('p', {}, `${evidence} ${cost}`),
            ddl === null ? null : h('pre', { class: 'code', tabindex: '0' }, ddl),
          ),
        )
      put(
        made.body,
        items.length > 0
          ? h('ul', { class: 'advice' }, ...items)
          : h('p', { class: 'empty' }, 'Nothing: tables and indexes are in order.'),
      )
    },
  }
}
