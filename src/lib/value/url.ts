import { accept, formatCount, quote, refuse, type Checked } from './checked.js'
import { toAsciiDomain } from './domain.js'
import { checkLine } from './text.js'

const MAX_LENGTH = 2048
const RULE = { maxLength: MAX_LENGTH, what: 'URL' }

/**
 * An absolute http or https URL in the form of the URL standard (lower-case host, punycode, percent-encoded), 2,048
 * characters at most before and after that. `acme.com` becomes `https://acme.com`; no slash is added after a host that
 * had none, a dot after it goes. Refused are other schemes, user names and passwords, and hosts that aren't domain
 * names (no dot, IP addresses, localhost).
 * @see https://url.spec.whatwg.org
 */
export function checkUrl(value: string): Checked<string> {
  const line = checkLine(value, RULE)
  if (!line.ok) return line
  const given = line.value
  const absolute = withScheme(given)
  if (absolute === null) return refuse(`${quote(given)} is not a web address: it must begin with https:// or http://.`)
  const url = parseUrl(absolute)
  if (!url) return refuse(`${quote(given)} is not a web address such as https://example.com/page.`)
  // The refused text may hold a password: it isn't repeated.
  if (url.username !== '' || url.password !== '') return refuse('The URL may not hold a user name or a password.')
  // A dot at the end says that the name is whole, which the others are too.
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  if (toAsciiDomain(withoutUnderscores(url.hostname)) === null) {
    return refuse(`${quote(given)} is not a web address: its host must be a domain name such as example.com.`)
  }
  const href = hasSlashAfterHost(absolute) ? url.href : url.href.replace(`${url.origin}/`, url.origin)
  if (href.length <= MAX_LENGTH) return accept(href)
  return refuse(
    `The URL has ${formatCount(href.length)} characters once encoded; at most ${formatCount(MAX_LENGTH)} are allowed.`,
  )
}

// URL.canParse, once it is compiled, reads Latin-1 letters as broken UTF-8 on Node 20 and refuses https://münchen.de/.
function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** The text with https:// where it names no scheme; null where it names another than http and https. */
function withScheme(text: string): string | null {
  if (/^https?:\/\//i.test(text)) return text
  if (text.startsWith('//')) return `https:${text}`
  // A colon after a name without dots is a scheme (mailto:, javascript:) unless a port follows.
  return /^[a-z][a-z0-9+.-]*:\/\/|^[a-z][a-z0-9+-]*:(?![0-9])/i.test(text) ? null : `https://${text}`
}

/**
 * The host with a letter for each underscore, which live sites have before the two labels that are registered:
 * my_shop.acme.com.
 */
function withoutUnderscores(host: string): string {
  const labels = host.split('.')
  return labels.map((label, index) => (index < labels.length - 2 ? label.replaceAll('_', 'x') : label)).join('.')
}

function hasSlashAfterHost(absolute: string): boolean {
  return /^https?:\/\/[^?#]*[/\\]/i.test(absolute)
}
