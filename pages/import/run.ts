import { signed } from '../dashboard/api.js'
import { h, put } from '../dashboard/dom.js'
import { createBar } from './bar.js'
import type { Desk } from './import.js'
import { QUERIES } from './queries.js'
import type { Failure, Job, Rows, UploadedFile, UserError } from './types.js'
import { count, duration } from './words.js'

const POLL_MS = 700
const DOWNLOAD_BEGINS_MS = 60_000
const COUNTS = ['read', 'created', 'updated', 'unchanged', 'skipped', 'failed'] as const
const IS_OVER = new Set<Job['status']>(['SUCCEEDED', 'FAILED', 'CANCELED'])

/** The progress of a job, its refused rows, and what can be done with it; `watch` follows it to its end. */
export function createRun(desk: Desk, first: Job, file: UploadedFile) {
  const startedMs = performance.now()
  const title = h('h2', {}, '')
  const state = h('p', { role: 'status', class: 'muted' }, '')
  const bar = createBar('Progress')
  const counts = h('dl', { class: 'counts' })
  const tools = h('div', { class: 'buttons' })
  const failures = h('div', {})
  const element = h(
    'section',
    { class: 'panel run', 'aria-label': 'Run' },
    h('div', { class: 'panel-head' }, title),
    state,
    bar.element,
    counts,
    tools,
    failures,
  )
  let job = first
  let followed: HTMLElement | undefined

  function show(): void {
    const isDryRun = job.import?.isDryRun === true
    const isUndo = job.kind === 'UNDO'
    const what = isUndo ? 'Undo' : isDryRun ? 'Dry run' : 'Import'
    element.dataset['status'] = job.status === 'SUCCEEDED' && job.rows.failed > 0 ? 'PARTIAL' : job.status
    title.textContent = titleOf(what, job)
    const part = partOf(job, file)
    if (IS_OVER.has(job.status)) bar.hide()
    else bar.show(part)
    state.textContent = IS_OVER.has(job.status)
      ? endOf(job, isDryRun)
      : stateOf(job, part, (performance.now() - startedMs) / 1000)
    put(
      counts,
      ...COUNTS.map((name) =>
        h(
          'div',
          { 'data-count': name },
          h('dt', {}, wordOf(name)),
          h('dd', { class: name === 'failed' && job.rows.failed > 0 ? 'bad' : '' }, count(job.rows[name])),
        ),
      ),
    )
    put(failures, ...failuresOf(job.import?.failures ?? [], job.rows.failed))
  }

  async function showTools(): Promise<void> {
    if (!IS_OVER.has(job.status)) {
      put(
        tools,
        h('button', { type: 'button', class: 'secondary', 'data-key': 'cancel', click: () => void cancel() }, 'Cancel'),
      )
      return
    }
    const errorFile = job.import?.errorFile ?? null
    const isKept = job.import?.isDryRun === false && job.rows.created + job.rows.updated > 0
    put(
      tools,
      errorFile !== null &&
        h(
          'button',
          { type: 'button', class: 'secondary', click: () => void download(errorFile) },
          'Download refused rows',
        ),
      isKept &&
        (await isUndoable()) &&
        h('button', { type: 'button', class: 'secondary', click: () => void undo() }, 'Undo'),
    )
  }

  async function cancel(): Promise<void> {
    const data = await desk.ask<{ cancelJob: { userErrors: UserError[] } }>(QUERIES.cancel, { id: job.id })
    if (data) desk.say(...data.cancelJob.userErrors.map(({ message }) => message))
  }

  async function isUndoable(): Promise<boolean> {
    const data = await desk.ask<{ job: { undoableUntil: string | null } | null }>(QUERIES.undoable, { id: job.id })
    return typeof data?.job?.undoableUntil === 'string'
  }

  async function undo(): Promise<void> {
    if (!window.confirm(`Take back what this import did to ${count(job.rows.created + job.rows.updated)} records?`))
      return
    const data = await desk.ask<{ undoJob: { job: Job | null; userErrors: UserError[] } }>(QUERIES.undo, { id: job.id })
    if (!data) return
    desk.say(...data.undoJob.userErrors.map(({ message }) => message))
    if (!data.undoJob.job) return
    put(tools)
    const run = createRun(desk, data.undoJob.job, file)
    followed = run.element
    element.after(followed)
    await run.watch()
  }

  async function download(url: string): Promise<void> {
    try {
      const response = await signed(desk.session, (authorization) => fetch(url, { headers: { authorization } }))
      if (!response.ok)
        return desk.say(`The refused rows can't be read: the server answered ${String(response.status)}.`)
      const link = h('a', {
        href: URL.createObjectURL(await response.blob()),
        download: `${file.name.replace(/\.[^.]*$/, '')}-errors.csv`,
      })
      link.click()
      // A busy browser takes what is behind the address only after this turn: without it nothing is downloaded.
      setTimeout(() => URL.revokeObjectURL(link.href), DOWNLOAD_BEGINS_MS)
    } catch (error) {
      desk.fail(error, "The refused rows can't be read: the server does not answer. Try again.")
    }
  }

  return {
    element,
    async watch() {
      show()
      await showTools()
      while (!IS_OVER.has(job.status)) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
        // Another run took its place.
        if (!element.isConnected) return
        const data = await desk.ask<{ job: Job | null }>(QUERIES.job, { id: job.id })
        if (data?.job) job = data.job
        show()
      }
      await showTools()
    },
  }
}

