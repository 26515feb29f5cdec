import type { JobHandler, JobHandlers } from '../../../src/features/job/job.js'
import type { Principal } from '../../../src/lib/principal.js'
import { createJobHandlers } from '../../../src/start/job-handlers.js'
import { createServerWorker } from '../../../src/start/server-jobs.js'
import type { Desk } from '../../support/desk.js'

const SILENT = { warn: () => undefined, info: () => undefined }

/** The worker of a desk, whose handlers `wrap` may change. */
export function bulkWorker({ api }: Desk, wrap: (handlers: JobHandlers) => JobHandlers = (same) => same) {
  return createServerWorker(api.services, SILENT, { handlers: wrap(createJobHandlers(api.services)) })
}

/** Does all jobs that are due. */
export function doJobs(desk: Desk): Promise<void> {
  return bulkWorker(desk).drain()
}

/** The handlers with something that happens before each chunk of kind BULK is read, by the chunk's number from 0 on. */
export function before(happens: (chunk: number) => Promise<void> | void): (handlers: JobHandlers) => JobHandlers {
  return (handlers) => ({ ...handlers, BULK: withHook(handlers.BULK as JobHandler, happens) })
}

function withHook({ isBalanced, open }: JobHandler, happens: (chunk: number) => Promise<void> | void): JobHandler {
  return {
    isBalanced,
    async open(scope, job) {
      const session = await open(scope, job)
      let chunk = (job.cursor as number | null) ?? 0
      return {
        ...session,
        async next() {
          await happens(chunk++)
          return session.next()
        },
      }
    },
  }
}

/** Previews a change of contacts, and asks for what was previewed. */
export async function startContacts(desk: Desk, principal: Principal, change: object): Promise<string> {
  const { hash } = await previewContacts(desk, principal, change)
  const payload = await desk.mutate(principal, 'startBulkContacts', { change, hash }, 'job { id }')
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors))
  return payload['job'].id as string
}

/** What a change of contacts would be about. */
export async function previewContacts(desk: Desk, principal: Principal, input: object) {
  const query = `query ($input: BulkContactsChangeInput!) { previewBulkContacts(input: $input) {
    total hash examples { firstName } } }`
  return (await desk.ask(principal, query, { input }))['previewBulkContacts'] as {
    total: number
    hash: string
    examples: { firstName: string }[]
  }
}

/** Does a change of contacts until its job is over; the id of the job. */
export async function changeContacts(desk: Desk, principal: Principal, change: object): Promise<string> {
  const id = await startContacts(desk, principal, change)
  await doJobs(desk)
  return id
}

/** Takes a job back until that is over; the id of the job that did. */
export async function undo(desk: Desk, principal: Principal, id: string): Promise<string> {
  const payload = await desk.mutate(principal, 'undoJob', { id }, 'job { id }')
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors))
  await doJobs(desk)
  return payload['job'].id as string
}

const ROWS = 'rows { total read created updated unchanged skipped failed }'

/** A job as its tenant sees it, with its problems. */
export async function jobOf(desk: Desk, principal: Principal, id: string): Promise<unknown> {
  const query = `query ($id: ID!) { job(id: $id) { kind status ${ROWS} error { code message }
    problems { recordType recordId code message } } }`
  return (await desk.ask(principal, query, { id }))['job']
}

/** A job that is over, of so many rows. */
export function over(
  rows: Partial<Record<'read' | 'updated' | 'unchanged' | 'skipped' | 'failed', number>>,
  more = {},
) {
  const read = rows.read ?? 0
  const all = { total: read, read, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0, ...rows }
  return { kind: 'BULK', status: 'SUCCEEDED', rows: all, error: null, problems: [], ...more }
}

/** Makes contacts `Ada 0`, `Ada 1` …; their ids in that order. */
export async function makeContacts(
  desk: Desk,
  principal: Principal,
  count: number,
  rowOf: (index: number) => object = () => ({}),
): Promise<string[]> {
  const ids: string[] = []
  for (let from = 0; from < count; from += 1000) {
    const rows = Array.from({ length: Math.min(1000, count - from) }, (_, index) => ({
      firstName: `Ada ${from + index}`,
      ...rowOf(from + index),
    }))
    const payload = await desk.mutate(principal, 'bulkCreateContacts', { rows }, 'results { id }')
    if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors))
    ids.push(...(payload['results'] as { id: string }[]).map(({ id }) => id))
  }
  return ids
}
