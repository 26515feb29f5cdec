import type { Part } from './lists.js'
import { h, put } from './dom.js'
import { ago, bytes, count, duration, percent } from './format.js'
import type { Looker } from './page-state.js'
import { QUERIES } from './queries.js'
import { panel, table } from './table.js'
import type { Alert } from './types.js'

const WORDS: Readonly<Record<Alert['state'], string>> = {
  FIRING: 'firing',
  PENDING: 'pending',
  NO_DATA: 'no data',
  RESOLVED: 'resolved',
}
const CLASSES: Readonly<Record<Alert['state'], string>> = {
  FIRING: 'chip bad',
  PENDING: 'chip warn',
  NO_DATA: 'chip',
  RESOLVED: 'chip good',
}
const ORDER: readonly Alert['state'][] = ['FIRING', 'PENDING', 'NO_DATA', 'RESOLVED']

/** The alerts, those that fire first; `changed` is called when somebody silenced or acknowledged one. */
export function createAlerts({ links }: Looker): Part {
  const query = QUERIES.alerts()
  const made = panel('Alerts', '', [links.button('alerts', query)], 'third')
  return {
    element: made.element,
    show({ alerts }) {
      const sorted = [...alerts].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
      put(
        made.body,
        table<Alert>(
          'Alerts',
          [
            { label: 'Alert', className: 'wide', cell: ({ summary }) => summary },
            { label: 'State', cell: ({ state }) => h('span', { class: CLASSES[state] }, WORDS[state]) },
            { label: 'Value', isNumber: true, cell: ({ value, unit }) => links.figure(valueOf(value, unit), query) },
            {
              label: 'Since',
              isNumber: true,
              cell: ({ firingSince, pendingSince, resolvedAt }) => ago(resolvedAt ?? firingSince ?? pendingSince),
            },
          ],
          sorted,
          'No alert is pending or firing.',
        ),
      )
    },
  }
}

function valueOf(value: number | null, unit: string | null): string {
  if (value === null) return '–'
  if (unit === 'MS') return duration(value)
  if (unit === 'BYTES') return bytes(value)
  return unit === 'PART' ? percent(value) : count(value)
}
