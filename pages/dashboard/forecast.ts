import { h, put } from './dom.js'
import { bytes, count, duration, percent, short } from './format.js'
import type { Looker } from './page-state.js'
import { QUERIES } from './queries.js'
import type { LoadedPart } from './storage.js'
import { panel } from './table.js'
import type { Forecast } from './types.js'

interface Question {
  readonly label: string
  readonly kind: string
  readonly name: string
  readonly measure: string
  readonly format: (value: number) => string
}

const BUDGETS_MS = [50, 100, 200] as const
const MIN_DAYS = 14
const QUESTIONS: readonly Question[] = [
  { label: 'p95 of requests', kind: 'REQUESTS', name: '', measure: 'P95_MS', format: (ms) => duration(ms) },
  { label: 'Requests a day', kind: 'REQUESTS', name: '', measure: 'COUNT', format: short },
  { label: 'Database', kind: 'GAUGES', name: 'database.bytes', measure: 'VALUE', format: bytes },
  { label: 'Connections', kind: 'TRANSACTIONS', name: '', measure: 'BUSIEST_HOUR', format: short },
  { label: 'Contacts', kind: 'GAUGES', name: 'table.contacts.rows', measure: 'VALUE', format: short },
]

/** How the main figures go on, and when the p95 reaches its budget. */
export function createForecast({ ask, links }: Looker): LoadedPart {
  let budgetMs = 200
  const choice = h(
    'select',
    {
      'aria-label': 'Budget of the p95',
      change: () => {
        budgetMs = Number(choice.value)
        void load()
      },
    },
    ...BUDGETS_MS.map((ms) => h('option', { value: ms, selected: ms === budgetMs }, `budget ${ms} ms`)),
  )
  const made = panel('Forecast', 'by whole days, this week against last', [choice], 'two-thirds')
  const load = async (): Promise<void> => {
    const cards = await Promise.all(
      QUESTIONS.map(async ({ label, kind, name, measure, format }) => {
        const query = QUERIES.forecast(kind, name, measure, measure === 'P95_MS' ? budgetMs : null)
        const { data } = await ask<{ performance: { forecast: Forecast | null } }>(query)
        const forecast = data?.performance.forecast
        return h(
          'section',
          { class: 'forecast', 'aria-label': label },
          h('h4', {}, label),
          links.button(`the forecast of ${label}`, query),
          ...wordsOf(forecast, format, (text) => links.figure(text, query)),
        )
      }),
    )
    put(made.body, h('div', { class: 'forecasts' }, ...cards))
  }
  return { element: made.element, load }
}

function wordsOf(
  forecast: Forecast | null | undefined,
  format: (value: number) => string,
  figure: (text: string) => HTMLElement,
): HTMLElement[] {
  if (!forecast) return [h('p', { class: 'empty' }, 'The history does not answer.')]
  const {
    days,
    missing,
    thisWeek,
    lastWeek,
    perDay,
    isTrend,
    budget,
    inDays,
    earliestInDays,
    latestInDays,
    errorPart,
  } = forecast
  const level = h('p', {}, figure(thisWeek === null ? '–' : format(thisWeek)))
  level.className = 'big'
  const change = thisWeek !== null && lastWeek !== null && lastWeek > 0 ? thisWeek / lastWeek - 1 : null
  const against =
    change === null
      ? null
      : h('p', { class: 'note' }, `${change >= 0 ? '+' : '−'}${percent(Math.abs(change))} against last week`)
  if (missing !== null) {
    const known = h('meter', { min: 0, max: MIN_DAYS, value: days, 'aria-label': 'Days of history' })
    return [level, known, h('p', { class: 'note' }, missing)]
  }
  const trend = isTrend
    ? `${(perDay ?? 0) >= 0 ? 'grows' : 'falls'} by ${format(Math.abs(perDay ?? 0))} a day`
    : 'no trend'
  const crossing =
    budget === null
      ? null
      : inDays === null
        ? `does not reach ${format(budget)}`
        : `reaches ${format(budget)} in ${count(Math.round(inDays))} days (${count(Math.round(earliestInDays ?? inDays))} to ${latestInDays === null ? 'never' : count(Math.round(latestInDays))})`
  const error = errorPart === null ? '' : `, ± ${percent(errorPart)}`
  return [
    level,
    ...(against ? [against] : []),
    h(
      'p',
      { class: inDays !== null && inDays < 60 ? 'note warn' : 'note' },
      [trend + error, crossing].filter(Boolean).join('; '),
    ),
  ]
}
