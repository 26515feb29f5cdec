import { domainToASCII, domainToUnicode } from 'node:url'
import { accept, quote, refuse, type Checked } from './checked.js'
import { checkLine } from './text.js'

const MAX_LENGTH = 253
const RULE = { maxLength: 2048, what: 'domain' }
const PUNYCODE = 'xn--'
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/
/** Of letters alone, as all are; an international one is in punycode. */
const TOP_LABEL = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/

/**
 * A domain name in lower-case ASCII, international labels in punycode; null for what is none: fewer than two labels, a
 * label that is empty, longer than 63 or made of anything but letters, digits and inner hyphens, a last label with a
 * digit, more than 253 characters, an IP address.
 * @see https://www.rfc-editor.org/rfc/rfc1123#section-2.1
 */
export function toAsciiDomain(text: string): string | null {
  // domainToASCII would decode %41, read 0x7f.1 as an address and stop at a slash.
  if (/[^a-z0-9.\-\u0080-\u{10FFFF}]/iu.test(text)) return null
  const domain = domainToASCII(text)
  const labels = domain.split('.')
  // Newer versions of Node let punycode pass that stands for nothing: xn--a.com.
  if (domain.includes(PUNYCODE) && domainToUnicode(domain).includes(PUNYCODE)) return null
  const isName = labels.length >= 2 && labels.every((label) => LABEL.test(label)) && TOP_LABEL.test(labels.at(-1) ?? '')
  return isName && domain.length <= MAX_LENGTH ? domain : null
}

/**
 * The domain of a company: lower-case ASCII (punycode), 253 characters at most, without leading `www.`. A web address
 * is accepted too; scheme, port, path and a last dot are dropped: `https://www.Acme.com/x` gives `acme.com`. Refused
 * are e-mail addresses, IP addresses and names without a dot.
 */
export function checkDomain(value: string): Checked<string> {
  const line = checkLine(value, RULE)
  if (!line.ok) return line
  const host = line.value
    .replace(/^(?:https?:)?\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .replace(/:[0-9]{1,5}$/, '')
    .replace(/\.$/, '')
  // Each leading www. goes, so that checking twice changes nothing; the last two labels stay: www.com is a domain.
  const domain = toAsciiDomain(host)?.replace(/^(?:www\.)+(?=[^.]+\.)/, '')
  if (domain) return accept(domain)
  return refuse(
    `${quote(line.value)} is not a domain: write it as acme.com, with letters, digits and hyphens between the dots, at most 63 characters each and ${MAX_LENGTH} in all.`,
  )
}
