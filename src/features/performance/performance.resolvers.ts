import type { Resolvers } from '../../generated/graphql.js'
import * as history from './history.service.js'
import * as service from './performance.service.js'
import { openView } from './view.js'

export const performanceResolvers = {
  Query: {
    performance: (_, { window }, { principal }) => openView(principal?.tenant.id, window),
  },
  Performance: {
    coverage: (view, _, { services }) => service.readCoverage(services, view),
    operations: (view, { first }, { services }) => service.listTimes(services, view, 'request', first),
    statements: (view, { first }, { services }) => service.listTimes(services, view, 'statement', first),
    dataOperations: (view, { first }, { services }) => service.listTimes(services, view, 'operation', first),
    transactions: (view, { first }, { services }) => service.listTimes(services, view, 'transaction', first),
    slowQueries: (view, { first }, { services }) => service.listSlowQueries(services, view, first),
    fields: (view, { first }, { services }) => service.listFieldUses(services, view, first),
    planFlips: (view, { first }, { services }) => service.listPlanFlips(services, view, first),
    tenants: (view, { first }, { services }) => service.listTenants(services, view, first),
    pools: (view, _, { services }) => service.listPools(services, view),
    tables: (view, _, { services }) => service.listTables(services, view),
    indexes: (view, _, { services, now }) => service.listIndexes(services, view, now),
    serverStatements: (view, { first }, { services }) => service.listServerStatements(services, view, first),
    recentMinutes: (view, asked, { services: { monitoring }, now }) =>
      history.readRecentMinutes(monitoring.times, view, asked, now),
    history: (view, { hours, ...asked }, { services, now }) =>
      history.readHistory(services.database, view, asked, hours, now),
    historyNames: (view, { kind, first }, { services, now }) =>
      history.readHistoryNames(services.database, view, kind, first, now),
    forecast: (view, asked, { services, now }) => service.readForecast(services, view, asked, now),
    recommendations: (view, _, { services, now }) => service.listRecommendations(services, view, now),
  },
  SlowQuery: {
    plan: (slow, _, { services }) => service.readPlan(services, slow),
  },
} satisfies Resolvers
