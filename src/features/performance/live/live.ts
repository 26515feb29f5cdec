import { randomUUID } from 'node:crypto'
import type { Monitoring } from '../performance.service.js'
import { openView, type PerformanceWindow, type View } from '../view.js'
import { createTicker, readFigures, type OpenAlerts } from './tick.js'

/** An event of the stream, as a viewer is sent it. */
export interface LiveEvent {
  /** undefined for what isn't resumed: figures, which the next ones replace */
  readonly id?: string
  readonly name: 'hello' | 'tick' | 'figures' | 'end'
  /** JSON */
  readonly data: string
}

/** Who watches. */
export interface Viewer {
  /** undefined for an operator */
  readonly tenantId: string | undefined
  readonly window: PerformanceWindow
  /** the last event that it has; undefined where it has none */
  readonly lastEventId: string | undefined
  /** from then on it gets nothing more, in milliseconds since 1970 */
  readonly expiresAtMs: number
  /** Whether it may still watch; asked once a minute. */
  readonly mayWatch: () => Promise<boolean>
  /** Takes an event; false where it is too far behind. */
  readonly send: (event: LiveEvent) => boolean
  readonly end: () => void
}

/** What is sent to everyone who watches: collected once for all of them. */
export interface Live {
  /** Starts to send; returns what stops it, or undefined where there are as many viewers as may be. */
  readonly watch: (viewer: Viewer) => (() => void) | undefined
  /** Ends all; nobody may watch from now on. */
  readonly stop: () => void
  readonly viewers: () => number
  /** how often something was collected since the start */
  readonly collections: () => number
}

export interface LiveOptions {
  readonly monitoring: Monitoring
  readonly openAlerts: OpenAlerts
  readonly intervalMs?: number | undefined
  readonly maxViewers?: number
  readonly nowMs?: () => number
}

interface Channel {
  readonly id: string
  /** what is known before the first tick */
  readonly first: object
  readonly tick: (nowMs: number) => object
  /** by the window of its viewers, with when they were read */
  readonly figures: Map<PerformanceWindow, { readonly event: LiveEvent; readonly atMs: number }>
  /** the latest, the oldest first */
  readonly ticks: LiveEvent[]
  count: number
  readonly viewers: Set<Viewer>
  emptySinceMs: number
}

const LIVE_INTERVAL_MS = 5000
const TICKS_PER_FIGURES = 2
const KEPT_TICKS = 60
const MAX_VIEWERS = 100
// A viewer that comes back within this time gets what it missed.
const EMPTY_MS = 60_000
const ASKED_EVERY_MS = 60_000
// As `isExpired` of tokens allows.
const TOLERANCE_MS = 5000

/**
 * Sends ticks every five seconds and lists every ten to all who watch: fifty viewers of one view cost as much to collect as
 * one. When the last has been gone for a minute, nothing is collected. What was sent in the last five minutes can be had
 * again by the id of the last event that somebody has.
 */
