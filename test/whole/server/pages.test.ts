import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startHttpServer, type HttpServer } from '../support/http-server.js'
import { sendRaw, type RawAnswer } from '../../support/raw-request.js'
import { BUILT_PAGE, openPages, type Pages } from './built-page.js'
import { EVIL_HOSTS, GOOD_HOSTS, NO_HOSTS, spellings, type Spelling } from './request-spellings.js'

const PATHS = ['/graphql', '/graphiql', '/graphiql/options.json'] as const
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
const HTML = 'Accept: text/html'

let pages: Pages
let server: HttpServer
let port = 0

beforeAll(async () => {
  pages = openPages()
  server = await startHttpServer(
    ({ settings }) => ({ graphiqlPage: pages.file, demoTenantId: settings.id }),
    {},
    '0.0.0.0',
  )
  port = Number(new URL(server.base).port)
})

afterAll(async () => {
  await server?.close()
  pages?.close()
})

const hostLine = (host: string): string => `Host: ${host.replaceAll('PORT', String(port))}`

/** What an answer is: the page, its refusal, or else its status and what it says. */
function summary({ status, headers, body }: RawAnswer): string {
  if (status === 200 && body === BUILT_PAGE) return 'the page'
  if (status === 200 && body.includes('embeddable-sandbox') && tokenIn(body)) return 'the page'
  if (status === 200 && headers['content-type']?.startsWith('application/json') && tokenIn(body)) return 'the page'
  if (status === 308) return `308 to ${headers['location'] ?? ''}${body}`
  if (tokenIn(body) || body.includes('<')) return `${status} with more than it should say: ${body}`
  const text = body.replaceAll(headers['x-request-id'] ?? 'none', 'ID')
  return `${status} ${text}`
}

function tokenIn(text: string): string | undefined {
  return /Bearer (ey[\w-]+\.[\w-]+\.[\w-]+)/.exec(text)?.[1]
}

const error = (status: number, message: string, code: string): string =>
  `${status} ${JSON.stringify({ errors: [{ message, extensions: { code, requestId: 'ID' } }] })}`
const OTHER_MACHINE = error(403, 'This page is for browsers on the same machine.', 'FORBIDDEN')
const OTHER_SITE = error(403, 'This page is not for other sites.', 'FORBIDDEN')
const NOTHING = error(404, 'There is nothing here.', 'NOT_FOUND')
const NO_HOST = error(400, 'The request names no valid host.', 'BAD_REQUEST')
const CROSS_SITE = error(
  400,
  "This operation has been blocked as a potential Cross-Site Request Forgery (CSRF). Please either specify a 'content-type' header (with a type that is not one of application/x-www-form-urlencoded, multipart/form-data, text/plain) or provide a non-empty value for one of the following headers: authorization, apollo-require-preflight, x-apollo-operation-name\n",
  'BAD_REQUEST',
)
const badUrl = (target: string): string =>
  `400 ${JSON.stringify({ error: 'Bad Request', code: 'FST_ERR_BAD_URL', message: `'${target}' is not a valid url component`, statusCode: 400 })}`

type Case = readonly [requestLine: string, headerLines: readonly string[], expected: string]

/** Sends all, 50 at a time, and compares what came with what should. */
async function expectAll(cases: readonly Case[], address = '127.0.0.1'): Promise<void> {
  expect(cases.length).toBeGreaterThan(0)
  for (let start = 0; start < cases.length; start += 50) {
    const some = cases.slice(start, start + 50)
    const answers = await Promise.all(
      some.map(async ([line, headers]) => [line, headers, summary(await sendRaw({ address, port }, line, headers))]),
    )
    expect(answers).toEqual(some)
  }
}

/** Whoever isn't on this machine: refused; at /graphql what is no host is none for a query either. */
const refusal = (path: string, host: string): string =>
  path === '/graphql' && NO_HOSTS.includes(host) ? NO_HOST : OTHER_MACHINE

/** What is said to a spelling of a path that isn't the path itself. */
function elsewhere(path: string, { target, found }: Spelling): string {
  if (found === 308) return `308 to ${path}${target.slice(path.length + 1)}`
  return found === 404 ? NOTHING : badUrl(target)
}

const everySpelling = (path: string, host: string, expected: string): Case[] =>
  spellings(path).map((spelling) => [
    `GET ${spelling.target} HTTP/1.1`,
    [hostLine(host), HTML],
    spelling.found === 200 ? expected : elsewhere(path, spelling),
  ])

