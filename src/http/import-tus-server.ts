import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { DataStore, ERRORS, MemoryLocker, Server, Upload } from '@tus/server'
import type { FastifyRequest } from 'fastify'
import {
  appendBytes,
  completeFile,
  createFile,
  declareSize,
  findFile,
  removeFile,
  type ImportFileServices,
} from '../features/import/import-file.service.js'
import { AppError } from '../lib/errors.js'
import { newId } from '../lib/new-id.js'
import { isUuid } from '../lib/uuid.js'
import { statusOf, type ImportCaller } from './import-caller.js'
import type { UploadTime } from './upload-time.js'

/** What a tus server needs. */
export interface TusOptions {
  /** of its addresses */
  readonly path: string
  readonly services: ImportFileServices
  readonly uploadTime: UploadTime
  readonly callerOf: (request: FastifyRequest) => ImportCaller
}

/** Answers a request of the protocol by a caller. */
export type TusHandler = (caller: ImportCaller, request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Uploads under `path`, whose bytes the import files of the caller's tenant keep. */
export function createTusHandler({ path, services }: TusOptions): TusHandler {
  // Requests of one upload take turns in a process; over several, the file's own offset refuses the second.
  const locker = new MemoryLocker()
  return async (caller, request, response) => {
    const server = new Server({
      path,
      datastore: createStore(caller, services),
      locker,
      maxSize: services.uploadLimitBytes,
      relativeLocation: true,
      // Answers are read by our own page, and by programs.
      allowedOrigins: () => false,
      namingFunction: () => newId(caller.now),
      async onUploadFinish(_, { id }) {
        await completeFile(caller, services, id)
        return {}
      },
      onResponseError(_, error) {
        if (!(error instanceof AppError)) return undefined
        return { status_code: statusOf(error), body: `${error.message}\n` }
      },
    })
    await server.handle(request, response)
  }
}

function createStore(caller: ImportCaller, services: ImportFileServices): DataStore {
  const find = async (id: string) => {
    const file = isUuid(id) ? await findFile(caller, services, id.toLowerCase()) : undefined
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what the protocol's code takes for a refusal
    if (!file) throw ERRORS.FILE_NOT_FOUND
    return file
  }
  return Object.assign(new DataStore(), {
    extensions: ['creation', 'creation-with-upload', 'creation-defer-length', 'termination'],
    async create(upload: Upload): Promise<Upload> {
      const name = upload.metadata?.['filename'] ?? upload.metadata?.['name'] ?? 'file'
      await createFile(caller, services, name, upload.size ?? null, upload.id)
      return upload
    },
    async write(stream: Readable, id: string, offset: number): Promise<number> {
      return appendBytes(caller, services, await find(id), offset, stream)
    },
    async getUpload(id: string): Promise<Upload> {
      const { receivedBytes, sizeBytes, name, createdAt } = await find(id)
      const size = sizeBytes === null ? {} : { size: sizeBytes }
      return new Upload({ id, offset: receivedBytes, ...size, metadata: { filename: name }, creation_date: createdAt })
    },
    declareUploadLength: (id: string, sizeBytes: number) => declareSize(caller, services, id, sizeBytes),
    async remove(id: string): Promise<void> {
      await find(id)
      await removeFile(services.database, { tenantId: caller.tenantId, id })
    },
  })
}
