import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { Role } from '../../../src/lib/principal.js'
import type { HttpServer } from '../../whole/support/http-server.js'

/** An export as a client got it, to its last byte. */
export interface Exported {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly trailers: NodeJS.Dict<string>
  /** as it came, inflated where it was compressed on the way */
  readonly text: string
  readonly bytes: Buffer
}

interface Asked {
  readonly role?: Role
  readonly headers?: Record<string, string>
}

/** Asks for an export by `POST /export`. @throws where the answer breaks off */
export async function postExport(
  server: HttpServer,
  body: object,
  { role, headers = {} }: Asked = {},
): Promise<Exported> {
  const authorization = `Bearer ${await server.token(role)}`
  const json = { 'content-type': 'application/json', authorization, ...headers }
  return receive(new URL('/export', server.base), 'POST', json, JSON.stringify(body))
}

/** Sends a request and reads its answer to the end. @throws where it breaks off */
export function receive(url: URL, method: string, headers: Record<string, string>, body = ''): Promise<Exported> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.once('error', reject)
      answer.once('end', () => {
        const bytes = Buffer.concat(chunks)
        const plain = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
        const { statusCode: status = 0, trailers } = answer
        resolve({ status, headers: answer.headers, trailers, text: plain.toString(), bytes })
      })
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

/** The SHA-256 of a text in hexadecimal digits. */
export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex')
}
