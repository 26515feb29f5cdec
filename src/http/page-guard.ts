import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { refuseRequest } from './refusal.js'

/**
 * The local pages (Apollo Sandbox, GraphiQL and its options) are filled in with an ADMIN's token. They are for browsers
 * on this machine alone, and no page of another site gets at them:
 *
 * | a page of another site …                                        | is stopped by                                |
 * | --------------------------------------------------------------- | -------------------------------------------- |
 * | has its own name point to 127.0.0.1 (DNS rebinding)             | `Host`, which still says its name            |
 * | is reached from another machine                                 | the address of the socket                    |
 * | comes through a proxy or a tunnel that rewrites `Host`          | the headers that such a proxy adds           |
 * | is on another port of this machine, and fetches or embeds pages | `Sec-Fetch-Site`, `Origin`                   |
 *
 * The guard is asked by the routes themselves, after the router has decoded the path, so that no spelling of a path
 * (`/graph%69ql`) gets around it.
 */

/** What the guard looks at; Node's request has it. */
export type GuardedRequest = Pick<IncomingMessage, 'url' | 'headers' | 'headersDistinct'> & {
  readonly socket: { readonly remoteAddress?: string | undefined }
}

// Address literals and the one name that no DNS server can give away; with any port, as `ssh -L` chooses one.
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i
const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/
const ABSOLUTE_TARGET = /^https?:\/\/([^/?#]*)/i
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/**
 * Whether a browser on this machine asks, under a loopback name (with any port), through no proxy. A request that names
 * its host twice (two `Host` headers, or `GET http://name/graphql`) must name loopback each time.
 */
export function isFromThisMachine({ url = '', headers, headersDistinct, socket }: GuardedRequest): boolean {
  const { host: hosts = [] } = headersDistinct
  const target = ABSOLUTE_TARGET.exec(url)?.[1]
  return (
    hosts.length === 1 &&
    [...hosts, ...(target === undefined ? [] : [target])].every((host) => LOOPBACK_HOST.test(host)) &&
    LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') &&
    PROXY_HEADERS.every((name) => headers[name] === undefined)
  )
}

/**
 * Whether no page of another site (another port is one) asks. With `mayBeLinked`, a link on such a page may be
 * followed: the page then stands alone in its tab, where the other can't read it. Clients that are no browsers say
 * nothing of all this, and pass.
 */
function isFromThisSite({ headers }: GuardedRequest, { mayBeLinked }: { mayBeLinked: boolean }): boolean {
  const { origin, host = '' } = headers
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return false
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers
  if (site === undefined || site === 'same-origin' || site === 'none') return true
  return mayBeLinked && mode === 'navigate' && destination === 'document'
}

/** Answers 403 FORBIDDEN and returns true where a page isn't for who asks. */
export function refusePage(request: FastifyRequest, reply: FastifyReply, options: { mayBeLinked: boolean }): boolean {
  const isHere = isFromThisMachine(request.raw)
  if (isHere && isFromThisSite(request.raw, options)) return false
  const message = isHere ? 'This page is not for other sites.' : 'This page is for browsers on the same machine.'
  void refuseRequest(request, reply, { status: 403, code: 'FORBIDDEN', message })
  return true
}

/** Keeps a page from whom it isn't for, where it is local: without a token in it, it is for everyone. */
export function guardPage(isLocal: boolean, options: { mayBeLinked: boolean }): onRequestHookHandler {
  return (request, reply, done) => {
    if (!isLocal || !refusePage(request, reply, options)) done()
  }
}
