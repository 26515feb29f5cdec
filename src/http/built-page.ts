import { readdirSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { findBuiltFile, sendBuiltFile } from './built-files.js'
import { guardPage } from './page-guard.js'

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
 * A page of the build at `address`, with its files below, and what it is filled in with at `<address>/options.json`. Where
 * `isLocal`, all of it is for browsers on this machine alone, as the options hold a token then.
 */
export function addBuiltPage(
  app: FastifyInstance,
  address: string,
  folder: URL,
  { isLocal, options }: { readonly isLocal: boolean; readonly options: () => Promise<object> },
): void {
  const names = readdirSync(folder).filter((name) => !/\.(br|gz)$/.test(name))
  for (const name of names) {
    const file = findBuiltFile(new URL(name, folder))
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    const isPage = name === INDEX
    const path = isPage ? address : `${address}/${name}`
    app.get(path, { compress: false, onRequest: guardPage(isLocal, { mayBeLinked: isPage }) }, (request, reply) => {
      if (isPage) void reply.header('content-security-policy', POLICY)
      return sendBuiltFile(request, reply, file, type)
    })
  }
  app.get(
    `${address}/options.json`,
    { onRequest: guardPage(isLocal, { mayBeLinked: false }) },
    async (_request, reply) => reply.header('cache-control', 'no-store').send(await options()),
  )
}
