import iconv from 'iconv-lite'
import { accept, formatCount, quote, refuse, type Checked } from '../lib/value/checked.js'
import { MAX_HEAD_LENGTH } from './vcard-lines.js'

/** A line of a vCard, unfolded: `item1.TEL;TYPE=CELL:+41 79 …`. */
export interface VCardProperty {
  /** `item1`; empty without one */
  readonly group: string
  /** in capitals: `TEL` */
  readonly name: string
  /** by their names in capitals, values apart: `TYPE` → `CELL`, `PREF` */
  readonly parameters: ReadonlyMap<string, readonly string[]>
  /** as it stands there, quoted-printable decoded */
  readonly value: string
}

const MAX_PARAMETERS = 100

const HEAD = /^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)((?:;(?:[^":;]|"[^"]*")*)*):/
const HEAD_WITH_PARAMETERS = /^(?:[A-Za-z0-9-]+\.)?[A-Za-z0-9-]+(?:;|$)/
const PARAMETER = /;((?:[^";]|"[^"]*")*)/g
const VALUE = /"([^"]*)"|([^,"]+)/g
/** What the caret stands for in parameters. @see https://www.rfc-editor.org/rfc/rfc6868 */
const CARETS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['^', '^'],
  ["'", '"'],
])

/** The parts of a line, in a time that grows with its length alone; refused where it is none, or has too many parameters. */
export function parseProperty(line: string): Checked<VCardProperty> {
  const start = line.slice(0, MAX_HEAD_LENGTH + 1)
  const match = HEAD.exec(start)
  if (!match) {
    const isTooLong = line.length > start.length && HEAD_WITH_PARAMETERS.test(start) && line.includes(':')
    return refuse(
      isTooLong
        ? `${quote(line)} has more than ${formatCount(MAX_HEAD_LENGTH)} characters before its colon: leave parameters out.`
        : `${quote(line)} has no colon: write NAME:value.`,
    )
  }
  const [head, group = '', name = '', parameterText = ''] = match
  const parameters = new Map<string, string[]>()
  let count = 0
  for (const [, text = ''] of parameterText.matchAll(PARAMETER)) {
    count += 1
    if (count > MAX_PARAMETERS) {
      return refuse(`${quote(line)} has more than ${formatCount(MAX_PARAMETERS)} parameters: leave some out.`)
    }
    const equals = text.indexOf('=')
    // vCard 2.1 writes types without their name: `TEL;CELL;VOICE:…`.
    const key = equals < 0 ? bareParameter(text) : text.slice(0, equals).toUpperCase()
    const values = parameters.get(key) ?? []
    parameters.set(key, values)
    // Into the list that is there: a new list for each of 80,000 parameters took minutes.
    for (const [, quoted, plain] of text.slice(equals + 1).matchAll(VALUE)) values.push(uncaret(quoted ?? plain ?? ''))
  }
  const rawValue = line.slice(head.length)
  const isQuotedPrintable =
    parameters.get('ENCODING')?.some((encoding) => /^quoted-printable$/i.test(encoding)) === true
  const value = isQuotedPrintable
    ? decodeQuotedPrintable(rawValue, parameters.get('CHARSET')?.[0] ?? 'utf-8')
    : rawValue
  return accept({ group, name: name.toUpperCase(), parameters, value })
}

/** The types of a property in lower case: `work`, `pref`; also those in one quoted list (`TYPE="work,voice"`). */
export function typesOf({ parameters }: VCardProperty): string[] {
  return (parameters.get('TYPE') ?? []).flatMap((value) => value.toLowerCase().split(','))
}

/** The components of a structured value (`N`, `ADR`, `ORG`), each with its values put together by spaces. */
export function componentsOf(value: string): string[] {
  return splitUnescaped(value, ';').map((component) =>
    splitUnescaped(component, ',')
      .map(unescapeText)
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .join(' '),
  )
}

/** A text value without its escapes: `\n`, `\,`, `\;`, `\\`. */
export function unescapeText(value: string): string {
  return value.replace(/\\([nN,;:\\])/g, (_, character: string) => (/n/i.test(character) ? '\n' : character))
}

function splitUnescaped(value: string, separator: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at += 1
    else if (value[at] === separator) {
      parts.push(value.slice(from, at))
      from = at + 1
    }
  }
  parts.push(value.slice(from))
  return parts
}

function bareParameter(text: string): string {
  return /^(?:quoted-printable|base64|8bit|7bit)$/i.test(text) ? 'ENCODING' : 'TYPE'
}

function uncaret(text: string): string {
  return text.replace(/\^([n^'])/g, (_, character: string) => CARETS.get(character) ?? '')
}

function decodeQuotedPrintable(value: string, charset: string): string {
  const bytes = Buffer.from(value.replace(/=\r?\n/g, ''), 'utf8')
  // What is decoded is never longer: it is written over what was read.
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] === EQUALS ? hexByte(bytes[at + 1], bytes[at + 2]) : -1
    if (byte >= 0) at += 2
    bytes[length++] = byte >= 0 ? byte : (bytes[at] ?? 0)
  }
  return iconv.decode(bytes.subarray(0, length), iconv.encodingExists(charset) ? charset : 'utf-8')
}

/** The byte that two hexadecimal digits say; -1 where they are none. */
function hexByte(high: number | undefined, low: number | undefined): number {
  const [first, second] = [hexDigit(high), hexDigit(low)]
  return first < 0 || second < 0 ? -1 : first * 16 + second
}

function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

const EQUALS = 0x3d
