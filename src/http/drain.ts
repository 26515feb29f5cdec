import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

export interface DrainOptions {
  /**
   * how long new connections are still taken, while the server says that it isn't ready: what a load balancer needs to
   * see it
   */
  readonly delayMs: number
  /** how long requests may run, from the beginning; the delay is part of it */
  readonly limitMs: number
}

/** The end of an HTTP server without a broken request. */
export interface Drain {
  readonly hasBegun: () => boolean
  /** Begins, and waits for the delay; after it `close` may close the server, and what never ends is cut. */
  readonly run: (close: () => Promise<void>) => Promise<void>
}

// A connection that was made and not used, as browsers do it ahead of time, would keep the server open for a minute.
const SILENCE_MS = 1000

/**
 * Prepares a server to end in three steps:
 *
 * 1. For the delay everything is answered, on new connections too. Each answer says `Connection: close`, so that clients leave
 *    after an answer and not in the middle of a request: a server that closes kept-alive connections by itself resets those
 *    whose next request is on its way (1 of 362 under load).
 * 2. Then no connection is taken any more. Idle ones are closed, and those on which nothing arrives within a second; running
 *    requests are answered.
 * 3. At the limit what still runs is cut.
 */
export function addDrain(app: FastifyInstance, { delayMs, limitMs }: DrainOptions): Drain {
  let hasBegun = false
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (hasBegun) void reply.header('connection', 'close')
    done(null, payload)
  })
  return {
    hasBegun: () => hasBegun,
    async run(close) {
      hasBegun = true
      const limit = setTimeout(() => app.server.closeAllConnections(), limitMs)
      let silence: NodeJS.Timeout | undefined
      try {
        await sleep(delayMs)
        silence = setTimeout(() => {
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
        }, SILENCE_MS)
        await close()
      } finally {
        clearTimeout(limit)
        clearTimeout(silence)
      }
    },
  }
}
