import { openDialog } from './dialog.js'
import { h, put } from './dom.js'
import { ago, clock, count, duration, percent } from './format.js'
import type { Part } from './lists.js'
import type { Looker } from './page-state.js'
import { QUERIES } from './queries.js'
import { panel, table } from './table.js'
import type { Alert } from './types.js'

const ROWS = 8
const NAME_KEY = 'kith.dashboard.name'
const SILENCES = [
  [30, '30 minutes'],
  [120, '2 hours'],
  [1440, 'a day'],
  [0, 'no longer'],
] as const
const WORDS = { FIRING: 'firing', PENDING: 'pending', NO_DATA: 'no data', RESOLVED: 'resolved' } as const
const CLASSES = { FIRING: 'chip bad', PENDING: 'chip warn', NO_DATA: 'chip', RESOLVED: 'chip good' } as const

/** The alerts, as the API orders them: open ones first. `changed` is called when somebody silenced or acknowledged one. */
export function createAlerts(looker: Looker, changed: () => void): Part {
  const query = QUERIES.alerts()
  const { links } = looker
  const made = panel('Alerts', 'open ones first', [links.button('alerts', query)], 'third')
  return {
    element: made.element,
    show({ alerts }) {
      const named = (alert: Alert): HTMLElement =>
        h(
          'button',
          {
            type: 'button',
            class: 'name',
            'data-key': `alert ${alert.id}`,
            title: alert.summary,
            click: () => openAlert(looker, alert, changed),
          },
          nameOf(alert),
        )
      put(
        made.body,
        table<Alert>(
          'Alerts, open ones first',
          [
            { label: 'Alert', className: 'wide', cell: named },
            { label: 'State', cell: stateOf },
            { label: 'Value', isNumber: true, cell: ({ value, unit }) => links.figure(valueOf(value, unit), query) },
            {
              label: 'Since',
              isNumber: true,
              cell: ({ firingSince, pendingSince, resolvedAt }) => ago(resolvedAt ?? firingSince ?? pendingSince),
            },
          ],
          alerts.slice(0, ROWS),
          'No alert is pending or firing, and none was in the last 30 days.',
          (text) => links.figure(text, query),
        ),
      )
    },
  }
}

/** `Request p95`, with what it is about where it isn't the whole server. */
function nameOf({ rule, labels }: Alert): string {
  const words = rule.toLowerCase().replaceAll('_', ' ')
  const about = labels.map(({ value }) => value).join(' ')
  return `${words[0]?.toUpperCase()}${words.slice(1)}${about === '' ? '' : `: ${about}`}`
}

function stateOf({ state, silencedUntil, acknowledgedAt }: Alert): HTMLElement {
  const isOpen = state !== 'RESOLVED'
  const more =
    isOpen && silencedUntil !== null ? ', silenced' : isOpen && acknowledgedAt !== null ? ', looked after' : ''
  return h('span', { class: CLASSES[state] }, `${WORDS[state]}${more}`)
}

function valueOf(value: number | null, unit: string | null): string {
  if (value === null) return '–'
  if (unit === 'ms') return duration(value)
  if (unit === 's') return duration(value * 1000)
  if (unit === 'part') return percent(value)
  return `${count(value)}${unit === 'per minute' ? ' a minute' : ''}`
}

function openAlert({ ask, links }: Looker, alert: Alert, changed: () => void): void {
  const { id, summary, state, severity, value, threshold, unit, silencedUntil, silencedBy, acknowledgedAt } = alert
  const facts: [string, string][] = [
    ['state', WORDS[state]],
    ['severity', severity.toLowerCase()],
    ['value', valueOf(value, unit)],
    ['threshold', valueOf(threshold, unit)],
    ['beyond it since', clock(alert.pendingSince)],
    ['firing since', clock(alert.firingSince)],
    ...(alert.resolvedAt === null ? [] : ([['resolved', clock(alert.resolvedAt)]] as [string, string][])),
    ...(silencedUntil === null
      ? []
      : ([['silenced until', `${clock(silencedUntil)}, by ${silencedBy}`]] as [string, string][])),
    ...(acknowledgedAt === null ? [] : ([['looked after by', alert.acknowledgedBy ?? '']] as [string, string][])),
    ...(alert.inhibitedBy === null ? [] : ([['explained by', alert.inhibitedBy]] as [string, string][])),
  ]
  const name = h('input', {
    id: 'alert-by',
    maxlength: 100,
    required: true,
    value: localStorage.getItem(NAME_KEY) ?? '',
  })
  const minutes = h(
    'select',
    { 'aria-label': 'For how long' },
    ...SILENCES.map(([of, text]) => h('option', { value: of }, text)),
  )
  const outcome = h('p', { role: 'status' })
  const send = async (query: string, input: object): Promise<void> => {
    const by = name.value.trim()
    if (by === '') return name.focus()
    localStorage.setItem(NAME_KEY, by)
    const { data, errors } = await ask<Record<string, { userErrors: { message: string }[] } | null>>(query, {
      input: { id, by, ...input },
    })
    const refused = errors[0]?.message ?? Object.values(data ?? {})[0]?.userErrors[0]?.message
    outcome.textContent = refused ?? 'Done.'
    outcome.className = refused ? 'bad' : 'good'
    changed()
  }
  const act = (text: string, run: () => Promise<void>): HTMLElement =>
    h('button', { type: 'button', class: 'tool', click: () => void run() }, text)
  const form = h(
    'div',
    { class: 'actions' },
    h('label', { for: 'alert-by' }, 'Your name, for others to see'),
    name,
    h(
      'span',
      { class: 'tools' },
      act('I look after it', () => send(QUERIES.acknowledge(), {})),
      minutes,
      act('Silence', () => send(QUERIES.silence(), { minutes: Number(minutes.value) })),
    ),
    outcome,
  )
  openDialog(nameOf(alert), [
    h('p', {}, summary),
    h(
      'dl',
      { class: 'facts' },
      ...facts.map(([term, text]) =>
        h('div', {}, h('dt', {}, term), h('dd', {}, links.figure(text, QUERIES.alerts()))),
      ),
    ),
    ...(state === 'RESOLVED' ? [] : [form]),
  ])
}
