import { domainToUnicode } from 'node:url'
import { accept, formatCount, quote, refuse, type Checked } from './checked.js'
import { toAsciiDomain } from './domain.js'
import { checkLine, countCodePoints } from './text.js'

interface CheckedEmail {
  /** as it was given */
  readonly email: string
  /** for comparison: in small letters, the domain as in `domain` */
  readonly key: string
  /** in lower-case ASCII (punycode) */
  readonly domain: string
}

const RULE = { maxLength: 254, what: 'e-mail address' }
const LOCAL_MAX_LENGTH = 64
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u

/**
 * An e-mail address. The rule: one @; before it 1 to 64 letters (of any script), digits and !#$%&'*+/=?^_`{|}~-, with
 * single dots between them; after it a domain name with a dot, labels of at most 63 characters, which may be
 * international; 254 characters in all. Quoted local parts, comments, display names and IP addresses are refused. Local
 * parts are compared without case, as every large provider does, though RFC 5321 leaves that to the receiver.
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 lengths
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3 dot-atom
 * @see https://www.rfc-editor.org/rfc/rfc6531 letters beyond ASCII
 */
export function checkEmail(value: string): Checked<CheckedEmail> {
  const line = checkLine(value, RULE)
  if (!line.ok) return line
  const email = line.value
  const at = email.lastIndexOf('@')
  if (at < 0) return refuse(`${quote(email)} is not an e-mail address: it has no @.`)
  const local = email.slice(0, at)
  const localLength = countCodePoints(local)
  if (localLength > LOCAL_MAX_LENGTH) {
    return refuse(
      `The e-mail address has ${formatCount(localLength)} characters before the @; at most ${LOCAL_MAX_LENGTH} are allowed.`,
    )
  }
  if (!LOCAL.test(local)) {
    return refuse(
      `${quote(email)} is not an e-mail address: before the @ it needs letters, digits or any of !#$%&'*+/=?^_\`{|}~-, with single dots between them.`,
    )
  }
  const domain = toAsciiDomain(email.slice(at + 1))
  if (!domain)
    return refuse(`${quote(email)} is not an e-mail address: after the @ it needs a domain such as example.com.`)
  return accept({ email, key: `${local.toLowerCase().replaceAll('ς', 'σ').normalize('NFC')}@${domain}`, domain })
}

/**
 * The ways to write an address by its domain: as given, in ASCII (punycode) and in Unicode. At most three, each once.
 */
export function emailSpellings(email: string): string[] {
  const at = email.lastIndexOf('@')
  const domain = toAsciiDomain(email.slice(at + 1))
  if (at < 0 || domain === null) return [email]
  const local = email.slice(0, at)
  const isAscii = email.slice(at + 1).toLowerCase() === domain && !domain.includes('xn--')
  return isAscii ? [email] : [...new Set([email, `${local}@${domain}`, `${local}@${domainToUnicode(domain)}`])]
}
