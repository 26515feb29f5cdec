import type { Resolvers } from '../../generated/graphql.js'
import * as service from './alert.service.js'

export const alertResolvers = {
  Performance: {
    alerts: (view, asked, { services, now }) => service.listAlerts(services, view, asked, now),
    alertRules: (view, _, { services }) => service.listRules(services, view),
    marks: (view, { hours }, { services, now }) => service.readMarks(services, view, hours, now),
  },
  Mutation: {
    silenceAlert: (_, { input }, { services, now }) => service.silenceAlert(services, input, now),
    acknowledgeAlert: (_, { input }, { services, now }) => service.acknowledgeAlert(services, input, now),
  },
} satisfies Resolvers
