import { once } from 'node:events'
import { createConnection } from 'node:net'
import type { Target } from '../load/http.js'

/** What a server answered. */
export interface Answer {
  readonly text: string
  /** with its headers */
  readonly bytes: number
}

/** A connection to a server, kept alive; one request at a time. */
export interface Connection {
  readonly ask: (body: string) => Promise<Answer>
  readonly close: () => void
}

const HEADERS_END = Buffer.from('\r\n\r\n')
const CHUNKS_END = Buffer.from('0\r\n\r\n')

/**
 * Connects to a server's /graphql. The load runs on the cores that it measures, so it is kept small: node:http's client
 * takes a multiple of the CPU of a bare socket, which would bring all ratios nearer to 1.
 */
export async function connect({ address, token }: Target): Promise<Connection> {
  const { hostname, port, host } = new URL(address)
  const socket = createConnection({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const head = `POST /graphql HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: `
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  let received: Buffer[] = []
  let size = 0
  // Of the whole answer; undefined until its headers are there, infinite where it comes in chunks.
  let length: number | undefined
  let bodyStart = 0
  const fail = (error: Error): void => waiting?.reject(error)
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The server closed the connection.')))
  socket.on('data', (chunk) => {
    received.push(chunk)
    size += chunk.length
    if (length === undefined) {
      const start = Buffer.concat(received)
      const end = start.indexOf(HEADERS_END)
      if (end < 0) return
      bodyStart = end + HEADERS_END.length
      const [, bodyLength] = /\r\ncontent-length: *(\d+)/i.exec(start.toString('latin1', 0, end)) ?? []
      length = bodyLength === undefined ? Infinity : bodyStart + Number(bodyLength)
    }
    const isWhole = length === Infinity ? chunk.subarray(-CHUNKS_END.length).equals(CHUNKS_END) : size >= length
    if (!isWhole) return
    const body = Buffer.concat(received).subarray(bodyStart)
    const text = (length === Infinity ? joinChunks(body) : body).toString()
    const answer = { text, bytes: size }
    ;[received, size, length] = [[], 0, undefined]
    waiting?.resolve(answer)
  })
  return {
    ask: (body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
      }),
    close() {
      waiting = undefined
      socket.destroy()
    },
  }
}

/** The body of an answer with `transfer-encoding: chunked`. */
function joinChunks(body: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at)
    const length = Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    if (!(length > 0)) return Buffer.concat(parts)
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 2 + length + 2
  }
}
