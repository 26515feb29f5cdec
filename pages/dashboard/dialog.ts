import { h } from './dom.js'

/** Opens a dialog over the page; Escape, its button or a click beside it close it. Returns it. */
export function openDialog(title: string, children: readonly Node[]): HTMLDialogElement {
  document.querySelector('dialog[open]')?.remove()
  const opener = document.activeElement
  const openerKey = opener instanceof HTMLElement ? opener.dataset['key'] : undefined
  const close = h('button', { type: 'button', class: 'tool', click: () => dialog.close() }, 'Close')
  const head = h('div', { class: 'dialog-head' }, h('h2', { id: 'dialog-title', tabindex: '-1' }, title), close)
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'dialog-title' },
    head,
    h('div', { class: 'dialog-body' }, ...children),
  )
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => {
    dialog.remove()
    // A list that was refreshed meanwhile has another button in its place.
    const again =
      openerKey === undefined ? null : document.querySelector<HTMLElement>(`[data-key="${CSS.escape(openerKey)}"]`)
    if (again) again.focus()
    else if (opener instanceof HTMLElement) opener.focus()
  })
  document.body.append(dialog)
  dialog.showModal()
  head.querySelector('h2')?.focus()
  return dialog
}
