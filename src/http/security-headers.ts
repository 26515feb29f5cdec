import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import helmet from 'helmet'

type Headers = Readonly<Record<string, string>>

/**
 * Helmet's headers for a page, which may load nothing unless its own policy says so. They are the same for each answer,
 * so they are made once: making them anew is 5 % of a small request.
 */
export const PAGE_HEADERS: Headers = headersOfHelmet()

const MEANT_FOR_DATA = [
  'content-security-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
]

/** Those of them that mean something to data: it runs nothing, isn't framed, and stays what it says it is. */
export const DATA_HEADERS: Headers = {
  ...Object.fromEntries(Object.entries(PAGE_HEADERS).filter(([name]) => MEANT_FOR_DATA.includes(name))),
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

function headersOfHelmet(): Headers {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  const setHeaders = helmet({ contentSecurityPolicy: { directives: { 'default-src': ["'none'"] } } })
  setHeaders(request, response, (error) => {
    if (error) throw error as Error
  })
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]))
}
