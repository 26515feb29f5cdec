/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { tokenKeys } from '../../../src/features/identity/principal.service.js'
import { signOperatorToken } from '../../../src/features/identity/token.js'
import { TEST_SECRET } from '../../support/api.js'
import { createTenant } from '../../support/records.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { openBrowser } from './browser.js'
import { DASHBOARD_OPTIONS, openDashboard } from './dashboard-page.js'
import { accessibilityTrouble } from './page-checks.js'

let browser: Browser
let server: HttpServer

beforeAll(async () => {
  browser = await openBrowser()
  server = await startHttpServer(DASHBOARD_OPTIONS)
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const signIn = async (page: Page, token: string): Promise<void> => {
  await page.fill('#token', token)
  await page.keyboard.press('Enter')
}

test('without a token there is a form, which says what it is refused for', async () => {
  const production = await startHttpServer({ ...DASHBOARD_OPTIONS, graphiqlPage: undefined, isLocal: false })
  const { page } = await openDashboard(browser, production.base)
  expect(await page.waitForSelector('label:text-is("Token")')).toBeTruthy()
  expect(await accessibilityTrouble(page)).toEqual([])
  await page.screenshot({ path: 'test-results/dashboard-sign-in.png' })
  await signIn(page, 'x.y.z')
  expect(await page.innerText('[role=alert]')).toBe('The token is not valid, or has expired.')
  await signIn(page, await production.token('MEMBER'))
  await page.waitForSelector('[role=alert]:has-text("ADMIN")')
  expect(await page.innerText('[role=alert]')).toBe('This needs the role ADMIN; yours is MEMBER.')
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  const operators = tokenKeys(TEST_SECRET).operators
  await signIn(page, await signOperatorToken(operators, new Date(), 600))
  await page.waitForSelector('.scope:text-is("Whole server")')
  // Without GraphiQL the query is shown.
  await page.click('.tile .figure')
  expect(await page.innerText('dialog pre')).toContain('recentMinutes')
  await page.context().close()
  await production.close()
})

test('an ADMIN sees the own tenant, and nothing of others', async () => {
  await server.ask('query ListsContacts { contacts(first: 5) { nodes { id } } }')
  const others = await createTenant(server.database, { name: 'Secretive' })
  const { page, errors } = await openDashboard(browser, server.base, { token: await server.token('ADMIN') })
  await page.waitForSelector(`.scope:text-is("${server.tenant.settings.name}")`)
  await page.waitForSelector('[data-key^="REQUESTS "]')
  const panels = await page.$$eval('main .panel[aria-label]', (all) =>
    all.map((panel) => panel.getAttribute('aria-label')),
  )
  expect(panels).toEqual([
    ...['Health', 'Requests a second', 'p95', 'Requests with errors', 'Slow statements'],
    ...['Requests', 'Durations', 'How many took how long', 'Operations', 'Statements', 'Slow statements'],
  ])
  expect(await page.locator('.segment input:disabled').count()).toBe(1)
  const text = await page.evaluate(() => document.body.innerText)
  expect(text).toContain('ListsContacts')
  for (const secret of ['DashboardTables', 'findDueFields', others.settings.id, 'Secretive'])
    expect(text).not.toContain(secret)
  expect(errors).toEqual([])
  await page.screenshot({ path: 'test-results/dashboard-admin.png', fullPage: true })
  await page.context().close()
})
