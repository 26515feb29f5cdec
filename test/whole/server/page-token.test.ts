import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { FIRST_QUERY } from '../../../src/http/pages.js'
import { startHttpServer, type HttpServer } from '../support/http-server.js'

const TTL_SECONDS = 8 * 3600

let folder = ''
let local: HttpServer
let production: HttpServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-pages-'))
  const file = join(folder, 'graphiql.html')
  for (const suffix of ['', '.gz', '.br']) writeFileSync(file + suffix, '')
  const graphiqlPage = pathToFileURL(file)
  local = await startHttpServer(({ settings }) => ({ graphiqlPage, demoTenantId: settings.id }))
  production = await startHttpServer(({ settings }) => ({ isLocal: false, demoTenantId: settings.id }))
})

afterAll(async () => {
  await local?.close()
  await production?.close()
  rmSync(folder, { recursive: true, force: true })
})

const sandbox = async ({ base }: HttpServer): Promise<string> =>
  (await fetch(`${base}/graphql`, { headers: { accept: 'text/html' } })).text()

const options = (): Promise<Response> => fetch(`${local.base}/graphiql/options.json`)

/** The tokens in a text, each once. */
function tokensIn(text: string): string[] {
  return [...new Set([...text.matchAll(/Bearer (ey[\w-]+\.[\w-]+\.[\w-]+)/g)].map(([, token]) => token ?? ''))]
}

describe('the token of the pages', () => {
  test('lives for 8 hours, as the ADMIN of the demo tenant', async () => {
    const tokens = [...tokensIn(await (await options()).text()), ...tokensIn(await sandbox(local))]
    expect(tokens).toHaveLength(2)
    for (const token of tokens) {
      const { iat = 0, exp, ...claims } = decodeJwt(token)
      expect(claims).toEqual({
        tenant_id: local.tenant.settings.id,
        sub: local.tenant.users.ADMIN,
        role: 'ADMIN',
        iss: 'kith',
        aud: 'kith',
      })
      expect(exp).toBe(iat + TTL_SECONDS)
      const response = await fetch(`${local.base}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '{"query":"{ me { role } }"}',
      })
      expect(await response.json()).toEqual({
        data: { me: { role: 'ADMIN' } },
        extensions: { cost: { requested: 1, limit: 20_000 } },
      })
    }
  })

  test('comes with what GraphiQL opens with, and is kept by nobody on the way', async () => {
    const response = await options()
    const { headers, ...rest } = (await response.json()) as { headers: string }
    expect(rest).toEqual({ title: 'Kith', query: FIRST_QUERY, expiresInSeconds: TTL_SECONDS })
    expect(JSON.parse(headers)).toEqual({ authorization: expect.stringMatching(/^Bearer ey/) })
    expect(response.headers.get('cache-control')).toBe('no-store')
    const page = await fetch(`${local.base}/graphql`, { headers: { accept: 'text/html' } })
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  test('is in no page of production, whatever the tenant', async () => {
    // There is no page at all: who has no token is told so.
    const page = await sandbox(production)
    expect(JSON.parse(page)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(tokensIn(page)).toEqual([])
  })
})
