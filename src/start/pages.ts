import { existsSync } from 'node:fs'
import { ConfigError, type Config } from '../config.js'
import { PAGES } from '../settings.js'

// Beside the build; when the sources run as they are, in the last build.
const GRAPHIQL_PAGES = ['../public/graphiql.html', '../../dist/public/graphiql.html'].map(
  (path) => new URL(path, import.meta.url),
)

/**
 * The pages of KITH_PAGES. Where it says nothing, both locally, GraphiQL if it is built.
 * @throws ConfigError where GraphiQL is asked for and not built
 */
export function servedPages({ KITH_PAGES, environment }: Config) {
  const names = KITH_PAGES ?? (environment === 'local' ? PAGES : [])
  const built = GRAPHIQL_PAGES.find((page) => existsSync(page))
  if (KITH_PAGES?.includes('graphiql') && !built) {
    throw new ConfigError(['KITH_PAGES: GraphiQL is not built. Run: npm run build'])
  }
  return { graphiqlPage: names.includes('graphiql') ? built : undefined, hasSandbox: names.includes('sandbox') }
}
