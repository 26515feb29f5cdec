import type { FastifyInstance } from 'fastify'
import { addBuiltPage } from './built-page.js'
import { addDashboardEvents, type DashboardEventsOptions } from './dashboard-events.js'

/** For whom the dashboard's page is, what it is filled in with, and what its events come from. */
export interface DashboardOptions extends DashboardEventsOptions {
  /** for browsers on this machine alone, as its options hold a token; else for everyone, without one */
  readonly isLocal: boolean
  /** an operator's token, signed anew each time the page asks; asked for locally alone */
  readonly token: () => Promise<string>
  readonly tokenTtlSeconds: number
  /** whether queries can be opened in GraphiQL */
  readonly hasGraphiQL: boolean
}

/**
 * The dashboard at `/dashboard`, from the files of the build alone. Locally for browsers on this machine, whom
 * `/dashboard/options.json` gives an operator's token; in production for everyone, without a token. Its events need a token of their
 * own in any case.
 */
export function addDashboard(app: FastifyInstance, folder: URL, dashboard: DashboardOptions): void {
  addDashboardEvents(app, dashboard)
  const { hasGraphiQL, isLocal, token, tokenTtlSeconds: expiresInSeconds } = dashboard
  const options = async (): Promise<object> => ({
    hasGraphiQL,
    ...(isLocal ? { token: await token(), expiresInSeconds } : {}),
  })
  addBuiltPage(app, '/dashboard', folder, { isLocal, options })
}
