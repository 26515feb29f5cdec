/// <reference lib="dom" />
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema, parse, validate } from 'graphql'
import type { Browser, Page } from 'playwright-core'
import { createAlertWatch } from '../../../src/features/alert/alert-watch.js'
import { activeRules, DEFAULT_THRESHOLDS } from '../../../src/metrics/alert-rules.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { openBrowser } from './browser.js'
import { DASHBOARD_OPTIONS, judged, openDashboard, verdict } from './dashboard-page.js'
import { accessibilityTrouble, layoutTrouble } from './page-checks.js'

const MAX_BYTES = 150_000
const SIZES = [
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const
const SILENT = { warn: () => undefined, info: () => undefined }
const MINUTE_MS = 60_000

let browser: Browser
let server: HttpServer
let door: Server
let base = ''
let target = 0
const sockets = new Set<Socket>()

beforeAll(async () => {
  if (!existsSync('dist/public/dashboard')) throw new Error('dist/public/dashboard is missing. Run: npm run build')
  browser = await openBrowser()
  server = await startHttpServer(({ settings }) => ({ ...DASHBOARD_OPTIONS, demoTenantId: settings.id }))
  // A door that leads to whichever server runs, as its address stays when it starts again.
  door = createServer((socket) => {
    const inner = connect(target, '127.0.0.1')
    for (const one of [socket, inner]) {
      sockets.add(one)
      one.on('error', () => one.destroy()).on('close', () => [socket, inner].forEach((end) => end.destroy()))
    }
    socket.pipe(inner).pipe(socket)
  }).listen(0, '127.0.0.1')
  await once(door, 'listening')
  target = Number(new URL(server.base).port)
  base = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
})

afterAll(async () => {
  await browser?.close()
  for (const socket of sockets) socket.destroy()
  door?.close()
  await server?.close()
})

/** Looks at the page in all sizes and both themes; the pictures are kept for people. */
async function look(state: string, isThere: (page: Page) => Promise<unknown> = judged): Promise<void> {
  for (const [width, scheme] of SIZES) {
    const { page, errors } = await openDashboard(browser, base, { width, scheme })
    await isThere(page)
    // All parts load as they come into sight.
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.panel-body')].every((body) => body.childElementCount > 0),
    )
    await page.evaluate(() => window.scrollTo(0, 0))
    await page.waitForSelector('.u-wrap canvas')
    await page.screenshot({ path: `test-results/dashboard-${state}-${width}-${scheme}.png`, fullPage: true })
    expect([state, width, scheme, await layoutTrouble(page), await accessibilityTrouble(page), errors]).toEqual([
      ...[state, width, scheme, [], [], []],
    ])
    await page.context().close()
  }
}

async function send(query: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) await server.ask(query)
}

test('a fresh start: the page is small, of this server alone, and says how it goes', async () => {
  const opened = await openDashboard(browser, base)
  await judged(opened.page)
  expect([...opened.hosts]).toEqual([new URL(base).host])
  expect(opened.errors).toEqual([])
  const bytes = await opened.bytes()
  expect(bytes).toBeGreaterThan(80_000)
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES)
  // The token is nowhere but in headers.
  expect(opened.urls.filter((url) => url.includes('eyJ'))).toEqual([])
  expect(await opened.page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual([
    '',
    1,
    0,
  ])
  await opened.page.context().close()
  await look('fresh')
})

