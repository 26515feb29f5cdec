import { existsSync } from 'node:fs'
import { ConfigError, type Config } from '../config.js'
import { PAGES } from '../settings.js'

// Beside the build; when the sources run as they are, in the last build.
const GRAPHIQL_PAGES = ['../public/graphiql.html', '../../dist/public/graphiql.html'].map(
  (path) => new URL(path, import.meta.url),
)

const foldersOf = (page: string): URL[] =>
  [`../public/${page}/`, `../../dist/public/${page}/`].map((path) => new URL(path, import.meta.url))

/**
 * The pages of KITH_PAGES. Where it says nothing, all locally, those of the build if they are built.
 * @throws ConfigError where one of these is asked for and not built
 */
export function servedPages({ KITH_PAGES, environment }: Config) {
  const names = KITH_PAGES ?? (environment === 'local' ? PAGES : [])
  const built = (name: (typeof PAGES)[number], what: string, places: readonly URL[]): URL | undefined => {
    if (!names.includes(name)) return undefined
    const place = places.find((candidate) => existsSync(candidate))
    if (KITH_PAGES && !place) throw new ConfigError([`KITH_PAGES: ${what} is not built. Run: npm run build`])
    return place
  }
  return {
    graphiqlPage: built('graphiql', 'GraphiQL', GRAPHIQL_PAGES),
    hasSandbox: names.includes('sandbox'),
    dashboardFolder: built('dashboard', 'the dashboard', foldersOf('dashboard')),
    importFolder: built('import', 'the page for imports', foldersOf('import')),
  }
}
