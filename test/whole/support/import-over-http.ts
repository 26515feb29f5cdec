import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpServer } from './http-server.js'

const START = `mutation ($input: StartImportInput!) {
  startImport(input: $input) { job { id } userErrors { code message field } } }`
const JOB = `query ($id: ID!) { job(id: $id) { status error { code message }
  rows { read created updated unchanged skipped failed }
  import { errorFile failures(first: 100) { line errors { column code message } } } } }`

/** An import as its job tells it. */
export interface ImportJob {
  readonly status: string
  readonly error: { readonly code: string; readonly message: string } | null
  readonly rows: Readonly<Record<string, number>>
  readonly import: {
    readonly errorFile: string | null
    readonly failures: readonly {
      readonly line: number
      readonly errors: readonly { readonly column: string | null; readonly code: string; readonly message: string }[]
    }[]
  }
}

/** Imports over HTTP, as a MEMBER does it. */
export function importsOver(server: HttpServer) {
  const upload = async (content: string | Uint8Array<ArrayBuffer>, name = 'people.csv', token?: string) => {
    const form = new FormData()
    form.set('file', new Blob([content]), name)
    const headers = { authorization: `Bearer ${token ?? (await server.token('MEMBER'))}` }
    const response = await fetch(`${server.base}/import/files`, { method: 'POST', body: form, headers })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const start = async (input: object) => {
    const { body } = await server.ask(START, { input }, 'MEMBER')
    return body.data['startImport'] as { job: { id: string } | null; userErrors: readonly object[] }
  }
  /** Asks until the job is over: the server's own worker does it. */
  const finished = async (id: string): Promise<ImportJob> => {
    for (;;) {
      const { body } = await server.ask(JOB, { id }, 'MEMBER')
      const job = body.data['job'] as ImportJob
      if (job.status !== 'QUEUED' && job.status !== 'RUNNING') return job
      await sleep(20)
    }
  }
  const errorsOf = async (id: string, role: 'MEMBER' | 'VIEWER' = 'MEMBER') => {
    const headers = { authorization: `Bearer ${await server.token(role)}` }
    const response = await fetch(`${server.base}/import/${id}/errors.csv`, { headers })
    // Of a text() the byte order mark is gone.
    return { response, text: Buffer.from(await response.arrayBuffer()).toString('utf8') }
  }
  return { upload, start, finished, errorsOf }
}
