type Child = Node | string | number | null | undefined | false
type Props = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>

/**
 * An element with attributes and children: `h('button', { type: 'button', click: open }, 'Open')`. A function listens to the event of
 * its name; `true` sets an attribute without a value, `false` and undefined none. Texts go in as texts, never as HTML.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), props, children)
}

/** The same for SVG. */
export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), props, children)
}

function fill<Made extends Element>(element: Made, props: Props, children: readonly Child[]): Made {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...shown(children))
  return element
}

/** Replaces what an element holds. What has the focus there keeps it, where its successor has the same `data-key`. */
export function put(element: Element, ...children: Child[]): void {
  const active = document.activeElement
  const key = active instanceof HTMLElement && element.contains(active) ? active.dataset['key'] : undefined
  element.replaceChildren(...shown(children))
  if (key !== undefined) element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus()
}

function shown(children: readonly Child[]): (Node | string)[] {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === 'number' ? String(child) : child))
}

/** A horizontal bar that fills a part of its place; for the eye alone, as the number stands beside it. */
export function bar(part: number, kind = ''): HTMLElement {
  const filled = h('span', { class: `bar-fill ${kind}` })
  filled.style.width = `${Math.max(0, Math.min(1, part)) * 100}%`
  return h('span', { class: 'bar', 'aria-hidden': 'true' }, filled)
}

/** A line of values without axes; null where nothing is known. */
export function sparkline(values: readonly (number | null)[], kind = ''): SVGElement {
  const [width, height] = [120, 28]
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0))
  const step = width / Math.max(1, values.length - 1)
  let path = ''
  let isDown = false
  for (const [index, value] of values.entries()) {
    if (value !== null) {
      const y = height - 2 - (value / most) * (height - 4)
      path += `${isDown ? 'L' : 'M'}${(index * step).toFixed(1)} ${y.toFixed(1)}`
    }
    isDown = value !== null
  }
  const props = {
    viewBox: `0 0 ${width} ${height}`,
    class: `spark ${values.some((value) => value) ? kind : 'none'}`,
    preserveAspectRatio: 'none',
  }
  return svg(
    'svg',
    { ...props, 'aria-hidden': 'true' },
    svg('path', { d: path, 'vector-effect': 'non-scaling-stroke' }),
  )
}
