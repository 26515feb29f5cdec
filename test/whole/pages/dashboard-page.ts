/// <reference lib="dom" />
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { NO_ALERTS } from '../../../src/features/alert/alerting.js'

const FOLDER = pathToFileURL('dist/public/dashboard/')

/** Options of a server with the built dashboard, where much happens in a short time. */
export const DASHBOARD_OPTIONS = {
  dashboardFolder: FOLDER,
  graphiqlPage: pathToFileURL('dist/public/graphiql.html'),
  slowQueryMs: 1,
  liveIntervalMs: 300,
  historySeconds: 60,
  alerts: { ...NO_ALERTS, intervalSeconds: 600 },
}

/** A dashboard in a tab of its own, and what it did. */
export interface Opened {
  readonly page: Page
  readonly errors: string[]
  readonly hosts: Set<string>
  readonly urls: string[]
  readonly bytes: () => Promise<number>
}

interface TabOptions {
  readonly width?: number
  readonly scheme?: 'light' | 'dark'
  readonly token?: string
}

/** Opens the dashboard of a server in a tab of its own, with a token or what the server gives. */
export async function openDashboard(
  browser: Browser,
  url: string,
  { width = 1280, scheme = 'light', token = '' }: TabOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme })
  const page = await context.newPage()
  const [errors, urls]: [string[], string[]] = [[], []]
  const hosts = new Set<string>()
  const files: Promise<number>[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('response', (response) => {
    const { host, pathname } = new URL(response.url())
    hosts.add(host)
    urls.push(response.url())
    const isFile = pathname.startsWith('/dashboard') && !/events$|json$/.test(pathname)
    if (isFile && response.status() === 200) files.push(response.body().then(({ length }) => length))
  })
  if (token !== '') {
    await page.addInitScript((typed) => sessionStorage.setItem('kith.dashboard.token', typed), token)
  }
  await page.goto(`${url}/dashboard`)
  return {
    page,
    errors,
    hosts,
    urls,
    bytes: async () => (await Promise.all(files)).reduce((sum, size) => sum + size, 0),
  }
}

/** Waits for the words of the verdict. */
export const verdict = (page: Page, text: string): Promise<unknown> =>
  page.waitForSelector(`.verdict h2:text-is("${text}")`)

/** Waits until the page says how it goes, whatever it says: that depends on the machine. */
export const judged = (page: Page): Promise<unknown> =>
  page.waitForSelector('.verdict[data-level]:not([data-level=UNKNOWN])')
