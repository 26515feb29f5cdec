/** How far back the page looks. */
export interface Range {
  readonly key: string
  readonly label: string
  readonly spokenLabel: string
  readonly hours: number
  /** of the lists, which know no longer one */
  readonly window: 'LAST_FIFTEEN_MINUTES' | 'LAST_HOUR' | 'SINCE_START'
  /** whether the running process remembers all of it; else the history is asked, which operators may read */
  readonly isRecent: boolean
}

const range = (key: string, spokenLabel: string, hours: number, window: Range['window'] = 'SINCE_START'): Range => ({
  key,
  label: key,
  spokenLabel,
  hours,
  window,
  isRecent: hours <= 1,
})

export const RANGES: readonly Range[] = [
  range('15 min', 'the last 15 minutes', 0.25, 'LAST_FIFTEEN_MINUTES'),
  range('1 h', 'the last hour', 1, 'LAST_HOUR'),
  range('24 h', 'the last 24 hours', 24),
  range('7 d', 'the last 7 days', 168),
  range('30 d', 'the last 30 days', 720),
]

/** In words, over what time the lists of a range add up. */
export const WINDOW_WORDS: Readonly<Record<Range['window'], string>> = {
  LAST_FIFTEEN_MINUTES: 'last 15 minutes',
  LAST_HOUR: 'last hour',
  SINCE_START: 'since the start',
}
