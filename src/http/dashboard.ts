import { readdirSync } from 'node:fs'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { findBuiltFile, sendBuiltFile } from './built-files.js'
import { addDashboardEvents, type DashboardEventsOptions } from './dashboard-events.js'
import { refusePage } from './page-guard.js'

/** For whom the dashboard's page is, what it is filled in with, and what its events come from. */
export interface DashboardOptions extends DashboardEventsOptions {
  /** for browsers on this machine alone, as its options hold a token; else for everyone, without one */
  readonly isLocal: boolean
  /** an operator's token, signed anew each time the page asks; asked for locally alone */
  readonly token: () => Promise<string>
  readonly tokenTtlSeconds: number
  /** whether queries can be opened in GraphiQL */
  readonly hasGraphiQL: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
}
const INDEX = 'index.html'

// Scripts and styles are files of this server; it talks to this server alone.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/**
 * The dashboard at `/dashboard`, from the files of the build alone. Locally for browsers on this machine, whom
 * `/dashboard/options.json` gives an operator's token; in production for everyone, without a token. Its events need a token of their
 * own in any case.
 */
export function addDashboard(app: FastifyInstance, folder: URL, options: DashboardOptions): void {
  addDashboardEvents(app, options)
  const guard =
    (rules: { mayBeLinked: boolean }): onRequestHookHandler =>
    (request, reply, done) => {
      if (!options.isLocal || !refusePage(request, reply, rules)) done()
    }
  const names = readdirSync(folder).filter((name) => !/\.(br|gz)$/.test(name))
  for (const name of names) {
    const file = findBuiltFile(new URL(name, folder))
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    const isPage = name === INDEX
    const path = isPage ? '/dashboard' : `/dashboard/${name}`
    app.get(path, { compress: false, onRequest: guard({ mayBeLinked: isPage }) }, (request, reply) => {
      if (isPage) void reply.header('content-security-policy', POLICY)
      return sendBuiltFile(request, reply, file, type)
    })
  }
  app.get('/dashboard/options.json', { onRequest: guard({ mayBeLinked: false }) }, async (_request, reply) => {
    const { hasGraphiQL, isLocal, tokenTtlSeconds: expiresInSeconds } = options
    const filledIn = isLocal ? { token: await options.token(), expiresInSeconds } : {}
    return reply.header('cache-control', 'no-store').send({ hasGraphiQL, ...filledIn })
  })
}
