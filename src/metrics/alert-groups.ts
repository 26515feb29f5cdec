import type { Alert } from './alert-state.js'

/** What was told of a group of alerts: all of one rule. Moments are milliseconds since 1970. */
export interface AlertGroup {
  /** the rule */
  readonly name: string
  /** since when there is something to tell; null where there is nothing */
  readonly changedAtMs: number | null
  /** when it was told of last; null for never */
  readonly toldAtMs: number | null
  /** the fingerprints of those that fire, as they were told last */
  readonly told: readonly string[]
}

/** What is to be told of a group now. */
export interface AlertNews {
  readonly group: string
  /** those that fire and may be told, and those that were told and are resolved */
  readonly alerts: readonly Alert[]
}

/** When news leave. */
export interface NewsTiming {
  /** how long the first news of a group wait for others */
  readonly waitMs: number
  /** the least time between two news of a group */
  readonly intervalMs: number
  /** after which what still fires is told again, unless somebody looks after it */
  readonly repeatMs: number
}

const NEWS_TIMING: NewsTiming = { waitMs: 30_000, intervalMs: 5 * 60_000, repeatMs: 4 * 3_600_000 }

/**
 * What is to be told of the groups at a moment, and what will have been told then. `alerts` are the open ones and the last
 * resolved one of each fingerprint that was told. Silenced and inhibited alerts are not told; what was told before they were
 * silenced is told when it is resolved. One whose figure is missing counts as it was told last.
 */
export function planNews(
  groups: readonly AlertGroup[],
  alerts: readonly Alert[],
  nowMs: number,
  timing: NewsTiming = NEWS_TIMING,
): { readonly groups: readonly AlertGroup[]; readonly news: readonly AlertNews[] } {
  const names = [...new Set([...groups.map(({ name }) => name), ...alerts.map(({ rule }) => rule)])]
  const news: AlertNews[] = []
  const next = names.map((name) => {
    const group = groups.find((one) => one.name === name) ?? { name, changedAtMs: null, toldAtMs: null, told: [] }
    const own = alerts.filter(({ rule }) => rule === name)
    const fired = own.filter(({ state, firingSinceMs }) => state !== 'RESOLVED' && firingSinceMs !== null)
    const open = new Set(fired.map(({ fingerprint }) => fingerprint))
    const firing = own.filter((alert) => isTold(alert, nowMs))
    const resolved = group.told.filter((fingerprint) => !open.has(fingerprint))
    const isChanged = resolved.length > 0 || firing.some(({ fingerprint }) => !group.told.includes(fingerprint))
    if (!isChanged && !isReminderDue(group, firing, nowMs, timing)) return { ...group, changedAtMs: null }
    const changedAtMs = group.changedAtMs ?? nowMs
    if (isChanged && !isDue({ ...group, changedAtMs }, nowMs, timing)) return { ...group, changedAtMs }
    const over = own.filter(({ state, fingerprint }) => state === 'RESOLVED' && resolved.includes(fingerprint))
    news.push({ group: name, alerts: [...firing, ...over] })
    const stillTold = group.told.filter((fingerprint) => open.has(fingerprint))
    const told = [...new Set([...stillTold, ...firing.map(({ fingerprint }) => fingerprint)])]
    return { name, changedAtMs: null, toldAtMs: nowMs, told }
  })
  return { groups: next, news }
}

function isTold({ state, silencedUntilMs, inhibitedBy }: Alert, nowMs: number): boolean {
  return state === 'FIRING' && inhibitedBy === null && (silencedUntilMs === null || silencedUntilMs <= nowMs)
}

function isDue({ changedAtMs, toldAtMs }: AlertGroup, nowMs: number, { waitMs, intervalMs }: NewsTiming): boolean {
  const hasWaited = changedAtMs !== null && nowMs - changedAtMs >= waitMs
  return hasWaited && (toldAtMs === null || nowMs - toldAtMs >= intervalMs)
}

function isReminderDue(
  { toldAtMs }: AlertGroup,
  firing: readonly Alert[],
  nowMs: number,
  { repeatMs }: NewsTiming,
): boolean {
  const isLookedAfter = firing.every(({ acknowledgedAtMs }) => acknowledgedAtMs !== null)
  return toldAtMs !== null && !isLookedAfter && nowMs - toldAtMs >= repeatMs
}
