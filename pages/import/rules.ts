import { h } from '../dashboard/dom.js'
import { select } from './file-panel.js'
import type { RecordType } from './types.js'

/** What is done with rows, as the API takes it. */
export interface Rules {
  readonly duplicates: string
  readonly matchBy?: string
  readonly createCompanies: boolean
  readonly onError: string
}

const MATCHES = {
  CONTACT: [
    ['', 'What the columns give'],
    ['EMAIL', 'E-mail address'],
    ['EXTERNAL_ID', 'Id in the other system'],
    ['ID', 'Id in Kith'],
  ],
  COMPANY: [
    ['', 'What the columns give'],
    ['DOMAIN', 'Domain'],
    ['EXTERNAL_ID', 'Id in the other system'],
    ['EMAIL', 'E-mail address'],
    ['ID', 'Id in Kith'],
  ],
} as const

/** What is done with rows whose records are there, and the buttons that begin; `start` begins. */
export function createRules(type: RecordType, start: (isDryRun: boolean, rules: Rules) => Promise<void>): HTMLElement {
  const duplicates = select(
    'A record that is there',
    [
      ['UPDATE', 'is changed by its row'],
      ['SKIP', 'stays as it is'],
      ['CREATE', 'is not looked for: all rows are new'],
    ],
    'UPDATE',
  )
  const match = select('It is found by', MATCHES[type], '')
  const companies = h('input', { type: 'checkbox', checked: true })
  const stop = h('input', { type: 'checkbox' })
  const buttons: HTMLButtonElement[] = []
  const begin = async (isDryRun: boolean): Promise<void> => {
    for (const button of buttons) button.disabled = true
    const rules = {
      duplicates: duplicates.field.value,
      ...(match.field.value === '' || duplicates.field.value === 'CREATE' ? {} : { matchBy: match.field.value }),
      createCompanies: type === 'CONTACT' && companies.checked,
      onError: stop.checked ? 'STOP' : 'CONTINUE',
    }
    await start(isDryRun, rules)
    for (const button of buttons) button.disabled = false
  }
  buttons.push(
    h('button', { type: 'button', class: 'secondary', click: () => void begin(true) }, 'Dry run'),
    h('button', { type: 'button', class: 'primary', click: () => void begin(false) }, 'Import'),
  )
  return h(
    'section',
    { class: 'panel', 'aria-label': 'Rules' },
    h('div', { class: 'panel-head' }, h('h2', {}, 'Rules')),
    h(
      'div',
      { class: 'fields' },
      duplicates.label,
      match.label,
      type === 'CONTACT' && h('label', { class: 'check' }, companies, 'Make companies that are not there'),
      h('label', { class: 'check' }, stop, 'Stop at the first row that is refused'),
    ),
    h(
      'div',
      { class: 'buttons' },
      ...buttons,
      h('span', { class: 'note' }, 'A dry run keeps nothing: it says what the import would do.'),
    ),
  )
}
