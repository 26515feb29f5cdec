import { signed, SignedOut } from './api.js'
import { createEventParser, type ServerSentEvent } from './server-sent-events.js'
import type { Session } from './session.js'

export type StreamState = 'CONNECTING' | 'LIVE' | 'LOST' | 'SIGNED_OUT' | 'REFUSED'

export interface StreamHandlers {
  readonly event: (event: ServerSentEvent) => void
  readonly state: (state: StreamState, message: string) => void
}

export interface Stream {
  readonly close: () => void
  /** of the last event that came; another stream goes on from there */
  readonly lastEventId: () => string | undefined
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
// Three ticks: a connection on which nothing comes any more isn't known to be broken otherwise.
const SILENCE_MS = 16_000

/**
 * Reads `/dashboard/events` by fetch, as EventSource can't send the token in a header; what breaks is tried again after 0.5 to
 * 10 s, from the last event on.
 */
export function openStream(session: Session, window: string, handlers: StreamHandlers, since?: string): Stream {
  let lastEventId = since
  let pauseMs = FIRST_PAUSE_MS
  let isClosed = false
  let controller = new AbortController()
  let timer = 0

  const end = (state: StreamState, message: string): void => {
    isClosed = true
    handlers.state(state, message)
  }
  const read = async (): Promise<void> => {
    controller = new AbortController()
    const since = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
    const { signal } = controller
    const response = await signed(session, (authorization) =>
      fetch(`/dashboard/events?window=${window}`, { headers: { ...since, authorization }, signal }),
    )
    if (response.status === 403) {
      const { errors } = (await response.json()) as { errors: { message: string }[] }
      return end('REFUSED', errors[0]?.message ?? '')
    }
    if (!response.ok || !response.body) throw new Error(`The server answered ${response.status}.`)
    const parse = createEventParser()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let silence = 0
    const listen = (): void => {
      clearTimeout(silence)
      silence = setTimeout(() => controller.abort(), SILENCE_MS)
    }
    try {
      for (;;) {
        listen()
        const { done, value } = await reader.read()
        if (done) return
        for (const event of parse(value)) {
          if (event.id !== undefined) lastEventId = event.id
          pauseMs = FIRST_PAUSE_MS
          if (!isClosed) handlers.state('LIVE', '')
          handlers.event(event)
        }
      }
    } finally {
      clearTimeout(silence)
    }
  }
  const run = async (): Promise<void> => {
    handlers.state('CONNECTING', '')
    await read().catch((error: unknown) => {
      if (error instanceof SignedOut && !isClosed) end('SIGNED_OUT', error.message)
    })
    if (isClosed) return
    handlers.state('LOST', '')
    timer = setTimeout(() => void run(), pauseMs)
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
  }
  void run()
  return {
    close() {
      isClosed = true
      clearTimeout(timer)
      controller.abort()
    },
    lastEventId: () => lastEventId,
  }
}