function titleOf(what: string, { status, rows }: Job): string {
  if (status === 'QUEUED') return `${what} is waiting`
  if (status === 'RUNNING') return `${what} is running`
  if (status === 'CANCELED') return `${what} was canceled`
  if (status === 'FAILED') return `${what} ended early`
  return rows.failed > 0 ? `${what} is done, without some rows` : `${what} is done`
}

function endOf({ error, rows, status }: Job, isDryRun: boolean): string {
  if (error) return error.message
  if (isDryRun) return 'Nothing was kept. The import would do what the counts say.'
  if (status === 'CANCELED') return 'What was done before stays.'
  return rows.failed > 0 ? 'Correct the refused rows in their file, and import that.' : ''
}

function stateOf({ status, rows, isCancelRequested }: Job, part: number | null, seconds: number): string {
  if (isCancelRequested) return 'It ends with the chunk that runs.'
  if (status === 'QUEUED') return 'It begins as soon as a worker is free.'
  const rate = rows.read / Math.max(1, seconds)
  const left = part !== null && part > 0.02 ? `, about ${duration((seconds / part) * (1 - part))} left` : ''
  return `${count(Math.round(rate))} rows a second${left}`
}

/** The part that is done, by rows where all are known, else by bytes. */
function partOf({ rows, import: about }: Job, { sizeBytes }: UploadedFile): number | null {
  if (rows.total !== null && rows.total > 0) return Math.min(1, rows.read / rows.total)
  return about && about.readBytes > 0 ? Math.min(1, about.readBytes / Math.max(1, sizeBytes)) : null
}

function wordOf(name: keyof Rows): string {
  return {
    total: 'Rows',
    read: 'Read',
    created: 'Created',
    updated: 'Updated',
    unchanged: 'Unchanged',
    skipped: 'Skipped',
    failed: 'Refused',
  }[name]
}

function failuresOf(failures: readonly Failure[], all: number): HTMLElement[] {
  if (failures.length === 0) return []
  const rows = failures.flatMap(({ line, errors }) =>
    errors.map(({ column, message }) =>
      h('tr', {}, h('td', { class: 'number' }, count(line)), h('td', {}, column ?? ''), h('td', {}, message)),
    ),
  )
  const caption =
    failures.length < all ? `The first ${count(failures.length)} of ${count(all)} refused rows` : 'Refused rows'
  return [
    h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        { class: 'failures' },
        h('caption', {}, caption),
        h('thead', {}, h('tr', {}, ...['Line', 'Column', 'Why'].map((text) => h('th', { scope: 'col' }, text)))),
        h('tbody', {}, ...rows),
      ),
    ),
  ]
}
