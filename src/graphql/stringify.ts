import type { Turns } from '../lib/turns.js'

// 256 kB are written in 2 ms.
const BYTES_PER_TURN = 262_144

/**
 * A large answer as JSON, the same text as JSON.stringify gives: written in portions, with turns of the event loop
 * between. `JSON.stringify` of 7 MB alone would keep all other requests waiting for 70 ms.
 */
export async function stringifyInTurns(value: unknown, turns: Turns): Promise<string> {
  const parts: string[] = []
  let length = 0
  const write = async (text: string): Promise<void> => {
    parts.push(text)
    length += text.length
    if (length < BYTES_PER_TURN) return
    length = 0
    await turns.pause()
  }
  const writeValue = async (item: unknown): Promise<void> => {
    if (!holdsMuch(item)) return write(JSON.stringify(item) ?? 'null')
    const isList = Array.isArray(item)
    await write(isList ? '[' : '{')
    let separator = ''
    for (const [key, child] of Object.entries(item)) {
      if (!isList && child === undefined) continue
      await write(isList ? separator : `${separator}${JSON.stringify(key)}:`)
      await writeValue(child)
      separator = ','
    }
    await write(isList ? ']' : '}')
  }
  await writeValue(value)
  return parts.join('')
}

// A row with its relations is written at once; what holds lists of rows, or is one, in parts.
function holdsMuch(item: unknown): item is object {
  if (typeof item !== 'object' || item === null) return false
  if (Array.isArray(item)) return item.length > 1
  return Object.values(item).some((child) => typeof child === 'object' && child !== null)
}
