import { h, put } from '../dashboard/dom.js'
import { createBar } from './bar.js'
import type { Desk } from './import.js'
import type { FileOptions, Preview, RecordType, UploadedFile } from './types.js'
import { uploadFile } from './upload.js'
import { size } from './words.js'

const ENCODINGS = ['UTF_8', 'UTF_16LE', 'UTF_16BE', 'WINDOWS_1252', 'ISO_8859_1']
const TYPES = [
  ['CONTACT', 'Contacts'],
  ['COMPANY', 'Companies'],
] as const
const SEPARATORS = [
  [',', 'Comma'],
  [';', 'Semicolon'],
  ['\t', 'Tab'],
  ['|', 'Bar'],
] as const

/** Where a file is dropped or chosen, and how it is read. `choose` looks at it. */
export function createFilePanel(
  desk: Desk,
  choose: (file: UploadedFile, type: RecordType, options: FileOptions) => Promise<void>,
) {
  let uploaded: UploadedFile | undefined
  let options: FileOptions = {}
  let type: RecordType = 'CONTACT'
  const types = TYPES.map(([value, label]) => {
    const change = (): void => {
      type = value
      void look()
    }
    const input = h('input', { type: 'radio', name: 'type', value, checked: value === type, change })
    return h('label', { class: 'segment' }, input, h('span', {}, label))
  })
  const state = h('p', { class: 'note', role: 'status' }, 'CSV, NDJSON or vCard, also packed by gzip.')
  const bar = createBar('Upload')
  const input = h('input', { type: 'file', id: 'file', class: 'unseen', change: () => take(input.files) })
  const zone = h(
    'div',
    { class: 'drop' },
    h('p', {}, 'Drop a file here, or'),
    h('label', { for: 'file', class: 'primary' }, 'Choose a file'),
    input,
    state,
    bar.element,
  )
  for (const name of ['dragenter', 'dragover']) zone.addEventListener(name, (event) => over(event, true))
  zone.addEventListener('dragleave', (event) => over(event, false))
  zone.addEventListener('drop', (event) => {
    over(event, false)
    take(event.dataTransfer?.files ?? null)
  })
  const reading = h('div', {})
  const element = h(
    'section',
    { class: 'panel', 'aria-label': 'File' },
    h('div', { class: 'panel-head' }, h('h2', {}, 'File')),
    h('div', { class: 'segments start', role: 'group', 'aria-label': 'What the file has rows of' }, ...types),
    zone,
    reading,
  )

  function over(event: Event, isOver: boolean): void {
    event.preventDefault()
    zone.classList.toggle('over', isOver)
  }

  function take(files: FileList | null): void {
    const file = files?.[0]
    if (file) void send(file)
    input.value = ''
  }

  async function send(file: File): Promise<void> {
    desk.say()
    bar.show(0)
    state.textContent = `${file.name} is being sent.`
    try {
      uploaded = await uploadFile(desk.session, file, bar.show)
      state.textContent = `${uploaded.name}, ${size(uploaded.sizeBytes)}`
      options = {}
      await look()
    } catch (error) {
      state.textContent = 'No file yet.'
      desk.fail(error, (error as Error).message)
    } finally {
      bar.hide()
    }
  }

  async function look(): Promise<void> {
    if (uploaded) await choose(uploaded, type, options)
  }

  /** Shows how the file was read, to be changed where it was told wrong. */
  function showReading(preview: Preview | null, chosen: FileOptions): void {
    const isCsv = preview === null || preview.format === 'CSV'
    const encoding = select(
      'Encoding',
      ENCODINGS.map((name) => [name, name.replaceAll('_', '-')] as const),
      chosen.encoding ?? preview?.encoding,
    )
    const separator = select('Separator', SEPARATORS, chosen.separator ?? preview?.separator ?? undefined)
    const headerRow = h('input', { type: 'number', min: 1, value: String(chosen.headerRow ?? 1) })
    const again = (): void => {
      const row = Number(headerRow.value)
      options = {
        encoding: encoding.field.value,
        ...(isCsv
          ? {
              separator: separator.field.value,
              ...(row > 1 || chosen.headerRow !== undefined ? { headerRow: row } : {}),
            }
          : {}),
      }
      void look()
    }
    put(
      reading,
      h(
        'details',
        { class: 'reading-options', open: preview === null },
        h(
          'summary',
          {},
          preview ? `Read as ${preview.format} in ${preview.encoding.replaceAll('_', '-')}` : 'How it is read',
        ),
        h(
          'div',
          { class: 'fields' },
          encoding.label,
          isCsv && separator.label,
          isCsv && h('label', {}, 'Line of the header', headerRow),
          h('button', { type: 'button', class: 'tool', click: again }, 'Read again'),
        ),
      ),
    )
  }

  return { element, showReading }
}

/** A labelled choice. */
export function select(
  name: string,
  choices: readonly (readonly [value: string, label: string])[],
  chosen: string | undefined,
) {
  const field = h(
    'select',
    {},
    ...choices.map(([value, label]) => h('option', { value, selected: value === chosen }, label)),
  )
  return { field, label: h('label', {}, name, field) }
}
