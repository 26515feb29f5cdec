import iconv from 'iconv-lite'

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

const LINE = /^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)$/s
const PARAMETER = /;((?:[^";]|"[^"]*")*)/g
const VALUE = /"([^"]*)"|([^,"]+)/g
/** What the caret stands for in parameters. @see https://www.rfc-editor.org/rfc/rfc6868 */
const CARETS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['^', '^'],
  ["'", '"'],
])

/** The parts of a line; null where it is none. */
export function parseProperty(line: string): VCardProperty | null {
  const match = LINE.exec(line)
  if (!match) return null
  const [, group = '', name = '', parameterText = '', rawValue = ''] = match
  const parameters = new Map<string, string[]>()
  for (const [, text = ''] of parameterText.matchAll(PARAMETER)) {
    const equals = text.indexOf('=')
    // vCard 2.1 writes types without their name: `TEL;CELL;VOICE:…`.
    const key = equals < 0 ? bareParameter(text) : text.slice(0, equals).toUpperCase()
    const values = [...text.slice(equals + 1).matchAll(VALUE)].map(([, quoted, plain]) =>
      uncaret(quoted ?? plain ?? ''),
    )
    parameters.set(key, [...(parameters.get(key) ?? []), ...values])
  }
  const isQuotedPrintable =
    parameters.get('ENCODING')?.some((encoding) => /^quoted-printable$/i.test(encoding)) === true
  const value = isQuotedPrintable
    ? decodeQuotedPrintable(rawValue, parameters.get('CHARSET')?.[0] ?? 'utf-8')
    : rawValue
  return { group, name: name.toUpperCase(), parameters, value }
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
  const bytes: number[] = []
  const text = Buffer.from(value.replace(/=\r?\n/g, ''), 'utf8')
  for (let at = 0; at < text.length; at++) {
    const hex = text[at] === EQUALS ? text.toString('latin1', at + 1, at + 3) : ''
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16))
      at += 2
    } else bytes.push(text[at] ?? 0)
  }
  return iconv.decode(Buffer.from(bytes), iconv.encodingExists(charset) ? charset : 'utf-8')
}

const EQUALS = 0x3d
