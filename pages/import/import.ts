import { SignedOut, type Answer, type Ask } from '../dashboard/api.js'
import { h, put } from '../dashboard/dom.js'
import type { Session } from '../dashboard/session.js'
import { createColumns } from './columns.js'
import { createFilePanel } from './file-panel.js'
import { QUERIES } from './queries.js'
import { createRules } from './rules.js'
import { createRun } from './run.js'
import type { FileOptions, Job, Preview, RecordType, UploadedFile, UserError } from './types.js'

/** What the parts of the page have in common. */
export interface Desk {
  readonly session: Session
  /** Asks the API; what isn't answered is said on the page, and undefined comes back. */
  readonly ask: <Data>(query: string, variables?: object) => Promise<Data | undefined>
  /** Leads to signing in where the token isn't valid any more; says what else went wrong. */
  readonly fail: (error: unknown, message: string) => void
  /** Says on the page what went wrong; nothing takes it away. */
  readonly say: (...messages: readonly string[]) => void
}

/** Shows the page: the file, its columns, the rules, and the run, each as soon as it can be. */
export function openImport(main: HTMLElement, session: Session, askApi: Ask, signOut: (why: string) => void): void {
  const alerts = h('div', { role: 'alert' })
  const columnsPlace = h('div', {})
  const rulesPlace = h('div', {})
  const runPlace = h('div', {})
  const say = (...messages: readonly string[]): void =>
    put(alerts, ...messages.map((message) => h('p', { class: 'panel trouble' }, message)))
  const fail = (error: unknown, message: string): void => {
    if (error instanceof SignedOut) signOut(error.message)
    else say(message)
  }
  const desk: Desk = {
    session,
    fail,
    say,
    async ask<Data>(query: string, variables: object = {}) {
      try {
        const { data, errors }: Answer<Data> = await askApi<Data>(query, variables)
        if (data && errors.length === 0) return data
        say(...errors.map(({ message }) => message))
      } catch (error) {
        fail(error, 'The server does not answer. Try again.')
      }
      return undefined
    },
  }

  /** Looks at the uploaded file, and shows its columns. */
  async function preview(file: UploadedFile, type: RecordType, options: FileOptions): Promise<void> {
    say()
    const input = { fileId: file.id, type, file: options }
    const data = await desk.ask<{ importPreview: { preview: Preview | null; userErrors: UserError[] } }>(
      QUERIES.preview,
      { input },
    )
    if (!data) return
    const { preview: found, userErrors } = data.importPreview
    say(...userErrors.map(({ message }) => message))
    put(runPlace)
    panel.showReading(found, options)
    if (!found) {
      put(columnsPlace)
      put(rulesPlace)
      return
    }
    const columns = createColumns(found)
    const rules = createRules(type, async (isDryRun, chosen) => {
      say()
      const mapping = columns.mapping()
      const start = { fileId: file.id, type, file: options, mapping, dryRun: isDryRun, ...chosen }
      const started = await desk.ask<{ startImport: { job: Job | null; userErrors: UserError[] } }>(QUERIES.start, {
        input: start,
      })
      if (!started) return
      const { job, userErrors: refused } = started.startImport
      say(...refused.map(({ message }) => message))
      if (job) await showRun(job, file)
    })
    put(columnsPlace, columns.element)
    put(rulesPlace, rules)
  }

  async function showRun(job: Job, file: UploadedFile): Promise<void> {
    const run = createRun(desk, job, file)
    put(runPlace, run.element)
    run.element.scrollIntoView({ block: 'nearest' })
    await run.watch()
  }

  const panel = createFilePanel(desk, (file, type, options) => preview(file, type, options))
  put(main, alerts, panel.element, columnsPlace, rulesPlace, runPlace)
}
