import type { Resolvers } from '../../generated/graphql.js'
import type { TenantSettings } from '../../lib/principal.js'
import { recordPayload } from '../../records/record.resolvers.js'
import { updateTenant } from './tenant-settings.service.js'

export const tenantResolvers = {
  Mutation: {
    updateTenant: (_, { input }, { scope, services }) => updateTenant(scope, services.database, input),
  },
  UpdateTenantPayload: recordPayload<'tenant', TenantSettings>('tenant'),
} satisfies Resolvers
