import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A file of the build, with its packed forms, which are read from the disk each time that they are sent. */
export interface BuiltFile {
  readonly etag: string
  /** the best first; the last is the file as it is, which every browser takes */
  readonly forms: readonly { readonly encoding: string | null; readonly file: URL; readonly sizeBytes: number }[]
}

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
  [null, ''],
] as const

/**
 * Looks at a file of the build and its packed forms, which the build put beside it. Their bytes aren't kept: GraphiQL's page and
 * its forms would take 31 MB of memory, for a page that is opened now and then. @throws Error where one is missing
 */
export function findBuiltFile(file: URL): BuiltFile {
  return {
    etag: `"${createHash('sha256').update(readFileSync(file)).digest('base64url').slice(0, 27)}"`,
    forms: ENCODINGS.map(([encoding, suffix]) => {
      const form = new URL(`${file.href}${suffix}`)
      return { encoding, file: form, sizeBytes: statSync(form).size }
    }),
  }
}

/** Answers with a file in the best form that the browser takes, or with 304 where it has it. */
export function sendBuiltFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, forms }: BuiltFile,
  type: string,
): FastifyReply {
  void reply.headers({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const accepted = request.headers['accept-encoding'] ?? ''
  const form = forms.find(({ encoding }) => encoding === null || accepted.includes(encoding))
  if (!form) throw new Error('a file without a form that every browser takes')
  void reply.type(type).header('content-length', form.sizeBytes)
  if (form.encoding !== null) void reply.header('content-encoding', form.encoding)
  return reply.send(createReadStream(form.file))
}
