/** One event of a stream. */
export interface ServerSentEvent {
  readonly id: string | undefined
  readonly name: string
  readonly data: string
}

/**
 * Takes a stream of events apart, as its pieces come: each call returns the events that are whole by then. Lines end with a
 * line feed, with or without a carriage return; what starts with a colon is a comment.
 */
export function createEventParser(): (piece: string) => ServerSentEvent[] {
  let rest = ''
  return (piece) => {
    const blocks = (rest + piece).replaceAll('\r\n', '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.map(eventOf).filter((event) => event.data !== '')
  }
}

function eventOf(block: string): ServerSentEvent {
  let [id, name]: [string | undefined, string] = [undefined, 'message']
  const data: string[] = []
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(id|event|data):? ?(.*)$/.exec(line) ?? []
    if (field === 'id') id = value
    if (field === 'event') name = value
    if (field === 'data') data.push(value)
  }
  return { id, name, data: data.join('\n') }
}
