import { requireOperatorsField, requirePermission } from '../access/permissions.js'
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { alertResolvers } from '../features/alert/alert.resolvers.js'
import { companyResolvers } from '../features/company/company.resolvers.js'
import { contactResolvers } from '../features/contact/contact.resolvers.js'
import { contactInfoResolvers } from '../features/contact-info/contact-info.resolvers.js'
import { fieldChangeResolvers } from '../features/custom-field/field-change.resolvers.js'
import { fieldUsageResolvers } from '../features/custom-field/field-usage.resolvers.js'
import { definitionResolvers } from '../features/custom-field/definition.resolvers.js'
import { customValueResolvers } from '../features/custom-field/custom-value.resolvers.js'
import { exportResolvers } from '../features/export/export.resolvers.js'
import { bulkResolvers } from '../features/bulk/bulk.resolvers.js'
import { importResolvers } from '../features/import/import.resolvers.js'
import { jobResolvers } from '../features/job/job.resolvers.js'
import { userResolvers } from '../features/identity/user.resolvers.js'
import { tenantResolvers } from '../features/tenant/tenant.resolvers.js'
import { performanceResolvers } from '../features/performance/performance.resolvers.js'
import { userErrorResolvers } from '../records/record.resolvers.js'
import { searchResolvers } from '../search/search.resolvers.js'
import type { GraphQLContext } from './context.js'
import { withPlainIds } from './ids.js'
import { CONCEPTS } from './features.js'
import { fieldResolvers } from './field-access.js'
import { clearLoaders } from './loaders.js'
import { nodeResolvers } from './node.resolvers.js'

type Resolver = GraphQLFieldResolver<unknown, GraphQLContext>

function wrapAll(resolvers: object, wrap: (resolve: Resolver) => Resolver): Record<string, Resolver> {
  const entries = Object.entries(resolvers as Record<string, Resolver>)
  return Object.fromEntries(entries.map(([name, resolve]) => [name, wrap(resolve)]))
}

// Ids come in through root fields alone; and each root field is an operation that needs a role.
const admit =
  (resolve: Resolver): Resolver =>
  (parent, args, context, info) => {
    if (context.isOperator) requireOperatorsField(info.fieldName)
    else requirePermission(context.scope, info.fieldName)
    return resolve(parent, withPlainIds(args, info), context, info)
  }

// A mutation's own selection, and the next mutation of the document, must see what it wrote.
const forget =
  (resolve: Resolver): Resolver =>
  async (parent, args, context, info) => {
    try {
      return await resolve(parent, args, context, info)
    } finally {
      if (context.principal) clearLoaders(context.loaders)
    }
  }

/**
 * The resolvers of all features, in the one list; what two of them say of one type is merged. `schema` has the types
 * that they are of.
 */
export function createResolvers(schema: GraphQLSchema): Record<string, Record<string, Resolver>> {
  const parts: Record<string, object>[] = [
    nodeResolvers,
    userResolvers,
    tenantResolvers,
    definitionResolvers,
    fieldChangeResolvers,
    fieldUsageResolvers,
    customValueResolvers,
    contactInfoResolvers,
    userErrorResolvers,
    companyResolvers,
    contactResolvers,
    jobResolvers,
    bulkResolvers,
    importResolvers,
    searchResolvers,
    exportResolvers,
    performanceResolvers,
    alertResolvers,
  ]
  const merged: Record<string, Record<string, Resolver>> = {}
  for (const part of parts) {
    for (const [type, fields] of Object.entries(part)) merged[type] = { ...merged[type], ...fields }
  }
  return {
    ...merged,
    ...fieldResolvers(schema, CONCEPTS, merged),
    Query: wrapAll(merged['Query'] ?? {}, admit),
    Mutation: wrapAll(merged['Mutation'] ?? {}, (resolve) => forget(admit(resolve))),
  }
}
