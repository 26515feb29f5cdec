import { formatCount, quote } from '../lib/value/checked.js'
import { textError } from './row-checks.js'
import type { FileLimits, FileRow, RowError } from './row-file.js'
import { textLines } from './text-lines.js'
import type { TextSource } from './text-source.js'
import { cellsOfCard } from './vcard-cells.js'
import { appendFolded, goesOn, startLine, textOfLine, type CardLine } from './vcard-lines.js'
import { parseProperty, type VCardProperty } from './vcard-property.js'

const KEPT_LENGTH = 2 ** 16
/** Pictures and sounds are read over: a card with one would be too large. */
const LEFT_OUT = /^(?:[A-Z0-9-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]/i

interface Card {
  readonly line: number
  /** its lines, BEGIN and END included */
  readonly lines: CardLine[]
  length: number
}

/** The cards of a text: vCard 2.1, 3.0 and 4.0. What isn't one is a row with INVALID_CARD; others are read all the same. */
export async function* readVCards(source: TextSource, limits: FileLimits): AsyncGenerator<FileRow> {
  let index = 0
  let card: Card | undefined
  let isLeftOut = false
  const row = ({ line, lines: unfolded, length }: Card, problem?: RowError): FileRow => {
    const tooLong = length > limits.maxRowLength ? tooLarge(limits) : undefined
    const lines = unfolded.map(textOfLine)
    const { cells, error } = readCard(lines, limits)
    const reason = problem ?? tooLong ?? error
    const text = lines.join('\r\n')
    const base = { row: line, index: index++, cells }
    return reason ? { ...base, text: text.slice(0, KEPT_LENGTH), error: reason } : { ...base, text }
  }
  const unended = (): RowError => ({
    code: 'INVALID_CARD',
    message: 'The card has no END:VCARD: write it as its last line.',
  })

  for await (const { line, text, isTooLong } of textLines(source.chunks(), limits.maxRowLength)) {
    const isBegin = /^BEGIN:VCARD\s*$/i.test(text)
    if (isBegin || !card) {
      if (card) yield row(card, unended())
      if (!isBegin && text.trim() === '') continue
      card = { line, lines: [startLine(text)], length: text.length }
      isLeftOut = false
      if (isBegin) continue
      const message = `${quote(text.trim())} stands outside of a card: each begins with BEGIN:VCARD.`
      yield row(card, { code: 'INVALID_CARD', message })
      card = undefined
      continue
    }
    const last = card.lines.at(-1)
    const isFolded = /^[ \t]/.test(text) || (last !== undefined && goesOn(last))
    if (!isFolded) isLeftOut = LEFT_OUT.test(text)
    if (isLeftOut || text.trim() === '') continue
    card.length += isTooLong ? limits.maxRowLength + 1 : text.length
    // Of a card that is too large no more is kept.
    if (card.length <= limits.maxRowLength) {
      if (isFolded && last) appendFolded(last, text)
      else card.lines.push(startLine(text))
    }
    if (/^END:VCARD\s*$/i.test(text)) {
      yield row(card)
      card = undefined
    }
  }
  if (card) yield row(card, unended())
}

function readCard(lines: readonly string[], limits: FileLimits): { cells: Map<string, string>; error?: RowError } {
  const properties: VCardProperty[] = []
  const isTooMany = lines.length > limits.maxColumns
  let broken = isTooMany ? `The card has more than ${formatCount(limits.maxColumns)} lines: leave some out.` : undefined
  for (const line of isTooMany ? lines.slice(0, limits.maxColumns) : lines) {
    const property = parseProperty(line)
    if (property.ok) properties.push(property.value)
    else broken ??= property.problem
  }
  const cells = cellsOfCard(properties)
  if (broken !== undefined) return { cells, error: { code: 'INVALID_CARD', message: broken } }
  const error = textError(lines.join('\n'), () => cells, limits)
  return error ? { cells, error } : { cells }
}

function tooLarge({ maxRowLength }: FileLimits): RowError {
  return {
    code: 'ROW_TOO_LARGE',
    message: `The card has more than ${formatCount(maxRowLength)} characters: shorten it.`,
  }
}
