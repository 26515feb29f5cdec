/** A line of a text, without its line break. Of one that is too long the text is its beginning. */
export interface TextLine {
  /** 1 for the first */
  readonly line: number
  readonly text: string
  readonly isTooLong: boolean
}

/** The lines of a text that comes in chunks: LF or CR LF ends one. At most one line of `maxLength` is held. */
export async function* textLines(chunks: AsyncIterable<string>, maxLength: number): AsyncGenerator<TextLine> {
  let rest = ''
  let line = 1
  let isTooLong = false
  for await (const chunk of chunks) {
    let at = 0
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', at)) {
      const text = isTooLong ? rest : rest + chunk.slice(at, end)
      yield {
        line,
        text: text.endsWith('\r') ? text.slice(0, -1) : text,
        isTooLong: isTooLong || text.length > maxLength,
      }
      line += 1
      rest = ''
      isTooLong = false
      at = end + 1
    }
    if (!isTooLong) rest += chunk.slice(at)
    isTooLong = rest.length > maxLength
  }
  if (rest !== '') yield { line, text: rest, isTooLong }
}
