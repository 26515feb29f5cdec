/** A line of a card that is put together of its folded lines. */
export interface CardLine {
  /** Joined once: to look at the whole line with each piece took 67 s for 100,000 of them. */
  readonly pieces: string[]
  /** what stands before the colon, as far as it is known; null once it is known whether that says quoted-printable */
  head: string | null
  isQuotedPrintable: boolean
}

/** Of what stands before the colon: a line with more has no end of parameters, or is made to keep a server busy. */
export const MAX_HEAD_LENGTH = 10_000
const COLON = ':'

/** A line by its first piece. */
export function startLine(text: string): CardLine {
  const line: CardLine = { pieces: [text], head: '', isQuotedPrintable: false }
  readHead(line, text)
  return line
}

/** Whether the next line belongs to this one without a space in front: vCard 2.1 ends quoted-printable lines with `=` then. */
export function goesOn({ pieces, isQuotedPrintable }: CardLine): boolean {
  return isQuotedPrintable && pieces.at(-1)?.endsWith('=') === true
}

/** Adds the line that follows, which isn't empty. */
export function appendFolded(line: CardLine, text: string): void {
  const isIndented = /^[ \t]/.test(text)
  const last = line.pieces.at(-1) ?? ''
  if (!isIndented && last.endsWith('=')) line.pieces[line.pieces.length - 1] = last.slice(0, -1)
  const piece = isIndented ? text.slice(1) : text
  line.pieces.push(piece)
  readHead(line, piece)
}

/** The whole line. */
export function textOfLine({ pieces }: CardLine): string {
  return pieces.length === 1 ? (pieces[0] ?? '') : pieces.join('')
}

function readHead(line: CardLine, piece: string): void {
  if (line.head === null) return
  const colon = piece.indexOf(COLON)
  line.head += colon < 0 ? piece : piece.slice(0, colon)
  if (colon < 0 && line.head.length <= MAX_HEAD_LENGTH) return
  line.isQuotedPrintable = colon >= 0 && line.head.toUpperCase().includes('QUOTED-PRINTABLE')
  line.head = null
}
