import type { Database } from '../../database/database.js'
import { isUnavailable } from '../../lib/errors.js'
import { newId } from '../../lib/new-id.js'
import { repeat } from '../../lib/repeat.js'
import { planNews, type AlertGroup, type AlertNews } from '../../metrics/alert-groups.js'
import type { AlertRule } from '../../metrics/alert-rules.js'
import { inhibit, stepAlerts, type Alert } from '../../metrics/alert-state.js'
import type { MetricsLog } from '../../metrics/metrics-log.js'
import type { ReadFigures } from './alert-figures.js'
import { alertMessage } from './alert-message.js'
import { advanceAlerts, readKept, type KeptAlerts } from './alert.repository.js'
import type { Deliveries } from './deliveries.js'
import { readingsOf } from './readings.js'

/** What evaluates the rules. */
export interface AlertWatch {
  /** Evaluates the rules, keeps what came of it, sends what is due; never throws. */
  readonly tick: () => Promise<void>
  /** The open alerts, as this process knew them last: while the database is away there is no better answer. */
  readonly known: () => readonly Alert[]
  /** Resolves when what runs has ended. */
  readonly stop: () => Promise<void>
}

export interface AlertWatchOptions {
  readonly database: Database
  /** the rules that are on and have something to look at */
  readonly rules: readonly AlertRule[]
  readonly readFigures: ReadFigures
  readonly log: MetricsLog
  /** how often rules are evaluated, by whichever process comes first; 0 for never by itself */
  readonly intervalSeconds: number
  /** how long ago the database last answered anybody of this process */
  readonly msSinceAnswer: () => number
  /** undefined where nobody is told but the log */
  readonly deliveries?: Deliveries | undefined
  readonly nowMs?: () => number
}

/** What is known while the database is away, and can't be kept before it is back. */
interface Local {
  readonly open: readonly Alert[]
  readonly groups: readonly AlertGroup[]
}

const NOTHING: Local = { open: [], groups: [] }
const TOLD_EVERY_MS = 600_000

/**
 * Evaluates the rules every `intervalSeconds`, once for all processes: each starts from what stands in the database, and
 * only one of them can put what comes after it. While the database is away each process judges that alone, tells it by
 * itself (with the same id of the message within ten minutes, by which receivers know it again), and brings it in when the
 * database is back.
 */
export function createAlertWatch(options: AlertWatchOptions): AlertWatch {
  const { database, rules, readFigures, log, intervalSeconds, msSinceAnswer, deliveries, nowMs = Date.now } = options
  let known: readonly Alert[] = []
  let knownGroups: readonly AlertGroup[] = []
  let local = NOTHING
  let toldAtMs = -Infinity

  const tell = (news: readonly AlertNews[]): void => {
    for (const one of news) log.warn({ alert: alertMessage(one) }, 'alert')
  }

  const evaluate = async (atMs: number): Promise<void> => {
    const makeId = (): string => newId(new Date(atMs))
    const kept = await readKept(database, new Date(atMs))
    const isDone = atMs - kept.evaluatedAtMs < (intervalSeconds * 1000) / 2
    if (isDone && local === NOTHING) {
      known = kept.open
      knownGroups = kept.groups
      return
    }
    const found = readingsOf({ ...(await readFigures(atMs)), secondsSinceAnswer: 0 })
    const before = withLocal(kept, local)
    const readings = rules.map((rule) => ({ rule, reading: found[rule.name] }))
    const { alerts, dropped } = stepAlerts(before, readings, atMs, makeId)
    const resolved = new Set(alerts.map(({ fingerprint }) => fingerprint))
    const last = before.last.filter(({ fingerprint }) => !resolved.has(fingerprint))
    const { groups, news } = planNews(before.groups, [...alerts, ...last], atMs)
    const notifications = deliveries
      ? news.map((one) => ({ id: makeId(), group: one.group, payload: alertMessage(one) }))
      : []
    const droppedIds = dropped.map(({ id }) => id)
    const changes = { alerts, droppedIds, groups, notifications }
    if (!(await advanceAlerts(database, kept.version, new Date(atMs), changes))) return
    tell(news)
    known = alerts.filter(({ state }) => state !== 'RESOLVED')
    knownGroups = groups
    local = NOTHING
  }

  const evaluateAlone = (atMs: number): void => {
    const rule = rules.find(({ name }) => name === 'DATABASE_DOWN')
    if (!rule) return
    const isDown = ({ rule: name }: Alert): boolean => name === 'DATABASE_DOWN'
    const before = local === NOTHING ? { open: known.filter(isDown), groups: knownGroups } : local
    const { DATABASE_DOWN: reading } = readingsOf({
      ...{ five: undefined, ten: undefined, blocks: undefined, diskPart: undefined },
      server: new Error('The database is away.'),
      secondsSinceAnswer: msSinceAnswer() / 1000,
    })
    const makeId = (): string => newId(new Date(atMs))
    const { alerts } = stepAlerts({ open: before.open, last: [] }, [{ rule, reading }], atMs, makeId)
    const groups = before.groups.filter(({ name }) => name === 'DATABASE_DOWN')
    const planned = planNews(groups, alerts, atMs)
    tell(planned.news)
    for (const one of planned.news) deliveries?.tellDirectly(one, atMs)
    local = { open: alerts.filter(({ state }) => state !== 'RESOLVED'), groups: planned.groups }
    known = inhibit([...local.open, ...known.filter((alert) => !isDown(alert))])
  }

  const run = async (): Promise<void> => {
    const atMs = nowMs()
    try {
      await evaluate(atMs)
    } catch (error) {
      if (isUnavailable(error)) evaluateAlone(atMs)
      else if (atMs - toldAtMs >= TOLD_EVERY_MS) {
        toldAtMs = atMs
        log.warn({ err: error }, 'the rules of alerts could not be evaluated; they are tried again')
      }
    }
    await deliveries?.run(atMs)
  }
  const { tick, stop } = repeat(run, intervalSeconds)
  return { tick, known: () => known, stop }
}

/** What is kept, with what this process saw alone: unless another one has brought in the same already. */
function withLocal(kept: KeptAlerts, local: Local): Pick<KeptAlerts, 'open' | 'last' | 'groups'> {
  const isNews = ({ fingerprint, firingSinceMs }: Alert): boolean =>
    firingSinceMs !== null &&
    !kept.open.some((alert) => alert.fingerprint === fingerprint) &&
    !kept.last.some((alert) => alert.fingerprint === fingerprint && (alert.resolvedAtMs ?? 0) >= firingSinceMs)
  const open = local.open.filter(isNews)
  if (open.length === 0) return kept
  const names = new Set(local.groups.map(({ name }) => name))
  return {
    open: [...kept.open, ...open],
    last: kept.last,
    groups: [...kept.groups.filter(({ name }) => !names.has(name)), ...local.groups],
  }
}
