import type { Ask } from './api.js'
import type { Links } from './links.js'
import type { Range } from './ranges.js'
import type { Point } from './timeline.js'
import type { Alert, Coverage, Figures, Mark, Tick } from './types.js'

/** Who looks, and with what: it doesn't change until somebody else signs in. */
export interface Looker {
  readonly ask: Ask
  readonly links: Links
  readonly isOperator: boolean
  /** what is seen, as `Whole server` */
  readonly scope: string
  readonly coverage: Coverage
}

/** What the page knows at the moment. */
export interface PageState {
  range: Range
  isConnected: boolean
  tick: Tick | undefined
  figures: Figures | undefined
  points: readonly Point[]
  alerts: readonly Alert[]
  marks: readonly Mark[]
}
