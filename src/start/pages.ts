import { existsSync } from 'node:fs'
import { ConfigError, type Config } from '../config.js'
import { PAGES } from '../settings.js'

// Beside the build; when the sources run as they are, in the last build.
const GRAPHIQL_PAGES = ['../public/graphiql.html', '../../dist/public/graphiql.html'].map(
  (path) => new URL(path, import.meta.url),
)

const DASHBOARD_FOLDERS = ['../public/dashboard/', '../../dist/public/dashboard/'].map(
  (path) => new URL(path, import.meta.url),
)

/**
 * The pages of KITH_PAGES. Where it says nothing, all locally, GraphiQL and the dashboard if they are built.
 * @throws ConfigError where one of these is asked for and not built
 */
export function servedPages({ KITH_PAGES, environment }: Config) {
  const names = KITH_PAGES ?? (environment === 'local' ? PAGES : [])
  const built = GRAPHIQL_PAGES.find((page) => existsSync(page))
  if (KITH_PAGES?.includes('graphiql') && !built) {
    throw new ConfigError(['KITH_PAGES: GraphiQL is not built. Run: npm run build'])
  }
  const builtDashboard = DASHBOARD_FOLDERS.find((folder) => existsSync(folder))
  if (KITH_PAGES?.includes('dashboard') && !builtDashboard) {
    throw new ConfigError(['KITH_PAGES: the dashboard is not built. Run: npm run build'])
  }
  return {
    graphiqlPage: names.includes('graphiql') ? built : undefined,
    hasSandbox: names.includes('sandbox'),
    dashboardFolder: names.includes('dashboard') ? builtDashboard : undefined,
  }
}