/** Addresses of this machine that others may reach; a machine without a network has none. */
const OUTER_ADDRESSES = Object.values(networkInterfaces())
  .flatMap((interfaces) => interfaces ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address)

describe.each(PATHS)('%s', (path) => {
  test.each(GOOD_HOSTS)('is given to a browser on this machine that asks %s for it, however it is spelt', (host) =>
    expectAll(everySpelling(path, host, 'the page')),
  )

  test.each([...EVIL_HOSTS, ...NO_HOSTS])('is not given to one that asks %j, however it is spelt', (host) =>
    expectAll(everySpelling(path, host, refusal(path, host))),
  )

  test('is not given for a host that is missing, or said twice', async () => {
    const [good, evil] = [hostLine('localhost:PORT'), hostLine('evil.example')]
    await expectAll([
      [`GET ${path} HTTP/1.0`, [HTML], refusal(path, '')],
      [`GET ${path} HTTP/1.0`, [hostLine('evil.example'), HTML], OTHER_MACHINE],
      [`GET ${path} HTTP/1.0`, [good, HTML], 'the page'],
      // Node itself refuses this one.
      [`GET ${path} HTTP/1.1`, [HTML], '400 '],
      [`GET ${path} HTTP/1.1`, [good, evil, HTML], OTHER_MACHINE],
      [`GET ${path} HTTP/1.1`, [evil, good, HTML], OTHER_MACHINE],
      [`GET ${path} HTTP/1.1`, [good, good, HTML], OTHER_MACHINE],
      [`GET ${path} HTTP/1.1`, [good, 'host:', HTML], OTHER_MACHINE],
    ])
  })

  test('is given for a whole address as the target where that and the host are loopback', async () => {
    const [good, evil] = [hostLine('localhost:PORT'), hostLine('evil.example')]
    const at = (authority: string): string => `GET http://${authority}${path} HTTP/1.1`
    await expectAll([
      [at('localhost'), [good, HTML], 'the page'],
      [at(`127.0.0.1:${port}`), [good, HTML], 'the page'],
      [at(`[::1]:${port}`).replace('http', 'HTTPS'), [good, HTML], 'the page'],
      [at('localhost'), [evil, HTML], OTHER_MACHINE],
      [at('evil.example'), [good, HTML], OTHER_MACHINE],
      [at('evil.example').replace('http', 'HTTPS'), [good, HTML], OTHER_MACHINE],
      [at('localhost@evil.example'), [good, HTML], OTHER_MACHINE],
      [at('evil.example@localhost'), [good, HTML], OTHER_MACHINE],
      [at('localhost.evil.example'), [evil, HTML], OTHER_MACHINE],
      [at('localhost:x:y'), [good, HTML], badUrl(`http://localhost:x:y${path}`)],
      [`GET ftp://localhost${path} HTTP/1.1`, [good, HTML], NOTHING],
      [`GET //localhost${path} HTTP/1.1`, [good, HTML], NOTHING],
    ])
  })

  test('is given to no other method than GET, and HEAD says nothing of it', async () => {
    const isApi = path === '/graphql'
    const said = (method: string, spelling: Spelling): string => {
      if (spelling.found === 400) return badUrl(spelling.target)
      if (isApi && method === 'OPTIONS' && spelling.found === 200) return '204 '
      if (!isApi || method !== 'POST') return NOTHING
      return spelling.found === 200 ? CROSS_SITE : elsewhere(path, spelling)
    }
    await expectAll(
      ['localhost:PORT', 'evil.example'].flatMap((host) =>
        spellings(path).flatMap((spelling) =>
          METHODS.map((method): Case => [
            `${method} ${spelling.target} HTTP/1.1`,
            [hostLine(host), HTML, 'Content-Length: 0'],
            said(method, spelling),
          ]),
        ),
      ),
    )
    const head = (host: string): number => (path === '/graphql' ? 400 : host === 'evil.example' ? 403 : 200)
    await expectAll(
      ['localhost:PORT', 'evil.example'].flatMap((host) =>
        spellings(path).map((spelling): Case => [
          `HEAD ${spelling.target} HTTP/1.1`,
          [hostLine(host), HTML],
          spelling.found === 308
            ? elsewhere(path, spelling)
            : `${spelling.found === 200 ? head(host) : spelling.found} `,
        ]),
      ),
    )
  })

  test('is not given to other machines', async () => {
    const cases = (host: string): Case[] => everySpelling(path, host, OTHER_MACHINE)
    for (const address of OUTER_ADDRESSES) {
      await expectAll([...cases('localhost:PORT'), ...cases(`${address}:PORT`)], address)
    }
    await expectAll(everySpelling(path, 'localhost:PORT', 'the page'), '127.0.0.9')
  })

  test.each([
    'Forwarded: for=127.0.0.1;host=localhost',
    'Via: 1.1 tunnel',
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-Host: localhost',
    'x-forwarded-host: evil.example',
    'X-Real-IP: 127.0.0.1',
  ])('is not given through a proxy that says %j', (line) =>
    expectAll([
      [`GET ${path} HTTP/1.1`, [hostLine('localhost:PORT'), line, HTML], OTHER_MACHINE],
      [`GET ${path} HTTP/1.1`, [hostLine('evil.example'), line, HTML], OTHER_MACHINE],
    ]),
  )

  test('is not given to pages of other sites', async () => {
    const isOptions = path === '/graphiql/options.json'
    const fetched = (site: string, mode: string, destination: string): string[] => [
      `Sec-Fetch-Site: ${site}`,
      `Sec-Fetch-Mode: ${mode}`,
      `Sec-Fetch-Dest: ${destination}`,
    ]
    const rows: [string[], string][] = [
      [fetched('same-origin', 'cors', 'empty'), 'the page'],
      [fetched('same-origin', 'navigate', 'document'), 'the page'],
      [fetched('none', 'navigate', 'document'), 'the page'],
      // A link: the page stands alone in its tab.
      [fetched('cross-site', 'navigate', 'document'), isOptions ? OTHER_SITE : 'the page'],
      [fetched('same-site', 'navigate', 'document'), isOptions ? OTHER_SITE : 'the page'],
      ...['cross-site', 'same-site', 'else', ''].flatMap((site) =>
        [
          ['cors', 'empty'],
          ['no-cors', 'empty'],
          ['no-cors', 'script'],
          ['no-cors', 'image'],
          ['navigate', 'iframe'],
          ['navigate', 'embed'],
          ['', ''],
        ].map(([mode = '', destination = '']): [string[], string] => [fetched(site, mode, destination), OTHER_SITE]),
      ),
      [['Sec-Fetch-Site: cross-site'], OTHER_SITE],
      [[`Origin: http://localhost:${port}`], 'the page'],
      [['Origin: http://localhost:3000'], OTHER_SITE],
      [[`Origin: https://localhost:${port}`], OTHER_SITE],
      [[`Origin: http://127.0.0.1:${port}`], OTHER_SITE],
      [['Origin: http://evil.example'], OTHER_SITE],
      [['Origin: null'], OTHER_SITE],
      [['Origin:'], OTHER_SITE],
      [['Origin: http://evil.example', 'Sec-Fetch-Site: same-origin'], OTHER_SITE],
    ]
    await expectAll(
      rows.map(([lines, expected]) => [`GET ${path} HTTP/1.1`, [hostLine('localhost:PORT'), ...lines, HTML], expected]),
    )
  })
})

describe('GET /graphql', () => {
  // Apollo's own rule: the best of the media types that it knows.
  test.each([
    ['text/html', true],
    ['TEXT/HTML', true],
    ['text/*', true],
    ['text/html, application/json', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/json, text/html', false],
    ['application/json;q=0.5, text/html', true],
    ['application/graphql-response+json, text/html;q=0.9', false],
    ['application/json', false],
    ['*/*', false],
    ['text/html;q=0, application/json', false],
    ['', false],
  ])('with Accept: %s renders the page: %s', async (accept, isPage) => {
    const query = `GET /graphql?query=${encodeURIComponent('{ __typename }')} HTTP/1.1`
    const lines = (host: string): string[] => [hostLine(host), `Accept: ${accept}`, 'apollo-require-preflight: 1']
    const answered = '200 {"data":{"__typename":"Query"},"extensions":{"cost":{"requested":0,"limit":20000}}}\n'
    await expectAll([
      [query, lines('localhost:PORT'), isPage ? 'the page' : answered],
      // A query is answered under any name, as before: it carries no token.
      [query, lines('evil.example'), isPage ? OTHER_MACHINE : answered],
    ])
  })
})
