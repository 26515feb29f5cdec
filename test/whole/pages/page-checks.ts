/// <reference lib="dom" />
import type { Page } from 'playwright-core'

/** What a page lacks for who can't see it, or sees little: a line for each, none where all is well. */
export function accessibilityTrouble(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const trouble: string[] = []
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
    const nameOf = (element: HTMLElement): string => {
      const labels = 'labels' in element ? [...((element.labels as NodeListOf<HTMLElement> | null) ?? [])] : []
      const texts = [
        element.getAttribute('aria-label'),
        element.textContent,
        ...labels.map(({ innerText }) => innerText),
      ]
      return texts.find((text) => text?.trim()) ?? ''
    }
    for (const element of document.querySelectorAll<HTMLElement>('button, a[href], input, select, meter, [role=img]')) {
      if (isShown(element) && nameOf(element) === '') trouble.push(`no name: ${element.outerHTML.slice(0, 80)}`)
    }
    for (const image of document.querySelectorAll('img:not([alt])')) trouble.push(`no alt: ${image.outerHTML}`)
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) trouble.push(`id twice: ${id}`)
    let level = 0
    for (const heading of document.querySelectorAll('main h1, main h2, main h3, main h4')) {
      const own = Number(heading.tagName[1])
      if (level > 0 && own > level + 1) trouble.push(`h${level} before h${own}: ${heading.textContent}`)
      level = own
    }
    for (const table of document.querySelectorAll('table')) {
      if (!table.caption || !table.querySelector('th[scope=col]')) trouble.push('a table without caption or headings')
    }

    type Colour = [number, number, number, number]
    const colourOf = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number)
      return [r, g, b, a]
    }
    const luminance = ([r, g, b]: Colour): number => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((value) => {
        const part = value / 255
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * x + 0.7152 * y + 0.0722 * z
    }
    const behind = (element: Element | null): Colour => {
      for (let at = element; at; at = at.parentElement) {
        const colour = colourOf(getComputedStyle(at).backgroundColor)
        if (colour[3] > 0.99) return colour
      }
      return [255, 255, 255, 1]
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement
      // What can't be chosen may be faint.
      if (!element || !walker.currentNode.textContent?.trim() || !isShown(element)) continue
      if (element.closest('label')?.querySelector(':disabled') || element.closest('option, script, style')) continue
      const style = getComputedStyle(element)
      const [a, b] = [luminance(colourOf(style.color)), luminance(behind(element))]
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      const isLarge = Number.parseFloat(style.fontSize) >= 24
      if (contrast < (isLarge ? 3 : 4.5)) {
        trouble.push(`contrast ${contrast.toFixed(2)}: ${walker.currentNode.textContent.trim().slice(0, 40)}`)
      }
    }
    return trouble
  })
}

/** What is wider than the page, or is cut off where nothing says so. */
export function layoutTrouble(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const trouble =
      document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} wide`] : []
    for (const element of document.querySelectorAll<HTMLElement>('main *')) {
      const { right, width: own } = element.getBoundingClientRect()
      const isScrolled = element.closest('.scroll, pre') !== null
      if (own > 0 && right > width + 1 && !isScrolled && !element.closest('.unseen, .u-wrap')) {
        trouble.push(`beyond the page: ${element.outerHTML.slice(0, 80)}`)
      }
    }
    return trouble
  })
}
