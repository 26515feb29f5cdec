import type { Principal, TenantSettings } from '../../lib/principal.js'
import type { Connection, Edge } from '../../list/connection.js'
import type { MutationResult } from '../../records/mutation.js'
import type { UserRow } from './user.columns.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
export type TenantParent = TenantSettings
export type MeParent = Principal
export type UserParent = UserRow
export type UserConnectionParent = Connection<UserRow>
export type UserEdgeParent = Edge<UserRow>
export type CreateUserPayloadParent = MutationResult<UserRow>
export type RenameUserPayloadParent = MutationResult<UserRow>
