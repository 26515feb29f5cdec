import type { Principal, TenantSettings } from '../../lib/principal.js'
import type { MutationResult } from '../../records/mutation.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
export type TenantParent = TenantSettings
export type MeParent = Principal
export type UpdateTenantPayloadParent = MutationResult<TenantSettings>
