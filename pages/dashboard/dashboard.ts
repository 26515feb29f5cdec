import { CLIENT_NAME } from './api.js'
import { createAlertSource } from './alert-source.js'
import { createAlerts } from './alerts.js'
import { h, put } from './dom.js'
import { createForecast } from './forecast.js'
import { clock, percent } from './format.js'
import { chosenRange, createHeader } from './header.js'
import { createHealth } from './health.js'
import { createPlanFlips, createPools, createSlowQueries, createTenants, createTimesList, type Part } from './lists.js'
import type { Looker, PageState } from './page-state.js'
import { createPointSource } from './point-source.js'
import type { Session } from './session.js'
import { createIndexes, createRecommendations, createTables, type LoadedPart } from './storage.js'
import { openStream, type Stream } from './stream.js'
import { createTraffic } from './traffic.js'
import type { Figures, SlowQuery, Tick } from './types.js'

const MINUTE_MS = 60_000
const MAX_HOURS_OF_TENANTS = 168
const MAX_HOURS = 720
/** of the names of all operations of this page */
const OWN_PREFIX = 'Dashboard'

/** What a stream begins with. */
interface Hello {
  /** whether it goes on after the last event that came */
  readonly isResumed: boolean
  readonly intervalMs: number
  /** what is known before the first tick */
  readonly first: Tick
}

/** Shows the figures to who looks, and keeps them live. Returns what ends it; `leave` is called when they may look no longer. */
export function openDashboard(
  session: Session,
  looker: Looker,
  { header, main }: { readonly header: HTMLElement; readonly main: HTMLElement },
  leave: (why: string) => void,
): () => void {
  const maxHours = looker.isOperator ? MAX_HOURS : MAX_HOURS_OF_TENANTS
  const state: PageState = {
    range: chosenRange(maxHours),
    isConnected: false,
    tick: undefined,
    figures: undefined,
    points: [],
    alerts: [],
    marks: [],
  }
  const source = createPointSource(looker)
  const alertSource = createAlertSource(looker, state, () => {
    show()
    draw()
  })
  const health = createHealth(looker)
  const traffic = createTraffic(looker)
  const own: Part[] = [
    createTimesList(looker, 'REQUESTS'),
    createTimesList(looker, 'STATEMENTS'),
    createSlowQueries(looker),
  ]
  const whole = looker.isOperator
    ? {
        alerts: createAlerts(looker, () => void alertSource.load().catch(() => undefined)),
        tenants: createTenants(looker),
        pools: createPools(looker),
      }
    : null
  const flips = looker.isOperator ? createPlanFlips(looker) : null
  const slowly: LoadedPart[] = looker.isOperator
    ? [createForecast, createTables, createIndexes, createRecommendations].map((create) => create(looker))
    : []
  const parts: readonly Part[] = [health, ...own, ...(whole ? Object.values(whole) : [])]
  const [operations, statements, slow] = own
  const [forecast, tables, indexes, advice] = slowly
  if (!whole) slow?.element.classList.replace('two-thirds', 'full')
  advice?.element.classList.add('full')

  let stream: Stream
  let intervalMs = 5000
  const show = (): void => {
    state.points = source.points(state.range, intervalMs)
    for (const part of parts) part.show(state)
  }
  const draw = (): void => traffic.show(state)
  const loadAll = async (): Promise<void> => {
    await Promise.all([source.load(state.range), alertSource.load()])
    show()
    draw()
  }
  const load = (): void =>
    void loadAll().catch((error: unknown) => {
      if (error instanceof Error && error.name === 'SignedOut') leave(error.message)
    })

  // What is known before the first tick is judged, and not drawn.
  const greeted = ({ isResumed, first, intervalMs: told }: Hello): void => {
    state.tick ??= first
    intervalMs = told
    if (!isResumed) load()
  }

  const head = createHeader({
    scope: looker.scope,
    maxHours,
    changeRange: (range) => {
      state.range = range
      const since = stream.lastEventId()
      stream.close()
      stream = follow(since)
      load()
    },
    themeChanged: () => {
      show()
      draw()
    },
    signOut: () => leave(''),
  })
  const follow = (since?: string): Stream =>
    openStream(
      session,
      state.range.window,
      {
        state(now, message) {
          head.setState(now)
          const wasConnected = state.isConnected
          state.isConnected = now === 'LIVE'
          if (now === 'SIGNED_OUT' || now === 'REFUSED') leave(message)
          else if (wasConnected && !state.isConnected) show()
        },
        event({ name, data }) {
          const told: unknown = JSON.parse(data)
          if (name === 'hello') greeted(told as Hello)
          if (name === 'tick') source.add((state.tick = told as Tick))
          if (name === 'figures') alertSource.noticed((state.figures = withoutOwn(told as Figures)))
          show()
          if (name === 'tick') draw()
        },
      },
      since,
    )

  put(header, head.element)
  put(
    main,
    health.element,
    traffic.element,
    h('div', { class: 'grid' }, operations?.element, statements?.element),
    h('div', { class: 'grid thirds' }, slow?.element, whole?.alerts.element),
    whole ? h('div', { class: 'grid thirds' }, whole.tenants.element, whole.pools.element) : null,
    forecast ? h('div', { class: 'grid thirds' }, forecast.element, flips?.element) : null,
    tables ? h('div', { class: 'grid' }, tables.element, indexes?.element, advice?.element) : null,
    footer(looker),
  )
  stream = follow()
  const timers = [setInterval(() => document.hidden || load(), MINUTE_MS)]
  const stopLoading = loadWhenSeen([...slowly, ...(flips ? [flips] : [])])
  const resized = (): void => traffic.redraw()
  window.addEventListener('resize', resized)
  const preference = matchMedia('(prefers-color-scheme: dark)')
  preference.addEventListener('change', resized)
  return () => {
    stream.close()
    timers.forEach((timer) => clearInterval(timer))
    stopLoading()
    window.removeEventListener('resize', resized)
    preference.removeEventListener('change', resized)
  }
}

