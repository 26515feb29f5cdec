import { mkdirSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import { testBrowser } from '../../setup/test-run.js'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What a page did while it was open. */
export interface Visit {
  readonly page: Page
  /** hosts that were asked for anything */
  readonly hosts: Set<string>
  /** errors of the page's own console and scripts */
  readonly errors: string[]
}

/** Headless Chromium: the one of CHROMIUM, else Debian's, with further flags. @throws where there is none */
export function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  mkdirSync('test-results', { recursive: true })
  return chromium.launch({ executablePath: testBrowser(), args: [...FLAGS, ...flags] })
}

/** Opens an address in a fresh context and watches it. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const hosts = new Set<string>()
  const errors: string[] = []
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol.startsWith('http')) hosts.add(host)
  })
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  return { page, hosts, errors }
}