export function createLive({
  monitoring,
  openAlerts,
  intervalMs = LIVE_INTERVAL_MS,
  maxViewers = MAX_VIEWERS,
  nowMs = Date.now,
}: LiveOptions): Live {
  const channels = new Map<string, Channel>()
  let timer: NodeJS.Timeout | undefined
  let hasStopped = false
  let collected = 0
  let askedAtMs = nowMs()
  const viewerCount = (): number => [...channels.values()].reduce((sum, { viewers }) => sum + viewers.size, 0)

  // Who was dropped, or has left, is sent nothing more: its stream has ended.
  const drop = (viewer: Viewer, reason: string): void => {
    const wasThere = [...channels.values()].map(({ viewers }) => viewers.delete(viewer)).includes(true)
    if (!wasThere) return
    viewer.send({ name: 'end', data: JSON.stringify({ reason }) })
    viewer.end()
  }
  const sendTo = (viewer: Viewer, event: LiveEvent): void => {
    if (!viewer.send(event)) drop(viewer, 'BEHIND')
  }

  const collect = (): void => {
    const atMs = nowMs()
    for (const [key, channel] of channels) {
      for (const viewer of channel.viewers) if (atMs > viewer.expiresAtMs + TOLERANCE_MS) drop(viewer, 'EXPIRED')
      if (channel.viewers.size > 0) channel.emptySinceMs = atMs
      if (atMs - channel.emptySinceMs > EMPTY_MS) {
        channels.delete(key)
        continue
      }
      collected++
      channel.count++
      const id = `${channel.id}-${channel.count}`
      const tick: LiveEvent = { id, name: 'tick', data: JSON.stringify(channel.tick(atMs)) }
      channel.ticks.push(tick)
      if (channel.ticks.length > KEPT_TICKS) channel.ticks.shift()
      const hasFigures = channel.count % TICKS_PER_FIGURES === 0
      if (hasFigures) channel.figures.clear()
      for (const viewer of channel.viewers) {
        sendTo(viewer, tick)
        if (hasFigures && channel.viewers.has(viewer)) sendTo(viewer, figuresOf(channel, viewer, atMs))
      }
    }
    if (channels.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
    if (atMs - askedAtMs < ASKED_EVERY_MS) return
    askedAtMs = atMs
    for (const { viewers } of channels.values()) {
      for (const viewer of viewers) void askAgain(viewer)
    }
  }

  // Where the database doesn't say, it goes on: the next minute asks again.
  const askAgain = async (viewer: Viewer): Promise<void> => {
    const mayWatch = await viewer.mayWatch().catch(() => true)
    if (!mayWatch) drop(viewer, 'FORBIDDEN')
  }

  // Read once for all viewers of a window, and again for one that comes when they are old.
  const figuresOf = ({ figures }: Channel, { tenantId, window }: Viewer, atMs: number): LiveEvent => {
    const known = figures.get(window)
    if (known && atMs - known.atMs < intervalMs) return known.event
    collected++
    const event: LiveEvent = {
      name: 'figures',
      data: JSON.stringify(readFigures(monitoring, openAlerts, openView(tenantId, window))),
    }
    figures.set(window, { event, atMs })
    return event
  }

  const channelOf = ({ tenantId }: Viewer): Channel => {
    const key = tenantId ?? ''
    const known = channels.get(key)
    if (known) return known
    const view: View = { tenantId, minutes: undefined }
    const tick = createTicker(monitoring, view, nowMs())
    const made: Channel = {
      id: randomUUID().slice(0, 8),
      first: tick(nowMs()),
      tick,
      ticks: [],
      figures: new Map(),
      count: 0,
      viewers: new Set(),
      emptySinceMs: nowMs(),
    }
    channels.set(key, made)
    timer ??= setInterval(collect, intervalMs).unref()
    return made
  }

  return {
    watch(viewer) {
      if (hasStopped || viewerCount() >= maxViewers) return undefined
      const channel = channelOf(viewer)
      const missed = missedBy(channel, viewer.lastEventId)
      const isResumed = missed !== undefined
      const hello = { isResumed, intervalMs, processId: process.pid, first: channel.first }
      viewer.send({ name: 'hello', data: JSON.stringify(hello) })
      for (const tick of missed ?? channel.ticks) viewer.send(tick)
      viewer.send(figuresOf(channel, viewer, nowMs()))
      channel.viewers.add(viewer)
      return () => void channel.viewers.delete(viewer)
    },
    stop() {
      hasStopped = true
      clearInterval(timer)
      for (const { viewers } of channels.values()) for (const viewer of viewers) drop(viewer, 'STOPPING')
      channels.clear()
    },
    viewers: viewerCount,
    collections: () => collected,
  }
}

/** The ticks after the one that a viewer has last; undefined where that one is of another channel, or no longer kept. */
function missedBy({ id, count, ticks }: Channel, lastEventId: string | undefined): LiveEvent[] | undefined {
  const [, channelId, last] = /^([0-9a-f]{8})-(\d{1,12})$/.exec(lastEventId ?? '') ?? []
  const missed = count - Number(last)
  if (channelId !== id || missed < 0 || missed > ticks.length) return undefined
  return ticks.slice(ticks.length - missed)
}
