/// <reference lib="dom" />
import { existsSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { openBrowser } from './browser.js'
import { accessibilityTrouble, layoutTrouble } from './page-checks.js'

const SIZES = [
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const
const CSV = [
  'First Name;Last Name;E-mail 1 - Value;Mobile Phone;Company name;Birthday;Favourite colour',
  'Ada;Lovelace;ada@example.com;+41 44 668 18 00;Acme;10/12/1980;red',
  'Grace;Hopper;grace@example.com;;Acme;9/12/1986;blue',
  'Alan;Turing;not an address;;;23/6/1982;green',
].join('\n')
const OPTIONS = { importFolder: pathToFileURL('dist/public/import/'), worker: 'on' } as const

let browser: Browser
let server: HttpServer

beforeAll(async () => {
  if (!existsSync('dist/public/import')) throw new Error('dist/public/import is missing. Run: npm run build')
  browser = await openBrowser()
  server = await startHttpServer(({ settings }) => ({ ...OPTIONS, demoTenantId: settings.id }))
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Opens the page in a tab of its own, with what it did. */
async function open({
  url = server.base,
  width = 1280,
  scheme = 'light',
}: { url?: string; width?: number; scheme?: 'light' | 'dark' } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    acceptDownloads: true,
  })
  const page = await context.newPage()
  const [errors, hosts]: [string[], Set<string>] = [[], new Set()]
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('request', (request) => hosts.add(new URL(request.url()).host))
  await page.goto(`${url}/import`)
  return { page, errors, hosts }
}

/** Drops a file onto the page, as a person does. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  await page.waitForSelector('.drop')
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer()
      data.items.add(new File([text], fileName))
      return data
    },
    [name, content] as const,
  )
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer })
}

const done = (page: Page, title: string) => page.waitForSelector(`.run:last-of-type h2:text-is("${title}")`)
const counts = (page: Page): Promise<Record<string, string>> =>
  page.$$eval('.run [data-count]', (all) =>
    Object.fromEntries(
      all.map((one) => [(one as HTMLElement).dataset['count'] ?? '', one.querySelector('dd')?.textContent ?? '']),
    ),
  )
const contacts = async (): Promise<number> => {
  const { body } = await server.ask('{ contacts(first: 1) { totalCount } }')
  return (body.data['contacts'] as { totalCount: number }).totalCount
}

test('a file is dropped, its columns are seen and adjusted, tried, imported, and refused rows are downloaded', async () => {
  const { page, errors, hosts } = await open()
  await drop(page, 'people.csv', CSV)
  await page.waitForSelector('.columns')
  expect(
    await page.$$eval('.columns tbody tr', (rows) =>
      rows.map((row) => [
        row.querySelector('th')?.textContent,
        row.querySelector('.samples')?.textContent,
        row.querySelector('select')?.value,
        row.querySelectorAll('.needed').length,
      ]),
    ),
  ).toEqual([
    ['First Name', 'Ada · Grace · Alan', 'firstName', 0],
    ['Last Name', 'Lovelace · Hopper · Turing', 'lastName', 0],
    ['E-mail 1 - Value', 'ada@example.com · grace@example.com · not an address', 'emailAddresses.1.email', 0],
    ['Mobile Phone', '+41 44 668 18 00', 'phoneNumbers.1.number', 0],
    ['Company name', 'Acme', 'company.name', 0],
    ['Birthday', '10/12/1980 · 9/12/1986 · 23/6/1982', 'birthDate', 1],
    ['Favourite colour', 'red · blue · green', '', 0],
  ])

  // Dates that can be read in two ways are refused until somebody says how.
  await page.click('button:text-is("Dry run")')
  await done(page, 'Dry run is done, without some rows')
  expect(await counts(page)).toEqual({
    read: '3',
    created: '0',
    updated: '0',
    unchanged: '0',
    skipped: '0',
    failed: '3',
  })
  expect(await page.innerText('.failures tbody tr:first-child')).toContain('may be day first or month first')
  await page.selectOption('[aria-label="Order of dates in Birthday"]', 'DMY')
  await page.selectOption('[aria-label="Favourite colour belongs to"]', 'notes')
  await page.click('button:text-is("Dry run")')
  await page.waitForSelector('.run [data-count=created] dd:text-is("2")')
  await done(page, 'Dry run is done, without some rows')
  expect(await counts(page)).toEqual({
    read: '3',
    created: '2',
    updated: '0',
    unchanged: '0',
    skipped: '0',
    failed: '1',
  })
  expect(await contacts()).toBe(0)

  await page.click('button:text-is("Import")')
  await done(page, 'Import is done, without some rows')
  expect(await counts(page)).toEqual({
    read: '3',
    created: '2',
    updated: '0',
    unchanged: '0',
    skipped: '0',
    failed: '1',
  })
  expect(await contacts()).toBe(2)
  const { body } = await server.ask(
    '{ contacts(first: 2, orderBy: [{ field: LAST_NAME }]) { nodes { fullName birthDate notes company { name } phoneNumbers { type } } } }',
  )
  expect(body.data['contacts'].nodes).toEqual([
    { fullName: 'Grace Hopper', birthDate: '1986-12-09', notes: 'blue', company: { name: 'Acme' }, phoneNumbers: [] },
    {
      fullName: 'Ada Lovelace',
      birthDate: '1980-12-10',
      notes: 'red',
      company: { name: 'Acme' },
      phoneNumbers: [{ type: 'MOBILE' }],
    },
  ])
  expect(await page.innerText('.failures tbody')).toMatch(/^4\s+E-mail 1 - Value\s+“not an address”/)
  // The token that the page has isn't taken any more: it asks for another.
  await page.route('**/errors.csv', (route) => route.fulfill({ status: 401 }), { times: 1 })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('button:text-is("Download refused rows")'),
  ])
  expect(download.suggestedFilename()).toBe('people-errors.csv')
  expect(readFileSync(await download.path(), 'utf8')).toContain('not an address')
  await page.screenshot({ path: 'test-results/import-done.png', fullPage: true })

  page.on('dialog', (dialog) => void dialog.accept())
  await page.click('button:text-is("Undo")')
  await page.waitForSelector('h2:text-is("Undo is done")')
  expect(await contacts()).toBe(0)
  expect([errors, [...hosts]]).toEqual([[expect.stringContaining('401')], [new URL(server.base).host]])
  await page.context().close()
})

