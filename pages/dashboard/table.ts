import { h } from './dom.js'

/** A column of a table. */
export interface Column<Row> {
  readonly label: string
  readonly cell: (row: Row) => Node | string
  readonly isNumber?: boolean
  /** left out where the page is narrow */
  readonly isExtra?: boolean
  readonly className?: string
}

/**
 * A table of rows; the first column names them. `empty` stands there where there is none. Figures that are told as texts
 * become what `figure` makes of them.
 */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  empty: string,
  figure: (text: string) => Node | string = (text) => text,
): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'empty' }, empty)
  const classOf = ({ isNumber, isExtra, className }: Column<Row>): string =>
    [isNumber ? 'number' : '', isExtra ? 'extra' : '', className ?? ''].filter(Boolean).join(' ')
  const shownIn = (column: Column<Row>, row: Row): Node | string => {
    const content = column.cell(row)
    return column.isNumber && typeof content === 'string' && content !== '' ? figure(content) : content
  }
  const head = columns.map((column) => h('th', { scope: 'col', class: classOf(column) }, column.label))
  const body = rows.map((row) =>
    h(
      'tr',
      {},
      ...columns.map((column, index) =>
        h(
          index === 0 ? 'th' : 'td',
          { class: classOf(column), ...(index === 0 ? { scope: 'row' } : {}) },
          shownIn(column, row),
        ),
      ),
    ),
  )
  return h(
    'table',
    {},
    h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...body),
  )
}

/** A panel with a heading, its tools and a body to fill. */
export function panel(title: string, note: Node | string, tools: readonly Node[], className = '') {
  const body = h('div', { class: 'panel-body' })
  const noteElement = h('p', { class: 'note' }, note)
  const toolsElement = h('span', { class: 'tools' }, ...tools)
  const head = h('div', { class: 'panel-head' }, h('h3', {}, title), noteElement, toolsElement)
  return {
    element: h('section', { class: `panel ${className}`, 'aria-label': title }, head, body),
    body,
    note: noteElement,
    tools: toolsElement,
  }
}
