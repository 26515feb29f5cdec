import { h } from './dom.js'
import { RANGES, type Range } from './ranges.js'
import type { StreamState } from './stream.js'
import { applyTheme, chosenTheme, nextTheme } from './theme.js'

const RANGE_KEY = 'kith.dashboard.range'
const STATES: Readonly<Record<StreamState, string>> = {
  CONNECTING: 'Connecting',
  LIVE: 'Live',
  LOST: 'Reconnecting',
  SIGNED_OUT: 'Signed out',
  REFUSED: 'Refused',
}

export interface HeaderOptions {
  readonly scope: string
  /** the longest range that may be asked for */
  readonly maxHours: number
  readonly changeRange: (range: Range) => void
  readonly themeChanged: () => void
  readonly signOut: () => void
}

/** The range that was chosen last, as far as it may be asked for. */
export function chosenRange(maxHours: number): Range {
  const stored = RANGES.find(({ key, hours }) => key === localStorage.getItem(RANGE_KEY) && hours <= maxHours)
  return stored ?? RANGES[0]!
}

/** What stands over the figures: whose they are, from when, whether they are live, and the theme. */
export function createHeader({ scope, maxHours, changeRange, themeChanged, signOut }: HeaderOptions) {
  const chosen = chosenRange(maxHours)
  const choices = RANGES.map((range) => {
    const choose = (): void => {
      localStorage.setItem(RANGE_KEY, range.key)
      changeRange(range)
    }
    const isBeyond = range.hours > maxHours
    const input = h('input', {
      type: 'radio',
      name: 'range',
      value: range.key,
      checked: range === chosen,
      disabled: isBeyond,
      'aria-label': range.spokenLabel,
      change: choose,
    })
    const title = isBeyond ? 'So far back is for operators' : undefined
    return h('label', { class: 'segment', title }, input, h('span', {}, range.label))
  })
  const state = h('span', { class: 'live', role: 'status', 'data-state': 'CONNECTING' }, 'Connecting')
  const themeName = (): string => `Theme: ${chosenTheme()}`
  const theme = h(
    'button',
    {
      type: 'button',
      class: 'tool',
      click: () => {
        applyTheme(nextTheme(chosenTheme()))
        theme.textContent = themeName()
        themeChanged()
      },
    },
    themeName(),
  )
  const element = h(
    'div',
    { class: 'header' },
    h(
      'span',
      { class: 'brand' },
      h('img', { src: '/dashboard/icon.svg', alt: '', width: 24, height: 24 }),
      h('h1', {}, 'Kith'),
    ),
    h('span', { class: 'scope' }, scope),
    h('fieldset', { class: 'segments' }, h('legend', { class: 'unseen' }, 'Range'), ...choices),
    h(
      'span',
      { class: 'tools' },
      state,
      theme,
      h('button', { type: 'button', class: 'tool', click: signOut }, 'Sign out'),
    ),
  )
  return {
    element,
    setState(now: StreamState): void {
      if (state.dataset['state'] === now) return
      state.dataset['state'] = now
      state.textContent = STATES[now]
    },
  }
}