test('looks right in all sizes, in light and dark, at every step', async () => {
  for (const [width, scheme] of SIZES) {
    const { page, errors } = await open({ width, scheme })
    const look = async (state: string): Promise<void> => {
      await page.screenshot({ path: `test-results/import-${state}-${String(width)}-${scheme}.png`, fullPage: true })
      expect([state, width, scheme, await layoutTrouble(page), await accessibilityTrouble(page)]).toEqual([
        state,
        width,
        scheme,
        [],
        [],
      ])
    }
    await page.waitForSelector('.drop')
    await look('empty')
    await drop(page, 'people.csv', CSV)
    await page.waitForSelector('.columns')
    await look('columns')
    await page.click('button:text-is("Dry run")')
    await page.waitForSelector('.failures')
    await look('run')
    expect(errors).toEqual([])
    await page.context().close()
  }
})

test('a file that can not be read is refused with what to do, and can be read another way', async () => {
  const { page } = await open()
  await drop(page, 'sheet.csv', 'PK\x03\x04\x00\x00\x00\x00\x00\x00')
  await page.waitForSelector('[role=alert] p')
  expect(await page.innerText('[role=alert]')).toContain('ZIP archive or an Excel workbook')
  await drop(page, 'titled.csv', 'Report of May\nname,mail\nAda,ada@example.com\n')
  await page.waitForSelector('[role=alert] p:has-text("Report of May")')
  await page.fill('.fields input[type=number]', '2')
  await page.click('button:text-is("Read again")')
  await page.waitForSelector('[data-column=mail]')
  expect(await page.$$eval('[role=alert] p', (all) => all.length)).toBe(0)
  await page.context().close()
})

test('without a token there is a form; who may not import is told so', async () => {
  const production = await startHttpServer({ ...OPTIONS, isLocal: false })
  const { page } = await open({ url: production.base })
  await page.waitForSelector('label:text-is("Token")')
  expect(await accessibilityTrouble(page)).toEqual([])
  await page.fill('#token', 'x.y.z')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=alert]')
  expect(await page.innerText('[role=alert]')).toBe('The token is not valid, or has expired.')
  await page.fill('#token', await production.token('VIEWER'))
  await page.keyboard.press('Enter')
  await drop(page, 'people.csv', CSV)
  await page.waitForSelector('[role=alert] p')
  expect(await page.innerText('[role=alert]')).toContain('MEMBER')
  await page.context().close()
  await production.close()
})
