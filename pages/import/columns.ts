import { h } from '../dashboard/dom.js'
import type { ColumnInput, FileColumn, Preview } from './types.js'
import { keyInWords } from './words.js'

/** Choices are made at once for so many columns; of more they are made when one is opened. */
const EAGER_COLUMNS = 80
const CONFIDENCE = { EXACT: '', HIGH: '', LOW: 'not sure', NONE: '' } as const

/** The columns of a file with values, and where each belongs; `mapping` is what was chosen. */
export function createColumns({ columns, keys }: Preview): { element: HTMLElement; mapping: () => ColumnInput[] } {
  const rows = columns.map((column) => createColumn(column, keys, columns.length <= EAGER_COLUMNS))
  const element = h(
    'section',
    { class: 'panel', 'aria-label': 'Columns' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', {}, 'Columns'),
      h('span', { class: 'muted' }, 'with values of the first rows'),
    ),
    h(
      'table',
      { class: 'columns' },
      h('caption', { class: 'unseen' }, 'Columns of the file'),
      h('thead', {}, h('tr', {}, ...['Column', 'Values', 'Belongs to'].map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, ...rows.map((row) => row.element)),
    ),
  )
  return { element, mapping: () => rows.flatMap((row) => row.input() ?? []) }
}

function createColumn(column: FileColumn, keys: readonly string[], isEager: boolean) {
  const known = column.key === null || keys.includes(column.key) ? keys : [column.key, ...keys]
  const key = h('select', { 'aria-label': `${column.name} belongs to` })
  fill(key, isEager ? known : column.key === null ? [] : [column.key], column.key)
  if (!isEager) key.addEventListener('focus', () => fill(key, known, key.value || null), { once: true })
  const dateOrder = choice(`Order of dates in ${column.name}`, [
    ['', 'Day and month …'],
    ['DMY', 'Day first (3 April is 3/4)'],
    ['MDY', 'Month first (March 4 is 3/4)'],
  ])
  const separator = choice(`Decimals in ${column.name}`, [
    ['', 'Decimals …'],
    ['.', 'Point (1,234.5)'],
    [',', 'Comma (1.234,5)'],
  ])
  const timeZone = h('input', {
    'aria-label': `Time zone of ${column.name}`,
    placeholder: 'Time zone, as Europe/Zurich',
    value: Intl.DateTimeFormat().resolvedOptions().timeZone,
  })
  const needs = (declaration: FileColumn['declare'][number]): boolean => column.declare.includes(declaration)
  const hint = CONFIDENCE[column.confidence]
  const beside = column.with.map(({ field, value }) => `${field}: ${value}`).join(', ')
  const element = h(
    'tr',
    { 'data-column': column.name },
    h('th', { scope: 'row' }, column.name),
    h(
      'td',
      { class: 'samples' },
      column.samples.length > 0 ? column.samples.slice(0, 3).join(' · ') : h('span', { class: 'muted' }, 'no values'),
    ),
    h(
      'td',
      {},
      h(
        'div',
        { class: 'belongs' },
        key,
        beside !== '' && h('span', { class: 'note' }, beside),
        hint !== '' && h('span', { class: 'warn' }, hint),
        needs('DATE_ORDER') && dateOrder,
        needs('DECIMAL_SEPARATOR') && separator,
        needs('TIME_ZONE') && timeZone,
      ),
    ),
  )
  return {
    element,
    input(): ColumnInput | undefined {
      if (key.value === '') return undefined
      const isSuggested = key.value === column.key
      return {
        column: column.name,
        key: key.value,
        ...(isSuggested && column.with.length > 0 ? { with: column.with } : {}),
        ...(dateOrder.value !== '' ? { dateOrder: dateOrder.value } : {}),
        ...(separator.value !== '' ? { decimalSeparator: separator.value } : {}),
        ...(needs('TIME_ZONE') && timeZone.value !== '' ? { timeZone: timeZone.value } : {}),
      }
    },
  }
}

function choice(name: string, choices: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  return h(
    'select',
    { 'aria-label': name, class: 'needed' },
    ...choices.map(([value, label]) => h('option', { value }, label)),
  )
}

function fill(element: HTMLSelectElement, keys: readonly string[], chosen: string | null): void {
  const groups = new Map<string, HTMLElement>()
  for (const key of keys) {
    const { group, label } = keyInWords(key)
    const list = groups.get(group) ?? h('optgroup', { label: group })
    groups.set(group, list)
    list.append(h('option', { value: key, selected: key === chosen }, label))
  }
  element.replaceChildren(h('option', { value: '', selected: chosen === null }, 'Left out'), ...groups.values())
}
