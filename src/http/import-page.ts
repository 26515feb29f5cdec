import type { FastifyInstance } from 'fastify'
import { addBuiltPage } from './built-page.js'
import type { PageOptions } from './pages.js'

/**
 * The page for imports at `/import`, from the files of the build alone. Locally for browsers on this machine, whom
 * `/import/options.json` gives a token of the demo tenant; in production for everyone, without a token.
 */
export function addImportPage(app: FastifyInstance, folder: URL, page: PageOptions): void {
  const { isLocal, token, tokenTtlSeconds: expiresInSeconds } = page
  const options = async (): Promise<object> => {
    const signed = isLocal ? await token() : undefined
    return signed === undefined ? {} : { token: signed, expiresInSeconds }
  }
  addBuiltPage(app, '/import', folder, { isLocal, options })
}
