import { lookup as resolve } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestSecure, type RequestOptions } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Webhook } from 'standardwebhooks'

/** Where messages are sent. */
export interface WebhookOptions {
  readonly url: string
  /** `whsec_` and Base64 */
  readonly secret: string
  /** whether it may be on a private, loopback or link-local address */
  readonly allowsPrivate: boolean
  /** for all of it, from the look-up of the name to the answer's status */
  readonly timeoutMs: number
}

/**
 * Sends a message, signed by Standard Webhooks, and resolves when the receiver has taken it (2xx). A redirect is not
 * followed: it could lead anywhere. The address is checked when the connection is made, not before, so that a name can't
 * change what it stands for in between. @throws Error with the reason, without the address
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function sendWebhook(
  { url, secret, allowsPrivate, timeoutMs }: WebhookOptions,
  id: string,
  message: object,
  now: Date,
): Promise<void> {
  const target = new URL(url)
  const host = target.hostname.replace(/^\[|\]$/g, '')
  if (!allowsPrivate && isIP(host) !== 0 && !isPublic(host)) return Promise.reject(new Error(NOT_PUBLIC))
  const body = JSON.stringify(message)
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'kith',
    'webhook-id': id,
    'webhook-timestamp': Math.floor(now.getTime() / 1000),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  }
  const signal = AbortSignal.timeout(timeoutMs)
  const options: RequestOptions = {
    ...{ method: 'POST', headers, agent: false, signal },
    ...(allowsPrivate ? {} : { lookup: publicLookup }),
  }
  return new Promise((done, fail) => {
    const request = (target.protocol === 'http:' ? requestPlain : requestSecure)(target, options, (response) => {
      const status = response.statusCode ?? 0
      // Nobody reads the rest, which may be without an end.
      response.on('error', () => undefined).destroy()
      if (status >= 200 && status < 300) done()
      else fail(new Error(`It answered ${status}${status < 400 ? '; redirects are not followed' : ''}.`))
    })
    request.on('error', (error) => {
      fail(signal.aborted ? new Error(`It did not answer within ${timeoutMs} ms.`) : error)
    })
    request.end(body)
  })
}

const NOT_PUBLIC = 'It is on a private address, which KITH_ALERT_WEBHOOK_PRIVATE does not allow.'

/** Whether an address is one of the public Internet: neither private, loopback, link-local nor reserved. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast'
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || !first) return callback(error ?? new Error(`${hostname} has no address.`), '', 0)
    if (!addresses.every(({ address }) => isPublic(address))) return callback(new Error(NOT_PUBLIC), '', 0)
    if (options.all) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}
