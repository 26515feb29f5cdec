import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** An answer as it came over the socket. */
export interface RawAnswer {
  readonly status: number
  /** by lower-case name */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Sends a request line and header lines exactly as they are, where an HTTP client would tidy them up, and reads the
 * answer to its end.
 */
export async function sendRaw(
  { address = '127.0.0.1', port }: { address?: string; port: number },
  requestLine: string,
  headerLines: readonly string[],
): Promise<RawAnswer> {
  const socket = connect(port, address)
  await once(socket, 'connect')
  socket.write([requestLine, ...headerLines, 'Connection: close', '', ''].join('\r\n'))
  const [head = '', ...rest] = (await text(socket)).split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const body = rest.join('\r\n\r\n')
  return { status: Number(statusLine.split(' ')[1]), headers, body: isChunked(headers) ? joinChunks(body) : body }
}

function isChunked(headers: Readonly<Record<string, string>>): boolean {
  return headers['transfer-encoding'] === 'chunked'
}

// Each chunk: its length in hexadecimal digits, CRLF, as many bytes (here characters of ASCII), CRLF; 0 ends them.
function joinChunks(body: string): string {
  const chunks: string[] = []
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at)
    const length = Number.parseInt(body.slice(at, lineEnd), 16)
    if (!(length > 0)) return chunks.join('')
    chunks.push(body.slice(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 2 + length + 2
  }
}
