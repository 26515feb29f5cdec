import type { FastifyInstance } from 'fastify'

/** Variables have a few levels; a filter five, with two each. */
const MAX_NESTING = 64

/**
 * Reads JSON bodies as Fastify does, but none that is nested deeper than 64 levels: 400, before any of it is parsed.
 */
export function addJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body)
    if (nestingOf(text) <= MAX_NESTING) return parse(request, text, done)
    const message = `The body is nested deeper than ${MAX_NESTING} levels.`
    done(Object.assign(new Error(message), { statusCode: 400 }), undefined)
  })
}

const [QUOTE, BACKSLASH, BRACKET, BRACKET_END, BRACE, BRACE_END] = Array.from('"\\[]{}', (each) => each.charCodeAt(0))

/**
 * How deep lists and objects of a JSON text stand in each other; brackets in texts don't count. Linear in its length.
 */
export function nestingOf(json: string): number {
  let depth = 0
  let deepest = 0
  let isText = false
  for (let index = 0; index < json.length; index++) {
    const character = json.charCodeAt(index)
    if (isText) {
      if (character === BACKSLASH) index++
      else if (character === QUOTE) isText = false
    } else if (character === QUOTE) isText = true
    else if (character === BRACKET || character === BRACE) deepest = Math.max(deepest, ++depth)
    else if (character === BRACKET_END || character === BRACE_END) depth--
  }
  return deepest
}
