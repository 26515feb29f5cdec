import { h } from '../dashboard/dom.js'

/** A bar that says how far something is. */
export interface Bar {
  readonly element: HTMLElement
  /** A part of 1; null where nobody knows. */
  readonly show: (part: number | null) => void
  readonly hide: () => void
}

/** A bar of a name, hidden at first. */
export function createBar(name: string): Bar {
  const element = h('progress', { max: 1, hidden: true, 'aria-label': name })
  return {
    element,
    show(part) {
      element.hidden = false
      if (part === null) element.removeAttribute('value')
      else element.value = part
    },
    hide: () => void (element.hidden = true),
  }
}
