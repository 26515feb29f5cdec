import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A file of the build, as it is and packed. */
export interface BuiltFile {
  readonly plain: Buffer
  readonly etag: string
  readonly packed: readonly { readonly encoding: string; readonly body: Buffer }[]
}

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Reads a file of the build and its packed forms, which the build put beside it. @throws Error where one is missing */
export function readBuiltFile(file: URL): BuiltFile {
  const plain = readFileSync(file)
  return {
    plain,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`,
    packed: ENCODINGS.map(([encoding, suffix]) => ({ encoding, body: readFileSync(new URL(`${file.href}${suffix}`)) })),
  }
}

/** Answers with a file in the best form that the browser takes, or with 304 where it has it. */
export function sendBuiltFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { plain, etag, packed }: BuiltFile,
  type: string,
): FastifyReply {
  void reply.headers({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const accepted = request.headers['accept-encoding'] ?? ''
  const choice = packed.find(({ encoding }) => accepted.includes(encoding))
  void reply.type(type)
  return choice ? reply.header('content-encoding', choice.encoding).send(choice.body) : reply.send(plain)
}
