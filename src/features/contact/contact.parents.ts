import type { Connection, Edge } from '../../list/connection.js'
import type { MutationResult } from '../../records/mutation.js'
import type { ContactRow } from './contact.columns.js'

// What the resolvers of the API's types get as their parents: `<type of the API>Parent`. codegen.ts reads the names.
export type ContactParent = ContactRow
export type ContactConnectionParent = Connection<ContactRow>
export type ContactEdgeParent = Edge<ContactRow>
export type CreateContactPayloadParent = MutationResult<ContactRow>
export type UpdateContactPayloadParent = MutationResult<ContactRow>
export type DeleteContactPayloadParent = MutationResult<ContactRow>
export type RestoreContactPayloadParent = MutationResult<ContactRow>
export type DestroyContactPayloadParent = MutationResult<ContactRow>
