import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Uploads may take longer than other requests. */
export interface UploadTime {
  /** Lets the body of a request take as long as it will, so long as bytes come. To be called before it is read. */
  readonly exempt: (request: FastifyRequest) => void
}

// A line that is dead; slow ones send something every few seconds.
const SILENCE_MS = 60_000
const REQUEST_TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT'

/**
 * Keeps Node's limit for the time of a whole request from ending uploads: gigabytes take longer than the 30 seconds within
 * which other bodies must be there. Node knows one limit for all requests of a server, and tells it as an error of the client.
 */
export function exemptUploads({ server }: FastifyInstance): UploadTime {
  const uploading = new WeakSet<object>()
  const listeners = server.listeners('clientError') as ((error: NodeJS.ErrnoException, socket: Socket) => void)[]
  server.removeAllListeners('clientError')
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === REQUEST_TIMEOUT && uploading.has(socket)) return
    for (const listener of listeners) listener.call(server, error, socket)
  })
  return {
    exempt({ raw }) {
      const { socket } = raw
      uploading.add(socket)
      raw.setTimeout(SILENCE_MS, () => raw.destroy())
      raw.once('close', () => {
        uploading.delete(socket)
        socket.setTimeout(0)
      })
    },
  }
}
