import { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../features/identity/principal.service.js'
import { failureFile } from '../features/import/failure-file.js'
import { appendBytes, completeFile, createFile, removeFile } from '../features/import/import-file.service.js'
import type { ImportServices } from '../features/import/import-handler.js'
import type { ImportOptions } from '../features/import/import.js'
import { readFailures } from '../features/import/import.service.js'
import { findJob, type JobServices } from '../features/job/job.service.js'
import { AppError } from '../lib/errors.js'
import { isUuid } from '../lib/uuid.js'
import { admitTenantCaller, type TenantCaller } from './caller.js'
import { addTus } from './import-tus.js'
import { refuseHead, refuseRequest } from './refusal.js'
import { uploadStatusOf } from './upload-status.js'
import { exemptUploads } from './upload-time.js'

export interface ImportRouteOptions {
  readonly services: ImportServices & JobServices
  readonly authenticator: Authenticator
}

// What a form has around its file.
const FORM_BYTES = 65_536
const FORM_FIELDS = 10

/**
 * Adds `POST /import/files`, which takes a file as `multipart/form-data` and answers 201 with its `id`, `name` and `sizeBytes`, and
 * `GET /import/<id of the job>/errors.csv`, the refused rows of an import. Both want a token in the header, of a MEMBER or above.
 */
export async function addImportRoutes(app: FastifyInstance, options: ImportRouteOptions): Promise<void> {
  const { services, authenticator } = options
  const uploadTime = exemptUploads(app)
  // In a scope of its own: forms are no bodies of other routes.
  await app.register(async (scope) => {
    const callers = new WeakMap<FastifyRequest, TenantCaller>()
    const limits = { files: 1, fields: FORM_FIELDS, fileSize: services.uploadLimitBytes + 1 }
    await scope.register(multipart, { limits, throwFileSizeLimit: false })
    scope.addHook('onRequest', async (request, reply) => {
      const caller = await admitTenantCaller(request, reply, authenticator, 'MEMBER')
      if (!caller) return reply
      callers.set(request, caller)
      return undefined
    })
    const callerOf = (request: FastifyRequest): TenantCaller => {
      const caller = callers.get(request)
      if (!caller) throw new Error('the caller is found before the body is read')
      return caller
    }
    scope.post('/import/files', { bodyLimit: services.uploadLimitBytes + FORM_BYTES }, async (request, reply) => {
      if (!request.isMultipart()) {
        const message = 'Send the file as multipart/form-data, as `curl -F file=@people.csv` does.'
        return refuseRequest(request, reply, { status: 415, code: 'BAD_REQUEST', message })
      }
      uploadTime.exempt(request)
      try {
        return await reply.code(201).send(await receive(callerOf(request), services, request))
      } catch (error) {
        return refuseUpload(request, reply, error)
      }
    })
    addTus(scope, { services, uploadTime, callerOf })
    refuseHead(scope, '/import/:id/errors.csv', 'GET')
    scope.get<{ Params: { id: string } }>('/import/:id/errors.csv', async (request, reply) => {
      const caller = callerOf(request)
      const { id } = request.params
      const job = isUuid(id) ? await findJob(caller, services, id.toLowerCase()) : null
      if (job?.kind !== 'IMPORT') {
        const message = 'There is no such import.'
        return refuseRequest(request, reply, { status: 404, code: 'NOT_FOUND', message })
      }
      const { columns, fileName } = job.options as ImportOptions
      const rows = failureFile(columns, readFailures(caller, services, job.id))
      return reply
        .type('text/csv; charset=utf-8')
        .headers({ 'cache-control': 'no-store', 'content-disposition': attachment(fileName) })
        .send(Readable.from(rows))
    })
  })
}

async function receive(caller: TenantCaller, services: ImportServices, request: FastifyRequest) {
  const files = request.files()
  const first = await files.next()
  if (first.done === true) throw new AppError('BAD_USER_INPUT', 'The form has no file.')
  const part = first.value
  const file = await createFile(caller, services, part.filename, null)
  try {
    await appendBytes(caller, services, file, 0, part.file)
    // To the end of the form: more files would be lost without a word.
    await files.next()
    const { id, name, sizeBytes } = await completeFile(caller, services, file.id)
    return { id, name, sizeBytes }
  } catch (error) {
    // Nobody goes on with half a form.
    await removeFile(services.database, { tenantId: caller.tenantId, id: file.id }).catch(() => undefined)
    throw error
  }
}

function refuseUpload(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  // The rest of the body isn't read.
  void reply.header('connection', 'close')
  if (!(error instanceof AppError)) {
    const message = problemOfForm(error)
    if (message === undefined) throw error
    return refuseRequest(request, reply, { status: 400, code: 'BAD_REQUEST', message })
  }
  const status = uploadStatusOf(error)
  return refuseRequest(request, reply, {
    status,
    code: status === 413 ? 'LIMIT_BODY' : error.code,
    message: error.message,
  })
}

// The readers of forms have no codes for these: the one of parts, and the one that looks for the boundary in the bytes.
const BROKEN_FORM =
  /multipart: boundary not found|needle cannot|unexpected end of (form|file|multipart data)|malformed part header|part terminated early|aborted/i

/** What is wrong with a form that can't be read by its sender's fault; undefined for a fault of the server. */
function problemOfForm(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string' && /^FST_(FILES|FIELDS|PARTS)_LIMIT$/.test(error.code)) {
    return `A form has one file, and ${FORM_FIELDS} other fields at most: send each file in a form of its own.`
  }
  if (!BROKEN_FORM.test(error.message)) return undefined
  return 'The form is broken off, or has no boundary that can be used. Send the file as `curl -F file=@people.csv` does.'
}

/** The name of the file of refused rows, in letters that every header may have. */
function attachment(fileName: string): string {
  const stem = fileName.replace(/\.[^.]*$/, '').replace(/[^\w.-]+/g, '_') || 'import'
  return `attachment; filename="${stem}-errors.csv"`
}
