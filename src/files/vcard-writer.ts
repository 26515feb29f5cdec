/** A property of a card: its name, its parameters, and a value that is written already (see `cardText`). */
export interface CardProperty {
  readonly name: string
  readonly parameters?: readonly (readonly [name: string, value: string])[]
  readonly value: string
}

const MAX_LINE_BYTES = 75

/** A card of vCard 4.0, its last line break included: lines end with CRLF and are folded at 75 bytes. @see RFC 6350 */
export function vcard(properties: readonly CardProperty[]): string {
  const lines = properties.map(({ name, parameters = [], value }) =>
    fold(`${name}${parameters.map(([key, text]) => `;${key}=${parameterText(text)}`).join('')}:${value}`),
  )
  return `BEGIN:VCARD\r\nVERSION:4.0\r\n${lines.join('')}END:VCARD\r\n`
}

/** A text as a value, or a component of one: commas, semicolons, backslashes and line breaks are escaped. */
export function cardText(text: string): string {
  return /[\\,;\r\n]/.test(text) ? text.replace(/[\\,;]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n') : text
}

/** A value of components: `Smith;Anna;Maria;;`. */
export function cardComponents(components: readonly (string | null)[]): string {
  return components.map((component) => cardText(component ?? '')).join(';')
}

// RFC 6868: a parameter has no quotes and no line breaks.
function parameterText(text: string): string {
  const escaped = text
    .replaceAll('^', '^^')
    .replaceAll('"', "^'")
    .replace(/\r\n|\r|\n/g, '^n')
  return /[,;:]/.test(escaped) ? `"${escaped}"` : escaped
}

/** A line in pieces of 75 bytes at most, none of which begins within a character; each further one begins with a space. */
function fold(line: string): string {
  // A character of UTF-16 has three bytes at most.
  if (line.length * 3 <= MAX_LINE_BYTES || Buffer.byteLength(line) <= MAX_LINE_BYTES) return `${line}\r\n`
  const pieces: string[] = []
  let piece = ''
  let bytes = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (bytes + size > MAX_LINE_BYTES) {
      pieces.push(piece)
      piece = ' '
      bytes = 1
    }
    piece += character
    bytes += size
  }
  return `${[...pieces, piece].join('\r\n')}\r\n`
}