// What this page asks is not what users wait for.
function withoutOwn({ operations, slowQueries, ...rest }: Figures): Figures {
  return {
    ...rest,
    operations: { ...operations, entries: operations.entries.filter(({ client }) => client !== CLIENT_NAME) },
    slowQueries: { ...slowQueries, entries: slowQueries.entries.filter((slow) => !isOwn(slow)) },
  }
}

function isOwn({ operation }: SlowQuery): boolean {
  return operation?.startsWith(OWN_PREFIX) === true
}

/** Loads parts when they come into sight, and every five minutes while they are. */
function loadWhenSeen(parts: readonly LoadedPart[]): () => void {
  const seen = new Set<Element>()
  const load = ({ load: own, element }: LoadedPart): void => {
    if (!document.hidden && seen.has(element)) void own().catch(() => undefined)
  }
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const part = parts.find(({ element }) => element === target)
        if (!isIntersecting) seen.delete(target)
        else if (part && !seen.has(target)) {
          seen.add(target)
          load(part)
        }
      }
    },
    { rootMargin: '200px' },
  )
  for (const { element } of parts) observer.observe(element)
  const timer = setInterval(() => parts.forEach(load), 5 * MINUTE_MS)
  return () => {
    observer.disconnect()
    clearInterval(timer)
  }
}

function footer({ coverage, isOperator }: Looker): HTMLElement {
  const { processId, startedAt, resolution } = coverage
  return h(
    'footer',
    { class: 'note' },
    `Counted by process ${processId} since ${clock(startedAt)}; percentiles are right within ${percent(resolution)}. `,
    isOperator
      ? 'Figures of all tenants.'
      : 'Figures of the own tenant; what is of the whole server needs an operator’s token.',
  )
}
