import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Scope } from '../access/scope.js'
import type { Database } from '../database/database.js'
import type { ExportRow } from '../features/export/export.columns.js'
import { readBytes } from '../features/import/import-file.service.js'
import { AppError } from '../lib/errors.js'
import { refuseRequest } from './refusal.js'

/**
 * Sends the file that a job wrote, or the range of it that is asked for: a download that broke goes on where it did.
 * @throws CONFLICT where the file isn't whole yet
 */
export function sendExportFile(
  request: FastifyRequest,
  reply: FastifyReply,
  services: { readonly database: Database },
  scope: Scope,
  row: ExportRow,
): FastifyReply {
  const { id, fileId, fileBytes, fileName, rowCount, sha256 } = row
  if (fileId === null || fileBytes === null || fileName === null) {
    throw new AppError('CONFLICT', 'The file is not written to its end: its `downloadPath` comes when it is.')
  }
  const etag = `"${id}"`
  const { range: asked, 'if-range': known = etag } = request.headers
  const range = asked !== undefined && known === etag ? rangeOf(asked, fileBytes) : null
  void reply.headers({
    'accept-ranges': 'bytes',
    etag,
    'cache-control': 'no-store',
    'content-disposition': `attachment; filename="${fileName}"`,
    'kith-export-id': id,
    'kith-rows': rowCount ?? '',
    'kith-sha256': sha256 ?? '',
  })
  if (range === 'OUTSIDE') {
    const message = `The file has ${fileBytes} bytes.`
    void reply.header('content-range', `bytes */${fileBytes}`)
    return refuseRequest(request, reply, { status: 416, code: 'BAD_REQUEST', message })
  }
  const [from, to] = range ?? [0, fileBytes]
  if (range) void reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${fileBytes}`)
  return reply
    .type('application/gzip')
    .header('content-length', to - from)
    .send(Readable.from(readBytes(scope, services, fileId, from, to)))
}

/** From which byte on up to which, that isn't part of it; null for ranges of another form, which are no ranges then. */
function rangeOf(header: string, size: number): readonly [from: number, to: number] | 'OUTSIDE' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  return from < to ? [from, to] : 'OUTSIDE'
}
