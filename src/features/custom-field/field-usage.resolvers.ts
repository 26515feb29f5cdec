import type { Resolvers } from '../../generated/graphql.js'
import { reportUsage } from './field-usage.service.js'

const text = (moment: Date | null): string | null => moment && moment.toISOString()

/** How custom fields are used. */
export const fieldUsageResolvers = {
  Query: {
    customFieldUsage: (_, { entityType }, { scope, services }) => reportUsage(scope, services, entityType),
  },
  CustomFieldUsage: {
    recordCount: async (usage) => (await usage.figures()).records,
    distinctValueCount: async (usage) => (await usage.figures()).distinctValues,
    lastWrittenAt: async (usage) => (await usage.figures()).lastWrittenAt ?? text(usage.writtenAt),
    filterCount: ({ filters }) => filters,
    lastFilteredAt: ({ filteredAt }) => text(filteredAt),
    orderCount: ({ orders }) => orders,
    lastOrderedAt: ({ orderedAt }) => text(orderedAt),
    readByKeyCount: ({ reads }) => reads,
    lastReadByKeyAt: ({ readAt }) => text(readAt),
    statementCount: ({ statements }) => statements,
    statementMs: ({ ms }) => ms,
  },
} satisfies Resolvers