describe('with traffic', () => {
  beforeAll(async () => {
    await send(
      'mutation AddsOne { createContact(input: { firstName: "Ada", lastName: "Ash" }) { contact { id } } }',
      20,
    )
    await send('query ListsContacts { contacts(first: 50) { nodes { fullName company { name } } totalCount } }', 60)
    await send('query FindsByName { search(query: "ada", first: 10) { nodes { record { id } } } }', 20)
    await send('query IsRefused { contacts(after: "x") { nodes { id } } }', 5)
  })

  test('looks right in all sizes', () => look('busy'))

  test('leads from the verdict to the plan of the statement in three clicks', async () => {
    const { page } = await openDashboard(browser, base)
    await judged(page)
    // The plan of a statement is sampled beside the work.
    await page.click('[data-key="suspect Statement"]')
    await page.waitForSelector('dialog[open] .plan-node')
    expect(await page.innerText('dialog .plan .note')).toMatch(/^Generic plan, sampled \d+ (s|min) ago/)
    await page.click('dialog summary')
    expect(await page.innerText('dialog details pre')).toMatch(/select/i)
    await page.screenshot({ path: 'test-results/dashboard-plan.png' })
    await page.context().close()
  })

  test('every figure leads to a query that the API takes', async () => {
    const { page } = await openDashboard(browser, base)
    await page.waitForSelector('[data-key^="tenant "]')
    const links = await page.$$eval('main .figure', (figures) =>
      figures.map((figure) => (figure as HTMLAnchorElement).href),
    )
    expect(links.length).toBeGreaterThan(60)
    const queries = new Set(links.map((link) => new URL(link).searchParams.get('query') ?? ''))
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
    expect(queries.size).toBeGreaterThanOrEqual(7)
    for (const query of queries) expect([query, validate(schema, parse(query))]).toEqual([query, []])
    // Numbers of panels stand in such links, or in charts, notes and headings about them.
    const bare = await page.$$eval('main td.number, main dd', (cells) =>
      cells
        .filter((cell) => /\d/.test(cell.textContent) && !cell.querySelector('.figure'))
        .map((cell) => cell.textContent),
    )
    expect(bare).toEqual([])
    const [graphiql] = await Promise.all([page.context().waitForEvent('page'), page.click('.tile .figure >> nth=3')])
    await graphiql.waitForFunction(() => document.body.innerText.includes('DashboardSlowQueries'))
    await graphiql.click('button[aria-label^="Execute query"]')
    await graphiql.waitForFunction(() => /"total":\s\d/.test(document.body.innerText))
    expect(await graphiql.evaluate(() => document.body.innerText)).not.toContain('FORBIDDEN')
    await page.context().close()
  })

  test('can be used by the keyboard alone', async () => {
    const { page } = await openDashboard(browser, base)
    await page.waitForSelector('[data-key^="REQUESTS "]')
    const focused = () =>
      page.evaluate(() => document.activeElement?.textContent || (document.activeElement as HTMLInputElement)?.value)
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('To the figures')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('15 min')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe('1 h')
    await page.waitForFunction(() => document.body.innerText.includes('last hour'))
    for (let count = 0; count < 3; count++) await page.keyboard.press('Tab')
    expect(await focused()).toMatch(/^[A-Z]\w+$/)
    const name = await focused()
    await page.keyboard.press('Enter')
    await page.waitForSelector('dialog[open]')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('dialog-title')
    // Lists are refreshed behind it; the focus goes back to what opened it all the same.
    await page.waitForTimeout(1000)
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
    expect(await focused()).toBe(name)
    const table = page.locator('section[aria-label="Durations"] button:text-is("Table")')
    await table.focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('section[aria-label="Durations"] tbody tr').count()).toBeGreaterThan(0)
    expect(await page.locator('section[aria-label="Durations"] canvas').isVisible()).toBe(false)
    await page.context().close()
  })

  test('changes between light and dark, and keeps it', async () => {
    const { page } = await openDashboard(browser, base)
    await judged(page)
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await background()
    for (const theme of ['light', 'dark']) {
      await page.click('button:has-text("Theme:")')
      expect(await page.innerText('button:has-text("Theme:")')).toBe(`Theme: ${theme}`)
    }
    const dark = await background()
    expect(dark).not.toBe(light)
    await page.reload()
    await judged(page)
    expect(await background()).toBe(dark)
    await page.context().close()
  })
})

test('an alert that fires is seen at once, and looked after', async () => {
  let nowMs = Date.now() - 11 * MINUTE_MS
  const watch = createAlertWatch({
    ...{ database: server.database, log: SILENT, intervalSeconds: 0, msSinceAnswer: () => 0, nowMs: () => nowMs },
    rules: activeRules(DEFAULT_THRESHOLDS).filter(({ name }) => name === 'DISK'),
    readFigures: async () => ({
      ...{ five: undefined, ten: undefined, blocks: undefined, diskPart: 0.95 },
      server: new Error('nobody looks'),
    }),
  })
  await watch.tick()
  nowMs += 6 * MINUTE_MS
  await watch.tick()
  await watch.stop()
  await look('alert', (page) => verdict(page, 'An alert is firing'))
  const { page } = await openDashboard(browser, base)
  await verdict(page, 'An alert is firing')
  expect(await page.innerText('.verdict p')).toMatch(/^95 % of the disk is used\. since [\d:]+ \([5-9] min\)$/)
  await page.click('[data-key^="alert "]')
  await page.fill('#alert-by', 'Grace')
  await page.click('button:text-is("I look after it")')
  await page.waitForSelector('dialog .good:text-is("Done.")')
  await page.selectOption('dialog select', '120')
  await page.click('button:text-is("Silence")')
  await page.keyboard.press('Escape')
  await page.waitForSelector('section[aria-label="Alerts"] .chip:text-is("firing, silenced")')
  await page.waitForSelector('.verdict h2:not(:text-is("An alert is firing"))')
  await page.context().close()
})

test('a server that starts again is found again, and what nobody knows is a gap', async () => {
  const { page } = await openDashboard(browser, base)
  await judged(page)
  await page.waitForSelector('.live[data-state=LIVE]')
  target = 1
  for (const socket of sockets) socket.destroy()
  await verdict(page, 'The server does not answer')
  expect(await page.innerText('.live')).toBe('Reconnecting')
  const second = await startHttpServer(({ settings }) => ({ ...DASHBOARD_OPTIONS, demoTenantId: settings.id }))
  target = Number(new URL(second.base).port)
  await page.waitForSelector('.live[data-state=LIVE]', { timeout: 20_000 })
  await judged(page)
  await page.click('section[aria-label="Requests"] button:text-is("Table")')
  await page.screenshot({ path: 'test-results/dashboard-again.png' })
  await page.waitForSelector('section[aria-label="Requests"] td:text-is("not known")')
  await page.context().close()
  await second.close()
  target = Number(new URL(server.base).port)
})
